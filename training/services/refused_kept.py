"""Keeping what was refused at its arrival, so that those who manage the place hear of it and may take it."""

import json
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from rollout.models import Membership, Site, User, Ward
from rollout.services.refusals import Refused
from training.choices import EntryKind, RefusedOutcome
from training.models import Champion, ChampionShift, LogEntry, RefusedEntry, ShiftPattern, TrainingSession
from training.services.access_checks import NoReason
from training.services.attendance import MarkedOtherwise, UnknownNumber
from training.services.log_bodies import Body, WrongValue
from training.services.log_places import deployments_at
from training.services.rota import Clash
from training.services.shift_log import BusyChampion
from training.services.typed_times import WrongTimes

KEPT = timedelta(days=30)
# Refusals that only the writer can do something about.
ITS_WRITERS = (WrongValue, WrongTimes, NoReason, BusyChampion, Clash, MarkedOtherwise, UnknownNumber)
# What is longer than this nobody wrote on a phone by hand.
LARGEST = 64 * 1024


def keep_refused(*, kept: LogEntry, said: Body, refusal: Refused, said_at: datetime) -> RefusedEntry | None:
    """Keep an entry for those who manage its place; None where nobody there could take it.

    What is wrong or missing in it the writer has to mend, and nobody's right takes what contradicts other records. What
    names a place where the writer never was anything is told to
    nobody: else anybody could fill the lists of strangers.
    """
    if isinstance(refusal, ITS_WRITERS) or len(json.dumps(said.said)) > LARGEST:
        return None
    place = _place_of(EntryKind(kept.kind), said)
    if place is None or not _was_there(kept.user, place[1], place[0]):
        return None
    programme_id, site, ward = place
    return RefusedEntry.objects.create(
        entry=kept, programme_id=programme_id, site=site, ward=ward, said_at=said_at, body=dict(said.said)
    )


def _place_of(kind: EntryKind, said: Body) -> tuple[int, Site, Ward | None] | None:
    """The programme, the site and the ward that an entry is about, whoever wrote it; None where there is none."""
    if kind == EntryKind.ATTENDANCE:
        sessions = TrainingSession.objects.filter(retired_at=None, site__isnull=False)
        held = sessions.select_related("site").filter(pk=_id(said, "session")).first()
        return (held.programme_id, held.site, None) if held and held.site else None
    if kind in (EntryKind.CONFIRMED, EntryKind.WORKED, EntryKind.MISSED, EntryKind.UNDO):
        shifts = ChampionShift.objects.filter(retired_at=None).select_related("ward__site")
        shift = shifts.filter(pk=_id(said, "shift")).first()
        return (shift.programme_id, shift.ward.site, shift.ward) if shift else None
    ward = Ward.objects.current().select_related("site").filter(pk=_id(said, "ward")).first()
    if ward is None:
        return None
    there = deployments_at([ward]).order_by("pk")
    pattern = ShiftPattern.objects.filter(pk=_id(said, "pattern")).values_list("programme", flat=True).first()
    code = said.said.get("programme")
    if pattern is not None:
        there = there.filter(programme=pattern)
    elif isinstance(code, str) and code:
        there = there.filter(programme__code=code[:40])
    deployment = there.first()
    return (deployment.programme_id, ward.site, ward) if deployment else None


def _id(said: Body, name: str) -> int:
    """The id that an entry names; one that cannot be is nobody's."""
    try:
        return said.row_or_none(name, "") or 0
    except WrongValue:
        return 0


def _was_there(user: User, site: Site, programme_id: int) -> bool:
    """Whether the writer has or had any role at the site or in the programme, or is or was a champion of it."""
    roles = Membership.objects.filter(
        Q(programme=programme_id) | Q(site=site) | Q(ward__site=site) | Q(organisation=site.organisation_id), user=user
    )
    return roles.exists() or Champion.objects.filter(staff__user=user, programme=programme_id).exists()


def forget_refused() -> int:
    """Drop what was sent 30 days ago and nobody decided on: it lapses. Returns how many."""
    old = RefusedEntry.objects.waiting().filter(entry__arrived_at__lt=timezone.now() - KEPT)
    return old.update(outcome=RefusedOutcome.LAPSED, body=None, decided_at=timezone.now())
