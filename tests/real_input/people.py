"""People, courses and completions, read from trajectories of distance learners and spread over the sites."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from .places import Site

# Day 0 of the presentations lies so many days before the day of the pack.
DAYS_SINCE_START = 130
WARD_SIZE = 24
PEOPLE_PER_SITE = 20
_GROUPS = {"AAA": "doctor", "BBB": "nurse", "DDD": "ahp"}
_REGIONS = {
    "London Region": "London",
    "South West Region": "South West",
    "South Region": "South East",
    "South East Region": "South East",
    "East Midlands Region": "Midlands",
    "West Midlands Region": "Midlands",
    "East Anglian Region": "East of England",
    "North Western Region": "North West",
    "North Region": "North East and Yorkshire",
    "Yorkshire Region": "North East and Yorkshire",
    # Not in England: a neighbouring region takes them in.
    "Scotland": "North East and Yorkshire",
    "Wales": "Midlands",
    "Ireland": "North West",
}
_OUTSIDE = frozenset({"Scotland", "Wales", "Ireland"})


@dataclass(frozen=True)
class Course:
    """What a group must complete; marked by a tutor means assessed; lapses after valid_days, or never."""

    code: str
    group: str
    tutor_marked: bool
    valid_days: int | None


@dataclass(frozen=True)
class Person:
    """Somebody in scope, known by a number, from the day they joined to the day they left, if they did."""

    number: str
    group: str
    region: str
    joined: date
    left: date | None


@dataclass(frozen=True)
class Completion:
    """One course handed in by one person on one day."""

    course: str
    number: str
    on: date


@dataclass(frozen=True)
class Place:
    """Where a person works: ward codes are W1, W2 … in their site; the first person of a ward manages it."""

    site: Site
    ward: str
    manages: bool


def read_people(
    folder: Path, day: date, mended: Counter[str]
) -> tuple[list[Course], list[Person], dict[str, list[Completion]]]:
    """Courses by code, people by number and, by number, completions in the order of the file; each mend counted."""
    start = day - timedelta(days=DAYS_SINCE_START)
    with (folder / "assessments.csv").open(encoding="ascii", newline="") as file:
        courses = _courses(list(csv.DictReader(file)))
    with (folder / "enrolments.csv").open(encoding="ascii", newline="") as file:
        people = [_person(row, start, mended) for row in csv.DictReader(file)]
    people.sort(key=lambda person: int(person.number))
    by_number = {person.number: person for person in people}
    completions = defaultdict(list)
    with gzip.open(folder / "submissions.csv.gz", "rt", encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            person = by_number[row["id_student"]]
            on = start + timedelta(days=int(row["date_submitted"]))
            _count_completion(row, person, on, day, mended)
            completions[person.number].append(Completion(row["id_assessment"], person.number, on))
    return courses, people, dict(completions)


def _courses(rows: list[dict[str, str]]) -> list[Course]:
    due = {row["id_assessment"]: int(row["date"]) for row in rows}
    first = {
        min((due[row["id_assessment"]], row["id_assessment"]) for row in rows if row["code_module"] == module)[1]
        for module in _GROUPS
    }
    return [
        Course(
            code=row["id_assessment"],
            group=_GROUPS[row["code_module"]],
            tutor_marked=row["assessment_type"] == "TMA",
            valid_days=180 if row["id_assessment"] in first else None,
        )
        for row in sorted(rows, key=lambda row: int(row["id_assessment"]))
    ]


def _person(row: dict[str, str], start: date, mended: Counter[str]) -> Person:
    joined = int(row["date_registration"])
    if joined > 0:
        mended["person joined after the start: posted from that day"] += 1
    left = None
    if row["date_unregistration"]:
        # Written with a decimal point, unlike every other day.
        left = start + timedelta(days=int(float(row["date_unregistration"])))
        mended["person left: posted up to that day"] += 1
    if row["region"] in _OUTSIDE:
        mended["person of a region outside England: placed in a neighbouring one"] += 1
    return Person(
        number=row["id_student"],
        group=_GROUPS[row["code_module"]],
        region=_REGIONS[row["region"]],
        joined=start + timedelta(days=joined),
        left=left,
    )


def _count_completion(row: dict[str, str], person: Person, on: date, day: date, mended: Counter[str]) -> None:
    if row["is_banked"] == "1":
        mended["completion brought from an earlier year: kept on its day"] += 1
    if on < person.joined:
        mended["completion before joining: kept"] += 1
    if person.left is not None and on > person.left:
        mended["completion after leaving: kept"] += 1
    if on > day:
        mended["completion after the day of the pack: booked, not attended"] += 1


def spread(people: Iterable[Person], sites: Iterable[Site]) -> dict[str, Place]:
    """Where each person works, by number: the largest open sites of their region, by floor area.

    A region has a staffed site for each 20 of its people, and each of those at least one person. Sites with bedrooms
    come before sites without. The same people and sites always give the same places.
    """
    of_region: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        of_region[person.region].append(person)
    places = {}
    for region, here in of_region.items():
        fit = [site for site in sites if site.region == region and not (site.closed or site.empty or site.unscheduled)]
        fit.sort(key=lambda site: (site.bedrooms == 0, -site.area, site.code))
        remaining = iter(here)
        for site, count in _shares(len(here), fit[: -(-len(here) // PEOPLE_PER_SITE)]):
            for rank in range(count):
                ward, place_in_ward = divmod(rank, WARD_SIZE)
                places[next(remaining).number] = Place(site, f"W{ward + 1}", place_in_ward == 0)
    return places


def _shares(total: int, sites: list[Site]) -> list[tuple[Site, int]]:
    """Split a total over sites by floor area, one for each first, the largest remainders rounded up."""
    area = sum(site.area for site in sites)
    rest = total - len(sites)
    floors = {site.code: divmod(rest * site.area, area) for site in sites}
    over = rest - sum(whole for whole, _ in floors.values())
    rounded_up = sorted(sites, key=lambda site: (-floors[site.code][1], site.code))[:over]
    up = {site.code for site in rounded_up}
    return [(site, 1 + floors[site.code][0] + (site.code in up)) for site in sites]
