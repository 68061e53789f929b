"""What the pages of scores are made of: scores judged again, declared and computed, late runs, few people."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest
from django.utils import timezone

from readiness.choices import Band, RunState
from readiness.dashboards.declared import differs, only_differing, with_declared
from readiness.dashboards.few import hidden_codes, is_few
from readiness.dashboards.freshness import LateRun, late_run, zones_of
from readiness.dashboards.judged import judgement_of, models_of
from readiness.dashboards.programmes import measure_in_words
from readiness.dashboards.runs import announcement, run_rows, seen_mark
from readiness.dashboards.series import series_of
from readiness.dashboards.site.course import course_of
from readiness.dashboards.words import in_words
from readiness.explain import why
from readiness.models import ReadinessScore, ScoringModel
from readiness.scoring import CODES, MODEL_2026_1, Model, State
from rollout.choices import DeclaredStatus, Stage
from rollout.models import Deployment
from tests import factories as make

pytestmark = pytest.mark.django_db


# Judged again --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_stored_score_judged_again_is_the_score_stored(seed: int):
    readings = {
        code: make.reading(code, Fraction((place * 37 + seed * 11) % 50, 3), 17 + place)
        for place, code in enumerate(CODES, start=1)
    }
    readings["pilots.outcome"] = make.reading("pilots.outcome", 0, 0, State.UNKNOWN)
    readings["goals.targets"] = make.reading("goals.targets", 1, 4, State.NOT_APPLICABLE)
    score = make.make_score(
        make.make_deployment(), readings=readings, situation={"overdue_blockers": seed % 2, "unsigned_agreements": 1}
    )
    stored = ReadinessScore.objects.select_related("deployment__programme").get(pk=score.pk)

    again = judgement_of(stored, stored.deployment, models_of([stored])[stored.model_id]).stored()

    assert (again.score, again.raw, again.expected, again.coverage, again.days) == (
        stored.score, stored.raw, stored.expected, stored.coverage, stored.days_to_go,
    )  # fmt: skip
    assert (again.band, list(again.caps)) == (stored.band, stored.caps)
    assert (again.domains_json(), again.indicators_json()) == (stored.domains, stored.indicators)


def test_of_two_models_on_a_day_the_newer_one_counts():
    """Their versions as texts stand the other way round."""
    first = make.scoring_model()
    second = ScoringModel.objects.create(version="2026.0", document=first.document, published_at=timezone.now())
    deployment = make.make_deployment(actual_go_live_on=make.DAY)
    for day, model, share in ((make.DAY, second, 20), (make.DAY, first, 60), (make.DAY - timedelta(days=1), first, 95)):
        make.make_score(deployment, day=day, model=model, share=share)
    [new, old, before] = ReadinessScore.objects.newest_first()

    latest = Deployment.objects.annotate(newest=ReadinessScore.objects.latest_of_each("pk")).get().newest
    series = [each.share for each in series_of(deployment, "training.completion", until=make.DAY, few=True)]
    course = [each.score for each in course_of(deployment, make.DAY, whole=True, exact=True)]

    assert [(row.day, row.model_id) for row in (new, old)] == [(make.DAY, second.pk), (make.DAY, first.pk)]
    assert latest == new.pk
    assert series == [Fraction(95, 100), Fraction(20, 100)]
    assert course == [before.score, new.score]


def test_every_indicator_has_its_words():
    model = Model.from_json(MODEL_2026_1)

    said = [in_words(code, model) for code in CODES]

    assert len({words.name for words in said}) == len(CODES)
    assert [words for words in said if "%(" in words.name + words.rule + words.counts + words.source] == []


# Declared against computed -------------------------------------------------------------------------------------------


def test_declared_and_computed_differ_unless_they_mean_the_same():
    agreeing = {("green", "ready"), ("green", "on_track"), ("amber", "at_risk"), ("red", "off_track")}
    compared = {"ready", "on_track", "at_risk", "off_track"}

    for status, band in product([*DeclaredStatus.values, ""], Band.values):
        expected = status != "" and band in compared and (status, band) not in agreeing
        assert (status, band, differs(status, band)) == (status, band, expected)


def test_database_compares_as_python_does():
    programme = make.make_programme()
    shares = {Band.READY: 95, Band.ON_TRACK: 75, Band.AT_RISK: 60, Band.OFF_TRACK: 10}
    for status, share in product([*DeclaredStatus.values, ""], shares.values()):
        make.make_score(make.make_deployment(programme=programme, declared_status=status), share=share)
    banded = with_declared(Deployment.objects.all(), None).annotate(band=ReadinessScore.objects.latest_of_each("band"))

    found = set(only_differing(banded).values_list("declared_status", "band"))

    everything = set(banded.values_list("declared_status", "band"))
    assert len(everything) == 16
    assert found == {(status, band) for status, band in everything if differs(status, band)}


# Late runs -----------------------------------------------------------------------------------------------------------

MORNING = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
DAY_BEFORE = make.DAY - timedelta(days=1)
LATE = LateRun(DAY_BEFORE, began=True)
NOT_BEGUN = LateRun(DAY_BEFORE, began=False)


@pytest.mark.parametrize(
    ("last_night", "now", "zone", "expected"),
    [
        (RunState.DONE, MORNING, "Europe/London", None),
        (RunState.INCOMPLETE, MORNING, "Europe/London", None),
        (RunState.RUNNING, MORNING, "Europe/London", LATE),
        (RunState.WAITING, MORNING, "Europe/London", NOT_BEGUN),
        (None, MORNING, "Europe/London", NOT_BEGUN),
        # One hour after the run should have begun at the latest, and a minute before that.
        (None, datetime(2026, 3, 15, 1, 14, tzinfo=UTC), "Europe/London", None),
        (None, datetime(2026, 3, 15, 1, 15, tzinfo=UTC), "Europe/London", NOT_BEGUN),
        # Where the day ends five hours later, so does the patience.
        (None, datetime(2026, 3, 15, 5, 14, tzinfo=UTC), "America/New_York", None),
        (None, datetime(2026, 3, 15, 5, 15, tzinfo=UTC), "America/New_York", NOT_BEGUN),
    ],
)
def test_run_is_late_an_hour_after_it_was_due(last_night, now: datetime, zone: str, expected: LateRun | None):
    programme = make.make_programme()
    make.make_deployment(programme=programme, site=make.make_site(time_zone=zone))
    make.make_run(programme=programme, first_day=DAY_BEFORE, last_day=DAY_BEFORE)
    if last_night:
        make.make_run(programme=programme, state=last_night)

    assert late_run(programme, zones_of(programme), now) == expected


def test_day_that_another_run_worked_out_is_not_late():
    programme = make.make_programme()
    make.make_run(programme=programme, first_day=DAY_BEFORE, last_day=DAY_BEFORE)
    make.make_score(make.make_deployment(programme=programme))

    assert late_run(programme, zones_of(programme), MORNING) is None


def test_programme_is_not_late_before_its_first_run_or_when_nothing_is_scored():
    fresh, embedded = make.make_programme(), make.make_programme()
    make.make_deployment(programme=fresh)
    make.make_deployment(programme=embedded, stage=Stage.EMBEDDED)
    make.make_run(programme=embedded, first_day=DAY_BEFORE, last_day=DAY_BEFORE)

    assert [late_run(programme, zones_of(programme), MORNING) for programme in (fresh, embedded)] == [None, None]


# Runs ----------------------------------------------------------------------------------------------------------------


def test_mark_changes_with_whatever_a_row_shows():
    run = make.make_run(total=8, state=RunState.RUNNING)

    def mark(**fields) -> str:
        for name, value in fields.items():
            setattr(run, name, value)
        return seen_mark(run_rows([run], str))

    marks = [mark(), mark(done=1), mark(failed=1), mark(written=1), mark(state=RunState.DONE)]

    assert len(set(marks)) == len(marks)
    assert mark() == marks[-1]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0, 1, ""),
        (1, 2, "2 of 8 scores worked out."),
        (2, 7, "7 of 8 scores worked out."),
    ],
)
def test_progress_is_said_at_each_quarter(before: int, after: int, said: str):
    run = make.make_run(total=8, done=before, state=RunState.RUNNING)
    seen = seen_mark(run_rows([run], str))
    run.done = after

    assert announcement(run_rows([run], str), seen) == said


# Few people, measures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "numerator", "denominator", "expected"),
    [
        ("technical.access", 0, 200, False),
        ("technical.access", 1, 200, True),
        ("technical.access", 4, 200, True),
        ("technical.access", 5, 200, False),
        ("technical.access", 195, 200, False),
        ("technical.access", 196, 200, True),
        ("technical.access", 200, 200, False),
        ("technical.access", 4, 4, True),
        ("technical.access", 5, 5, False),
        ("technical.access", 0, 0, False),
        ("training.managers", 2, 3, True),
        ("governance.hazards", 2, 3, False),
        ("checklist.training", 1, 3, False),
    ],
)
def test_counts_of_fewer_than_five_people(code: str, numerator: int, denominator: int, expected: bool):
    readings = {one: make.reading(one, 50, 100) for one in CODES} | {code: make.reading(code, numerator, denominator)}
    score = make.make_score(make.make_deployment(), readings=readings)
    rows = why(judgement_of(score, score.deployment, models_of([score])[score.model_id])).rows

    assert is_few(next(row for row in rows if row.code == code)) is expected
    assert bool(hidden_codes(rows)) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "Notes", "unit": "%", "baseline": 5, "target": 90}, "Notes: from 5% to 90%"),
        ({"name": "Wait", "unit": "minutes", "target": "2.5000"}, "Wait: 2.5 minutes"),
        ({"name": "Calls", "baseline": 12000, "target": 1280}, "Calls: from 12,000 to 1,280"),
        ({"name": "Trust"}, "Trust"),
    ],
)
def test_measure_in_words(fields: dict, expected: str):
    measure = make.make_measure(**fields)
    measure.refresh_from_db()

    assert measure_in_words(measure) == expected


def test_measure_names_its_day():
    measure = make.make_measure(name="Notes", unit="%", target=90, target_date=make.GO_LIVE)
    measure.refresh_from_db()

    assert measure_in_words(measure) == "Notes: 90% by 24 April 2026"
