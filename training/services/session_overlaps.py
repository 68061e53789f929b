"""Two sessions at once with the same trainer or in the same room: said in words, never forbidden."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext

from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import clock
from training.hours import Span
from training.models import TrainingSession

# More sessions than these around one are not looked through.
MOST = 1_000


def overlaps_of(session: TrainingSession, spans: Sequence[Span], reader: Somebody) -> Mapping[Span, list[str]]:
    """For each time at which a session like this one is, or would be, what overlaps it, in words. Two queries.

    Of a session that the reader may not know of, only when it is. Cancelled sessions overlap nothing.
    """
    same = Q(trainer=session.trainer_id) if session.trainer_id else Q(pk__in=[])
    if session.room.strip():
        same |= Q(room__iexact=session.room.strip(), site=session.site_id)
    if not spans or not (session.trainer_id or session.room.strip()):
        return {}
    first, last = min(span.starts_at for span in spans), max(span.ends_at for span in spans)
    rows = TrainingSession.objects.current().filter(same, starts_at__lt=last, ends_at__gt=first).exclude(pk=session.pk)
    others = list(rows.select_related("course", "site").order_by("starts_at", "pk")[:MOST])
    ids = [row.pk for row in others]
    known = set(TrainingSession.objects.told_to(reader).filter(pk__in=ids).values_list("pk", flat=True))
    return {
        span: [
            _words(session, other, known=other.pk in known)
            for other in others
            if other.starts_at < span.ends_at and other.ends_at > span.starts_at
        ]
        for span in spans
    }


def _words(session: TrainingSession, other: TrainingSession, *, known: bool) -> str:
    zone = ZoneInfo(session.site.time_zone) if session.site else None

    def at(moment: datetime) -> str:
        return clock(moment.astimezone(zone).time())

    words = {"course": other.course.name, "from": at(other.starts_at), "to": at(other.ends_at), "room": other.room}
    words["site"] = other.site.name if other.site else ""
    if session.trainer_id and other.trainer_id == session.trainer_id:
        if not known:
            return gettext("The trainer also holds another session from %(from)s to %(to)s.") % words
        if not other.site:
            return gettext("The trainer also holds “%(course)s” from %(from)s to %(to)s.") % words
        return gettext("The trainer also holds “%(course)s” at %(site)s from %(from)s to %(to)s.") % words
    if not known:
        return gettext("%(room)s is also taken by another session from %(from)s to %(to)s.") % words
    return gettext("%(room)s is also taken by “%(course)s” from %(from)s to %(to)s.") % words
