"""Deciding on what was refused at its arrival: taken in the right of whoever manages the place, or dismissed."""

from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User
from rollout.services.refusals import Refused
from training.choices import RefusedOutcome
from training.models import RefusedEntry
from training.services.log_entries import Entry, take_entry

# Ids of what is taken for somebody else are made from the id of what was refused, so that it is taken once.
TAKEN = UUID("6d3bb7f6-6c0f-4f1e-9a55-1d0c6f7f2a10")


class DecidedAlready(Refused):
    """Somebody else decided otherwise meanwhile."""


class NotTakenEither(Refused):
    """What was refused to its writer is refused to whoever accepts it, too; the words say why."""


@transaction.atomic
def accept_refused(*, refused_id: int, by: User) -> RefusedEntry:
    """Take an entry in the right of `by`, as of when it was written. Accepting it again changes nothing.

    The writer's phone is answered as before: its entry stays refused for ever. Raises NotTakenEither where the record
    cannot be, DecidedAlready.
    """
    row = _hold(refused_id, by, RefusedOutcome.ACCEPTED)
    if row.outcome:
        return row
    with acting(by, "refused entry accepted"):
        entry = Entry(uuid5(TAKEN, str(row.entry.client_id)), row.entry.kind, row.body or {}, row.said_at, mending=True)
        answer = take_entry(user=by, entry=entry)
        if not answer.good:
            raise NotTakenEither(answer.words)
        return _decide(row, RefusedOutcome.ACCEPTED, by)


@transaction.atomic
def dismiss_refused(*, refused_id: int, words: str, by: User) -> RefusedEntry:
    """Say that an entry is not to be taken, and why. Saying so again changes nothing. Raises DecidedAlready."""
    row = _hold(refused_id, by, RefusedOutcome.DISMISSED)
    if row.outcome:
        return row
    with acting(by, "refused entry dismissed"):
        row.words = words
        return _decide(row, RefusedOutcome.DISMISSED, by)


def _hold(refused_id: int, by: User, wanted: RefusedOutcome) -> RefusedEntry:
    rows = RefusedEntry.objects.visible_to(by).select_for_update(of=("self",), no_key=True).select_related("entry")
    row = rows.filter(pk=refused_id).first()
    if row is None:
        raise Refused(gettext("This entry is not yours to decide."))
    if row.outcome and row.outcome != wanted:
        words = {"outcome": row.get_outcome_display().lower()}
        raise DecidedAlready(gettext("This entry is %(outcome)s already. Open the list again.") % words)
    return row


def _decide(row: RefusedEntry, outcome: RefusedOutcome, by: User) -> RefusedEntry:
    row.outcome, row.body, row.decided_at, row.decided_by = outcome, None, timezone.now(), by
    row.save(update_fields=["outcome", "body", "decided_at", "decided_by", "words"])
    return row
