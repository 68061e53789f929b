"""Who is missing at a site: rows with names for those who book them, counts by ward and staff group for the others."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.champions import name_of
from readiness.dashboards.judged import model_in_use, models_of
from readiness.dashboards.trajectory import Rows, ranked, tells_of_few
from readiness.indicators.missing import Asked, Lacked, Missing, people_missing
from readiness.indicators.training_parts import training_parts
from readiness.models import ReadinessScore
from rollout.downloads import Column, Table
from rollout.models import Deployment, StaffGroup, Ward
from rollout.querysets.rights import Somebody
from rollout.services.deployments import today_at
from rollout.templatetags.formats import count
from rollout.templatetags.formats import day as day_words
from training.models import Course, StaffMember

# What the filter of staff groups says of people of none.
NO_GROUP = "none"


@dataclass(frozen=True)
class Vocabulary:
    """What the rows speak of, by id."""

    courses: Mapping[int, Course]
    wards: Mapping[int, Ward]
    groups: Mapping[int, StaffGroup]

    def group(self, group_id: int | None) -> str:
        """A staff group by its name."""
        found = self.groups.get(group_id or 0)
        return str(found).capitalize() if found else gettext("No staff group")

    def course(self, lacked: Lacked) -> str:
        """A course that somebody lacks, with what is known of it: "Basics, booked for 14 March 2026"."""
        words = {"course": self.courses[lacked.course_id].name, "day": day_words(lacked.on or lacked.lapses_on)}
        if lacked.state == "booked":
            return gettext("%(course)s, booked for %(day)s") % words
        if lacked.state == "waiting":
            return gettext("%(course)s, waits for a place on %(day)s") % words
        return gettext("%(course)s, runs out on %(day)s") % words if lacked.lapses_on else words["course"]


def vocabulary_of(deployment: Deployment, wards: Iterable[Ward], *, course: Course | None = None) -> Vocabulary:
    """The words for a site: of one course alone with `course`, else of all that the programme teaches. Two queries."""
    taught = Course.objects.filter(programme=deployment.programme_id, active=True, retired_at=None)
    courses = [course] if course else taught.order_by("name", "pk")
    return Vocabulary(
        courses={each.pk: each for each in courses},
        wards={ward.pk: ward for ward in wards},
        groups={group.pk: group for group in StaffGroup.objects.order_by("code")},
    )


@dataclass(frozen=True)
class MissingLine:
    """Somebody who lacks courses, as a row says it. `keeps`: the reader may book them; without, no name is told."""

    pk: int
    name: str
    keeps: bool
    ward: str
    group: str
    line_manager: bool
    courses: tuple[str, ...]


def missing_at(deployment: Deployment, asked: Asked, sort: str = "") -> list[Missing]:
    """Everybody at a site today who lacks what is asked about. Three queries; nobody where no scoring model is."""
    model = model_in_use(deployment.programme_id)
    if model is None:
        return []
    day, now = today_at(deployment), timezone.now()
    return list(people_missing(model, deployment.pk, day=day, now=now, asked=asked, sort=sort))


def lines_of(rows: Iterable[Missing], user: Somebody, deployment: Deployment, told: Vocabulary) -> list[MissingLine]:
    """Rows with the names that the reader may read to book them. One query."""
    found = list(rows)
    people = StaffMember.objects.bookable_by(user, deployment.programme_id)
    known = people.in_bulk([row.staff_id for row in found])
    return [
        MissingLine(
            pk=row.staff_id,
            name=name_of(known[row.staff_id]) if row.staff_id in known else gettext("Name not shown"),
            keeps=row.staff_id in known,
            ward=told.wards[row.ward_id].name,
            group=told.group(row.group_id),
            line_manager=row.line_manager,
            courses=tuple(told.course(each) for each in row.courses),
        )
        for row in found
    ]


def sentence_of(rows: Sequence[Missing], *, filtered: bool) -> str:
    """How many people lack how many courses, and how many of those are booked, in a sentence or two."""
    lacked = [each for row in rows for each in row.courses]
    if not rows:
        return gettext("Nobody is missing.") if not filtered else gettext("Nobody matches.")
    people = ngettext("%(n)s person lacks", "%(n)s people lack", len(rows)) % {"n": count(len(rows))}
    courses = ngettext("%(n)s course", "%(n)s courses", len(lacked)) % {"n": count(len(lacked))}
    booked = sum(each.state == "booked" for each in lacked)
    waiting = sum(each.state == "waiting" for each in lacked)
    said = [gettext("%(people)s %(courses)s.") % {"people": people, "courses": courses}]
    if booked:
        said.append(ngettext("%(n)s is booked.", "%(n)s are booked.", booked) % {"n": count(booked)})
    if waiting:
        said.append(ngettext("%(n)s waits for a place.", "%(n)s wait for a place.", waiting) % {"n": count(waiting)})
    return " ".join(said if booked or waiting else [*said, gettext("None of it is booked.")])


@dataclass(frozen=True)
class Tally:
    """How many of the people listed are of a ward, of a staff group, or lack a course; `code` is its filter."""

    name: str
    people: int
    code: str


def tallies(rows: Sequence[Missing], told: Vocabulary) -> dict[str, list[Tally]]:
    """The people listed by the filters `ward`, `group` and `course`, the most first."""
    wards = Counter(row.ward_id for row in rows)
    groups = Counter(row.group_id or 0 for row in rows)
    courses = Counter(each.course_id for row in rows for each in row.courses)

    def most(counted: Counter[int], name: Callable[[int], str], code: Callable[[int], str]) -> list[Tally]:
        found = [Tally(name(pk), people, code(pk)) for pk, people in counted.items()]
        return sorted(found, key=lambda tally: (-tally.people, tally.name))

    return {
        "ward": most(wards, lambda pk: told.wards[pk].name, lambda pk: told.wards[pk].code),
        "group": most(groups, told.group, lambda pk: told.groups[pk].code if pk in told.groups else NO_GROUP),
        "course": most(courses, lambda pk: told.courses[pk].name, lambda pk: told.courses[pk].code),
    }


def missing_table(
    rows: Sequence[Missing], user: Somebody, deployment: Deployment, told: Vocabulary, ward_word: str
) -> Table:
    """The list as a file: a row for each person and course."""
    columns = (
        Column("name", _("Name")),
        Column("number", _("Employee number")),
        Column("ward", ward_word.capitalize()),
        Column("group", _("Staff group")),
        Column("line_manager", _("Line manager"), "yes_no"),
        Column("course", _("Course")),
        Column("booked_for", _("Booked for"), "day"),
        Column("waits_for", _("Waits for a place on"), "day"),
        Column("runs_out_on", _("Runs out on"), "day"),
    )
    known = StaffMember.objects.bookable_by(user, deployment.programme_id).in_bulk([row.staff_id for row in rows])

    def found() -> Iterator[list[Any]]:
        for row in rows:
            person = known.get(row.staff_id)
            who = [name_of(person), person.number] if person else [None, None]
            where = [told.wards[row.ward_id].name, told.group(row.group_id), row.line_manager]
            for each in row.courses:
                on = [each.on if each.state == state else None for state in ("booked", "waiting")]
                yield [*who, *where, told.courses[each.course_id].name, *on, each.lapses_on]

    return Table("missing", _("Who is missing"), columns, list(found()))


@dataclass(frozen=True)
class Counted:
    """Who is missing in numbers alone, by ward and staff group; empty where a number would be of fewer than 5."""

    wards: Rows
    groups: Rows
    hidden: bool


def counted_at(deployment: Deployment, score: ReadinessScore, *, few: bool) -> Counted:
    """The same pairs by ward and staff group for the day of a stored score. Two queries."""
    parts = training_parts(models_of([score])[score.model_id], deployment.pk, day=score.day)
    if not few and tells_of_few(score, parts):
        return Counted(Rows((), both=False), Rows((), both=False), hidden=True)
    return Counted(ranked(parts.wards, few=few), ranked(parts.groups, few=few), hidden=False)
