"""A deployment's plan and stages: every change kept, decisions written down, late saves told."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from rollout.choices import DeclaredStatus, Stage
from rollout.models import Decision, Deployment, DeploymentChange, User
from rollout.services.deployments import PlanChanged, declare_status, plan_mark, set_dates
from rollout.services.refusals import Refused
from rollout.services.stages import defer, move_stage, stop, take_up_again
from tests import factories as make
from tests.clock import FrozenClock

NOW = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
TODAY = date(2026, 3, 15)  # in Stockholm
pytestmark = pytest.mark.django_db


@pytest.fixture
def deployment(frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    return make.make_deployment(site=make.make_site(time_zone="Europe/Stockholm"))


@pytest.fixture
def ana(db: None) -> User:
    return make.make_user(name="Ana")


def act(service: Callable[..., Deployment], deployment: Deployment, by: User, **values: Any) -> Deployment:
    """Call a service with the deployment as it stands."""
    standing = Deployment.objects.get(pk=deployment.pk)
    return service(deployment_id=deployment.pk, mark=plan_mark(standing), by=by, **values)


def changes() -> list[tuple[str, str, str, str]]:
    return list(DeploymentChange.objects.order_by("pk").values_list("what", "before", "after", "reason"))


def dates(deployment: Deployment, **changed: Any) -> dict[str, Any]:
    names = ("go_live_on", "technical_go_live_on", "dual_running_until_on", "wave_id")
    return {**{name: getattr(deployment, name) for name in names}, "reason": "", **changed}


def test_declared_status_is_kept_with_words_and_the_sites_day(deployment: Deployment, ana: User):
    found = act(declare_status, deployment, ana, status=DeclaredStatus.AMBER, words="Short of trainers")

    assert (found.declared_status, found.declared_on, found.declared_words) == ("amber", TODAY, "Short of trainers")
    assert str(found.declared_by) == "Ana"
    assert changes() == [("declared_status", "", "amber", "Short of trainers")]


def test_same_status_declared_twice_is_one_change_and_renewed_another_day(
    deployment: Deployment, ana: User, frozen_clock: FrozenClock
):
    for moment in (NOW, NOW, NOW + timedelta(days=1)):
        frozen_clock.move_to(moment)
        act(declare_status, deployment, ana, status=DeclaredStatus.GREEN, words="All well")

    assert len(changes()) == 2
    assert Deployment.objects.get().declared_on == TODAY + timedelta(days=1)


def test_dates_that_change_keep_the_old_ones_with_the_reason(deployment: Deployment, ana: User):
    wave = make.make_wave(programme=deployment.programme, number=3)
    later = make.GO_LIVE + timedelta(days=28)

    act(set_dates, deployment, ana, **dates(deployment, go_live_on=later, wave_id=wave.pk, reason="Training late"))

    assert changes() == [
        ("go_live", "2026-04-24", "2026-05-22", "Training late"),
        ("wave", "", "3", "Training late"),
    ]


def test_dates_saved_unchanged_are_no_change(deployment: Deployment, ana: User):
    act(set_dates, deployment, ana, **dates(deployment))

    assert changes() == []


def test_stages_follow_each_other_and_note_their_days(deployment: Deployment, ana: User):
    act(move_stage, deployment, ana, to=Stage.TECHNICAL_LIVE, happened_on=TODAY - timedelta(days=1))
    found = act(move_stage, deployment, ana, to=Stage.LIVE, happened_on=TODAY, gate_passed=True)

    assert (found.stage, found.actual_technical_go_live_on, found.actual_go_live_on) == (
        "live",
        TODAY - timedelta(days=1),
        TODAY,
    )
    assert [change[1:3] for change in changes()] == [("preparing", "technical_live"), ("technical_live", "live")]


@pytest.mark.parametrize(
    ("stage", "values"),
    [
        (Stage.PREPARING, {"to": Stage.LIVE, "happened_on": TODAY, "gate_passed": True}),
        (Stage.TECHNICAL_LIVE, {"to": Stage.LIVE, "happened_on": TODAY}),
        (Stage.PREPARING, {"to": Stage.TECHNICAL_LIVE, "happened_on": TODAY + timedelta(days=1)}),
        (Stage.EMBEDDED, {"to": Stage.PREPARING, "happened_on": TODAY}),
        (Stage.DEFERRED, {"to": Stage.PREPARING, "happened_on": TODAY}),
    ],
)
def test_step_that_cannot_be_taken_changes_nothing(deployment: Deployment, ana: User, stage: str, values: dict):
    Deployment.objects.update(stage=stage)

    with pytest.raises(Refused):
        act(move_stage, deployment, ana, **values)

    assert (Deployment.objects.get().stage, changes()) == (stage, [])


def test_deferral_is_a_decision_and_comes_back_to_where_it_was(deployment: Deployment, ana: User):
    later = make.GO_LIVE + timedelta(days=90)

    put_off = act(defer, deployment, ana, reason="No Wi-Fi", go_live_on=later, technical_go_live_on=None)
    back = act(take_up_again, deployment, ana, reason="Wi-Fi is there")

    assert (put_off.go_live_on, back.stage, back.stage_before) == (later, "preparing", "")
    assert changes() == [
        ("go_live", "2026-04-24", "2026-07-23", "No Wi-Fi"),
        ("stage", "preparing", "deferred", "No Wi-Fi"),
        ("stage", "deferred", "preparing", "Wi-Fi is there"),
    ]
    assert list(Decision.objects.order_by("pk").values_list("code", "kind", "reason", "from_on")) == [
        ("DEC-1", "defer", "No Wi-Fi", TODAY),
        ("DEC-2", "standard", "Wi-Fi is there", TODAY),
    ]


def test_deferred_site_that_is_stopped_goes_back_to_its_own_stage(deployment: Deployment, ana: User):
    act(defer, deployment, ana, reason="No Wi-Fi", go_live_on=None, technical_go_live_on=None)
    act(stop, deployment, ana, reason="Merged")

    with pytest.raises(Refused):
        act(stop, deployment, ana, reason="Again")
    assert act(take_up_again, deployment, ana, reason="Not merged").stage == "preparing"


@pytest.mark.parametrize("stage", [Stage.LIVE, Stage.HYPERCARE, Stage.EMBEDDED, Stage.DEFERRED, Stage.STOPPED])
def test_only_a_site_that_is_still_to_go_live_is_deferred(deployment: Deployment, ana: User, stage: str):
    Deployment.objects.update(stage=stage)

    with pytest.raises(Refused):
        act(defer, deployment, ana, reason="No Wi-Fi", go_live_on=None, technical_go_live_on=None)


def test_site_that_goes_on_is_not_taken_up_again(deployment: Deployment, ana: User):
    with pytest.raises(Refused):
        act(take_up_again, deployment, ana, reason="Why")


@pytest.mark.parametrize(
    ("service", "values"),
    [
        (declare_status, {"status": DeclaredStatus.RED, "words": "No"}),
        (
            set_dates,
            {**dict.fromkeys(("go_live_on", "technical_go_live_on", "dual_running_until_on", "wave_id")), "reason": ""},
        ),
        (move_stage, {"to": Stage.TECHNICAL_LIVE, "happened_on": TODAY}),
        (defer, {"reason": "No", "go_live_on": None, "technical_go_live_on": None}),
        (stop, {"reason": "No"}),
        (take_up_again, {"reason": "No"}),
    ],
)
def test_change_from_an_old_page_is_told(deployment: Deployment, ana: User, service: Any, values: dict):
    mark = plan_mark(Deployment.objects.get())
    Deployment.objects.update(dual_running_until_on=TODAY)

    with pytest.raises(PlanChanged):
        service(deployment_id=deployment.pk, mark=mark, by=ana, **values)

    assert changes() == []


@pytest.mark.django_db(transaction=True)
def test_decisions_at_once_get_numbers_of_their_own(frozen_clock: FrozenClock):
    programme = make.make_programme()
    sites = [make.make_deployment(programme=programme) for _ in range(5)]
    marks = {site.pk: plan_mark(Deployment.objects.get(pk=site.pk)) for site in sites}
    by = make.make_user()
    failed: list[BaseException] = []

    def one(pk: int) -> None:
        try:
            stop(deployment_id=pk, mark=marks[pk], reason="Merged", by=by)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(site.pk,)) for site in sites]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert sorted(Decision.objects.values_list("code", flat=True)) == [f"DEC-{number}" for number in range(1, 6)]
