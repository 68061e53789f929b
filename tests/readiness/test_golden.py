"""The golden packs from end to end: imported, gathered by SQL, judged, stored, read back.

Chunks of any size and rows of a pack in any order give the same rows: one score for the same records.
"""

import csv
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from readiness.models import ReadinessScore
from readiness.packs import import_pack
from readiness.services.scores import score_deployments
from rollout.models import Deployment

GOLDEN = Path(__file__).parents[1] / "golden"
PACKS = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
CHUNK_SIZES = (1, 3, 1000)
WITHIN_SCORE, WITHIN_SHARE = Decimal("0.01"), Decimal("0.0001")
WORDS = {"unknown": "unknown", "n/a": "not_applicable"}

Figures = dict[str, Any]


def golden_days(pack: str) -> Iterator[tuple[date, Figures]]:
    """Each day of a pack with the figures of its sites."""
    for path in sorted(GOLDEN.glob(f"{pack}.*.json")):
        yield date.fromisoformat(path.name.split(".")[1]), json.loads(path.read_text(), parse_float=Decimal)


def score(day: date, chunk_size: int = 1000) -> None:
    ids = list(Deployment.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), chunk_size):
        outcome = score_deployments(ids=ids[first : first + chunk_size], day=day)
        assert outcome.failed == []


def stored(day: date) -> dict[str, Figures]:
    """The current rows of a day as they stand in the table, by the code of the site."""
    columns = (
        *("day", "revision", "provisional", "reason", "score", "raw", "expected", "coverage", "days_to_go"),
        *("band", "caps", "domains", "indicators", "digest"),
    )
    rows = ReadinessScore.objects.current().filter(day=day).values("deployment__site__code", *columns)
    return {row.pop("deployment__site__code"): row for row in rows}


def wrong(site: str, row: Figures, figures: Figures) -> list[str]:
    """What of a stored row differs from the golden figures by more than the tolerance."""

    def close(found: Any, wanted: Any, within: Decimal) -> bool:
        if found is None or wanted is None:
            return found is wanted
        return abs(Decimal(found) - Decimal(wanted)) <= within

    differing = [name for name in ("score", "raw", "expected") if not close(row[name], figures[name], WITHIN_SCORE)]
    if not close(row["coverage"], figures["coverage"], WITHIN_SHARE):
        differing.append("coverage")
    for mine, golden in (("band", "band"), ("caps", "caps"), ("days_to_go", "days")):
        if row[mine] != figures[golden]:
            differing.append(mine)
    for domain, wanted in figures["domains"].items():
        if not close(row["domains"][domain], wanted, WITHIN_SHARE):
            differing.append(domain)
    for code, wanted in figures["indicators"].items():
        state, _numerator, _denominator, _target, value = row["indicators"][code]
        if isinstance(wanted, str):
            if state != WORDS[wanted]:
                differing.append(code)
        elif state != "known" or not close(value, wanted, WITHIN_SHARE):
            differing.append(code)
    return [f"{site}: {name}" for name in differing]


def shuffled(pack: str, folder: Path, seed: int) -> Path:
    """A copy of a pack with the rows of every file, and the columns of every file, in another order."""
    chance = random.Random(seed)
    copy = folder / f"{pack}-{seed}"
    copy.mkdir()
    for path in sorted((GOLDEN / pack).glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            table = csv.DictReader(file)
            rows, columns = list(table), list(table.fieldnames or ())
        chance.shuffle(rows)
        chance.shuffle(columns)
        with (copy / path.name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return copy


@contextmanager
def forgotten() -> Iterator[None]:
    """Whatever happens inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def all_days(pack: str, chunk_size: int = 1000) -> dict[date, dict[str, Figures]]:
    """What scoring every day of a pack, in chunks of a size, would write."""
    days = [day for day, _sites in golden_days(pack)]
    with forgotten():
        for day in days:
            score(day, chunk_size)
        return {day: stored(day) for day in days}


@pytest.mark.django_db
@pytest.mark.parametrize("pack", PACKS)
def test_golden_pack_scores_as_worked_out(pack: str) -> None:
    import_pack(GOLDEN / pack)

    for day, sites in golden_days(pack):
        score(day)
        found = stored(day)

        assert found.keys() == sites.keys()
        assert [fault for site, figures in sites.items() for fault in wrong(site, found[site], figures)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("pack", PACKS)
def test_golden_pack_scores_the_same_in_chunks_of_any_size(pack: str) -> None:
    import_pack(GOLDEN / pack)

    one, three, everything = (all_days(pack, size) for size in CHUNK_SIZES)

    assert one == everything
    assert three == everything


@pytest.mark.django_db
@pytest.mark.parametrize("pack", PACKS)
def test_golden_pack_scores_the_same_in_any_order_of_its_rows(pack: str, tmp_path: Path) -> None:
    found = []
    for folder in (GOLDEN / pack, shuffled(pack, tmp_path, seed=1)):
        with forgotten():
            import_pack(folder)
            found.append(all_days(pack))

    assert found[1] == found[0]
