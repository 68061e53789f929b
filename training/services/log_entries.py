"""The log's one door: each entry is taken in a transaction of its own, and answered once and for all.

Pages and phones come the same way. A repeated entry gets the first answer, other words under a known id are refused and
the first stays, and an entry that cannot be taken never keeps the next from being taken.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from rollout.models import User
from rollout.services.refusals import Refused
from training.choices import EntryAnswer, EntryKind
from training.models import LogEntry
from training.services.log_bodies import Body
from training.services.log_kinds import HANDLERS, Sent
from training.services.log_reads import Reads
from training.services.refused_kept import keep_refused

logger = logging.getLogger(__name__)

ALREADY, LATER = "already", "later"
# A device's clock that is further off than this is told to the person.
SKEW_MINUTES = 10


@dataclass(frozen=True)
class Entry:
    """What came: from a phone with its clock (`device_now` is what it showed when it sent), from a form without.

    `mending` is a form that is shown again when it is refused: the refusal is not kept, so that it can be put right and
    sent again under its own id.
    """

    client_id: UUID
    kind: str
    body: Mapping[str, Any]
    device_at: datetime | None = None
    device_now: datetime | None = None
    mending: bool = False


@dataclass(frozen=True)
class Answer:
    """What became of an entry: accepted, already (had it), refused, or later (not taken now: keep it and send again).

    `at` is when the first sending arrived, None where nothing was kept; `words` say why it was refused, at the `field`
    of the body. `skew_minutes` is how far the device's clock is ahead (below 0: behind) where that is more than 10.
    `record_id` is the row of `record`, a table, that it made or changed.
    """

    client_id: UUID
    answer: str
    at: datetime | None = None
    words: str = ""
    field: str = ""
    skew_minutes: int | None = None
    record: str = ""
    record_id: int | None = None

    @property
    def good(self) -> bool:
        """Whether what was sent is kept."""
        return self.answer in (EntryAnswer.ACCEPTED, ALREADY)


def take_entries(*, user: User, entries: Iterable[Entry]) -> Iterator[Answer]:
    """Take entries one after the other, in their order. What the database could not do now is answered `later`."""
    entries, away = list(entries), False
    reads = Reads(user, [entry.client_id for entry in entries])
    for entry in entries:
        if away:
            yield _later(entry)
            continue
        try:
            yield take_entry(user=user, entry=entry, reads=reads)
        except DatabaseError as error:
            logger.warning("log entry %s was not taken now", entry.client_id, exc_info=error)
            away = not connection.is_usable()
            yield _later(entry)


def take_entry(*, user: User, entry: Entry, reads: Reads | None = None) -> Answer:
    """Take one entry and return its answer: the first one, where it was sent before.

    An id that somebody else used is refused without a word about it. Raises DatabaseError where the database is busy
    or away, and then nothing is kept. `reads` is what the request has read for the entries before this one.
    """
    now = timezone.now()
    reads = reads or Reads(user, [entry.client_id])
    skew = skew_minutes(entry, now)
    told = skew if skew is not None and abs(skew) > SKEW_MINUTES else None
    if entry.kind not in EntryKind.values:
        return Answer(entry.client_id, EntryAnswer.REFUSED, words=gettext("This kind of entry is not known here."))
    with transaction.atomic():
        _wait_for_turn(entry.client_id)
        known = LogEntry.objects.filter(client_id=entry.client_id).first()
        if known is not None:
            return _answer_again(known, user, entry, told)
        if entry.client_id in reads.restored:
            kept = _keep(entry, user, now, skew)
            return Answer(entry.client_id, ALREADY, at=kept.arrived_at, skew_minutes=told)
        sent = Sent(reads, entry.client_id, Body(entry.body), said_at(entry, now))
        try:
            # A savepoint: what is refused leaves nothing. Who and why the services say to the audit themselves.
            with transaction.atomic():
                made = HANDLERS[EntryKind(entry.kind)](sent)
        except Refused as refusal:
            words, field = str(refusal), refusal.field or ""
            at = None
            if not entry.mending:
                kept = _keep(entry, user, now, skew, words=words)
                keep_refused(kept=kept, said=sent.body, refusal=refusal, said_at=sent.at)
                at = kept.arrived_at
            return Answer(entry.client_id, EntryAnswer.REFUSED, at, words, field, skew_minutes=told)
        made_of = {"record": made.record, "record_id": made.record_id, "before": made.before}
        kept = _keep(entry, user, now, skew, **made_of)
    return Answer(
        entry.client_id,
        EntryAnswer.ACCEPTED,
        kept.arrived_at,
        skew_minutes=told,
        record=made.record,
        record_id=made.record_id,
    )


def skew_minutes(entry: Entry, now: datetime) -> int | None:
    """How many minutes the device's clock was ahead of ours when it sent; None where it did not say."""
    return None if entry.device_now is None else round((entry.device_now - now) / timedelta(minutes=1))


def said_at(entry: Entry, now: datetime) -> datetime:
    """When the person said it, by our clock: as long ago as the device's own clock says that it was.

    So a clock that is wrong by a day moves nothing, as long as nobody set it in between. Never in the future.
    """
    if entry.device_at is None:
        return now
    if entry.device_now is None:
        return min(entry.device_at, now)
    return now - max(entry.device_now - entry.device_at, timedelta())


def hash_of(entry: Entry) -> str:
    """The SHA-256 of what an entry says; the order of names does not matter, and when it was sent neither."""
    said = json.dumps([entry.kind, entry.body], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _wait_for_turn(client_id: UUID) -> None:
    """Two sendings of one id at once wait for each other: the second finds what the first was answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(client_id)])


def _answer_again(known: LogEntry, user: User, entry: Entry, skew: int | None) -> Answer:
    if known.user_id != user.pk:
        return Answer(entry.client_id, EntryAnswer.REFUSED, words=gettext("This entry cannot be taken."))
    if known.body_hash != hash_of(entry):
        words = gettext("This entry was sent before and says something else now. What was sent first stands.")
        return Answer(entry.client_id, EntryAnswer.REFUSED, words=words)
    answer = ALREADY if known.answer == EntryAnswer.ACCEPTED else EntryAnswer.REFUSED
    return Answer(
        entry.client_id,
        answer,
        known.arrived_at,
        known.words,
        skew_minutes=skew,
        record=known.record,
        record_id=known.record_id,
    )


def _keep(entry: Entry, user: User, now: datetime, skew: int | None, **made: Any) -> LogEntry:
    offset = entry.device_at.utcoffset() if entry.device_at is not None else None
    return LogEntry.objects.create(
        client_id=entry.client_id,
        user=user,
        kind=entry.kind,
        body_hash=hash_of(entry),
        device_at=entry.device_at,
        device_offset_minutes=None if offset is None else round(offset / timedelta(minutes=1)),
        clock_skew_minutes=skew,
        arrived_at=now,
        answer=EntryAnswer.REFUSED if made.get("words") else EntryAnswer.ACCEPTED,
        **made,
    )


def _later(entry: Entry) -> Answer:
    return Answer(entry.client_id, LATER, words=gettext("This could not be taken just now. Send it again."))
