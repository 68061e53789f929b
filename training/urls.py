"""Addresses of the log: what ward managers, champions and trainers write from where they stand."""

from django.urls import path

from training.views import door, log, log_app, log_attendance, log_entries

app_name = "training"

urlpatterns = [
    path("log/", log.log, name="log-home"),
    path("log/mark/", log.mark, name="log-mark"),
    path("log/shift/", log.shift, name="log-shift"),
    path("log/access/", log.access, name="log-access"),
    path("log/issue/", log.issue, name="log-issue"),
    path("log/attendance/", log_attendance.attendance, name="log-attendance"),
    path("log/attendance/<id:session>/", log_attendance.sheet, name="log-sheet"),
    path("t/<id:session>/", door.check_in_page, name="check-in"),
    path("q/<id:ward>/", log.at_ward, name="log-at-ward"),
    path("log/entries/", log_entries.entries, name="log-entries"),
    path("log/state/", log_entries.state, name="log-state"),
    path("log/phone/", log_app.phone, name="log-phone"),
    path("log/outbox/", log_app.shell, name="log-outbox"),
    path("log/shell/", log_app.shell, name="log-shell"),
    path("log/sw.js", log_app.worker, name="log-worker"),
    path("log/app.webmanifest", log_app.manifest, name="log-manifest"),
]
