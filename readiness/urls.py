"""Addresses of the pages that read scores. They span all packages, and so stand in the highest."""

from django.urls import path, register_converter

from readiness.views import (
    board,
    checklists,
    deployments,
    gates,
    health,
    groups,
    plan,
    portfolio,
    probes,
    programme,
    programmes,
    programme_settings,
    records,
    rota,
    runs,
    saved_views,
    search,
    seats,
    sites,
    team,
    timeline,
    training,
    waivers,
    why,
)
from rollout.converters import Code, RowId

app_name = "readiness"

register_converter(Code, "code")
register_converter(RowId, "id")
register_converter(records.IndicatorCode, "indicator")

urlpatterns = [
    path("", programmes.work, name="work"),
    path("programmes/", portfolio.programme_list, name="programme-list"),
    path("p/<code:programme>/", programme.programme_detail, name="programme-detail"),
    path("p/<code:programme>/board/", board.programme_board, name="programme-board"),
    path("board/", board.board, name="board"),
    path("programmes/new/", programme_settings.programme_new, name="programme-new"),
    path("p/<code:programme>/sites/", sites.deployment_list, name="deployment-list"),
    path("p/<code:programme>/settings/", programme_settings.programme_settings, name="programme-settings"),
    path("p/<code:programme>/settings/programme/", programme_settings.programme_edit, name="programme-edit"),
    path("p/<code:programme>/settings/state/", programme_settings.programme_state, name="programme-state"),
    path("p/<code:programme>/settings/left-out/", programme_settings.programme_left_out, name="programme-left-out"),
    path("p/<code:programme>/sites/views/", saved_views.view_list, name="view-list"),
    path("p/<code:programme>/sites/views/<id:view>/", saved_views.view_detail, name="view-detail"),
    path("p/<code:programme>/s/<code:site>/", deployments.deployment_detail, name="deployment-detail"),
    path("p/<code:programme>/s/<code:site>/plan/<slug:step>/", plan.deployment_plan, name="deployment-plan"),
    path("p/<code:programme>/s/<code:site>/checklist/", checklists.checklist, name="checklist"),
    path("p/<code:programme>/s/<code:site>/checklist/<code:item>/", checklists.checklist_item, name="checklist-item"),
    path("p/<code:programme>/s/<code:site>/waivers/", waivers.waiver_list, name="waiver-list"),
    path("p/<code:programme>/s/<code:site>/gates/", gates.gate_list, name="gate-list"),
    path("p/<code:programme>/s/<code:site>/gates/<code:gate>/", gates.gate_detail, name="gate-detail"),
    path("p/<code:programme>/settings/seats/", seats.seat_list, name="seat-list"),
    path("p/<code:programme>/settings/seats/new/", seats.seat_new, name="seat-new"),
    path("p/<code:programme>/settings/seats/<id:seat>/", seats.seat_detail, name="seat-detail"),
    path("p/<code:programme>/s/<code:site>/team/", team.deployment_team, name="deployment-team"),
    path("p/<code:programme>/s/<code:site>/team/seats/new/", seats.seat_new, name="team-seat-new"),
    path("p/<code:programme>/s/<code:site>/team/seats/<id:seat>/", seats.seat_detail, name="team-seat-detail"),
    path("p/<code:programme>/s/<code:site>/team/chairs/", groups.group_chairs, name="group-chairs"),
    path("p/<code:programme>/s/<code:site>/team/meetings/new/", groups.meeting_new, name="meeting-new"),
    path("p/<code:programme>/s/<code:site>/team/meetings/<id:meeting>/", groups.meeting_detail, name="meeting-detail"),
    path("p/<code:programme>/s/<code:site>/team/actions/new/", groups.action_new, name="action-new"),
    path("p/<code:programme>/s/<code:site>/team/actions/<id:action>/", groups.action_detail, name="action-detail"),
    path("p/<code:programme>/s/<code:site>/timeline/", timeline.deployment_timeline, name="deployment-timeline"),
    path("p/<code:programme>/s/<code:site>/why/", why.deployment_why, name="deployment-why"),
    path(
        "p/<code:programme>/s/<code:site>/why/<indicator:indicator>/",
        records.indicator_records,
        name="indicator-records",
    ),
    path("p/<code:programme>/s/<code:site>/training/", training.deployment_training, name="deployment-training"),
    path("p/<code:programme>/s/<code:site>/rota/", rota.deployment_rota, name="deployment-rota"),
    path("p/<code:programme>/training/", training.programme_training, name="programme-training"),
    path("p/<code:programme>/rota/", rota.programme_rota, name="programme-rota"),
    path("p/<code:programme>/runs/", runs.run_list, name="run-list"),
    path("p/<code:programme>/runs/<id:run>/", runs.run_detail, name="run-detail"),
    path("search/", search.search, name="search"),
    path("health/live/", probes.live, name="probe-live"),
    path("health/ready/", probes.ready, name="probe-ready"),
    path("admin/health/", health.health, name="health"),
    path("admin/health/<id:run>/", health.health_run, name="health-run"),
]
