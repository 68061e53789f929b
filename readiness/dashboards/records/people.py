"""The people behind training and log-in tests: by name where the reader may, else summed by ward and staff group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.records.listing import Listing, Listings, Place, Row
from readiness.dashboards.records.sums import by_people
from readiness.scoring import Unit
from rollout.downloads import Column
from rollout.models import StaffGroup, Ward
from rollout.templatetags.formats import day as day_words
from training.choices import AccessReason, AttendanceState
from training.models import AccessCheck, Attendance, Course, StaffMember

NAME = Column("name", _("Name"))
COURSE = Column("course", _("Course"))
ATTENDED = Column("attended", _("Attended"), "day")
VALID = Column("valid_until", _("Valid until"), "day")
TESTED = Column("tested", _("Latest test"), "day")
RESULT = Column("result", _("Result"))


def list_pairs(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row for each person and course; a trainer reads names and courses of those with a place on one alone."""
    viewer = place.viewer
    people = People.of(units, place)
    sums = _sums(units, people, place)
    shown = _may_be_listed(units, place, courses=True)
    if shown is None:
        return sums
    told = _Told.of(shown, place)
    whole = viewer.names or not viewer.courses
    rows = [
        Row(
            (
                people.name(unit.key[0]),
                *(people.places(unit) if whole else ()),
                told.courses[unit.key[1]].name,
                told.attended(unit),
                told.valid_until(unit),
            ),
            unit.weight,
            unit.credit,
            told.why(unit, place),
        )
        for unit in shown
    ]
    columns = (NAME, *(_where(place) if whole else ()), COURSE, ATTENDED, VALID)
    return Listings(Listing("records", _("People and courses"), columns, rows), sums.sums)


def list_tests(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row for each person with the latest log-in test."""
    people = People.of(units, place)
    sums = _sums(units, people, place)
    shown = _may_be_listed(units, place, courses=False)
    if shown is None:
        return sums
    checks = AccessCheck.objects.filter(
        staff__in=[unit.key[0] for unit in shown],
        programme=place.deployment.programme,
        retired_at=None,
        checked_at__lt=place.day_ends_at,
    )
    newest = (
        checks.order_by("staff_id", "-checked_at").distinct("staff_id").values_list("staff", "checked_at", "reason")
    )
    latest = {staff: (at.astimezone(place.zone).date(), reason) for staff, at, reason in newest}
    rows = []
    for unit in shown:
        on, reason = latest.get(unit.key[0], (None, ""))
        result = None if on is None else gettext("passed") if unit.credit else gettext("failed")
        cells = (people.name(unit.key[0]), *people.places(unit), on, result)
        rows.append(Row(cells, unit.weight, unit.credit, _why_no_access(unit, on, reason)))
    columns = (NAME, *_where(place), TESTED, RESULT)
    return Listings(Listing("records", _("People and their latest log-in test"), columns, rows), sums.sums)


def _where(place: Place) -> tuple[Column, Column]:
    return Column("ward", place.ward_word), Column("group", _("Staff group"))


def _may_be_listed(units: Sequence[Unit], place: Place, *, courses: bool) -> list[Unit] | None:
    """The units a reader may see one by one, None where there is no such right."""
    viewer = place.viewer
    if viewer.names or (courses and viewer.courses):
        return list(units)
    if viewer.wards:
        return [unit for unit in units if unit.facts["ward_id"] in viewer.wards]
    return None


def _sums(units: Sequence[Unit], people: "People", place: Place) -> Listings:
    """The sums by ward and staff group; whoever sees all rows needs none, who sees those of own wards gets both."""
    return Listings(None) if place.viewer.names else by_people(units, people, place)


@dataclass(frozen=True)
class People:
    """Who the staff of some units are: names for those whose name the reader may see, wards and staff groups."""

    names: Mapping[int, str]
    groups: Mapping[int, str]
    wards: Mapping[int, str]

    @classmethod
    def of(cls, units: Iterable[Unit], place: Place) -> "People":
        """Three queries: names through `visible_to`, staff groups, wards."""
        ids = {unit.key[0] for unit in units}
        visible = StaffMember.objects.visible_to(place.viewer.user).filter(pk__in=ids)
        grouped = StaffMember.objects.filter(pk__in=ids, group__isnull=False).values_list("pk", "group")
        of_staff = dict(grouped)
        groups = {group.pk: str(group) for group in StaffGroup.objects.filter(pk__in=set(of_staff.values()))}
        return cls(
            names={pk: name or number for pk, name, number in visible.values_list("pk", "name", "number")},
            groups={staff: groups[group] for staff, group in of_staff.items()},
            wards=dict(Ward.objects.filter(site=place.deployment.site_id).values_list("pk", "name")),
        )

    def name(self, staff_id: int) -> str:
        """A person's name, or that it is not for this reader: whoever left the site, for one."""
        return self.names.get(staff_id) or gettext("Name not shown")

    def ward(self, unit: Unit) -> str:
        """The ward in which the person counts."""
        return self.wards[unit.facts["ward_id"]]

    def group(self, unit: Unit) -> str:
        """The person's staff group."""
        return self.groups.get(unit.key[0]) or gettext("No staff group")

    def places(self, unit: Unit) -> tuple[str, str]:
        """Ward and staff group."""
        return self.ward(unit), self.group(unit)


@dataclass(frozen=True)
class _Told:
    """What courses and attendances say about pairs: whether one counts is not asked again, only why."""

    courses: Mapping[int, Course]
    latest: Mapping[tuple[int, int], Any]
    completed: Mapping[tuple[int, int], date]

    @classmethod
    def of(cls, units: Iterable[Unit], place: Place) -> "_Told":
        pairs = {unit.key for unit in units}
        courses = Course.objects.in_bulk({course for _staff, course in pairs})
        found = Attendance.objects.filter(
            staff__in={staff for staff, _course in pairs}, course__in=list(courses), retired_at=None
        ).exclude(state=AttendanceState.CANCELLED)
        latest: dict[tuple[int, int], Any] = {}
        completed: dict[tuple[int, int], date] = {}
        for staff, course, on, state, passed in found.order_by("on", "pk").values_list(
            "staff", "course", "on", "state", "passed"
        ):
            attended = state == AttendanceState.ATTENDED and on <= place.day
            if attended and (passed or not courses[course].assessed):
                completed[staff, course] = on
            if attended or state != AttendanceState.ATTENDED:
                latest[staff, course] = (on, state)
        return cls(courses, latest, completed)

    def attended(self, unit: Unit) -> date | None:
        """The day of the newest completion, valid or not."""
        return self.completed.get(unit.key)

    def valid_until(self, unit: Unit) -> date | None:
        """The last day of that completion; None where there is none, and where it lasts for ever."""
        on, days = self.completed.get(unit.key), unit.facts["valid_days"]
        return None if on is None or days is None else on + timedelta(days=days)

    def why(self, unit: Unit, place: Place) -> str:
        """Why a pair does not count."""
        if unit.credit:
            return ""
        if until := self.valid_until(unit):
            if until < place.day:
                return gettext("expired on %(day)s") % {"day": day_words(until)}
            return gettext("expires on %(day)s, before go-live") % {"day": day_words(until)}
        on, state = self.latest.get(unit.key, (None, ""))
        if on is None:
            return gettext("no record of this course")
        words = {
            AttendanceState.ATTENDED: gettext("attended on %(day)s, not passed"),
            AttendanceState.BOOKED: gettext("booked for %(day)s"),
            AttendanceState.WAITING: gettext("on the waiting list for %(day)s"),
            AttendanceState.DID_NOT_ATTEND: gettext("did not attend on %(day)s"),
        }
        return words[AttendanceState(state)] % {"day": day_words(on)}


def _why_no_access(unit: Unit, on: date | None, reason: str) -> str:
    if unit.credit:
        return ""
    if on is None:
        return gettext("not tested yet")
    return str(AccessReason(reason).label).lower() if reason else gettext("no reason recorded")
