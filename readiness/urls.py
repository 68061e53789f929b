"""Addresses of the pages that read scores. They span all packages, and so stand in the highest."""

from django.urls import path, register_converter

from readiness.views import health, probes, programmes, runs, sites
from rollout.converters import Code, RowId

app_name = "readiness"

register_converter(Code, "code")
register_converter(RowId, "id")

urlpatterns = [
    path("", programmes.work, name="work"),
    path("programmes/", programmes.programme_list, name="programme-list"),
    path("p/<code:programme>/", programmes.programme_detail, name="programme-detail"),
    path("p/<code:programme>/sites/", sites.deployment_list, name="deployment-list"),
    path("p/<code:programme>/s/<code:site>/", sites.deployment_detail, name="deployment-detail"),
    path("p/<code:programme>/runs/", runs.run_list, name="run-list"),
    path("p/<code:programme>/runs/<id:run>/", runs.run_detail, name="run-detail"),
    path("health/live/", probes.live, name="probe-live"),
    path("health/ready/", probes.ready, name="probe-ready"),
    path("admin/health/", health.health, name="health"),
    path("admin/health/<id:run>/", health.health_run, name="health-run"),
]
