"""A person's calendar as a text that calendar programs read (RFC 5545): from entries to bytes, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDuration

CONTENT_TYPE = "text/calendar; charset=utf-8"
# How often a program that subscribes should ask again.
REFRESH = timedelta(hours=1)
# Changes are counted in seconds from here: a later change has a higher number, which fits 31 bits until 2094.
COUNTED_FROM = datetime(2026, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """What an entry is worth."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class Method(StrEnum):
    """What a message with an entry asks of the calendar that gets it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar: from a moment up to another, or (`starts` a day) a whole day without `ends`.

    `uid` names it for ever; `changed_at` is when a person last changed it, None where an import wrote it last.
    """

    uid: str
    summary: str
    starts: datetime | date
    ends: datetime | None = None
    location: str = ""
    url: str = ""
    status: Status = Status.CONFIRMED
    changed_at: datetime | None = None


def calendar_text(entries: Iterable[Entry], *, name: str, host: str, now: datetime) -> bytes:
    """The entries as an iCalendar: lines folded at 75 bytes and ended by CR LF, moments in UTC.

    `host` makes the ids ours. A cancelled entry says so, since some programs keep what is only missing.
    """
    calendar = _empty("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for entry in entries:
        calendar.add_component(_event(entry, host, now))
    return calendar.to_ical()


def invitation(
    entry: Entry, *, method: Method, sequence: int, organiser: str, attendee: str, host: str, now: datetime
) -> bytes:
    """One entry as an invitation by mail, or as the word that it is off (RFC 5546).

    Of several about one entry that with the highest `sequence` counts. `organiser` and `attendee` are email addresses;
    no answer is asked for, since nobody reads what comes back.
    """
    calendar = _empty(method.value)
    event = _event(entry, host, now)
    del event["sequence"]
    event.add("sequence", sequence)
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(organiser)[1]}"))
    asked = vCalAddress(f"mailto:{attendee}")
    asked.params["RSVP"] = "FALSE"
    event.add("attendee", asked)
    calendar.add_component(event)
    return calendar.to_ical()


def _empty(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Go-live readiness//Own calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(entry: Entry, host: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", entry.changed_at or now)
    event.add("sequence", sequence_of(entry.changed_at))
    if entry.changed_at:
        event.add("last-modified", entry.changed_at)
    if isinstance(entry.starts, datetime):
        event.add("dtstart", entry.starts.astimezone(UTC))
        event.add("dtend", (entry.ends or entry.starts).astimezone(UTC))
    else:
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.starts + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("summary", one_line(entry.summary))
    event.add("status", entry.status.value)
    for field, value in (("location", one_line(entry.location)), ("url", entry.url)):
        if value:
            event.add(field, value)
    return event


def sequence_of(changed_at: datetime | None) -> int:
    """A number that only grows from one change of a record to the next; 0 for one that an import wrote last."""
    return max(int((changed_at - COUNTED_FROM).total_seconds()), 0) if changed_at else 0


def one_line(text: str) -> str:
    """A text without line ends and other control characters, which not every program reads well."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
