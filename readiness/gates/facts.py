"""The figures a gate looks at, as one value that a frozen pack keeps word for word. No database here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class StaleSoon:
    """An item that is done and will not count any more after a day."""

    code: str
    text: str
    until_on: date


@dataclass(frozen=True)
class KeptFile:
    """An evidence file: the id of its record, and the SHA-256 of its bytes in hex. Its name stays with the record."""

    id: int
    sha256: str


@dataclass(frozen=True)
class KeptEvidence:
    """The evidence of an item as it stood: a link or note, and files."""

    code: str
    text: str
    note: str
    files: tuple[KeptFile, ...] = ()


@dataclass(frozen=True)
class GateFacts:
    """How a deployment stands on a day, for a gate.

    score, expected: 0–100, None where nothing is known. caps: codes in force and not waived. collisions: ISO weeks from
    a week before go-live to its 13th day after, as "2026-W14", that bear too much and are not waived. trained, tested:
    numerator and denominator before any target, None where unknown. hazards_open: neither accepted nor closed, None
    without a hazard log. left_out: indicators that a decision left out, of which nothing is asked. uncovered and slots:
    of the first seven days from go-live, None where unknown. evidence: of the items that have some.
    """

    day: date
    score: Decimal | None = None
    expected: Decimal | None = None
    coverage: Decimal | None = None
    band: str = ""
    days_to_go: int | None = None
    score_id: int | None = None
    caps: tuple[str, ...] = ()
    collisions: tuple[str, ...] = ()
    trained: tuple[Fraction, Fraction] | None = None
    tested: tuple[Fraction, Fraction] | None = None
    hazards_open: int | None = None
    left_out: tuple[str, ...] = ()
    uncovered: int | None = None
    slots: int | None = None
    declared: str = ""
    declared_on: date | None = None
    differs: bool = False
    stale_soon: tuple[StaleSoon, ...] = ()
    evidence: tuple[KeptEvidence, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The facts as JSON keeps them: days in ISO form, exact numbers as text."""
        return {name: _written(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "GateFacts":
        """Facts read back; what an older pack does not hold is unknown. Raises ValueError for what is no pack."""
        if "day" not in kept:
            raise ValueError("a pack without a day")
        known = dict(kept)
        for name in ("day", "declared_on"):
            known[name] = date.fromisoformat(known[name]) if known.get(name) else None
        for name in ("score", "expected", "coverage"):
            known[name] = None if known.get(name) is None else Decimal(known[name])
        for name in ("trained", "tested"):
            pair = known.get(name)
            known[name] = None if pair is None else (Fraction(pair[0]), Fraction(pair[1]))
        known["stale_soon"] = tuple(
            StaleSoon(each["code"], each["text"], date.fromisoformat(each["until_on"]))
            for each in known.get("stale_soon", ())
        )
        known["evidence"] = tuple(
            KeptEvidence(each["code"], each["text"], each["note"], tuple(KeptFile(**file) for file in each["files"]))
            for each in known.get("evidence", ())
        )
        for name in ("caps", "collisions", "left_out"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _written(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_written(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | Fraction) else value
