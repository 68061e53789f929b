"""Names of staff go some time after their last programme has closed; what was counted of them stays as it is."""

import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.choices import ProgrammeState, Role
from rollout.models import Membership, Programme, User
from rollout.services.edits import held, save_edit
from rollout.services.refusals import Refused
from training.models import AccessCheck, Attendance, Champion, ChampionShift, Posting, StaffMember
from training.querysets.people import StaffMemberQuerySet

logger = logging.getLogger(__name__)

CHUNK = 500
KEPT_DAYS = ("names_kept_days",)
# What stands in place of the employee number; the rest is random, so that it leads back to nobody.
REMOVED = "removed-"


@dataclass(frozen=True)
class Removal:
    """What is to become of the names of a programme's people.

    `on` is the day on which they go, None while the programme is not closed. `due` people lose their names then;
    `elsewhere` keep them, since another programme still needs them; of `gone` they are removed already.
    """

    on: date | None
    due: int
    elsewhere: int
    gone: int


def removal_day(programme: Programme) -> date | None:
    """From which day on the programme keeps nobody's name any more; None while it is not closed."""
    if programme.state != ProgrammeState.CLOSED or programme.closed_on is None:
        return None
    return programme.closed_on + timedelta(days=programme.names_kept_days)


def people_of(programmes: Collection[int]) -> Q:
    """Staff of these programmes: posted to one of their sites at any time, or in a record of theirs."""
    there = Q(ward__site__deployments__programme__in=programmes, ward__site__deployments__retired_at=None)
    found = Q(pk__in=Posting.objects.filter(there, retired_at=None).values("staff"))
    for model in (Champion, ChampionShift, AccessCheck):
        found |= Q(pk__in=model.objects.filter(programme__in=programmes, retired_at=None).values("staff"))
    attended = Attendance.objects.filter(course__programme__in=programmes, retired_at=None)
    return found | Q(pk__in=attended.values("staff"))


def people_due(today: date, *, also: int | None = None) -> StaffMemberQuerySet:
    """Staff whose names are to go on a day: of a programme whose time is over, and of none that is still going on.

    `also` is a closed programme whose time is taken to be over.
    """
    over: list[int] = []
    going_on: list[int] = []
    for programme in Programme.objects.filter(retired_at=None):
        day = removal_day(programme)
        ended = day is not None and (day <= today or programme.pk == also)
        (over if ended else going_on).append(programme.pk)
    named = StaffMember.objects.filter(names_removed_at=None)
    return named.filter(people_of(over)).exclude(people_of(going_on)) if over else named.none()


def removal_of(programme: Programme) -> Removal:
    """When the names of a programme's people go, and of how many. As if it were closed, where it is not."""
    others = Programme.objects.filter(retired_at=None).exclude(pk=programme.pk)
    today = timezone.localdate()
    going_on = [other.pk for other in others if (day := removal_day(other)) is None or day > today]
    people = StaffMember.objects.filter(people_of([programme.pk]))
    named = people.filter(names_removed_at=None)
    due = named.exclude(people_of(going_on)).count()
    return Removal(removal_day(programme), due, named.count() - due, people.exclude(names_removed_at=None).count())


def keep_names_for(*, programme_id: int, mark: str, days: int, by: User) -> Programme:
    """Set for how many days after closing a programme keeps names, 0 to 3,650. Raises RecordChanged."""
    with held(Programme.objects.all(), programme_id, by, "time for which names are kept set") as programme:
        save_edit(programme, mark=mark, names=KEPT_DAYS, values={"names_kept_days": days})
        return programme


def remove_names_of(*, programme_id: int, by: User) -> int:
    """Remove the names of a closed programme's people today; returns of how many. Cannot be undone. Raises Refused."""
    programme = Programme.objects.get(pk=programme_id)
    if removal_day(programme) is None:
        raise Refused(gettext("Close the programme first: names are removed after that."))
    return remove_due_names(by=by, also=programme_id)


def remove_due_names(*, by: User | None = None, also: int | None = None) -> int:
    """Remove the names that are due, 500 people a transaction; returns of how many. May be run twice and at once.

    Gone are name, address, employee number, the link to a log-in, and notes typed about their shifts. Neither the audit
    trail nor the before-images of imports hold them. Postings, attendance, shifts and log-in tests stay with the row,
    so that every count and score of any day stays as it is.
    """
    done = 0
    while removed := _remove_chunk(by, also):
        done += removed
    if done:
        logger.info("names removed: %s people", done)
    return done


def _remove_chunk(by: User | None, also: int | None) -> int:
    with acting(by, "names removed after the programme closed"):
        due = people_due(timezone.localdate(), also=also).order_by("pk")
        rows = list(due.select_for_update(no_key=True, of=("self",)).only("pk")[:CHUNK])
        ids = [row.pk for row in rows]
        if not ids:
            return 0
        for row in rows:
            row.number = f"{REMOVED}{secrets.token_hex(12)}"
        StaffMember.objects.bulk_update(rows, ["number"])
        _end_championing(ids)
        StaffMember.objects.filter(pk__in=ids).update(name="", email="", user=None, names_removed_at=timezone.now())
        ChampionShift.objects.filter(staff__in=ids).exclude(notes="").update(notes="")
        return len(ids)


def _end_championing(ids: Collection[int]) -> None:
    """End the role that opens a champion's pages for the log-ins of these people: without the link it shows nothing."""
    held = Membership.objects.filter(user__staff_member__in=ids, role=Role.CHAMPION, ended_at=None)
    held.update(ended_at=Greatest(F("started_at"), Value(timezone.now())))
