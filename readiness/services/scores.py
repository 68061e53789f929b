"""Scores written down: gather, judge, compare with the current rows, write what differs. One transaction a chunk.

Twice, late or in parallel gives the same current rows: whoever scores a deployment holds an advisory lock on its block
of ids from before the facts are read until they are written, so that older facts never overwrite newer ones.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import blake2b

from django.db import DatabaseError, DataError, OperationalError, connection, transaction
from django.utils import timezone

from readiness.choices import RevisionReason
from readiness.indicators import Facts, facts_of_chunk
from readiness.scoring import Model, Stored, judge

logger = logging.getLogger(__name__)

# Advisory locks of scoring: the first key is this and the day, the second the deployment id divided by a block's size.
LOCK_SPACE = 1_000_000_000
BLOCK = 64
COLUMNS = (
    "deployment_id",
    "day",
    "model_id",
    "revision",
    "provisional",
    "computed_at",
    "reason",
    "score",
    "raw",
    "expected",
    "coverage",
    "days_to_go",
    "band",
    "caps",
    "domains",
    "indicators",
    "digest",
)


@dataclass
class Outcome:
    """What became of a chunk: deployments scored, rows written, and (deployment id, kind of error) of each failure."""

    done: int = 0
    written: int = 0
    failed: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Take another chunk's counts in."""
        self.done += other.done
        self.written += other.written
        self.failed += other.failed


@dataclass(frozen=True, slots=True)
class _Scored:
    deployment_id: int
    provisional: bool
    stored: Stored
    digest: bytes


@transaction.atomic
def score_deployments(*, ids: Sequence[int], day: date, reason: str = RevisionReason.PLAN) -> Outcome:
    """Score these deployments on a day and write down what differs from their current rows.

    A day that still runs at the site gives a provisional row, re-scored in place; a day that has ended is closed, and a
    different result of a closed day becomes a new revision with the `reason`. A day that has not begun at the site is
    left out, and so is an embedded or retired deployment. A deployment that fails is reported, not the whole chunk.
    """
    outcome = Outcome()
    if not ids:
        return outcome
    _lock(ids, day)
    for model_id, model, members in models_of(ids):
        outcome.add(_score(model_id, model, sorted(members), day, reason))
    return outcome


def _score(model_id: int, model: Model, ids: Sequence[int], day: date, reason: str) -> Outcome:
    """Score a range; where it fails, each half of it, until the deployment that cannot be scored stands alone."""
    try:
        with transaction.atomic():
            facts = facts_of_chunk(model, ids=ids, day=day)
            return _write(model_id, model, day, facts, reason)
    except OperationalError:
        raise  # the database is away or busy: nobody's record is at fault
    except (DataError, DatabaseError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        if len(ids) == 1:
            logger.error("deployment %s cannot be scored for %s: %s", ids[0], day, type(error).__name__)
            return Outcome(failed=[(ids[0], type(error).__name__)])
    middle = len(ids) // 2
    outcome = _score(model_id, model, ids[:middle], day, reason)
    outcome.add(_score(model_id, model, ids[middle:], day, reason))
    return outcome


def _lock(ids: Sequence[int], day: date) -> None:
    blocks = sorted({pk // BLOCK for pk in ids})
    with connection.cursor() as cursor:
        # Another worker's chunk may hold a block for seconds: longer than a page would wait for a row.
        cursor.execute("SET LOCAL lock_timeout = '120s'")
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, block) FROM unnest(%s::int[]) WITH ORDINALITY b (block, n) ORDER BY n",
            [LOCK_SPACE + day.toordinal(), blocks],
        )


def models_of(ids: Sequence[int]) -> list[tuple[int, Model, list[int]]]:
    """The deployments by the scoring model of their programme; without one, the newest that is published."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.document, array_agg(d.id)
            FROM rollout_deployment d
            LEFT JOIN readiness_programmescoring ps ON ps.programme_id = d.programme_id
            JOIN readiness_scoringmodel m ON m.id = COALESCE(ps.model_id, (
                SELECT id FROM readiness_scoringmodel
                WHERE published_at IS NOT NULL ORDER BY published_at DESC, id DESC LIMIT 1
            ))
            WHERE d.id = ANY(%s)
            GROUP BY m.id
            """,
            [list(ids)],
        )
        return [(pk, _model(_text(document)), members) for pk, document, members in cursor.fetchall()]


def _text(document: object) -> str:
    return document if isinstance(document, str) else json.dumps(document)


@cache
def _model(document: str) -> Model:
    return Model.from_json(json.loads(document))


def _write(model_id: int, model: Model, day: date, chunk: Iterable[Facts], reason: str) -> Outcome:
    now = timezone.now()
    scored = []
    for facts in chunk:
        if facts.day_begins_at <= now:
            stored = judge(model, facts.readings, facts.situation).stored()
            scored.append(_Scored(facts.deployment_id, facts.day_ends_at > now, stored, digest_of(stored)))
    if not scored:
        return Outcome()
    current = _current(model_id, day, [row.deployment_id for row in scored])
    new: list[tuple[_Scored, int]] = []
    again: list[tuple[_Scored, int]] = []
    superseded: list[int] = []
    closed: list[int] = []
    for row in scored:
        pk, digest, provisional, revision = current.get(row.deployment_id, (None, None, False, 0))
        if pk is None:
            new.append((row, 1))
        elif provisional and digest == row.digest:
            if not row.provisional:
                closed.append(pk)
        elif provisional:
            again.append((row, pk))
        elif digest != row.digest:
            superseded.append(pk)
            new.append((row, revision + 1))
    with connection.cursor() as cursor:
        if closed:
            cursor.execute(
                "UPDATE readiness_readinessscore SET provisional = false, computed_at = %s WHERE id = ANY(%s)",
                [now, closed],
            )
        if superseded:
            cursor.execute(
                "UPDATE readiness_readinessscore SET superseded_at = %s WHERE id = ANY(%s)", [now, superseded]
            )
        if again:
            cursor.execute(_IN_PLACE, [now, json.dumps([_figures(row, pk) for row, pk in again])])
        if new:
            with cursor.copy(f"COPY readiness_readinessscore ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row, revision in new:
                    copy.write_row(_values(row, revision, model_id, day, now, reason))
    return Outcome(done=len(scored), written=len(new) + len(again) + len(closed))


def _current(model_id: int, day: date, ids: Sequence[int]) -> dict[int, tuple[int, bytes, bool, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT deployment_id, id, digest, provisional, revision FROM readiness_readinessscore
            WHERE day = %s AND model_id = %s AND superseded_at IS NULL AND deployment_id = ANY(%s)
            """,
            [day, model_id, list(ids)],
        )
        return {pk: (row, bytes(digest), provisional, n) for pk, row, digest, provisional, n in cursor.fetchall()}


def _values(row: _Scored, revision: int, model_id: int, day: date, now: object, reason: str) -> tuple[object, ...]:
    """The columns of one row, in the order of COLUMNS."""
    stored = row.stored
    return (
        row.deployment_id,
        day,
        model_id,
        revision,
        row.provisional,
        now,
        reason if revision > 1 else "",
        stored.score,
        stored.raw,
        stored.expected,
        stored.coverage,
        stored.days,
        stored.band,
        json.dumps(stored.caps),
        json.dumps(stored.domains_json()),
        json.dumps(stored.indicators_json()),
        row.digest,
    )


# The figures of rows that stay what they are: the deployment's score of the day, of its revision and its reason.
_IN_PLACE = """
    UPDATE readiness_readinessscore r
    SET provisional = n.provisional, computed_at = %s, score = n.score, raw = n.raw, expected = n.expected,
        coverage = n.coverage, days_to_go = n.days_to_go, band = n.band, caps = n.caps, domains = n.domains,
        indicators = n.indicators, digest = decode(n.digest, 'hex')
    FROM jsonb_to_recordset(%s) AS n (
        id bigint, provisional boolean, score numeric, raw numeric, expected numeric, coverage numeric, days_to_go int,
        band text, caps jsonb, domains jsonb, indicators jsonb, digest text
    )
    WHERE r.id = n.id
"""


def _figures(row: _Scored, pk: int) -> dict[str, object]:
    """What `_IN_PLACE` writes into a row."""
    stored = row.stored
    return {
        "id": pk,
        "provisional": row.provisional,
        "score": str(stored.score),
        "raw": str(stored.raw),
        "expected": None if stored.expected is None else str(stored.expected),
        "coverage": str(stored.coverage),
        "days_to_go": stored.days,
        "band": stored.band,
        "caps": stored.caps,
        "domains": stored.domains_json(),
        "indicators": stored.indicators_json(),
        "digest": row.digest.hex(),
    }


def digest_of(stored: Stored) -> bytes:
    """16 bytes that are equal just when everything a row holds of a judgement is equal."""
    content = [
        str(stored.score),
        str(stored.raw),
        None if stored.expected is None else str(stored.expected),
        str(stored.coverage),
        stored.band,
        stored.days,
        stored.caps,
        stored.domains_json(),
        stored.indicators_json(),
    ]
    return blake2b(json.dumps(content, separators=(",", ":")).encode(), digest_size=16).digest()
