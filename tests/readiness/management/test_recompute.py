"""The command `recompute`: which days it takes, and what it refuses in words before anything is queued."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from readiness.models import ReadinessScore, RecomputeRun
from tests import factories as make
from tests.clock import FrozenClock

pytestmark = pytest.mark.django_db


def recompute(*arguments: str) -> str:
    out = StringIO()
    call_command("recompute", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def deployment(frozen_clock: FrozenClock):
    programme = make.make_programme(code="EPR")
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD"))


def test_several_days_are_scored_at_once():
    first, last = date(2026, 2, 26), date(2026, 2, 28)

    said = recompute("--site", "ALD", "--from", str(first), "--to", str(last))

    assert said.startswith("3 scored, 3 rows written, 0 failed")
    assert list(ReadinessScore.objects.order_by("day").values_list("day", flat=True)) == [
        first + timedelta(days=n) for n in range(3)
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "0001-01-01", "--to", "9999-12-31"), "none before 2000-01-01"),
        (("--day", "0001-01-01"), "none before 2000-01-01"),
        (("--from", "2000-01-01", "--to", "9999-12-31"), "At most 3,660 days"),
        (("--day", "9999-12-31"), "the days lie in the future"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "--to is before --from"),
        (("--from", "2026-03-02"), "go together"),
        (("--day", "2026-03-02", "--to", "2026-03-02"), "not both"),
        (("--day", "2026-02-30"), "'2026-02-30' is no day such as"),
        (("--day", "2026-03-02", "--site", "NONE"), "There is no site with the code NONE"),
    ],
)
def test_what_cannot_be_scored_is_refused_before_it_is_queued(arguments: tuple[str, ...], words: str):
    with pytest.raises(CommandError, match=words):
        recompute(*arguments)

    assert RecomputeRun.objects.count() == 0
