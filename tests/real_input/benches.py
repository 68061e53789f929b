"""Rotas laid into wards and given dates: who champions where, in which shifts, around a clock change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from .people import Person, Place
from .plan import WAVE_DAYS, wave_starts
from .rota import Duty, Rota, roster

Row = dict[str, str]


@dataclass(frozen=True)
class Bench:
    """A rota in one ward of one site: its first day, and the staff number behind each of its people."""

    rota: Rota
    place: Place
    start: date
    people: dict[str, str]


def lay_benches(
    rotas: Sequence[Rota], people: Sequence[Person], places: dict[str, Place], rota_week: date, day: date
) -> list[Bench]:
    """Each rota in the first ward of a site of the region whose wave holds the week, the largest in the largest.

    A rota of a fortnight starts with that week; a longer one earlier, on its own weekday, so that it holds the whole
    fortnight. Raises ValueError where the region has too few people for it.
    """
    region = next(name for name, start in wave_starts(day).items() if start <= rota_week < start + timedelta(WAVE_DAYS))
    sizes = Counter(place.site.code for place in places.values() if place.site.region == region)
    sites = sorted(sizes, key=lambda code: (-sizes[code], code))
    largest_first = sorted(rotas, key=lambda rota: (-len(rota.staff), rota.name))
    benches = []
    for rota, site in zip(largest_first, sites, strict=False):
        latest = rota_week - timedelta((rota.days - 14) // 2)
        start = latest - timedelta((latest.weekday() - rota.first_weekday) % 7)
        numbers = [
            person.number
            for person in people
            if (places[person.number].site.code, places[person.number].ward) == (site, "W1")
            and person.joined <= start
            and person.left is None
        ]
        benches.append(Bench(rota, places[numbers[0]], start, dict(zip(rota.staff, numbers, strict=False))))
    short = [bench.rota.name for bench in benches if len(bench.people) < len(bench.rota.staff)]
    if short or len(benches) < len(rotas):
        raise ValueError(f"{region} has too few people for the rotas {short or len(rotas)}")
    return benches


def champion_rows(bench: Bench, day: date) -> list[Row]:
    """The people of a rota as champions, since 60 days before it starts or before the day, whichever is earlier."""
    since = min(bench.start, day) - timedelta(60)
    return [
        {
            "organisation": bench.place.site.trust,
            "number": number,
            "from": since.isoformat(),
            "level": "champion",
            "volunteered": "true",
        }
        for number in bench.people.values()
    ]


def shift_rows(bench: Bench, day: date, mended: Counter[str]) -> list[Row]:
    """The duties of a rota as shifts in local time.

    Before the day they were worked, or missed where the person had asked not to; from the day on they are confirmed,
    or only planned where the person had asked not to. All were planned 42 days ahead.
    """
    duties = roster(bench.rota)
    mended["rota slot that nobody may take: left uncovered"] += sum(bench.rota.cover.values()) - len(duties)
    return [_shift_row(bench, duty, day) for duty in duties]


def _shift_row(bench: Bench, duty: Duty, day: date) -> Row:
    shift = bench.rota.shifts[duty.shift]
    on = bench.start + timedelta(duty.day)
    until = on + timedelta(shift.ends <= shift.starts)
    past, future = ("missed", "planned") if duty.unwanted else ("worked", "confirmed")
    state = past if on < day else future
    return {
        "client_id": str(uuid5(NAMESPACE_URL, f"real-input/{bench.rota.name}/{duty.person}/{duty.day}")),
        "organisation": bench.place.site.trust,
        "number": bench.people[duty.person],
        "site": bench.place.site.code,
        "ward": bench.place.ward,
        "starts_at": datetime.combine(on, shift.starts).isoformat(),
        "ends_at": datetime.combine(until, shift.ends).isoformat(),
        "state": state,
        "planned_on": (min(bench.start, day) - timedelta(42)).isoformat(),
        "ended_on": on.isoformat() if state == "missed" else "",
        "notes": bench.rota.name,
    }


def pattern_rows(rotas: Sequence[Rota]) -> list[Row]:
    """Every kind of shift of the rotas; minimum is the least cover that the rota with all of them asks on any day."""
    fullest = max(rotas, key=lambda rota: len(rota.shifts))
    return [
        {
            "name": shift.name,
            "starts": shift.starts.isoformat("minutes"),
            "ends": shift.ends.isoformat("minutes"),
            "minimum": str(min(asked for (_, code), asked in fullest.cover.items() if code == shift.code)),
        }
        for shift in fullest.shifts.values()
    ]
