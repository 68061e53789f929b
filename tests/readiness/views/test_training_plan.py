"""The curve a site plans to follow: drawn by hand, looked at first, given up and taken up again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ChecklistItem, RescoreMark
from readiness.services.rescoring import rescore_next_batch
from rollout.choices import Role
from rollout.models import AuditEntry, Deployment
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.readiness.proving import with_items
from tests.readiness.readers import NOON, client_of
from tests.readiness.records import DAY, GO_LIVE, World
from tests.readiness.training_world import PAGE, two_wards
from training.models import TrainingPlan, TrainingPlanPoint
from training.services.plans import drawn_plan

pytestmark = pytest.mark.django_db

PLAN = f"{PAGE}plan/"
OWN = f"{PLAN}own/"
BY = GO_LIVE - timedelta(days=7)
CURVE = [(DAY - timedelta(days=7), "0"), (DAY, "62.5"), (BY, "95")]


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    """It is noon of the day of the worlds."""
    frozen_clock.move_to(NOON)


@pytest.fixture
def world() -> World:
    return two_wards()


@pytest.fixture
def manager(world: World) -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme))


def site() -> Deployment:
    return Deployment.objects.get()


def sent(filled: list[tuple[Any, str]] | None = None, **more: Any) -> dict[str, Any]:
    """The form as somebody fills it in."""
    rows = CURVE if filled is None else filled
    said: dict[str, Any] = {"mark": drawn_plan(site().pk).mark, "rows": len(rows), "words": ""}
    for number, (on, share) in enumerate(rows, 1):
        said |= {f"on_{number}": on, f"share_{number}": share}
    return said | more


def points() -> list[tuple[date, str]]:
    rows = TrainingPlanPoint.objects.filter(retired_at=None, plan__retired_at=None).order_by("on")
    return [(row.on, str(row.share)) for row in rows]


def test_page_proposes_the_straight_line_week_by_week(manager: Client):
    form = manager.get(PLAN).context["form"]

    rows = [(row.on.value(), row.share.value()) for row in form.lines]
    begins = DAY - timedelta(days=7)
    line = [(begins, "0"), (DAY, "32"), (DAY + timedelta(days=7), "63"), (BY, "95")]
    assert rows == [*line, *[(None, None)] * 3]
    assert TrainingPlan.objects.count() == 0


def test_saving_draws_the_curve_that_training_is_held_against(manager: Client):
    answer = manager.post(PLAN, sent(words="No sessions at Easter"), follow=True)

    text = words(answer.text)
    assert "The curve is saved." in text
    assert "Planned by today: 62%." in text
    assert "Change the planned curve" in text
    assert points() == [(CURVE[0][0], "0.0000"), (DAY, "0.6250"), (BY, "0.9500")]
    assert TrainingPlan.objects.get().words == "No sessions at Easter"
    entry = AuditEntry.objects.filter(table="training_trainingplan").last()
    assert entry is not None
    assert (entry.reason, entry.user_id) == ("training curve drawn", int(manager.session["_auth_user_id"]))


def test_drawing_it_anew_keeps_the_rows_of_days_and_sending_it_twice_changes_nothing(manager: Client):
    manager.post(PLAN, sent())
    first = set(TrainingPlanPoint.objects.values_list("pk", flat=True))
    anew = sent([(DAY, "50"), (BY, "96")])

    for _again in range(2):
        assert manager.post(PLAN, anew).status_code == 302

    assert points() == [(DAY, "0.5000"), (BY, "0.9600")]
    assert set(TrainingPlanPoint.objects.values_list("pk", flat=True)) == first
    with CaptureQueriesContext(connection) as captured:
        manager.post(PLAN, sent([(DAY, "50"), (BY, "96")]))
    assert not [query for query in captured if 'UPDATE "training_trainingplan' in query["sql"]]


@pytest.mark.parametrize(
    ("rows", "more", "field", "error"),
    [
        ([(DAY, "10"), (DAY, "20")], {}, "on_2", "Enter a day after 14 March 2026"),
        ([(DAY, "40"), (BY, "30")], {}, "share_2", "Enter 40% or more, or say below the table"),
        ([(DAY, ""), (BY, "95")], {}, "share_1", "Enter a percentage from 0 to 100"),
        ([("", "40"), (BY, "95")], {}, "on_1", "Enter a date like 2026-03-14"),
        ([(DAY, "101"), (BY, "95")], {}, "share_1", "Enter a percentage from 0 to 100"),
        ([(DAY, "NaN"), (BY, "95")], {}, "share_1", "Enter a percentage from 0 to 100"),
        ([("14 March", "10"), (BY, "95")], {}, "on_1", "Enter a date like 2026-03-14"),
        ([("0001-01-01", "10"), (BY, "95")], {}, "on_1", "Enter a day from 5 April 2023 to"),
        ([(DAY, "10")], {}, "on_1", "Enter two days at least"),
        ([], {"rows": "999999"}, "on_1", "Enter two days at least"),
        (None, {"words": "Call 943 476 5919"}, "words", "This looks like an NHS number"),
    ],
)
def test_what_is_wrong_stands_at_its_row(
    rows: list[tuple[Any, str]] | None, more: dict[str, str], field: str, error: str, manager: Client
):
    for button in ({}, {"preview": "1"}):
        answer = manager.post(PLAN, sent(rows, **more, **button))

        assert answer.status_code == 422
        assert str(answer.context["form"].errors[field][0]).startswith(error)
        assert answer.text.count("<title>Error: Planned training curve") == 1
    assert TrainingPlan.objects.count() == 0


def test_curve_may_fall_where_that_is_said(manager: Client):
    falling = [(DAY, "40"), (DAY + timedelta(days=3), "30"), (BY, "95")]

    assert manager.post(PLAN, sent(falling, falls="on")).status_code == 302
    assert manager.get(PLAN).context["form"]["falls"].value() is True


def test_preview_shows_the_curve_and_what_it_misses_and_saves_nothing(manager: Client):
    answer = manager.post(PLAN, sent([(DAY, "20"), (BY, "80")], preview="1"))

    text = words(answer.text)
    assert answer.status_code == 200
    assert "This is the curve through the rows below. Nothing is saved yet." in text
    assert "The curve reaches 80% by 28 March 2026, a week before go-live. The target is 95%." in text
    assert 'id="plan-chart"' in answer.text
    assert TrainingPlan.objects.count() == 0


def test_more_rows_keep_what_was_typed_unchecked(manager: Client):
    form = manager.post(PLAN, sent([("nonsense", "x")], more="1")).context["form"]

    assert (form.number, form.is_bound) == (7, False)
    assert (form["on_1"].value(), form["share_1"].value(), form["on_7"].value()) == ("nonsense", "x", None)
    assert manager.post(PLAN, sent(rows="60", more="1")).context["form"].number == 60


def test_later_of_two_is_told_and_keeps_what_was_typed(manager: Client):
    mine = sent([(DAY, "70"), (BY, "95")])
    manager.post(PLAN, sent())

    answer = manager.post(PLAN, mine)

    text = words(answer.text)
    assert answer.status_code == 409
    assert "Percentage of row 1 Saved meanwhile: 0 Yours: 70" in text
    assert answer.context["form"]["share_1"].value() == "70"
    assert points()[1] == (DAY, "0.6250")
    again = mine | {"mark": answer.context["form"]["mark"].value()}
    assert manager.post(PLAN, again).status_code == 302
    assert points() == [(DAY, "0.7000"), (BY, "0.9500")]


def test_straight_line_again_keeps_the_curve_to_take_up(manager: Client):
    refused = manager.post(OWN, {"own": "yes", "mark": ""})
    manager.post(PLAN, sent())
    own = drawn_plan(site().pk)

    stale = manager.post(OWN, {"own": "no", "mark": "0" * 16})
    given_up = words(manager.post(OWN, {"own": "no", "mark": own.mark}, follow=True).text)
    line = (points(), drawn_plan(site().pk).points)
    back = manager.post(OWN, {"own": "yes", "mark": drawn_plan(site().pk).mark}, follow=True)

    assert (refused.status_code, stale.status_code) == (422, 409)
    assert "The site never drew a curve of its own." in words(refused.text)
    assert "Somebody else changed this while you were here" in words(stale.text)
    assert "The site follows the straight line again." in given_up
    assert "Planned by today: 31%." in given_up
    assert line == ([], own.points)
    assert "own curve is taken up again." in words(back.text)
    assert len(points()) == 3


def test_curve_that_misses_the_target_is_said_on_the_page_of_training(manager: Client):
    manager.post(PLAN, sent([(DAY, "20"), (BY, "80")]))

    assert "The planned curve reaches 80% by 28 March 2026; the target is 95%." in words(manager.get(PAGE).text)


def test_drawing_the_curve_proves_its_item_within_the_next_rescoring():
    (deployment,) = with_items("curve_planned")
    client = client_of(make.make_member(Role.SITE_LEAD, site=deployment.site))
    RescoreMark.objects.all().delete()
    address = f"/p/{deployment.programme.code}/s/{deployment.site.code}/training/plan/"
    rows = {"rows": 2, "on_1": "2026-03-01", "share_1": "0", "on_2": "2026-03-20", "share_2": "95"}

    client.post(address, {**rows, "mark": drawn_plan(deployment.pk).mark})
    while rescore_next_batch() is not None:
        pass

    assert ChecklistItem.objects.get().assurance == "proved"
    client.post(f"{address}own/", {"own": "no", "mark": drawn_plan(deployment.pk).mark})
    while rescore_next_batch() is not None:
        pass
    assert ChecklistItem.objects.get().state != "done"


def counted(client: Client, data: dict[str, Any] | None = None) -> int:
    """How many queries the page takes, or the sending of its form."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(PLAN) if data is None else client.post(PLAN, data)
    assert answer.status_code == (200 if data is None else 302)
    return len(captured)


def test_queries_do_not_grow_with_points(manager: Client):
    found = []
    for start, number in ((0, 2), (20, 12)):
        rows = [(DAY + timedelta(days=start + each), "50") for each in range(number)]
        manager.post(PLAN, sent([(DAY - timedelta(days=start + 9), "1"), (BY, "95")]))
        found.append((counted(manager, sent(rows)), counted(manager)))

    assert found[0] == found[1]
    assert found[0][1] <= 25
