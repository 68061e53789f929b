"""Addresses of the log: what ward managers, champions and trainers write from where they stand."""

from django.urls import path

from training.views import log, log_attendance, log_entries

app_name = "training"

urlpatterns = [
    path("log/", log.log, name="log-home"),
    path("log/mark/", log.mark, name="log-mark"),
    path("log/shift/", log.shift, name="log-shift"),
    path("log/access/", log.access, name="log-access"),
    path("log/issue/", log.issue, name="log-issue"),
    path("log/attendance/", log_attendance.attendance, name="log-attendance"),
    path("log/attendance/<id:session>/", log_attendance.sheet, name="log-sheet"),
    path("q/<id:ward>/", log.at_ward, name="log-at-ward"),
    path("log/entries/", log_entries.entries, name="log-entries"),
    path("log/state/", log_entries.state, name="log-state"),
]
