"""Training sessions of a programme: when each is, where, how many places are left, who holds it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, F, Q, Sum, When
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rollout.downloads import Column, Table
from rollout.models import Programme
from rollout.querysets.rights import Somebody, rights_of
from rollout.templatetags.formats import clock, count, day
from training.models import TrainingSession
from training.permissions import keep_every_session, see_places
from training.querysets.courses import TrainingSessionQuerySet
from training.services.sessions import zone_at

# What ?sort= may say; "-" before it turns the order round. The last two count people.
SORTS: Mapping[str, Any] = {
    "when": F("starts_at"),
    "course": Lower("course__name"),
    "site": Lower("site__name"),
    "free": F("free_count"),
    "waiting": F("waiting_count"),
}
OF_PLACES = frozenset({"free", "waiting"})

PLACE_COLUMNS = (
    ("places", _("Places")),
    ("taken", _("Booked")),
    ("free", _("Free")),
    ("waiting", _("Waiting")),
)


@dataclass(frozen=True)
class Reader:
    """What somebody may read of the sessions of a programme: `places` taken and free, and the trainer's name where."""

    places: bool
    everywhere: bool
    led: frozenset[int]

    @property
    def names(self) -> bool:
        """Whether they may read a trainer's name anywhere."""
        return self.everywhere or bool(self.led)

    def may_name(self, session: TrainingSession) -> bool:
        """Whether they may read who holds a session."""
        return self.everywhere or session.site_id in self.led


def reader_of(programme: Programme, user: Somebody) -> Reader:
    """What the user may read. At most one query."""
    return Reader(see_places(user, programme), keep_every_session(user, programme), rights_of(user).led)


@dataclass(frozen=True)
class SessionLine:
    """A session as a row says it, by the clock of its site. `trainer` is "" where the reader may not know.

    `taken`, `free` and `waiting` are None where the reader may not count; `free` also where there is no limit. `begun`:
    its day has come, so that it can be said who came.
    """

    session: TrainingSession
    starts: datetime
    ends: datetime
    trainer: str
    named: bool
    counted: bool
    over: bool
    begun: bool

    @property
    def on(self) -> str:
        """The day, with the day of the week: "Mon 14 March 2026"."""
        return date_format(self.starts.date(), "D j F Y")

    @property
    def hours(self) -> str:
        """From when until when: "9am to 11am"; where it ends on another day, until which."""
        words = {"from": clock(self.starts.time()), "to": clock(self.ends.time()), "day": day(self.ends.date())}
        if self.ends.date() == self.starts.date():
            return gettext("%(from)s to %(to)s") % words
        return gettext("%(from)s to %(to)s on %(day)s") % words

    @property
    def zone(self) -> str:
        """The zone of its clock, where that is not the usual one."""
        name = str(self.starts.tzinfo)
        return "" if name == settings.TIME_ZONE else name.rpartition("/")[2].replace("_", " ")

    @property
    def place(self) -> str:
        """Where it is held."""
        return self.session.site.name if self.session.site else gettext("Every site")

    @property
    def taken(self) -> int | None:
        """Who has or had a place."""
        return vars(self.session)["taken_count"] if self.counted else None

    @property
    def waiting(self) -> int | None:
        """Who waits for one."""
        return vars(self.session)["waiting_count"] if self.counted else None

    @property
    def free(self) -> int | None:
        """Places left; None also where there is no limit."""
        return vars(self.session)["free_count"] if self.counted else None

    @property
    def beyond(self) -> int:
        """How many more people have a place than there are."""
        capacity = self.session.capacity
        return 0 if capacity is None or not self.counted else max((self.taken or 0) - capacity, 0)


def sessions_of(programme: Programme, user: Somebody) -> TrainingSessionQuerySet:
    """The programme's sessions that the user may read of, those to come first, the next one on top."""
    to_come = Q(ends_at__gt=timezone.now())
    return (
        TrainingSession.objects.told_to(user)
        .filter(programme=programme)
        .select_related("course", "site", "trainer__user")
        .with_places()
        .order_by(Case(When(to_come, then=0), default=1), Case(When(to_come, then=F("starts_at"))), "-starts_at", "pk")
    )


def chosen(sessions: TrainingSessionQuerySet, choice: Mapping[str, Any]) -> TrainingSessionQuerySet:
    """Sessions that fit the filters of readiness.forms.sessions.SessionFilters.

    A site finds its own sessions and those for every site. Cancelled ones stay out unless they are asked for. Free is
    a place that somebody can still have: the session has not begun.
    """
    now, when, places = timezone.now(), choice.get("when", ""), choice.get("places", "")
    if not choice.get("cancelled"):
        sessions = sessions.current()
    if site := choice.get("site", "").strip():
        sessions = sessions.filter(Q(site__name__icontains=site) | Q(site__code__iexact=site) | Q(site=None))
    if course := choice.get("course"):
        sessions = sessions.filter(course__code=course)
    for word in choice.get("trainer", "").split():
        named = Q(trainer__user__name__icontains=word) | Q(trainer__user__email__icontains=word)
        sessions = sessions.filter(named | Q(trainer__label__icontains=word))
    if when == "unrecorded":
        sessions = sessions.unrecorded(now)
    elif when:
        sessions = sessions.filter(**{"ends_at__gt" if when == "coming" else "ends_at__lte": now})
    if places == "free":
        return sessions.filter(Q(capacity=None) | Q(free_count__gt=0), starts_at__gt=now)
    return sessions.filter(waiting_count__gt=0) if places == "waiting" else sessions


def may_ask(choice: Mapping[str, Any], reader: Reader, sessions: TrainingSessionQuerySet) -> TrainingSessionQuerySet:
    """Those of the sessions whose trainer may be looked for by this reader, where a trainer is looked for."""
    if not choice.get("trainer") or reader.everywhere:
        return sessions
    return sessions.filter(site__in=reader.led)


def in_order(sessions: TrainingSessionQuerySet, sort: str, *, places: bool) -> TrainingSessionQuerySet:
    """Sessions in the order of `?sort=`; an unknown one leaves the order they have, as one of places may."""
    name = sort.removeprefix("-")
    key = SORTS.get(name)
    if key is None or (name in OF_PLACES and not places):
        return sessions
    return sessions.order_by(
        key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True), "starts_at", "pk"
    )


def lines(sessions: Iterable[TrainingSession], reader: Reader) -> list[SessionLine]:
    """Sessions as rows, with `with_places` annotated."""
    return [line_of(each, reader) for each in sessions]


def line_of(session: TrainingSession, reader: Reader) -> SessionLine:
    """One of them."""
    zone: ZoneInfo = zone_at(session)
    return SessionLine(
        session=session,
        starts=session.starts_at.astimezone(zone),
        ends=session.ends_at.astimezone(zone),
        trainer=str(session.trainer) if session.trainer and reader.may_name(session) else "",
        named=reader.may_name(session),
        counted=reader.places,
        over=session.ends_at <= timezone.now(),
        begun=session.retired_at is None
        and session.starts_at.astimezone(zone).date() <= timezone.localdate(timezone=zone),
    )


def lead(sessions: TrainingSessionQuerySet, reader: Reader) -> str:
    """How the sessions to come stand, in a sentence or two. One query."""
    coming = sessions.current().filter(ends_at__gt=timezone.now()).order_by()
    sums = coming.aggregate(all=Count("pk"), free=Sum("free_count"), waiting=Sum("waiting_count"))
    number, free, waiting = (sums[name] or 0 for name in ("all", "free", "waiting"))
    if not number:
        return gettext("No session is to come. People need a place on a course before they can be ready.")
    words = ngettext("%(n)s session is to come.", "%(n)s sessions are to come.", number) % {"n": count(number)}
    if not reader.places:
        return words
    said = ngettext("%(n)s place is free", "%(n)s places are free", free) % {"n": count(free)}
    waits = ngettext("%(n)s person waits for one.", "%(n)s people wait for one.", waiting) % {"n": count(waiting)}
    return gettext("%(words)s %(free)s, %(waits)s") % {"words": words, "free": said, "waits": waits}


def sessions_table(rows: Iterable[SessionLine], reader: Reader) -> Table:
    """The list as a file; days and times are by the clock of each site."""
    columns = [
        Column("code", _("Code")),
        Column("day", _("Day"), "day"),
        Column("from", _("From")),
        Column("to", _("To")),
        Column("zone", _("Time zone")),
        Column("course", _("Course")),
        Column("site", _("Site")),
        Column("room", _("Room or link")),
        *([Column("trainer", _("Trainer"))] if reader.names else []),
        *([Column(key, label, "whole") for key, label in PLACE_COLUMNS] if reader.places else []),
        Column("cancelled", _("Cancelled"), "yes_no"),
    ]

    def found() -> Iterator[list[Any]]:
        for row in rows:
            session = row.session
            yield [
                session.code,
                row.starts.date(),
                f"{row.starts:%H:%M}",
                f"{row.ends:%H:%M}",
                str(row.starts.tzinfo),
                session.course.name,
                session.site.name if session.site else "",
                session.room,
                *([row.trainer] if reader.names else []),
                *([session.capacity, row.taken, row.free, row.waiting] if reader.places else []),
                session.retired_at is not None,
            ]

    return Table("sessions", _("Training sessions"), columns, found())
