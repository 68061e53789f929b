"""`scores.csv`: the current scores of a programme, written and never read."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from readiness.models import ReadinessScore, ScoringModel
from readiness.packs import export_pack, import_pack
from readiness.scoring import CODES, DOMAINS
from rollout.models import Deployment
from tests.readiness.packs.packs import load, small_tables

pytestmark = pytest.mark.django_db


def add_score(day: date, **values) -> None:
    """A score of the site S1."""
    usual = {
        "computed_at": timezone.now(),
        "score": Decimal("49.00"),
        "raw": Decimal("63.50"),
        "expected": None,
        "coverage": Decimal("0.7500"),
        "days_to_go": -3,
        "band": "off_track",
        "caps": ["blocker_overdue", "hazard_log_missing"],
        "domains": {"training": "0.5000", "pilots": None},
        "indicators": {
            "training.completion": ["known", "19", 40, "19/20", "0.5000"],
            "training.managers": ["unknown", "0", 0, "1", "0.0000"],
            "pilots.outcome": ["not_applicable", "0", 0, "1", None],
        },
        "digest": b"x" * 16,
    }
    ReadinessScore.objects.create(
        deployment=Deployment.objects.get(site__code="S1"),
        day=day,
        model=ScoringModel.objects.get_or_create(version="2026.1", defaults={"document": {}})[0],
        **usual | values,
    )


def scores(folder: Path) -> list[dict[str, str]]:
    """The rows of `scores.csv`."""
    with (folder / "scores.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def scored(tmp_path) -> Path:
    """A programme with scores of two days, one of them revised; gives a folder to export to."""
    load(tmp_path / "in", small_tables("deployments.csv"))
    add_score(date(2026, 4, 15), revision=1, superseded_at=timezone.now())
    add_score(date(2026, 4, 15), revision=2)
    add_score(date(2026, 4, 16))
    return tmp_path / "out"


def test_current_scores_are_written_in_words_of_the_format(scored):
    report = export_pack("SMALL", scored, scores=True)

    first, second = scores(scored)
    assert list(first) == [
        *("site", "day", "model", "revision", "score", "raw", "band", "expected", "coverage", "days", "caps"),
        *DOMAINS,
        *CODES,
    ]
    filled = {name: cell for name, cell in first.items() if cell}
    assert filled == {
        "site": "S1",
        "day": "2026-04-15",
        "model": "2026.1",
        "revision": "2",
        "score": "49.00",
        "raw": "63.50",
        "band": "off_track",
        "coverage": "0.7500",
        "days": "-3",
        "caps": "blocker_overdue;hazard_log_missing",
        "training": "0.5000",
        "training.completion": "0.5000",
        "training.managers": "unknown",
    }
    assert (second["day"], report.rows["scores.csv"]) == ("2026-04-16", 2)


def test_scores_of_one_day_only(scored):
    export_pack("SMALL", scored, scores=True, day=date(2026, 4, 16))

    assert [row["day"] for row in scores(scored)] == ["2026-04-16"]


def test_without_being_asked_for_scores_are_left_out_and_said(scored):
    report = export_pack("SMALL", scored)

    assert not (scored / "scores.csv").exists()
    assert "scores (--scores writes them)" in report.lines()[-1]


def test_scores_are_never_read(scored):
    export_pack("SMALL", scored, scores=True)

    assert not import_pack(scored).changed_anything
    assert ReadinessScore.objects.count() == 3
