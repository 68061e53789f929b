"""What would come of booking people on a session: who gets a place, who waits, who cannot come. Nothing is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from rollout.models import User
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day as day_words
from training.choices import PLACES_TAKEN, AttendanceState
from training.models import Absence, Attendance, ChampionShift, Posting, StaffMember, TrainingSession
from training.services.attendance import zone_of
from training.services.rota import words_of_clashes

MOST = 2_000  # people booked at once
OPEN = (AttendanceState.BOOKED, AttendanceState.WAITING)


class Fate(StrEnum):
    """What comes of somebody who is to be booked."""

    BOOKED = "booked"
    WAITING = "waiting"
    ALREADY = "already"
    ELSEWHERE = "elsewhere"
    AWAY = "away"
    ON_SHIFT = "on_shift"
    GONE = "gone"


@dataclass(frozen=True)
class Chosen:
    """Somebody who is to be booked, and what comes of it; `why` is "" for who gets a place or waits for one.

    `row` is the place they had on this session and lost, None where there was none.
    """

    person: StaffMember
    fate: Fate
    why: str = ""
    row: Attendance | None = None


@dataclass(frozen=True)
class BookingOutlook:
    """Everybody chosen with their fate, in the order in which they ask; `forbidden` counts those not theirs to book.

    `free` is how many places are left before it, None without a limit. `mark`: 16 hexadecimal digits of who would be
    booked, and who would wait.
    """

    chosen: tuple[Chosen, ...]
    forbidden: int
    free: int | None
    mark: str

    def of(self, *fates: Fate) -> list[Chosen]:
        """Those with one of these fates."""
        return [each for each in self.chosen if each.fate in fates]


def check_open(session: TrainingSession) -> None:
    """Raise Refused for a session on which nobody can be booked any more."""
    if session.retired_at is not None:
        raise Refused(gettext("This session is cancelled. Choose another one."))
    if session.starts_at <= timezone.now():
        raise Refused(gettext("This session has begun. Record who came on its attendance sheet."))


def places_left(session: TrainingSession) -> int | None:
    """How many places a session has left, counted now; None without a limit."""
    if session.capacity is None:
        return None
    taken = Attendance.objects.filter(session=session, retired_at=None, state__in=PLACES_TAKEN).count()
    return max(session.capacity - taken, 0)


def look_ahead(
    *, session: TrainingSession, staff_ids: Sequence[int], by: User, leaving: TrainingSession | None = None
) -> BookingOutlook:
    """What booking these people would come to, in the order given; ten queries at most, however many they are.

    `leaving` is another session of the course on which they give up their places for it. Raises Refused for a session
    that has begun or is cancelled, and for more than MOST people.
    """
    check_open(session)
    order = {staff_id: place for place, staff_id in reversed(list(enumerate(staff_ids)))}
    if len(order) > MOST:
        raise Refused(gettext("Book at most %(n)s people at once. Filter the list first.") % {"n": f"{MOST:,}"})
    people = StaffMember.objects.bookable_by(by, session.programme_id).filter(pk__in=list(order))
    known = sorted(people, key=lambda person: order[person.pk])
    why_not = _reasons(session, [person.pk for person in known], by, leaving)
    rows = _rows_of(session, [person.pk for person in known])
    left = places_left(session)
    chosen, booked = [], 0
    for person in known:
        row = rows.get(person.pk)
        lost = row if row and not _stands(row) else None
        if row and not lost:
            words = gettext("Waits for a place already") if row.state == AttendanceState.WAITING else ""
            chosen.append(Chosen(person, Fate.ALREADY, words or gettext("Has a place already")))
        elif found := why_not(person.pk):
            chosen.append(Chosen(person, *found))
        else:
            fits = left is None or booked < left
            booked += fits
            chosen.append(Chosen(person, Fate.BOOKED if fits else Fate.WAITING, row=lost))
    return BookingOutlook(tuple(chosen), len(order) - len(known), left, _mark(session, chosen))


def _stands(row: Attendance) -> bool:
    return row.retired_at is None and row.state != AttendanceState.CANCELLED


def _rows_of(session: TrainingSession, staff: Sequence[int]) -> dict[int, Attendance]:
    """What each of the staff has or had on the session; of several a place that stands, else the newest."""
    rows = Attendance.objects.filter(session=session, staff__in=staff)
    return {row.staff_id: row for row in sorted(rows, key=lambda row: (_stands(row), row.on, row.pk))}


def away_or_gone(rows: QuerySet[Attendance]) -> set[int]:
    """The staff of some places who are away or work there no more on the day of their place. Three queries."""
    days = dict(rows.values_list("staff", "on"))
    absent = Absence.objects.filter(staff__in=days, retired_at=None).values_list("staff", "from_on", "to_on")
    posted = Posting.objects.filter(staff__in=days, retired_at=None).values_list("staff", "from_on", "to_on")
    there = {staff for staff, first, last in posted if first <= days[staff] and (last is None or last >= days[staff])}
    away = {staff for staff, first, last in absent if first <= days[staff] and (last is None or last >= days[staff])}
    return away | (set(days) - there)


def _reasons(
    session: TrainingSession, staff: Sequence[int], by: User, leaving: TrainingSession | None
) -> Callable[[int], tuple[Fate, str] | None]:
    """Why some of the staff cannot be booked, asked one by one afterwards; seven queries at most."""
    day = session.starts_at.astimezone(zone_of(session)).date()
    words = {"day": day_words(day)}
    posted = set(Posting.objects.on(day).filter(staff__in=staff).values_list("staff", flat=True))
    away = set(Absence.objects.on(day).filter(staff__in=staff).values_list("staff", flat=True))
    elsewhere = _elsewhere(session, staff, leaving)
    clashing = ChampionShift.objects.live().between(session.starts_at, session.ends_at).filter(staff__in=staff)
    shifts = {row.staff_id: row for row in clashing.select_related("ward__site").order_by("-starts_at", "-pk")}
    clashes = words_of_clashes(list(shifts.values()), by) if shifts else {}

    def why_not(staff_id: int) -> tuple[Fate, str] | None:
        if staff_id not in posted:
            return Fate.GONE, gettext("Works here no more on %(day)s") % words
        if staff_id in elsewhere:
            return Fate.ELSEWHERE, elsewhere[staff_id]
        if staff_id in away:
            return Fate.AWAY, gettext("Away on %(day)s") % words
        if staff_id in shifts:
            return Fate.ON_SHIFT, clashes[shifts[staff_id].pk]
        return None

    return why_not


def _elsewhere(session: TrainingSession, staff: Sequence[int], leaving: TrainingSession | None) -> Mapping[int, str]:
    """Who has a place on another coming session of the course, or waits for one, and when that is."""
    rows: QuerySet[Any] = Attendance.objects.filter(
        course=session.course_id,
        staff__in=staff,
        state__in=OPEN,
        retired_at=None,
        session__retired_at=None,
        session__starts_at__gt=timezone.now(),
    ).exclude(session__in=[row for row in (session, leaving) if row])
    found = {}
    for staff_id, on, state in rows.order_by("-on", "-pk").values_list("staff", "on", "state"):
        waits = state == AttendanceState.WAITING
        words = gettext("Waits for a place on %(day)s") if waits else gettext("Has a place on %(day)s")
        found[staff_id] = words % {"day": day_words(on)}
    return found


def _mark(session: TrainingSession, chosen: Sequence[Chosen]) -> str:
    written = ",".join(f"{each.person.pk}.{each.fate}" for each in chosen if each.fate in (Fate.BOOKED, Fate.WAITING))
    return blake2b(f"{session.starts_at.timestamp()};{written}".encode(), digest_size=8).hexdigest()
