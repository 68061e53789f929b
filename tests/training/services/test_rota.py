"""Shifts of one person never overlap: random ones against a model, and many people at once against the database."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, OperationalError, connections
from django.db.models import F

from rollout.choices import Role
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.readiness.rota_world import NOON, RotaWorld
from training.hours import Span, span_of
from training.models import ChampionShift, Posting
from training.services.rota import cancel_shift, plan_shift

QUARTER = timedelta(minutes=15)
# The days around both clock changes of 2026 in Europe, and by the clock of a place that changes by half an hour.
DAYS = [date(2026, 3, day) for day in (28, 29, 30)] + [date(2026, 10, day) for day in (24, 25)]
ZONES = ("Europe/London", "Australia/Lord_Howe")


def drawn(dice: random.Random) -> Span:
    """A shift of 15 minutes to a day by the clock of a site, on one of the days."""
    starts = time(dice.randrange(24), dice.choice((0, 15, 30, 45)))
    ends = time(dice.randrange(24), dice.choice((0, 30)))
    return span_of(dice.choice(DAYS), starts, ends, ZoneInfo(dice.choice(ZONES)))


def overlap(one: Span, other: Span) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


@pytest.mark.django_db
@pytest.mark.parametrize("tries", [60, pytest.param(10_000, marks=pytest.mark.night)])
def test_random_shifts_are_taken_just_where_the_person_is_free(tries: int, frozen_clock: FrozenClock):
    frozen_clock.move_to(NOON)
    dice, world, by = random.Random(20260329), RotaWorld(), make.make_member(Role.ADMINISTRATOR)
    people = [world.champion(name) for name in ("Ana", "Bo")]
    wards = [world.ward, world.near]
    taken: dict[int, dict[int, Span]] = {person.pk: {} for person in people}
    wrong = []
    for _ in range(tries):
        person, span, ward = dice.choice(people), drawn(dice), dice.choice(wards)
        mine = taken[person.pk]
        if mine and dice.random() < 0.2:
            gone = dice.choice(sorted(mine))
            cancel_shift(shift_id=gone, by=by)
            del mine[gone]
        lasts = timedelta() < span.length <= timedelta(hours=24)
        free = lasts and not any(overlap(span, other) for other in mine.values())
        if not lasts:
            continue  # by the clock 24 hours, and longer over a change: the database refuses it whoever is free
        try:
            row = plan_shift(programme_id=world.programme.pk, ward_id=ward.pk, staff_id=person.pk, span=span, by=by)
        except Refused as refused:
            if free or "Already on" not in str(refused):
                wrong.append((span, str(refused)))
        else:
            mine[row.pk] = span
            if not free:
                wrong.append((span, "taken"))

    assert wrong == []
    stored = {
        (row.staff_id, row.pk): Span(row.starts_at, row.ends_at)
        for row in ChampionShift.objects.filter(state="planned")
    }
    assert stored == {(staff, pk): span for staff, mine in taken.items() for pk, span in mine.items()}


def pairs_that_overlap() -> Iterator[tuple[int, int]]:
    rows = ChampionShift.objects.live().order_by("pk")
    for one, other in combinations(rows, 2):
        if one.staff_id == other.staff_id and overlap(
            Span(one.starts_at, one.ends_at), Span(other.starts_at, other.ends_at)
        ):
            yield one.pk, other.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tries", [96, pytest.param(10_000, marks=pytest.mark.night)])
def test_sixteen_at_once_never_make_an_overlap(tries: int):
    """Half of them plan as the pages do, half write rows straight into the table, as nobody should.

    Who does not hold the person first may lock another out, and the database then ends one of them.
    """
    world, by = RotaWorld(), make.make_member(Role.ADMINISTRATOR)
    person = world.champion()
    begins = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)

    def once(number: int) -> None:
        dice = random.Random(number)
        starts_at = begins + dice.randrange(96) * QUARTER
        span = Span(starts_at, starts_at + dice.randrange(1, 32) * QUARTER)
        try:
            if number % 2:
                plan_shift(programme_id=world.programme.pk, ward_id=world.ward.pk, staff_id=person.pk, span=span, by=by)
            else:
                ChampionShift.objects.create(
                    client_id=uuid4(), programme=world.programme, staff=person, ward=world.near,
                    starts_at=span.starts_at, ends_at=span.ends_at, planned_on=begins.date(),
                )  # fmt: skip
        except (Refused, IntegrityError, OperationalError):
            return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(once, range(tries)))

    assert list(pairs_that_overlap()) == []
    assert ChampionShift.objects.count() > 1


@pytest.mark.django_db
def test_database_itself_refuses_an_overlap_of_a_minute_and_takes_back_to_back():
    world = RotaWorld()
    person = world.champion()
    day = date(2026, 3, 20)
    row = world.shift(person, day, world.early)
    world.shift(person, day, world.late)

    with pytest.raises(IntegrityError, match="training_championshift_overlap"):
        ChampionShift.objects.filter(pk=row.pk).update(ends_at=F("ends_at") + timedelta(minutes=1))


@pytest.mark.django_db
def test_person_is_in_one_place_also_between_programmes_and_sites(frozen_clock: FrozenClock):
    frozen_clock.move_to(NOON)
    world, by = RotaWorld(), make.make_member(Role.ADMINISTRATOR)
    person, elsewhere = world.champion(), make.make_ward(name="Far ward")
    Posting.objects.create(staff=person, ward=elsewhere, from_on=date(2026, 1, 1))
    day = date(2026, 3, 20)
    world.shift(person, day, world.early, elsewhere, programme=make.make_programme())

    with pytest.raises(Refused, match="Already on a shift in Far ward from 7am until 3pm"):
        plan_shift(
            programme_id=world.programme.pk,
            ward_id=world.ward.pk,
            staff_id=person.pk,
            span=world.span(day, world.early),
            by=by,
        )
