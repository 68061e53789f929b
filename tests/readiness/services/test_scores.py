"""Scores written down: provisional while the day runs, closed for good afterwards, revised with a reason."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from readiness.choices import RevisionReason
from readiness.models import ChecklistTemplate, ReadinessScore, ScoringModel, TemplateItem
from readiness.services import scores
from readiness.services.scores import Outcome, score_deployments
from rollout.models import Deployment, Programme, Site
from tests.clock import FrozenClock
from tests.logs import ErrorGuard
from tests.readiness.records import DAY, World, local

AUCKLAND, LONDON, NEW_YORK, HONOLULU = "Pacific/Auckland", "Europe/London", "America/New_York", "Pacific/Honolulu"
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def one_site(**deployment: Any) -> Deployment:
    """A site with one person to be trained on one course, and a hazard log."""
    world = World()
    here = world.site(**deployment)
    world.person(world.wards(here)[0])
    world.course()
    world.hazard()
    world.save()
    return here


def train(deployment: Deployment, on: date) -> None:
    """Everybody is trained: the score of that day and of later ones rises."""
    for course in deployment.programme.courses.all():
        for ward in deployment.site.wards.all():
            for posting in ward.postings.all():
                course.attendances.create(staff=posting.staff, on=on, state="attended")


def rows(deployment: Deployment, day: date = DAY) -> list[ReadinessScore]:
    return list(ReadinessScore.objects.filter(deployment=deployment, day=day).order_by("revision"))


def score(deployment: Deployment, day: date = DAY, **more: Any) -> Outcome:
    return score_deployments(ids=[deployment.pk], day=day, **more)


# A day runs by the clock of its site ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "day", "expected"),
    [
        # The clocks of London go forward: 29 March 2026 begins at 00:00 and ends at 23:00 UTC.
        (
            datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
            date(2026, 3, 29),
            {AUCKLAND: "runs", LONDON: "runs", NEW_YORK: None, HONOLULU: None},
        ),
        (
            datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC),
            date(2026, 3, 29),
            {AUCKLAND: "runs", LONDON: None, NEW_YORK: None, HONOLULU: None},
        ),
        (
            datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC),
            date(2026, 3, 29),
            {AUCKLAND: "closed", LONDON: "runs", NEW_YORK: "runs", HONOLULU: "runs"},
        ),
        (
            datetime(2026, 3, 29, 23, 0, tzinfo=UTC),
            date(2026, 3, 29),
            {AUCKLAND: "closed", LONDON: "closed", NEW_YORK: "runs", HONOLULU: "runs"},
        ),
        (
            datetime(2026, 3, 30, 9, 59, 59, tzinfo=UTC),
            date(2026, 3, 29),
            {AUCKLAND: "closed", LONDON: "closed", NEW_YORK: "closed", HONOLULU: "runs"},
        ),
        (
            datetime(2026, 3, 30, 10, 0, tzinfo=UTC),
            date(2026, 3, 29),
            {AUCKLAND: "closed", LONDON: "closed", NEW_YORK: "closed", HONOLULU: "closed"},
        ),
        # They go back: 25 October 2026 lasts from 23:00 UTC of the day before to 00:00 UTC of the day after.
        (
            datetime(2026, 10, 24, 23, 0, tzinfo=UTC),
            date(2026, 10, 25),
            {AUCKLAND: "runs", LONDON: "runs", NEW_YORK: None, HONOLULU: None},
        ),
        (
            datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC),
            date(2026, 10, 25),
            {AUCKLAND: "closed", LONDON: "runs", NEW_YORK: "runs", HONOLULU: "runs"},
        ),
        (
            datetime(2026, 10, 26, 0, 0, tzinfo=UTC),
            date(2026, 10, 25),
            {AUCKLAND: "closed", LONDON: "closed", NEW_YORK: "runs", HONOLULU: "runs"},
        ),
        # A leap day is a day.
        (
            datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
            date(2028, 2, 29),
            {AUCKLAND: "closed", LONDON: "runs", NEW_YORK: "runs", HONOLULU: "runs"},
        ),
        (
            datetime(2028, 3, 1, 0, 0, tzinfo=UTC),
            date(2028, 2, 29),
            {AUCKLAND: "closed", LONDON: "closed", NEW_YORK: "runs", HONOLULU: "runs"},
        ),
        # Long gone, and not yet come anywhere.
        (
            NOON,
            date(2025, 12, 31),
            {AUCKLAND: "closed", LONDON: "closed", NEW_YORK: "closed", HONOLULU: "closed"},
        ),
        (NOON, date(2026, 3, 16), {AUCKLAND: None, LONDON: None, NEW_YORK: None, HONOLULU: None}),
    ],
)
def test_day_runs_by_the_clock_of_its_site(
    now: datetime, day: date, expected: dict[str, str | None], frozen_clock: FrozenClock
) -> None:
    frozen_clock.move_to(now)
    world = World(day)
    deployments = {zone: world.site(zone) for zone in expected}
    world.save()

    outcome = score_deployments(ids=[deployment.pk for deployment in deployments.values()], day=day)

    found = dict.fromkeys(expected)
    for row in ReadinessScore.objects.filter(day=day).select_related("deployment__site"):
        found[row.deployment.site.time_zone] = "runs" if row.provisional else "closed"
    assert found == expected
    assert outcome.done == outcome.written == sum(state is not None for state in expected.values())


def test_record_of_the_last_second_counts_and_the_next_one_does_not(frozen_clock: FrozenClock) -> None:
    """The check of a log-in in the evening of a day on which the clocks changed."""
    frozen_clock.move_to(datetime(2026, 3, 30, 12, 0, tzinfo=UTC))
    day = date(2026, 3, 29)
    world = World(day)
    here = world.site()
    person, late = (world.person(world.wards(here)[0]) for _number in range(2))
    world.check(person, local(here.site, day, 23, 59, 59))
    world.check(late, local(here.site, day + timedelta(days=1), 0, 0, 0))
    world.save()

    score(here, day)

    (row,) = rows(here, day)
    assert row.indicators["technical.access"][:3] == ["known", "1", 2]


# Provisional, closed, revised -----------------------------------------------------------------------------------------


def test_running_day_is_scored_again_in_place(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)
    here = one_site()
    assert score(here) == Outcome(done=1, written=1)
    (before,) = rows(here)

    train(here, DAY)
    frozen_clock.forward(hours=1)
    assert score(here) == Outcome(done=1, written=1)

    (after,) = rows(here)
    assert (after.pk, after.revision, after.provisional, after.reason) == (before.pk, 1, True, "")
    assert after.score > before.score
    assert after.computed_at == frozen_clock.now
    assert after.digest != before.digest


def test_row_scored_in_place_holds_what_a_new_one_would(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)
    here = one_site(go_live_on=None)
    score(here)
    train(here, DAY)
    Deployment.objects.filter(pk=here.pk).update(go_live_on=DAY + timedelta(days=10))
    score(here)
    in_place = ReadinessScore.objects.filter(day=DAY).values().get()
    ReadinessScore.objects.all().delete()

    score(here)

    new = ReadinessScore.objects.filter(day=DAY).values().get()
    assert {**in_place, "id": None} == {**new, "id": None}


def test_day_that_ended_closes_its_row_with_what_is_known_by_then(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)
    here = one_site()
    score(here)
    (before,) = rows(here)

    frozen_clock.move_to(datetime(2026, 3, 15, 0, 0, tzinfo=UTC))
    assert score(here) == Outcome(done=1, written=1)

    (after,) = rows(here)
    assert (after.pk, after.provisional, after.digest) == (before.pk, False, before.digest)
    assert after.computed_at == frozen_clock.now


@pytest.mark.parametrize("reason", list(RevisionReason))
def test_closed_day_with_another_result_gets_a_revision(reason: RevisionReason, frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON + timedelta(days=3))
    here = one_site()
    score(here)
    (first,) = rows(here)
    train(here, DAY)
    frozen_clock.forward(hours=1)

    assert score(here, reason=reason) == Outcome(done=1, written=1)

    old, new = rows(here)
    assert (old.superseded_at, new.superseded_at) == (frozen_clock.now, None)
    assert (old.reason, new.reason) == ("", reason)
    assert (old.score, old.digest, old.computed_at) == (first.score, first.digest, first.computed_at)
    assert (new.revision, new.provisional) == (2, False)
    assert new.score > old.score


def physical_rows() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmin::text, ctid::text FROM readiness_readinessscore ORDER BY id")
        return cursor.fetchall()


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=3)], ids=["running", "closed"])
def test_equal_result_writes_nothing(later: timedelta, frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON + later)
    here = one_site()
    score(here)
    before = physical_rows()
    frozen_clock.forward(minutes=5)

    assert score(here, reason=RevisionReason.CORRECTED) == Outcome(done=1, written=0)

    assert physical_rows() == before


def test_day_that_runs_again_because_the_site_moved_zone_keeps_its_revisions(frozen_clock: FrozenClock) -> None:
    """A closed day becomes today again: its revision is provisional, and scored in place."""
    frozen_clock.move_to(datetime(2026, 3, 15, 2, 0, tzinfo=UTC))
    here = one_site()
    score(here)
    Site.objects.filter(pk=here.site_id).update(time_zone=HONOLULU)
    train(here, DAY)
    score(here, reason=RevisionReason.PLAN)
    Programme.objects.filter(pk=here.programme_id).update(not_applicable=["goals.targets"])

    assert score(here) == Outcome(done=1, written=1)

    old, new = rows(here)
    assert (old.provisional, old.superseded_at is None) == (False, False)
    assert (new.revision, new.provisional, new.reason) == (2, True, RevisionReason.PLAN)
    assert new.indicators["goals.targets"][0] == "not_applicable"


# What is not scored ---------------------------------------------------------------------------------------------------


def retire(record: models.Model) -> None:
    type(record)._default_manager.filter(pk=record.pk).update(retired_at=timezone.now())


def test_embedded_and_retired_deployments_are_not_scored() -> None:
    world = World()
    embedded = world.site(stage="embedded")
    gone, closed_down = world.site(), world.site()
    there = world.site()
    world.save()
    retire(gone)
    retire(closed_down.site)

    outcome = score_deployments(ids=[embedded.pk, gone.pk, closed_down.pk, there.pk], day=DAY)

    assert outcome == Outcome(done=1, written=1)
    assert [row.deployment for row in ReadinessScore.objects.all()] == [there]


def test_programme_that_was_retired_is_not_scored() -> None:
    here = one_site()
    retire(here.programme)

    assert score(here) == Outcome()


def test_nothing_to_score_is_no_error() -> None:
    assert score_deployments(ids=[], day=DAY) == Outcome()


# A deployment that fails ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError("poison"), ZeroDivisionError(), KeyError("poison")])
def test_deployment_that_fails_does_not_stop_the_others(
    error: Exception, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorGuard
) -> None:
    world = World()
    deployments = [world.site() for _number in range(7)]
    world.save()
    poisoned = deployments[4].pk
    days_to_go = (deployments[4].go_live_on - DAY).days
    Deployment.objects.filter(pk=poisoned).update(go_live_on=DAY + timedelta(days=days_to_go + 1))
    judge = scores.judge

    def poisoned_judge(model: Any, readings: Any, situation: Any) -> Any:
        if situation.days == days_to_go + 1:
            raise error
        return judge(model, readings, situation)

    monkeypatch.setattr(scores, "judge", poisoned_judge)
    logged_errors.expect("readiness.services.scores")

    outcome = score_deployments(ids=[deployment.pk for deployment in deployments], day=DAY)

    assert outcome == Outcome(done=6, written=6, failed=[(poisoned, type(error).__name__)])
    scored = set(ReadinessScore.objects.values_list("deployment", flat=True))
    assert scored == {deployment.pk for deployment in deployments} - {poisoned}
    assert "poison" not in logged_errors.of("readiness.services.scores")[0].getMessage()


# What the database refuses --------------------------------------------------------------------------------------------


@pytest.fixture
def closed() -> ReadinessScore:
    here = one_site()
    score(here)
    (row,) = rows(here)
    return row


def refused(records: models.QuerySet, **values: Any) -> bool:
    """Whether the database refuses to change these rows, or to delete them where no values are given."""
    try:
        with transaction.atomic():
            if values:
                records.update(**values)
            else:
                records._raw_delete(records.db)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "values",
    [
        {"score": Decimal("99")},
        {"raw": Decimal("99")},
        {"band": "ready"},
        {"caps": ["blocker_overdue"]},
        {"indicators": {}},
        {"coverage": Decimal("1")},
        {"provisional": True},
        {"computed_at": NOON},
        {"revision": 2},
        {"day": DAY - timedelta(days=1)},
        {"reason": "late"},
        {"superseded_at": NOON, "score": Decimal("99")},
        {},
    ],
    ids=str,
)
def test_closed_score_never_changes(values: dict[str, Any], closed: ReadinessScore) -> None:
    assert refused(ReadinessScore.objects.filter(pk=closed.pk), **values)


def test_closed_score_is_superseded_once(closed: ReadinessScore) -> None:
    row = ReadinessScore.objects.filter(pk=closed.pk)

    assert not refused(row, superseded_at=NOON)
    assert refused(row, superseded_at=NOON + timedelta(hours=1))
    assert refused(row, superseded_at=None)
    assert refused(row)


def test_day_has_one_current_score(closed: ReadinessScore) -> None:
    closed.pk, closed.revision = None, 2

    with pytest.raises(IntegrityError):
        closed.save(force_insert=True)


def test_published_template_and_its_items_never_change() -> None:
    world = World()
    world.template_item("training")
    world.save()
    draft = ChecklistTemplate.objects.create(programme=world.programme, version=2)
    loose = TemplateItem.objects.create(template=draft, code="LOOSE", domain="training", text="Loose")

    assert refused(ChecklistTemplate.objects.filter(version=1), version=3)
    assert refused(ChecklistTemplate.objects.filter(version=1), published_at=None)
    assert refused(ChecklistTemplate.objects.filter(version=1))
    assert refused(TemplateItem.objects.filter(template__version=1), weight=5)
    assert refused(TemplateItem.objects.filter(template__version=1), template=draft)
    assert refused(TemplateItem.objects.filter(template__version=1))
    assert refused(TemplateItem.objects.filter(pk=loose.pk), template=world.template)
    assert not refused(TemplateItem.objects.filter(pk=loose.pk), weight=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateItem.objects.create(template=world.template, code="NEW", domain="training", text="New")


def test_published_scoring_model_never_changes() -> None:
    published = ScoringModel.objects.filter(version="2026.1")
    ScoringModel.objects.create(version="draft", document={})

    assert refused(published, document={})
    assert refused(published, version="2026.2")
    assert refused(published, published_at=None)
    assert refused(published)
    assert not refused(ScoringModel.objects.filter(version="draft"), document={"version": "draft"})


# The cost of it -------------------------------------------------------------------------------------------------------


def test_chunk_takes_a_fixed_number_of_queries(frozen_clock: FrozenClock) -> None:
    """For 1, 3 and 30 deployments: new rows, equal ones, rows in place, closing, revisions."""
    world = World()
    deployments = [world.site() for _number in range(30)]
    world.save()
    ids = [deployment.pk for deployment in deployments]
    taken: dict[int, list[int]] = {}
    for count in (1, 3, 30):
        with transaction.atomic():
            taken[count] = []
            for now, stage in (
                (NOON, "preparing"),
                (NOON, "preparing"),
                (NOON, "deferred"),
                (NOON + timedelta(days=1), "deferred"),
                (NOON + timedelta(days=2), "preparing"),
            ):
                frozen_clock.move_to(now)
                Deployment.objects.update(stage=stage)
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    score_deployments(ids=ids[:count], day=DAY)
                taken[count].append(len(queries))
            transaction.set_rollback(True)

    assert taken[3] == taken[1]
    assert taken[30] == taken[1]
