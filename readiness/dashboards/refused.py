"""Entries of the log that were refused at their arrival: what each says, in words, for those who decide on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from readiness.dashboards.shift_words import shift_words
from rollout.models import Programme
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import count, day
from training.choices import AccessReason, EntryKind
from training.forms.rota import pattern_words
from training.models import ChampionShift, RefusedEntry, ShiftPattern, StaffMember, TrainingSession
from training.querysets.refused_entries import RefusedEntryQuerySet

# What an entry calls the record of each kind.
STAFF = ("champion", "staff")


@dataclass(frozen=True)
class Line:
    """A refused entry; moments are by the clock of its site."""

    row: RefusedEntry
    kind: str
    where: str
    said_at: datetime
    came_at: datetime
    writer: str
    why: str


def refused_at(user: Somebody, programme: Programme) -> RefusedEntryQuerySet:
    """Those of a programme that the user may decide on, the oldest first."""
    rows = RefusedEntry.objects.visible_to(user).filter(programme=programme)
    return rows.select_related("entry__user", "programme", "site", "ward", "decided_by").order_by("said_at", "pk")


def line_of(row: RefusedEntry) -> Line:
    """An entry as the list shows it."""
    zone = ZoneInfo(row.site.time_zone)
    return Line(
        row,
        str(EntryKind(row.entry.kind).label),
        f"{row.ward.name}, {row.site.name}" if row.ward else row.site.name,
        row.said_at.astimezone(zone),
        row.entry.arrived_at.astimezone(zone),
        str(row.entry.user),
        row.entry.words,
    )


def said_in(row: RefusedEntry, user: Somebody) -> list[tuple[str, str]]:
    """What an entry says, as pairs of a name and words. At most four queries; nothing of one that is decided."""
    body: Mapping[str, Any] = row.body or {}
    found = [
        (gettext("Shift"), _shift(body.get("shift"), user)),
        (gettext("Session"), _session(body.get("session"), user)),
        (gettext("Person"), _person([body.get(name) for name in STAFF], user)),
        (gettext("Day"), _day(body.get("on"))),
        (gettext("Shift"), _pattern(body, row.programme_id)),
        (gettext("Staff helped"), _number(body.get("helped"))),
        (gettext("Log-in"), _log_in(body)),
        (gettext("Device"), _text(body.get("device"))),
        (gettext("People on the sheet"), _number(_length(body.get("people")))),
        (gettext("What is wrong"), _text(body.get("words"))),
        (gettext("Stops work"), _yes_or_no(body.get("stops_work"))),
        (gettext("Notes"), _text(body.get("notes"))),
    ]
    return [(name, words) for name, words in found if words]


def _id(value: Any) -> int | None:
    """The id that an entry names, where it can be one."""
    return value if type(value) is int and 0 < value < 2**63 else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> str:
    return count(value) if type(value) is int else ""


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


def _yes_or_no(value: Any) -> str:
    return {True: gettext("Yes"), False: gettext("No")}[value] if isinstance(value, bool) else ""


def _day(value: Any) -> str:
    try:
        return day(date.fromisoformat(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _shift(value: Any, user: Somebody) -> str:
    rows = ChampionShift.objects.visible_to(user).select_related("ward__site", "staff")
    shift = rows.filter(pk=_id(value)).first() if _id(value) else None
    if shift is None:
        return ""
    when = shift_words(shift.starts_at, shift.ends_at, ZoneInfo(shift.ward.site.time_zone), shift.ward.name)
    return f"{shift.staff.name or shift.staff.number}: {when}"


def _session(value: Any, user: Somebody) -> str:
    rows = TrainingSession.objects.visible_to(user).select_related("course", "site")
    session = rows.filter(pk=_id(value)).first() if _id(value) else None
    if session is None:
        return ""
    zone = ZoneInfo(session.site.time_zone) if session.site else None
    return f"{session.course.name}, {day(session.starts_at.astimezone(zone).date())}"


def _person(values: Iterable[Any], user: Somebody) -> str:
    ids = [found for value in values if (found := _id(value))]
    person = StaffMember.objects.visible_to(user).filter(pk__in=ids).first() if ids else None
    return (person.name or person.number) if person else ""


def _pattern(body: Mapping[str, Any], programme_id: int) -> str:
    known = _id(body.get("pattern"))
    pattern = ShiftPattern.objects.filter(pk=known, programme=programme_id).first() if known else None
    if pattern:
        return pattern_words(pattern)
    times = [_text(body.get(name)) for name in ("starts", "ends")]
    return gettext("%(from)s to %(to)s") % {"from": times[0], "to": times[1]} if all(times) else ""


def _log_in(body: Mapping[str, Any]) -> str:
    if body.get("passed") is True:
        return gettext("Passed")
    reason = body.get("reason")
    if body.get("passed") is False and reason in AccessReason.values:
        return gettext("Failed: %(why)s") % {"why": AccessReason(reason).label}
    return ""
