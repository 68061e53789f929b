"""Addresses of the log: what ward managers, champions and trainers write from where they stand."""

from django.urls import path

from training.views import log_entries

app_name = "training"

urlpatterns = [
    path("log/entries/", log_entries.entries, name="log-entries"),
    path("log/state/", log_entries.state, name="log-state"),
]
