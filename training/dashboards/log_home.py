"""What stands on the log's own pages: today's shifts, who may be logged, whose log-in is to be tested. Read-only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext

from rollout.models import Deployment, User, Ward
from rollout.templatetags.formats import clock
from training.choices import CANCELLABLE_SHIFT_STATES, EntryAnswer, EntryKind, ShiftState
from training.dashboards.log_state import in_fortnight, shifts_near
from training.models import AccessCheck, Champion, ChampionShift, LogEntry, Posting, ShiftPattern, StaffMember
from training.permissions import keep_rota_of
from training.services.log_places import OVER, deployments_at
from training.services.shift_log import MARKS, TABLE

MOST_FOUND = 20


@dataclass(frozen=True)
class ShiftRow:
    """A planned shift of today by the clock of its site, and what can be said of it.

    `champion` is "" for one's own; `key` is the id under which the next tap is sent.
    """

    pk: int
    when: str
    where: str
    champion: str
    state: str
    state_words: str
    open: bool
    undoable: bool
    confirmable: bool
    key: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Mark:
    """What an entry said of a shift, and when it arrived."""

    kind: EntryKind
    at: datetime


def shift_rows(user: User, wards: Iterable[Ward], now: datetime) -> list[ShiftRow]:
    """Today's shifts of the wards and the person's own, and those of yesterday that nobody marked before today.

    What was marked today stays, so that a wrong tap can be taken back after the page was left. Three queries.
    """
    shifts = shifts_near(user, wards, now - timedelta(days=2), now + timedelta(days=1))
    last = last_marks(shifts)
    return rows_of([shift for shift in shifts if is_of_today(shift, last.get(shift.pk), now)], last, user, now)


def is_of_today(shift: ChampionShift, mark: Mark | None, now: datetime) -> bool:
    """Whether it began today at its site, or yesterday and nobody had said by midnight what became of it."""
    zone = ZoneInfo(shift.ward.site.time_zone)
    day, today = shift.starts_at.astimezone(zone).date(), now.astimezone(zone).date()
    unsaid = shift.state in CANCELLABLE_SHIFT_STATES or (mark and mark.at.astimezone(zone).date() == today)
    return day == today or (day == today - timedelta(days=1) and bool(unsaid))


def last_marks(shifts: Iterable[ChampionShift]) -> dict[int, Mark]:
    """The entry that marked each of the shifts last, by the shift's id. One query."""
    marks = LogEntry.objects.filter(
        record=TABLE, record_id__in=[shift.pk for shift in shifts], answer=EntryAnswer.ACCEPTED
    ).exclude(before="")
    rows = marks.order_by("pk").values_list("record_id", "kind", "arrived_at")
    return {shift: Mark(EntryKind(kind), at) for shift, kind, at in rows if shift is not None}


def rows_of(shifts: Sequence[ChampionShift], last: Mapping[int, Mark], user: User, now: datetime) -> list[ShiftRow]:
    """Shifts as the page shows them; the name of a champion only where the person may read it. One query."""
    staff = {shift.staff_id for shift in shifts}
    names = {
        person.pk: person.name or person.number for person in StaffMember.objects.visible_to(user).filter(pk__in=staff)
    }
    return [row_of(shift, user, names.get(shift.staff_id, ""), last.get(shift.pk), now) for shift in shifts]


def row_of(shift: ChampionShift, user: User, name: str, last: Mark | None, now: datetime) -> ShiftRow:
    """One of them; `last` is the entry that marked it last."""
    marked = MARKS.get(last.kind, ShiftState.WORKED) if last else None
    own = shift.staff.user_id == user.pk
    return ShiftRow(
        pk=shift.pk,
        when=when(shift, now),
        where=shift.ward.name,
        champion="" if own else name or gettext("A champion of another site"),
        state=shift.state,
        state_words=shift.get_state_display(),
        open=shift.state in CANCELLABLE_SHIFT_STATES,
        undoable=marked == shift.state,
        confirmable=own and shift.state == ShiftState.PLANNED,
    )


def when(shift: ChampionShift, now: datetime) -> str:
    """ "7am to 3pm", by the clock of the site; "Yesterday, 9:30pm to 7:30am"."""
    zone = ZoneInfo(shift.ward.site.time_zone)
    starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    words = gettext("%(from)s to %(to)s") % {"from": clock(starts), "to": clock(ends)}
    if starts.date() < now.astimezone(zone).date():
        return gettext("Yesterday, %(times)s") % {"times": words}
    return words


def support_numbers(wards: Iterable[Ward], now: datetime) -> list[tuple[str, str]]:
    """The support number of each programme that goes live these days on one of the wards, with its name. One query."""
    found = {
        (row.programme.name, row.programme.support_number)
        for row in deployments_at(wards)
        if row.programme.support_number and row.programme.state not in OVER and in_fortnight(row, now)
    }
    return sorted(found)


def programmes_at(ward: Ward) -> list[Deployment]:
    """The deployments at a ward that still go on, in the order of their codes. One query."""
    rows = [row for row in deployments_at([ward]) if row.programme.state not in OVER]
    return sorted(rows, key=lambda row: row.programme.code)


def patterns_at(deployments: Iterable[Deployment]) -> list[tuple[ShiftPattern, str]]:
    """The patterns of their programmes with the programme's code. One query."""
    codes = {row.programme_id: row.programme.code for row in deployments}
    rows = ShiftPattern.objects.filter(programme__in=codes, retired_at=None)
    return [(row, codes[row.programme_id]) for row in rows]


def champions_at(
    user: User, ward: Ward, deployments: Sequence[Deployment], on: date, *, search: str = ""
) -> list[tuple[int, str]]:
    """Whom a person may log on a ward on a day: those of the rota, then those of the ward; or who is searched for.

    A champion logs own shifts alone. One query.
    """
    zone = ZoneInfo(ward.site.time_zone)
    begins = datetime(on.year, on.month, on.day, tzinfo=zone)
    rows = (
        Champion.objects.active_on(on).visible_to(user).filter(programme__in=[row.programme_id for row in deployments])
    )
    if not any(keep_rota_of(user, row, ward.pk) for row in deployments):
        rows = rows.filter(staff__user=user)
    rota = ChampionShift.objects.live().filter(
        staff=OuterRef("staff"), ward=ward, starts_at__gte=begins, starts_at__lt=begins + timedelta(days=1)
    )
    posted = Posting.objects.on(on).filter(staff=OuterRef("staff"), ward=ward)
    rows = rows.annotate(on_rota=Exists(rota), of_ward=Exists(posted))
    if search:
        rows = rows.filter(Q(staff__name__icontains=search) | Q(staff__number__iexact=search))
    else:
        rows = rows.filter(Q(on_rota=True) | Q(of_ward=True) | Q(staff__user=user))
    ordered = rows.select_related("staff").order_by("-on_rota", "-of_ward", "staff__name", "staff__number", "pk")
    return [(row.staff_id, row.staff.name or row.staff.number) for row in ordered[:MOST_FOUND]]


def colleagues_at(user: User, ward: Ward, deployments: Sequence[Deployment]) -> list[tuple[str, list[tuple[int, str]]]]:
    """The people of a ward in two groups: whose log-in is still to be tested, and who passed. One query."""
    today = timezone.localdate()
    passed = AccessCheck.objects.filter(
        staff=OuterRef("pk"),
        passed=True,
        retired_at=None,
        programme__in=[row.programme_id for row in deployments],
    )
    posted = Posting.objects.on(today).filter(staff=OuterRef("pk"), ward=ward)
    people = StaffMember.objects.current().visible_to(user).filter(Exists(posted)).annotate(tested=Exists(passed))
    groups: dict[bool, list[tuple[int, str]]] = {False: [], True: []}
    for person in people.order_by("name", "number", "pk"):
        groups[person.tested].append((person.pk, person.name or person.number))
    named: list[tuple[Any, list[tuple[int, str]]]] = [
        (gettext("Still to test"), groups[False]),
        (gettext("Passed before"), groups[True]),
    ]
    return [(str(name), rows) for name, rows in named if rows]
