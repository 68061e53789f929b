"""The summary of a board dashboard: at most five sentences, right in number and in words, whatever there is."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from readiness.choices import Band
from readiness.dashboards.board.scope import Whose
from readiness.dashboards.board.summary import Sentence, Standing, linked, sentences
from readiness.dashboards.board.survey import Averages
from readiness.dashboards.programmes import Bands


def bands(nothing: int = 0, differing: int = 0, **counts: int) -> Bands:
    return Bands(Counter({Band(band).value: sites for band, sites in counts.items()}), nothing, differing)


def said(standing: Standing) -> list[str]:
    return [sentence.text for sentence in sentences(standing, {})]


NOTHING_ASKED = "No decision waits."
NOT_COUNTED = (
    "8 of your organisation's 12 sites are ready or on track. "
    "Not counted: 1 paused, 2 without a date and 3 without a score."
)
FREE = "Nothing holds a site down."


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(), ["There are no sites yet.", NOTHING_ASKED]),
        (Standing(whose=Whose.ORGANISATION), ["No site of yours is in it yet.", NOTHING_ASKED]),
        (Standing(bands=bands(nothing=1)), ["There is no score yet for 1 site.", NOTHING_ASKED]),
        (Standing(bands=bands(nothing=1200)), ["There is no score yet for 1,200 sites.", NOTHING_ASKED]),
        (
            Standing(bands=bands(paused=2, unscheduled=1)),
            ["3 sites, none compared with what is expected: 2 paused and 1 without a date.", NOTHING_ASKED],
        ),
        (
            Standing(whose=Whose.ORGANISATION, bands=bands(paused=1)),
            ["Your organisation's one site, not compared with what is expected: 1 paused.", NOTHING_ASKED],
        ),
        (Standing(bands=bands(ready=1)), ["1 site is ready.", FREE, NOTHING_ASKED]),
        (Standing(bands=bands(ready=3)), ["All 3 sites are ready.", FREE, NOTHING_ASKED]),
        (
            Standing(whose=Whose.ORGANISATION, bands=bands(ready=3)),
            ["All of your organisation's 3 sites are ready.", FREE, NOTHING_ASKED],
        ),
        (
            Standing(bands=bands(ready=1, on_track=5)),
            ["6 of 6 sites are ready or on track.", FREE, NOTHING_ASKED],
        ),
        (
            Standing(bands=bands(on_track=1, off_track=1)),
            ["1 of 2 sites is ready or on track; 1 is off track.", FREE, NOTHING_ASKED],
        ),
        (
            Standing(bands=bands(at_risk=1)),
            ["1 site is neither ready nor on track.", FREE, NOTHING_ASKED],
        ),
        (
            Standing(bands=bands(at_risk=2, off_track=2)),
            ["None of 4 sites is ready or on track; 2 are off track.", FREE, NOTHING_ASKED],
        ),
        (
            Standing(whose=Whose.ORGANISATION, bands=bands(ready=8, at_risk=4, paused=1, unscheduled=2, nothing=3)),
            [
                NOT_COUNTED,
                FREE,
                NOTHING_ASKED,
            ],
        ),
        (
            Standing(whose=Whose.SOME, bands=bands(ready=1, at_risk=1)),
            ["1 of the 2 sites you may see is ready or on track.", FREE, NOTHING_ASKED],
        ),
    ],
)  # fmt: skip
def test_first_sentence_says_where_sites_stand(standing: Standing, expected: list[str]):
    assert said(standing) == expected


@pytest.mark.parametrize(
    ("score", "expected", "sentence"),
    [
        ("62.9", "70", "The mean score is 62 of 100, 7 points behind the 70 expected today."),
        ("69", "70", "The mean score is 69 of 100, 1 point behind the 70 expected today."),
        ("70.51", "70", "The mean score is 70 of 100, 1 point ahead of the 70 expected today."),
        ("73", "70", "The mean score is 73 of 100, 3 points ahead of the 70 expected today."),
        ("70.49", "70", "The mean score is 70 of 100, as is expected today."),
        ("69.50", "70", "The mean score is 69 of 100, 1 point behind the 70 expected today."),
    ],
)
def test_mean_score_stands_beside_what_is_expected(score: str, expected: str, sentence: str):
    standing = Standing(bands=bands(ready=1), averages=Averages(Decimal(score), Decimal(expected)))

    assert said(standing)[1] == sentence
    assert said(replace(standing, past=True))[1] == sentence.replace("today", "that day").replace("as is", "as was")


@pytest.mark.parametrize(
    ("whose", "held", "caps", "sentence"),
    [
        (Whose.ALL, 1, {"blocker_overdue": 1}, "1 site is held down: a blocking item is overdue."),
        (Whose.ALL, 3, {"hazard_log_missing": 3}, "3 sites are held down: the hazard log is empty at each."),
        (
            Whose.ALL,
            7,
            {"blocker_overdue": 5, "agreement_unsigned": 4},
            "7 sites are held down, most often (5) because a blocking item is overdue.",
        ),
        (
            Whose.ORGANISATION,
            2,
            {"blocker_overdue": 1, "agreement_unsigned": 1},
            "2 of your organisation's sites are held down, most often (1) because an agreement is not signed.",
        ),
    ],
)
def test_what_holds_sites_down_is_named(whose: Whose, held: int, caps: dict[str, int], sentence: str):
    assert said(Standing(whose=whose, bands=bands(off_track=9), held=held, caps=caps))[1] == sentence


@pytest.mark.parametrize(
    ("differing", "declared", "sentence"),
    [
        (0, 0, None),
        (0, 3, "What we say and what we measure agree."),
        (1, 3, "At 1 site what we say and what we measure differ."),
        (12, 30, "At 12 sites what we say and what we measure differ."),
    ],
)
def test_declared_against_computed_is_said_only_where_something_was_declared(
    differing: int, declared: int, sentence: str | None
):
    standing = Standing(bands=bands(ready=30, differing=differing), declared=declared)

    assert said(standing)[2:-1] == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("asked", "days", "sentence"),
    [
        (0, None, "No decision waits."),
        (1, None, "1 decision waits."),
        (1, 1, "1 decision waits for 1 day."),
        (2, 37, "2 decisions wait, the oldest for 37 days."),
        (1300, 1, "1,300 decisions wait, the oldest for 1 day."),
    ],
)
def test_last_sentence_says_what_is_asked(asked: int, days: int | None, sentence: str):
    assert said(Standing(asked=asked, oldest_days=days))[-1] == sentence


@pytest.mark.parametrize(
    ("asked", "ahead", "sentence"),
    [
        (0, 1, "No decision waits; 1 is due soon."),
        (0, 1200, "No decision waits; 1,200 are due soon."),
        (4, 1, "4 decisions wait, the oldest for 37 days; 1 more is due soon."),
        (4, 17, "4 decisions wait, the oldest for 37 days; 17 more are due soon."),
    ],
)
def test_last_sentence_tells_what_waits_from_what_is_to_come(asked: int, ahead: int, sentence: str):
    assert said(Standing(asked=asked, oldest_days=37 if asked else None, ahead=ahead))[-1] == sentence


def test_summary_has_at_most_five_sentences_each_with_one_link():
    standing = Standing(
        bands=bands(ready=3, off_track=2, paused=1, differing=2),
        averages=Averages(Decimal(60), Decimal(70)),
        declared=4,
        held=2,
        caps={"blocker_overdue": 2},
        asked=6,
        oldest_days=40,
    )
    subjects = ("sites", "expected", "held", "differing", "asked")

    found = sentences(standing, {subject: f"#{subject}" for subject in subjects})

    assert [(each.linked, each.href) for each in found] == [
        ("3 of 5 sites", "#sites"),
        ("60 of 100", "#expected"),
        ("2 sites", "#held"),
        ("2 sites", "#differing"),
        ("6 decisions", "#asked"),
    ]
    assert [text for text in (each.text for each in found) if "[" in text or "]" in text] == []


def test_sentence_without_a_link_leads_nowhere():
    assert linked("No decision waits.", "#asked") == Sentence("No decision waits.", "", "", "")
