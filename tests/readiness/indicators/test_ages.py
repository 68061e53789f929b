"""How old the evidence is, the units of one indicator, and who is absent from go-live."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.indicators import Age, absent_staff, ages_of, evidence_of, units_of
from readiness.scoring import CODES, MODEL_2026_1, Model, Unit
from tests.clock import FrozenClock
from tests.readiness.explained import BEFORE, DAY, YESTERDAY, Explained, explained_site
from tests.readiness.records import GO_LIVE, World
from training.models import Absence, Attendance, StaffMember

MODEL = Model.from_json(MODEL_2026_1)


@pytest.fixture
def site(db: None, frozen_clock: FrozenClock) -> Explained:
    return explained_site(frozen_clock)


def ages(site: Explained, day: date = DAY) -> dict[str, Age]:
    return ages_of(MODEL, site.here.pk, day=day)


def test_ages_are_of_the_records_that_count(site: Explained):
    found = ages(site)

    assert {code: age for code, age in found.items() if code not in ("training.completion", "training.managers")} == {
        "checklist.continuity": Age(2, BEFORE, YESTERDAY, BEFORE),  # the stale item is left out
        "checklist.leadership": Age(1, BEFORE, BEFORE, BEFORE),
        "champions.ratio": Age(2, BEFORE, YESTERDAY, BEFORE),  # who lacks the course is left out
        "champions.cover": Age(3, DAY - timedelta(days=5), DAY - timedelta(days=5), DAY - timedelta(days=5)),
        "technical.access": Age(8, BEFORE, YESTERDAY, BEFORE),
        "engagement.reach": Age(1, YESTERDAY, YESTERDAY, YESTERDAY),
        "engagement.confidence": Age(12, YESTERDAY, YESTERDAY, YESTERDAY),
        "goals.targets": Age(1, YESTERDAY, YESTERDAY, YESTERDAY),
        "partnerships.commitments": Age(1, YESTERDAY, YESTERDAY, YESTERDAY),
        "pilots.outcome": Age(2, BEFORE, YESTERDAY, BEFORE),
        "governance.hazards": Age(2, BEFORE, YESTERDAY, BEFORE),
    }


def test_completions_are_dated_one_for_each_pair_that_counts(site: Explained):
    evidence, _situation = evidence_of(MODEL, site.here.pk, day=DAY)

    found = ages(site)

    for code in ("training.completion", "training.managers"):
        days = sorted(last_attended(unit) for unit in evidence.of(code) if unit.credit)
        assert found[code] == Age(len(days), days[0], days[-1], days[(len(days) - 1) // 2])


def last_attended(unit: Unit) -> date:
    """The newest completion behind a pair that counts."""
    staff, course = unit.key
    rows = Attendance.objects.filter(staff=staff, course=course, passed=True, on__lte=DAY)
    return rows.order_by("-on").values_list("on", flat=True)[0]


def test_past_day_knows_nothing_of_later_records(site: Explained):
    found = ages(site, BEFORE)

    assert max(age.newest for age in found.values()) == BEFORE
    assert "goals.targets" not in found


def test_site_without_records_has_no_evidence(db: None):
    world = World()
    here = world.site(wards=0)
    world.save()

    assert (ages_of(MODEL, here.pk, day=DAY), units_of(MODEL, here.pk, "training.completion", day=DAY)) == ({}, [])


@pytest.mark.parametrize("code", CODES)
def test_units_of_one_indicator_are_those_of_all(code: str, site: Explained):
    evidence, _situation = evidence_of(MODEL, site.here.pk, day=DAY)

    with CaptureQueriesContext(connection) as captured:
        found = units_of(MODEL, site.here.pk, code, day=DAY)

    assert sorted(found, key=lambda unit: str(unit.key)) == sorted(evidence.of(code), key=lambda unit: str(unit.key))
    assert len(captured) == 1


def test_code_that_is_no_indicator_has_no_units(site: Explained):
    with pytest.raises(KeyError):
        units_of(MODEL, site.here.pk, "training.nothing", day=DAY)


# Each line: an absence by its first and last day from go-live on, and whether it counts for the two weeks from it.
@pytest.mark.parametrize(
    ("first", "last", "absent"),
    [
        (-9, -1, False),
        (-9, 0, True),
        (13, 40, True),
        (14, 40, False),
        (-90, None, True),
        (14, None, False),
    ],
)
def test_who_is_away_on_a_day_of_the_two_weeks_is_absent(first: int, last: int | None, absent: bool, site: Explained):
    Absence.objects.all().delete()
    person = StaffMember.objects.get(name="Nobody W1-0")
    to_on = None if last is None else GO_LIVE + timedelta(days=last)
    Absence.objects.create(staff=person, from_on=GO_LIVE + timedelta(days=first), to_on=to_on)

    assert absent_staff(MODEL, site.here.pk, day=DAY) == ({person.pk} if absent else set())
