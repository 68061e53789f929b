"""Sealing the audit trail in batches, off the way of every write, and proving that nobody changed it since."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from rollout.models import AuditEntry, AuditMark, AuditSeal

# Entries in one seal: what one statement reads and hashes, some MB.
BATCH = 5000

# jsonb is written in one way only, and the moment as seconds, so that the text depends on no setting of the session.
# The columns are named: a column that is added later changes no old seal.
DIGEST = """
WITH entries AS (
    SELECT id, jsonb_build_array(
        id, extract(epoch FROM at), "table", row_id, action, before, after, user_id, reason, request_id
    )::text AS line
    FROM rollout_auditentry WHERE id > %s AND id <= %s ORDER BY id LIMIT %s
)
SELECT max(id), count(*), encode(sha256(convert_to(%s || string_agg(line, E'\\n' ORDER BY id), 'UTF8')), 'hex')
FROM entries
"""


@dataclass(frozen=True)
class Broken:
    """A seal that does not fit its entries any more: its number, the ids it covers, and what is wrong in a word."""

    number: int
    after_id: int
    last_id: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """What was proved: how many entries under how many seals, how many are not sealed yet, and every broken seal.

    `newest` is the digest of the newest seal, "" without any.
    """

    seals: int
    entries: int
    unsealed: int
    newest: str
    broken: tuple[Broken, ...]


def seal_trail() -> int:
    """Seal what can no longer change, in batches. Returns how many entries. Once a minute; may run twice at once."""
    with transaction.atomic():
        end = settled_up_to()
        return seal_up_to(end)


def settled_up_to() -> int:
    """The last id below which no entry is on its way any more; the mark is held until the transaction ends.

    First the newest id given out is noted, then the number of a transaction begun after it. Once every older
    transaction has ended, nothing more can come at or below that id. A number from the future is that of another
    server, before the database was restored here: it is noted anew.
    """
    AuditMark.objects.bulk_create([AuditMark(pk=1)], ignore_conflicts=True)
    mark = AuditMark.objects.select_for_update(no_key=True).get(pk=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM rollout_auditentry_id_seq")
        (newest,) = cursor.fetchone()
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (here,) = cursor.fetchone()
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (oldest,) = cursor.fetchone()
    ended, restored = mark.transaction <= oldest, mark.transaction > here
    settled = mark.last_id if ended else 0
    if ended or restored:
        mark.last_id, mark.transaction = newest, here
    mark.looked_at = timezone.now()
    mark.save(update_fields=["last_id", "transaction", "looked_at"])
    return settled


def seal_up_to(end: int) -> int:
    """Seal every entry up to an id that none can come below any more. Returns how many."""
    last = AuditSeal.objects.order_by("number").last()
    number, after, digest, sealed = (last.number, last.last_id, last.digest, 0) if last else (0, 0, "", 0)
    seals = []
    while after < end:
        last_id, count, digest_here = digest_of(after, end, digest, BATCH)
        if not count:
            break
        number += 1
        seals.append(AuditSeal(number=number, after_id=after, last_id=last_id, entries=count, digest=digest_here))
        after, digest, sealed = last_id, digest_here, sealed + count
    AuditSeal.objects.bulk_create(seals)
    return sealed


def digest_of(after: int, end: int, before: str, most: int | None = None) -> tuple[int, int, str]:
    """The last id, the number and the digest of the entries after an id up to another, chained to the seal before."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, [after, end, most, before])
        last_id, count, digest = cursor.fetchone()
    return last_id or after, count, digest or ""


def newest_digest() -> str:
    """The digest of the newest seal, "" without any."""
    return AuditSeal.objects.order_by("-number").values_list("digest", flat=True).first() or ""


def verify_trail() -> Verdict:
    """Read the whole trail again and hold it against its seals."""
    seals = list(AuditSeal.objects.order_by("number"))
    last = seals[-1].last_id if seals else 0
    return Verdict(
        seals=len(seals),
        entries=sum(seal.entries for seal in seals),
        unsealed=AuditEntry.objects.filter(pk__gt=last).count(),
        newest=newest_digest(),
        broken=tuple(_broken(seals)),
    )


def _broken(seals: list[AuditSeal]) -> Iterator[Broken]:
    number, after, before = 1, 0, ""
    for seal in seals:
        if (seal.number, seal.after_id) != (number, after):
            yield Broken(seal.number, seal.after_id, seal.last_id, "chain")
        _last, count, digest = digest_of(seal.after_id, seal.last_id, before)
        if count != seal.entries:
            yield Broken(seal.number, seal.after_id, seal.last_id, "entries missing or added")
        elif digest != seal.digest:
            yield Broken(seal.number, seal.after_id, seal.last_id, "entries changed")
        number, after, before = seal.number + 1, seal.last_id, seal.digest
