"""The main job on real input: imported, imported again, and scored for thirty days."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from readiness.models import ReadinessScore
from readiness.packs import import_pack
from readiness.packs.report import ImportReport
from tests.real_input import build_real_pack
from tests.real_input.pack import PROGRAMME

pytestmark = pytest.mark.night

LAST = date(2026, 3, 29)
FIRST = LAST - timedelta(days=29)
MIDDLE = date(2026, 3, 15)


@dataclass(frozen=True)
class RealRun:
    """What came of it: both imports, what recomputing said, rows by day, scores by day and site for three days."""

    imported: ImportReport
    again: ImportReport
    said: str
    said_again: str
    rows: dict[date, int]
    scores: dict[date, dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def run(
    data: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealRun]:
    pack = build_real_pack(data, tmp_path_factory.mktemp("real") / "pack", LAST)
    with django_db_blocker.unblock(), transaction.atomic():
        yield RealRun(
            imported=import_pack(pack),
            again=import_pack(pack),
            said=recompute("--from", str(FIRST), "--to", str(LAST)),
            said_again=recompute("--day", str(MIDDLE)),
            rows=dict(ReadinessScore.objects.values_list("day").annotate(rows=Count("pk")).order_by("day")),
            scores={day: scores_on(day) for day in (FIRST, MIDDLE, LAST)},
        )
        transaction.set_rollback(True)


def recompute(*options: str) -> str:
    stdout = StringIO()
    call_command("recompute", "--programme", PROGRAMME, *options, stdout=stdout)
    return stdout.getvalue().strip()


def scores_on(day: date) -> dict[str, dict[str, Any]]:
    names = ("score", "raw", "band", "expected", "coverage", "days_to_go", "caps", "indicators")
    rows = ReadinessScore.objects.filter(day=day, superseded_at=None).values("deployment__site__code", *names)
    return {row.pop("deployment__site__code"): row for row in rows}


def without_indicators(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "indicators"}


def test_every_row_is_loaded_and_the_second_import_changes_nothing(run: RealRun):
    assert {file: (fates.new, fates.changed) for file, fates in run.imported.fates.items()} == {
        "programme.csv": (1, 0),
        "organisations.csv": (212, 0),
        "sites.csv": (2858, 0),
        "wards.csv": (203, 0),
        "waves.csv": (7, 0),
        "deployments.csv": (2858, 0),
        "staff.csv": (3173, 0),
        "postings.csv": (3173, 0),
        "courses.csv": (12, 0),
        "attendance.csv": (12073, 0),
        "champions.csv": (52, 0),
        "shift_patterns.csv": (4, 0),
        "shifts.csv": (447, 0),
        "template.csv": (12, 0),
        "checklist_events.csv": (486, 0),
    }
    assert not run.again.changed_anything


def test_every_deployment_is_scored_on_each_of_thirty_days_once(run: RealRun):
    assert run.said == "85740 scored, 85740 rows written, 0 failed."
    assert run.said_again == "2858 scored, 0 rows written, 0 failed."
    assert run.rows == {FIRST + timedelta(days=n): 2858 for n in range(30)}


def test_bands_are_those_of_a_reckoning_apart(run: RealRun):
    """Counted by a program that read the pack's files itself and shares nothing with the product."""
    bands = {day: Counter(row["band"] for row in rows.values()) for day, rows in run.scores.items()}

    assert bands == {
        FIRST: {"off_track": 2441, "unscheduled": 295, "at_risk": 81, "paused": 25, "on_track": 16},
        MIDDLE: {"off_track": 2448, "unscheduled": 295, "at_risk": 55, "paused": 25, "on_track": 35},
        LAST: {"off_track": 2454, "unscheduled": 295, "at_risk": 39, "paused": 25, "on_track": 45},
    }
    # Nothing was recorded of a site without staff: it has no point, and it is never ready.
    assert {day: sum(row["score"] > 0 for row in rows.values()) for day, rows in run.scores.items()} == {
        FIRST: 162,
        MIDDLE: 162,
        LAST: 162,
    }


def test_site_worked_out_by_hand_has_that_score(run: RealRun):
    """A hospital of 28 people in wards of 23 and 5, live since 23 March, its champions on the rota of 14 people.

    engagement   9 · (1·1 + 1·0 + 1·unknown) ÷ 3                     =  3
    training    18 · (1·0 + 3·(108 ÷ 117 ÷ 0.95) + 1·(7 ÷ 8)) ÷ 5    = 13.64...
    champions   12 · (1·0 + 1·(23 ÷ 28) + 2·(42 ÷ 112)) ÷ 4          =  4.71...
    resourcing   6 · 1                                               =  6
    The other seven domains have no point. Ward 1 has the 3 champions it needs, ward 2 none. Of 2 wards × 14 days × 4
    patterns the early, day and late slots of ward 1 are filled, nights are not. Unknown are confidence (3 of 9),
    hazards (6 of 12), targets (1.5 of 3), commitments (2 of 4) and pilots (1.5 of 3): 14 of 100.
    """
    hospital = run.scores[LAST]["RVJ01"]
    indicators = hospital["indicators"]

    assert without_indicators(hospital) == {
        "score": Decimal("27.36"),
        "raw": Decimal("27.36"),
        "band": "off_track",
        "expected": Decimal("100.00"),
        "coverage": Decimal("0.8600"),
        "days_to_go": -6,
        "caps": ["blocker_overdue", "hazard_log_missing"],
    }
    assert {code: (int(top), int(bottom)) for code, (_, top, bottom, *_) in indicators.items() if int(top)} == {
        "training.completion": (108, 117),
        "training.managers": (7, 8),
        "champions.ratio": (23, 28),
        "champions.cover": (42, 112),
        "checklist.engagement": (2, 2),
        "checklist.resourcing": (3, 3),
    }
    assert [code for code, (state, *_) in sorted(indicators.items()) if state == "unknown"] == [
        "engagement.confidence",
        "goals.targets",
        "governance.hazards",
        "partnerships.commitments",
        "pilots.outcome",
    ]


def test_completions_of_the_month_raise_the_training_of_that_site(run: RealRun):
    trained = [run.scores[day]["RVJ01"]["indicators"]["training.completion"][1:3] for day in (FIRST, MIDDLE, LAST)]

    assert [(int(done), asked) for done, asked in trained] == [(83, 117), (98, 117), (108, 117)]


def test_site_without_staff_is_scored_on_what_is_unknown(run: RealRun):
    """No staff, no date near: only its untouched checklist is known, and coverage says how little that is."""
    clinic = run.scores[LAST]["A1V6U"]
    known = {code for code, (state, *_) in clinic["indicators"].items() if state == "known"}

    assert {code.partition(".")[0] for code in known} == {"checklist"}
    assert without_indicators(clinic) == {
        "score": Decimal("0.00"),
        "raw": Decimal("0.00"),
        "band": "off_track",
        "expected": Decimal("20.00"),
        "coverage": Decimal("0.4960"),
        "days_to_go": 120,
        "caps": ["hazard_log_missing"],
    }
