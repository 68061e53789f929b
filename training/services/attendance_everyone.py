"""Everyone attended: said of several sessions at once, of whoever has a place and is not marked yet."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User
from rollout.services.refusals import Refused
from training.choices import AttendanceState
from training.models import Attendance, TrainingSession
from training.services.attendance import check_day
from training.services.log_places import OVER
from training.services.sheet_people import people_of_sheets


class PlacesChanged(Refused):
    """Other people would be marked now than were shown."""


@dataclass(frozen=True)
class Unmarked:
    """A session, and how many people on it are not marked yet and the user's to mark."""

    session: TrainingSession
    count: int


@dataclass(frozen=True)
class Everyone:
    """What would be marked; `mark` says of whom, as 16 hex digits."""

    sessions: list[Unmarked]
    mark: str

    @property
    def count(self) -> int:
        """How many people would be marked."""
        return sum(each.count for each in self.sessions)


def sessions_to_mark(programme_id: int, session_ids: Collection[int], by: User) -> QuerySet[TrainingSession]:
    """Those of the sessions that are over, not recorded, and whose sheet the user keeps."""
    sessions = TrainingSession.objects.visible_to(by).unrecorded(timezone.now())
    sessions = sessions.filter(programme=programme_id, pk__in=session_ids)
    return sessions.select_related("course", "site", "programme").order_by("pk")


def everyone_on(sessions: Collection[TrainingSession], by: User) -> Everyone:
    """Who would be marked. One query. Raises Refused for a session that cannot be recorded any more."""
    for session in sessions:
        if session.programme.state in OVER:
            raise Refused(gettext("The programme is over. Ask its manager to record this."))
        check_day(session, by)
    found: dict[int, list[int]] = {}
    for pk, session_id in places_of(sessions, by).values_list("pk", "session"):
        found.setdefault(session_id or 0, []).append(pk)
    held = [Unmarked(session, len(found[session.pk])) for session in sessions if session.pk in found]
    said = repr(sorted(pk for rows in found.values() for pk in rows))
    return Everyone(held, hashlib.sha256(said.encode()).hexdigest()[:16])


def places_of(sessions: Collection[TrainingSession], by: User) -> QuerySet[Attendance]:
    """The places on the sessions that nobody marked and that are the user's to mark."""
    rows = Attendance.objects.filter(session__in=sessions, state=AttendanceState.BOOKED, retired_at=None)
    return rows.filter(staff__in=people_of_sheets(by).values("pk")).order_by("pk")


def record_everyone(*, programme_id: int, session_ids: Collection[int], mark: str, by: User) -> int:
    """Mark everybody who was shown (`mark`) as attended; results stay unknown. Returns how many people that is.

    Raises PlacesChanged where it would be other people by now, and Refused.
    """
    with acting(by, "everyone attended"):
        sessions = list(sessions_to_mark(programme_id, session_ids, by).select_for_update(of=("self",), no_key=True))
        list(places_of(sessions, by).select_for_update(of=("self",), no_key=True).values_list("pk"))
        everyone = everyone_on(sessions, by)
        if everyone.mark != mark:
            raise PlacesChanged(gettext("The records have changed meanwhile. Look at the sessions again."))
        return places_of(sessions, by).update(state=AttendanceState.ATTENDED)
