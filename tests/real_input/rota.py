"""Rota problems of two kinds of file, and a roster for each of them. Days count from 0; nothing here has a date."""

import re
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path

# Hours between two shifts of one person.
REST_HOURS = 11
# The first kind of file gives a shift's length, not its hours: this one does, for the same letters.
CLOCK_FILE = "inrc1_sprint01.txt"
FILES = (CLOCK_FILE, "Instance1.txt", "Instance2.txt", "Instance3.txt")


@dataclass(frozen=True)
class Shift:
    """A kind of shift in local time of day; one that ends no later than it starts ends the next day."""

    code: str
    name: str
    starts: time
    ends: time


@dataclass(frozen=True)
class Limits:
    """What one person may be given at most: shifts in all, in a row and of each kind."""

    shifts: int
    in_a_row: int
    of_kind: dict[str, int]


@dataclass
class Rota:
    """One problem: cover asked by (day, shift), limits by person, and what people may not or would rather not do."""

    name: str
    days: int
    first_weekday: int
    shifts: dict[str, Shift]
    staff: dict[str, Limits]
    cover: dict[tuple[int, str], int]
    may_not_follow: dict[str, frozenset[str]]
    days_off: set[tuple[str, int]] = field(default_factory=set)
    unwanted: set[tuple[str, int, str]] = field(default_factory=set)


@dataclass(frozen=True, order=True)
class Duty:
    """One shift of one person on one day; unwanted where the person had asked not to."""

    day: int
    shift: str
    person: str
    unwanted: bool


def read_rotas(folder: Path) -> list[Rota]:
    """The four problems, the one with clock times first."""
    clock = _read_competition(folder / CLOCK_FILE)
    return [clock, *(_read_benchmark(folder / name, clock.shifts) for name in FILES[1:])]


def _read_competition(path: Path) -> Rota:
    """Sections of `;`-ended lines under rules of slashes, each headed by `NAME = count;` or `NAME;`."""
    sections: dict[str, list[list[str]]] = {}
    parts = [part.strip() for part in re.split(r"/{10,}", path.read_text(encoding="ascii"))]
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        name = heading.split()[0].rstrip(";")
        sections[name] = [re.split(r",\s*", line.rstrip(";")) for line in body.splitlines()]
    first, last = (date.fromisoformat(text) for text in sections["SCHEDULING_PERIOD"][0][1:])
    shifts = {
        row[0]: Shift(row[0], row[1].lower(), time.fromisoformat(row[2]), time.fromisoformat(row[3]))
        for row in sections["SHIFT_TYPES"]
    }
    contracts = {row[0]: row for row in sections["CONTRACTS"]}
    days = (last - first).days + 1
    weekdays = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    by_weekday = {(weekdays.index(row[0]), row[1]): int(row[2]) for row in sections["DAY_OF_WEEK_COVER"]}

    def on(text: str) -> int:
        return (date.fromisoformat(text) - first).days

    return Rota(
        name=path.stem,
        days=days,
        first_weekday=first.weekday(),
        shifts=shifts,
        staff={
            row[0]: Limits(_most(contracts[row[2]][3]), _most(contracts[row[2]][5]), {})
            for row in sections["EMPLOYEES"]
        },
        cover={(day, shift): by_weekday[(first.weekday() + day) % 7, shift] for day in range(days) for shift in shifts},
        may_not_follow={},
        unwanted={(row[0], on(row[1]), row[2]) for row in sections["SHIFT_OFF_REQUESTS"]}
        | {(row[0], on(row[1]), shift) for row in sections["DAY_OFF_REQUESTS"] for shift in shifts},
    )


def _most(text: str) -> int:
    """The figure of `(on|weight|figure)`."""
    return int(text.strip("()").split("|")[2])


def _read_benchmark(path: Path, clock: dict[str, Shift]) -> Rota:
    """Sections of comma-separated lines after `SECTION_NAME`; `#` starts a comment line; day 0 is a Monday."""
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith("SECTION_"):
            rows = sections.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            rows.append(line.split(","))
    minutes = {row[0]: int(row[1]) for row in sections["SHIFTS"]}
    return Rota(
        name=path.stem,
        days=int(sections["HORIZON"][0][0]),
        first_weekday=0,
        shifts={code: clock[code] for code in minutes},
        staff={
            row[0]: Limits(
                shifts=int(row[2]) // max(minutes.values()),
                in_a_row=int(row[4]),
                of_kind={kind: int(most) for kind, most in (part.split("=") for part in row[1].split("|"))},
            )
            for row in sections["STAFF"]
        },
        cover={(int(row[0]), row[1]): int(row[2]) for row in sections["COVER"]},
        may_not_follow={row[0]: frozenset(filter(None, row[2].split("|"))) for row in sections["SHIFTS"]},
        days_off={(row[0], int(day)) for row in sections["DAYS_OFF"] for day in row[1:]},
        unwanted={(row[0], int(row[1]), row[2]) for row in sections["SHIFT_OFF_REQUESTS"]},
    )


def roster(rota: Rota) -> list[Duty]:
    """Who works when: for each slot in turn those with the fewest shifts, unwanted ones last.

    Never more than one shift a day, never beyond a limit, never without rest. A slot that nobody may take stays
    uncovered: the sources ask for more than they can have.
    """
    duties: list[Duty] = []
    worked: dict[str, dict[int, str]] = {person: {} for person in rota.staff}
    for (day, code), asked in sorted(rota.cover.items()):
        free = [person for person in rota.staff if _may_take(rota, worked[person], person, day, code)]
        free.sort(key=lambda person: ((person, day, code) in rota.unwanted, len(worked[person]), person))
        for person in free[:asked]:
            worked[person][day] = code
            duties.append(Duty(day, code, person, (person, day, code) in rota.unwanted))
    return duties


def _may_take(rota: Rota, worked: dict[int, str], person: str, day: int, code: str) -> bool:
    limits = rota.staff[person]
    before = worked.get(day - 1)
    return (
        day not in worked
        and (person, day) not in rota.days_off
        and len(worked) < limits.shifts
        and list(worked.values()).count(code) < limits.of_kind.get(code, rota.days)
        and not all(day - back in worked for back in range(1, limits.in_a_row + 1))
        and (before is None or _rested(rota, before, code))
    )


def _rested(rota: Rota, before: str, after: str) -> bool:
    earlier, later = rota.shifts[before], rota.shifts[after]
    if after in rota.may_not_follow.get(before, ()):
        return False
    ends = _hours(earlier.ends) + (24 if earlier.ends <= earlier.starts else 0)
    return 24 + _hours(later.starts) - ends >= REST_HOURS


def _hours(at: time) -> float:
    return at.hour + at.minute / 60
