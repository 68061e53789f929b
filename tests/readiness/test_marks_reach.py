"""No change of a record escapes: no past day whose score would differ is before the day its mark reaches back to."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import IntegrityError, models, transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from readiness.indicators import facts_of_chunk
from readiness.models import ChecklistEvent, Hazard, RescoreMark, Waiver
from readiness.scoring import Model, judge
from readiness.services.scores import digest_of
from rollout.models import Deployment, EngagementEvent, Pilot, PulseResponse, Signature, Site, SiteTarget
from tests.readiness.drawn import SIZE, Drawn
from tests.readiness.draws import Draws, draws
from tests.readiness.records import DAY, current_model, forgotten
from tests.readiness.test_properties import examples
from training.models import AccessCheck, Attendance, Champion, ChampionShift, Posting, StaffMember

pytestmark = pytest.mark.django_db

DAYS = [DAY - timedelta(days=number) for number in range(12)]
NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


class By(NamedTuple):
    """The day or moment of the record moves by so many days."""

    days: int


class On(NamedTuple):
    """The record gets a day so far from DAY."""

    offset: int


def earlier_or_later(*days: int) -> tuple[By, ...]:
    return tuple(By(number) for number in days)


SOME_DAY = (*(On(offset) for offset in (-9, -4, -1, 0, 2)), None)
DATED = SOME_DAY[:-1]
RETIRED = {"retired_at": (NOW,)}
# Each table of records: its columns, and what they may change to.
CHANGES: dict[type[models.Model], dict[str, tuple[Any, ...]]] = {
    Attendance: {
        "on": earlier_or_later(-7, -1, 1, 5),
        "state": ("attended", "booked"),
        "passed": (True, False, None),
        **RETIRED,
    },
    Posting: {"from_on": earlier_or_later(-3, 2), "to_on": SOME_DAY, **RETIRED},
    Champion: {"from_on": earlier_or_later(-3, 2), "to_on": SOME_DAY, **RETIRED},
    ChampionShift: {
        "state": ("planned", "worked", "missed", "cancelled"),
        "ended_on": SOME_DAY,
        "planned_on": earlier_or_later(-4, 3),
        "starts_at": earlier_or_later(-1, 1),
        **RETIRED,
    },
    AccessCheck: {"checked_at": earlier_or_later(-8, -1, 1), "passed": (True, False), **RETIRED},
    ChecklistEvent: {
        "at": earlier_or_later(-3, 3),
        "state": ("done", "blocked", "not_applicable", ""),
        "assurance": ("", "proved"),
        "due_on": SOME_DAY,
        **RETIRED,
    },
    Waiver: {
        "state": ("approved", "revoked", "denied"),
        "decided_on": SOME_DAY,
        "revoked_on": SOME_DAY,
        "from_on": SOME_DAY,
        "until_on": DATED,
        **RETIRED,
    },
    Hazard: {"raised_on": DATED, "closed_on": SOME_DAY, "accepted_on": SOME_DAY, **RETIRED},
    Pilot: {
        "ends_on": DATED,
        "outcome": ("scale", "stop", "undecided"),
        "decided_on": SOME_DAY,
        "secured_on": SOME_DAY,
        **RETIRED,
    },
    SiteTarget: {"agreed_on": SOME_DAY, **RETIRED},
    EngagementEvent: {"held_on": DATED, **RETIRED},
    PulseResponse: {"answered_on": DATED, "confidence": (1, 5), **RETIRED},
    Signature: {"signed_on": SOME_DAY},
    StaffMember: RETIRED,
}


def scores(model: Model, ids: list[int]) -> dict[tuple[int, date], bytes]:
    """What every deployment would have stored of every day."""
    return {
        (facts.deployment_id, day): digest_of(judge(model, facts.readings, facts.situation).stored())
        for day in DAYS
        for facts in facts_of_chunk(model, ids=ids, day=day)
    }


def change(row: models.Model, draw: Draws) -> None:
    """Change one thing of a record. Raises IntegrityError where no such record may be."""
    columns = CHANGES[type(row)]
    column = draw.one_of(list(columns))
    value = draw.one_of(columns[column])
    if isinstance(value, By):
        value = getattr(row, column) + timedelta(days=value.days)
    elif isinstance(value, On):
        value = DAY + timedelta(days=value.offset)
    values = {column: value}
    if column == "starts_at":
        values["ends_at"] = value + timedelta(hours=6)
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**values)


def rename_group(row: models.Model, draw: Draws) -> None:
    """An event names another site, or forgets its groups."""
    assert isinstance(row, EngagementEvent)
    if draw.once_in(2):
        row.groups.clear()
    else:
        row.sites.set([Site.objects.latest("pk")])


def remove(row: models.Model, _draw: Draws) -> None:
    """The row goes; one that came would reach as far."""
    type(row)._default_manager.filter(pk=row.pk).delete()


# Whom an agreement asks to sign belongs to the plan, and staff have postings.
REMOVED = [table for table in CHANGES if table not in (Signature, StaffMember)]
HOW: list[tuple[type[models.Model], Callable[[Any, Draws], None]]] = [
    *((table, change) for table in CHANGES),
    *((table, remove) for table in REMOVED),
    (EngagementEvent, rename_group),
]


@given(draws(SIZE), st.sampled_from(HOW))
@examples
def test_no_changed_record_escapes_its_mark(
    draw: Draws, how: tuple[type[models.Model], Callable[[Any, Draws], None]]
) -> None:
    table, alter = how
    with forgotten():
        world = Drawn(draw, DAY).save()
        rows = list(table._default_manager.order_by("pk"))
        assume(rows)
        model = current_model()
        ids = [deployment.pk for deployment in world.of(Deployment)]
        before = scores(model, ids)
        RescoreMark.objects.all().delete()
        try:
            alter(draw.one_of(rows), draw)
        except IntegrityError:
            assume(False)

        after = scores(model, ids)

        reach = {mark.deployment_id: mark.from_day for mark in RescoreMark.objects.order_by("-from_day")}
        escaped = [
            (pk, day)
            for (pk, day), digest in before.items()
            if after[pk, day] != digest and not _reached(reach, pk, day)
        ]
        assert escaped == []


def _reached(reach: dict[int, date | None], deployment: int, day: date) -> bool:
    from_day = reach.get(deployment)
    return from_day is not None and from_day <= day
