"""Holding a session again, on another day or every week: looked at first, then made whole, in one transaction."""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User
from rollout.querysets.rights import Somebody
from rollout.services.codes import next_code
from training.hours import Span
from training.models import TrainingSession
from training.services.session_overlaps import overlaps_of
from training.services.sessions import PREFIX, check_course, zone_at
from training.services.typed_times import WrongTimes, typed_moments

MOST_AT_ONCE = 60


class SeriesChanged(Exception):
    """Other sessions would be made by now than the check page showed; none was made."""


@dataclass(frozen=True)
class SeriesPlan:
    """A session, and the days on which one like it is to begin."""

    session: TrainingSession
    days: tuple[date, ...]


@dataclass(frozen=True)
class Planned:
    """One day of a series: when a session would be, what it overlaps, or (`why`) what stands against it."""

    on: date
    span: Span | None
    why: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeriesOutlook:
    """What a series would make; `there` stand so already. `mark` is of what would be made: 16 hexadecimal digits."""

    made: tuple[Planned, ...]
    there: tuple[Planned, ...]
    refused: tuple[Planned, ...]
    mark: str


def look_ahead(plan: SeriesPlan, *, by: Somebody) -> SeriesOutlook:
    """What a series would make, by the clock of the site. Three queries, however many days; nothing is written."""
    found = [_on(plan.session, day) for day in plan.days]
    spans = [each.span for each in found if each.span is not None and not each.why]
    here = TrainingSession.objects.current().filter(
        programme=plan.session.programme_id, course=plan.session.course_id, site=plan.session.site_id
    )
    times = here.filter(starts_at__in=[span.starts_at for span in spans]).values_list("starts_at", "ends_at")
    standing = {Span(*each) for each in times}
    notes = overlaps_of(plan.session, [span for span in spans if span not in standing], by)
    made = tuple(
        Planned(each.on, each.span, notes=tuple(notes.get(each.span, ())))
        for each in found
        if each.span is not None and not each.why and each.span not in standing
    )
    return SeriesOutlook(
        made=made,
        there=tuple(each for each in found if each.span in standing and not each.why),
        refused=tuple(each for each in found if each.why),
        mark=_mark(made),
    )


def hold_again(plan: SeriesPlan, *, mark: str, by: User) -> int:
    """Plan what `look_ahead` showed under this mark, with the same room, places and trainer; how many.

    All or none. Raises SeriesChanged where other sessions would be made by now, WrongCourse for one that is taught no
    more.
    """
    with acting(by, "training session held again"):
        first = next_code(TrainingSession.objects.all(), plan.session.programme_id, PREFIX)
        check_course(plan.session.programme_id, plan.session.course_id)
        session = TrainingSession.objects.select_related("site").get(pk=plan.session.pk)
        outlook = look_ahead(SeriesPlan(session, plan.days), by=by)
        if outlook.mark != mark:
            raise SeriesChanged
        number = int(first.rpartition("-")[2])
        TrainingSession.objects.bulk_create(
            TrainingSession(
                programme_id=session.programme_id,
                course_id=session.course_id,
                site_id=session.site_id,
                code=f"{PREFIX}-{number + place}",
                room=session.room,
                starts_at=each.span.starts_at,
                ends_at=each.span.ends_at,
                capacity=session.capacity,
                trainer_id=session.trainer_id,
            )
            for place, each in enumerate(outlook.made)
            if each.span is not None
        )
        return len(outlook.made)


def _on(session: TrainingSession, day: date) -> Planned:
    """The same hours by the clock on another day, or why not then."""
    zone = zone_at(session)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    last = day + (ends.date() - starts.date())
    try:
        span = typed_moments(day, starts.time(), last, ends.time(), zone)
    except WrongTimes as wrong:
        return Planned(day, None, str(wrong))
    return Planned(day, span, gettext("That day is over.") if span.ends_at <= timezone.now() else "")


def _mark(made: tuple[Planned, ...]) -> str:
    written = ",".join(
        f"{each.span.starts_at.timestamp()}.{each.span.ends_at.timestamp()}" for each in made if each.span
    )
    return blake2b(written.encode(), digest_size=8).hexdigest()
