"""A trainer's own sessions: those of the next two weeks, and those of which nobody said who came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.shift_words import when_words
from readiness.dashboards.work.duties import Duties, Duty
from rollout.change_load import HALTED_STATES
from rollout.models import User
from rollout.querysets.rights import rights_of
from rollout.templatetags.formats import count
from training.models import TrainingSession
from training.querysets.courses import TrainingSessionQuerySet
from training.services.sessions import zone_at

AHEAD = timedelta(days=14)
MOST = 200


@dataclass(frozen=True)
class OwnSession:
    """A session that somebody holds, by the clock of its site: when, which course, where, how many come."""

    when: str
    course: str
    where: str
    places: str
    href: str


@dataclass(frozen=True)
class HeldSessions:
    """What a trainer holds: `coming`, the next first, and `to_record`, the oldest first."""

    coming: tuple[OwnSession, ...] = ()
    to_record: tuple[Duty, ...] = ()

    def duties(self, most: int) -> Duties:
        """Those to record as a list of Your work."""
        return Duties(self.to_record[:most], len(self.to_record))


def sessions_held(user: User, now: datetime) -> HeldSessions:
    """A trainer's sessions that are not over, of the next two weeks, and those nobody said of who came. One query.

    No more than MOST of them. Nothing, and no query, for who is no trainer.
    """
    if not rights_of(user).trained:
        return HeldSessions()
    held = _held_by(user)
    asked = held.filter(ends_at__gt=now, starts_at__lt=now + AHEAD) | held.unrecorded(now)
    rows = list(asked.with_places().order_by("starts_at", "pk")[:MOST])
    return HeldSessions(
        coming=tuple(_own(row) for row in rows if row.ends_at > now),
        to_record=tuple(_to_record(row) for row in rows if row.ends_at <= now),
    )


def _held_by(user: User) -> TrainingSessionQuerySet:
    rows = TrainingSession.objects.current().visible_to(user).filter(trainer__user=user, programme__retired_at=None)
    return rows.exclude(programme__state__in=HALTED_STATES).select_related("course", "site", "programme")


def _own(row: TrainingSession) -> OwnSession:
    taken = vars(row)["taken_count"]
    words = {"n": count(taken), "all": count(row.capacity)}
    places = gettext("%(n)s of %(all)s places booked") if row.capacity else gettext("%(n)s booked")
    return OwnSession(
        when=when_words(row.starts_at, row.ends_at, zone_at(row)),
        course=row.course.name,
        where=_joined([row.room, row.site.name if row.site else ""]),
        places=places % words,
        href=_address("session-detail", row),
    )


def _to_record(row: TrainingSession) -> Duty:
    return Duty(
        verb=_("Record attendance"),
        what=row.course.name,
        kind=_("Training session that is over"),
        href=_address("session-attendance", row),
        programme=row.programme.name,
        site=row.site.name if row.site else "",
        on=row.starts_at.astimezone(zone_at(row)).date(),
        since=True,
        note=row.room,
    )


def _address(name: str, row: TrainingSession) -> str:
    return reverse(f"readiness:{name}", kwargs={"programme": row.programme.code, "session": row.pk})


def _joined(words: Iterable[str]) -> str:
    return ", ".join(filter(None, words))
