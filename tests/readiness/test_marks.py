"""Every table that a score reads leaves marks when a row of it changes, whoever changes it and however."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, models

from readiness.choices import RevisionReason
from readiness.indicators.gather import EVERYTHING, chunk_sql, with_ctes
from readiness.models import (
    Checklist,
    ChecklistEvent,
    ChecklistItem,
    Hazard,
    ProgrammeScoring,
    RescoreMark,
    ScoringModel,
    TemplateItem,
    Waiver,
)
from rollout.models import (
    Agreement,
    Commitment,
    Deployment,
    DeploymentWard,
    EngagementEvent,
    Measure,
    Pilot,
    Programme,
    PulseResponse,
    Signature,
    Site,
    SiteTarget,
    StaffGroup,
    Ward,
)
from tests.readiness.records import DAY, World, forgotten, local
from training.models import (
    AccessCheck,
    Attendance,
    Champion,
    ChampionShift,
    Course,
    Posting,
    ShiftPattern,
    StaffMember,
)

pytestmark = pytest.mark.django_db

# A staff group counts through its staff, whose rows leave the marks.
WITHOUT_MARKS = {StaffGroup._meta.db_table}


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


HIRED, JOINED = day(-365), day(-10)
HERE, ALL, AT_SITE = "here", "here there", "here beside"


@dataclass(frozen=True)
class Case:
    """A table: the row to change, whose marks it leaves from which day on, and updates with the day they reach back to.

    `here` and `there` are the programme's deployments, `beside` is another programme's at the site of `here`. A day of
    None is the plan's: today alone. An update of ... leaves no mark at all.
    """

    model: type[models.Model]
    touches: str
    since: date | None
    updates: tuple[tuple[dict[str, Any], Any], ...] = ()
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return self.model._meta.db_table


RETIRED = {"retired_at": local(Site(time_zone="Europe/London"), DAY, 9)}

CASES = (
    Case(Programme, ALL, None, (({"state": "paused"}, None),), {"code": "PROG"}),
    Case(
        Deployment, HERE, None, (({"go_live_on": day(90)}, None), ({"stage": "deferred"}, None)), {"site__code": "S1"}
    ),
    Case(DeploymentWard, HERE, None),
    Case(Ward, AT_SITE, None, ((RETIRED, None),), {"site__code": "S1"}),
    Case(Site, AT_SITE, None, (({"time_zone": "Pacific/Auckland"}, None),), {"code": "S1"}),
    Case(Measure, ALL, None, ((RETIRED, None),)),
    Case(
        SiteTarget,
        HERE,
        day(-7),
        (({"agreed_on": day(-9)}, day(-9)), ({"agreed_on": None}, day(-7)), (RETIRED, day(-7)), ({"target": 5}, None)),
    ),
    Case(
        Commitment,
        HERE,
        day(-8),
        (
            ({"delivered_on": day(-2)}, day(-8)),
            ({"delivered_on": None}, day(-8)),
            (RETIRED, day(-8)),
            ({"due_on": day(40)}, None),
        ),
        {"code": "CO1"},
    ),
    Case(Commitment, ALL, None, (({"delivered_on": day(-1)}, day(-1)),), {"code": "CO2"}),
    Case(
        Pilot,
        ALL,
        day(-40),
        (
            ({"decided_on": day(-3), "outcome": "scale"}, day(-6)),
            ({"outcome": "stop"}, day(-6)),
            ({"secured_on": day(-2)}, day(-2)),
            ({"ends_on": day(-45)}, day(-45)),
            ({"question": "Why?"}, None),
            (RETIRED, day(-40)),
        ),
    ),
    Case(EngagementEvent, HERE, day(-12), (({"held_on": day(-15)}, day(-15)), (RETIRED, day(-12)))),
    Case(EngagementEvent.sites.through, HERE, day(-12)),
    Case(EngagementEvent.groups.through, HERE, day(-12)),
    Case(PulseResponse, HERE, day(-4), (({"confidence": 1}, day(-4)), ({"answered_on": day(-5)}, day(-5)))),
    Case(Agreement, HERE, None, ((RETIRED, None),)),
    Case(Signature, HERE, day(-11), (({"signed_on": day(-1)}, day(-11)), ({"signed_on": None}, day(-11)))),
    Case(
        StaffMember,
        AT_SITE,
        None,
        (({"line_manager": True}, None), (RETIRED, HIRED), ({"name": "New"}, None)),
        {"number": "1"},
    ),
    Case(
        Posting,
        AT_SITE,
        HIRED,
        (
            ({"to_on": day(-3)}, day(-2)),
            ({"from_on": day(-400)}, day(-400)),
            ({"from_on": day(-100)}, HIRED),
            (RETIRED, HIRED),
            ({"retired_reason": "None"}, None),
        ),
        {"staff__number": "1"},
    ),
    Case(Course, ALL, None, (({"valid_days": 30}, None), ({"active": False}, None))),
    Case(Course.groups.through, ALL, None),
    Case(
        Attendance,
        HERE,
        day(-20),
        (({"passed": False}, day(-20)), ({"on": day(-25)}, day(-25)), ({"on": day(-1)}, day(-20)), (RETIRED, day(-20))),
    ),
    Case(
        Champion,
        HERE,
        JOINED,
        (
            ({"to_on": day(-2)}, day(-1)),
            ({"from_on": day(-30)}, day(-30)),
            ({"level": "ambassador"}, None),
            (RETIRED, JOINED),
        ),
    ),
    Case(ShiftPattern, ALL, None, (({"minimum": 3}, None), (RETIRED, None))),
    Case(
        ChampionShift,
        HERE,
        day(-5),
        (
            ({"state": "cancelled", "ended_on": day(-1)}, day(-1)),
            ({"state": "cancelled"}, day(-5)),
            ({"state": "worked", "staff_helped": 3}, None),
            ({"planned_on": day(-9)}, day(-9)),
            (RETIRED, day(-5)),
        ),
    ),
    # The day at the site may be the one before the day in UTC.
    Case(AccessCheck, HERE, day(-7), (({"passed": False}, day(-7)), (RETIRED, day(-7)))),
    Case(Checklist, HERE, None, ((RETIRED, None),)),
    Case(ChecklistItem, HERE, None, ((RETIRED, None), ({"state": "done"}, ...))),
    Case(ChecklistEvent, HERE, day(-9), (({"state": "blocked"}, day(-9)), ({"due_on": day(3)}, day(-9)))),
    Case(
        Waiver,
        HERE,
        day(-10),
        (({"revoked_on": day(-12)}, day(-12)), ({"until_on": day(40)}, day(-10)), ({"from_on": day(-11)}, day(-11))),
    ),
    Case(
        Hazard,
        HERE,
        day(-30),
        (
            ({"closed_on": day(-2)}, day(-2)),
            ({"accepted_on": day(-1)}, day(-1)),
            ({"raised_on": day(-33)}, day(-33)),
            ({"likelihood": 5}, None),
            ({"text": "Clearer"}, None),
            (RETIRED, day(-30)),
        ),
        {"code": "HZ1"},
    ),
    Case(Hazard, ALL, day(-30), (({"closed_on": day(-2)}, day(-2)),), {"code": "HZ2"}),
    Case(ProgrammeScoring, ALL, None),
    Case(TemplateItem, HERE, None, (({"weight": 5}, None),)),
)


@pytest.fixture
def known() -> dict[int, str]:
    """A row in every table that scores read, no mark, and the name of each deployment."""
    world = World()
    here = world.site(wards=2)
    there = world.site()
    world.add(DeploymentWard, deployment=here, ward=world.wards(here)[0])
    other = world.add(Programme, code="OTHER", name="Other")
    beside = world.add(Deployment, programme=other, site=here.site)
    person = world.person(world.wards(here)[0])
    world.attended(person, world.course(world.groups[0]), day(-20))
    world.champion(person)
    world.pattern(7, 15)
    world.shift(person, world.wards(here)[0], local(here.site, day(21), 7))
    world.check(person, local(here.site, day(-6), 9))
    world.measure()
    world.target(world.of(Measure)[0], here, day(-7))
    world.commitment(here, day(0), day(-8))
    world.commitment(None, day(0))
    world.pilot(outcome="iterate", decided_on=day(-6))
    world.engagement(day(-12), [here.site], world.groups[:1])
    world.answer(here, day(-4), 4)
    world.agreement(here, day(-11))
    world.waiver(here, "I1")
    world.hazard(here)
    world.hazard(None)
    world.template_item("training")
    world.event(world.checklist(here)[0], day(-8), "done")
    template, world.template = world.template, None  # stays a draft: a published one is never changed
    world.save()
    ProgrammeScoring.objects.create(programme=world.programme, model=ScoringModel.objects.get(version="2026.1"))
    assert template.published_at is None
    forget()
    return {here.pk: "here", there.pk: "there", beside.pk: "beside"}


def forget() -> None:
    RescoreMark.objects.all().delete()


def marked(known: dict[int, str], reason: str) -> dict[str, date | None]:
    """From which day on each deployment is marked; a mark for another reason than this is an error."""
    found = RescoreMark.objects.values_list("deployment_id", "from_day", "reason", "today_pending")
    assert all(row[2:] == (reason, True) for row in found)
    assert len({row[0] for row in found}) == len(found)
    return {known[pk]: from_day for pk, from_day, *_rest in found}


def expected(case: Case, since: Any) -> dict[str, date | None]:
    return {} if since is ... else dict.fromkeys(case.touches.split(), since)


def updates() -> Iterator[Any]:
    for case in CASES:
        for values, since in case.updates:
            name = "-".join([case.model.__name__, case.touches.replace(" ", "+"), *map(str, values.values())])
            yield pytest.param(case, values, since, id=name)


def name_of(case: Case) -> str:
    return f"{case.table}-{case.touches.replace(' ', '+')}"


def read_tables() -> set[str]:
    """The tables that the SQL of the indicators names."""
    statements = [chunk_sql(), *(with_ctes(f" SELECT * FROM {family.table}") for family in EVERYTHING)]
    found = {name for sql in statements for name in re.findall(r"\b(?:rollout|training|readiness)_\w+", sql)}
    return found & set(connection.introspection.table_names())


def test_every_table_that_scores_read_has_a_case() -> None:
    tables = {case.table for case in CASES}

    assert len(read_tables()) > 25
    assert read_tables() - WITHOUT_MARKS <= tables
    # What is read beside the indicators: which scoring model.
    assert tables - read_tables() == {ProgrammeScoring._meta.db_table}


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_row_deleted_and_inserted_by_sql_leaves_marks(case: Case, known: dict[int, str]) -> None:
    row = case.model._default_manager.filter(**case.row).earliest("pk")
    with forgotten(), connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(t)::text FROM {case.table} t WHERE id = %s", [row.pk])
        values = json.loads(cursor.fetchone()[0])
        cursor.execute(f"DELETE FROM {case.table} WHERE id = %s", [row.pk])
        deleted = marked(known, RevisionReason.CORRECTED)
        forget()
        generated = {f.column for f in case.model._meta.local_fields if f.generated}
        columns = ", ".join(f'"{name}"' for name in values if name not in generated)
        cursor.execute(
            f"INSERT INTO {case.table} ({columns}) SELECT {columns} FROM json_populate_record(NULL::{case.table}, %s)",
            [json.dumps(values)],
        )
        inserted = marked(known, RevisionReason.LATE)

        assert deleted == expected(case, case.since)
        assert inserted == expected(case, case.since)


@pytest.mark.parametrize(("case", "values", "since"), list(updates()))
def test_row_updated_by_sql_leaves_marks(case: Case, values: dict[str, Any], since: Any, known: dict[int, str]) -> None:
    row = case.model._default_manager.filter(**case.row).earliest("pk")
    columns = ", ".join(f'"{name}" = %s' for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {case.table} SET {columns} WHERE id = %s", [*values.values(), row.pk])

    assert marked(known, RevisionReason.CORRECTED) == expected(case, since)


def test_one_statement_over_many_rows_leaves_one_mark_a_deployment(known: dict[int, str]) -> None:
    person, course = StaffMember.objects.get(), Course.objects.get()
    Attendance.objects.bulk_create(
        Attendance(staff=person, course=course, on=day(-number), state="attended") for number in range(1, 20)
    )

    assert marked(known, RevisionReason.LATE) == {"here": day(-19)}


def test_change_that_is_rolled_back_leaves_no_mark(known: dict[int, str]) -> None:
    with forgotten():
        Hazard.objects.update(closed_on=DAY)
        assert RescoreMark.objects.exists()

    assert not RescoreMark.objects.exists()
