"""The pace that training needs, on courses that real people finished: it says weeks ahead what is put off."""

import csv
import gzip
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from readiness.dashboards.curve import needed_a_week
from readiness.dashboards.seat_needs import needed_by_week

BEGIN, TARGET = date(2013, 10, 1), Fraction(95, 100)


@pytest.mark.parametrize(("course", "due"), [("14996", 19), ("14997", 47), ("25348", 25), ("25350", 88)])
def test_pace_needed_doubles_week_by_week_where_people_put_it_off(course: str, due: int, data: Path):
    with gzip.open(data / "training-trajectories" / "submissions.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["id_assessment"] == course and row["is_banked"] == "0"]
    done = [int(row["date_submitted"]) for row in rows]
    by, paces = BEGIN + timedelta(days=due), []

    for back in (28, 21, 14, 7):
        day, completed = by - timedelta(days=back), sum(on <= due - back for on in done)
        whole = len(done)
        pace = needed_a_week(required=whole, completed=completed, target=TARGET, day=day, by=by)
        weeks = needed_by_week(None, required=whole, completed=completed, target=TARGET, day=day, by=by)
        # The weeks come to what is missing, however late people begin.
        assert sum(weeks) == -(-whole * 95 // 100) - completed
        paces.append(pace or 0)

    # Three of four weeks gone and hardly anybody done: the pace asked for has more than tripled, and never fell.
    assert all(later > earlier for earlier, later in pairwise(paces))
    assert paces[-1] > 3 * paces[0]
