"""Each story that the sample tells is true in its records and in the score of the day."""

from collections import Counter
from datetime import date, timedelta

import pytest

from readiness.sample import STORIES, build_sample, describe_sample
from readiness.sample.plan import SitePlan
from tests.readiness.sample.conftest import TODAY
from tests.readiness.sample.pack_files import listed
from tests.readiness.sample.scoring_oracle import SiteScore, expected_at, score_pack

# A Sunday before a clock change, a Thursday in a leap year, a Monday in summer, New Year's Day.
DAYS = (TODAY, date(2024, 2, 29), date(2026, 6, 15), date(2027, 1, 1))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def scores(request, tmp_path_factory):
    folders = build_sample(tmp_path_factory.mktemp("stories"), request.param)
    return {folder.name: score_pack(folder, request.param) for folder in folders}


@pytest.fixture(scope="module")
def today_scores(folders):
    return {folder.name: score_pack(folder, TODAY) for folder in folders}


def deployment(pack, site: str) -> dict[str, str]:
    return next(row for row in pack["deployments"] if row["site"] == site)


def test_stories_have_the_bands_and_caps_they_promise(scores):
    promised = [story for story in STORIES if story.band]
    told = {
        story.key: (scores[story.programme][story.site].band, scores[story.programme][story.site].caps)
        for story in promised
    }

    assert told == {story.key: (story.band, [story.cap] if story.cap else []) for story in promised}


def test_every_band_appears_in_plausible_numbers(scores):
    bands = Counter(score.band for score in scores["EPR"].values())

    assert sum(bands.values()) == 39
    assert bands["ready"] in range(4, 9)
    assert bands["on_track"] in range(13, 21)
    assert bands["at_risk"] in range(7, 14)
    assert bands["off_track"] in range(3, 7)
    assert bands["paused"] == 1
    assert bands["unscheduled"] == 1


def test_caps_hold_only_where_a_story_says_so(scores):
    for programme, sites in scores.items():
        told = {story.site for story in STORIES if story.programme == programme and story.cap}
        assert {site for site, score in sites.items() if score.caps and score.band != "paused"} == told


def test_first_looks_are_stories_of_a_site():
    assert [bool(story.site and story.text) for story in describe_sample()] == [True] * 7


def test_site_plans_and_stories_name_each_other(packs):
    for story in STORIES:
        if story.site:
            assert story.site in {row["site"] for row in packs[story.programme]["deployments"]}
    assert SitePlan("X", None, None).work_days > 200


def test_behind_in_training_lags_behind_its_neighbours(today_scores):
    behind, others = today_scores["EPR"]["ELL-3"], [today_scores["EPR"][site] for site in ("DUN-2", "HAR-3")]

    assert behind.days in range(26, 31)
    assert behind.indicators["training.completion"] < min(o.indicators["training.completion"] for o in others) - 0.25


def test_watermelon_is_green_outside_and_red_inside(epr, today_scores):
    row = deployment(epr, "CAL-1")

    assert row["declared_status"] == "green"
    assert TODAY - date.fromisoformat(row["declared_on"]) > timedelta(14)
    assert today_scores["EPR"]["CAL-1"].band == "off_track"


def test_nights_are_uncovered_on_two_wards(epr):
    nights = {
        (row["ward"], row["starts_at"][:10])
        for row in epr["shifts"]
        if row["site"] == "PEL-1" and "T21:30" in row["starts_at"] and row["state"] != "cancelled"
    }
    wards = {ward for ward, _ in nights}

    assert {row["code"] for row in epr["wards"] if row["site"] == "PEL-1"} - wards == {"W3", "W5"}
    assert len(nights) > 50


def test_pilot_ended_without_a_decision(epr):
    open_pilots = [
        row
        for row in epr["pilots"]
        if row["outcome"] == "undecided" and date.fromisoformat(row["ends_on"]) < TODAY - timedelta(21)
    ]

    assert [(row["code"], row["site"], row["scale_owner"]) for row in open_pilots] == [("VOICE", "CAL-2", "")]


def test_deferred_site_keeps_its_old_dates(epr):
    changes = {
        row["what"]: row
        for row in epr["deployment_changes"]
        if row["site"] == "BRK-3" and row["reason"].startswith("The ward")
    }

    assert changes["stage"]["after"] == "deferred"
    assert changes["go_live"]["before"] < TODAY.isoformat() < changes["go_live"]["after"]
    assert any(row["site"] == "BRK-3" and row["outcome"] == "defer" for row in epr["gate_reviews"])
    assert any(row["site"] == "BRK-3" and row["kind"] == "defer" for row in epr["decisions"])


def test_two_programmes_go_live_within_days_of_each_other(epr, video):
    dates = [date.fromisoformat(deployment(pack, "WIN-2")["go_live"]) for pack in (epr, video)]

    assert timedelta(0) < dates[0] - dates[1] < timedelta(14)


def test_use_has_dipped_below_what_was_expected(epr):
    notes = [
        row
        for row in epr["observations"]
        if (row["measure"], row["site"], row["ward"], row["period"]) == ("NOTES", "CAL-2", "", "week")
    ]
    shares = [
        int(row["numerator"]) / int(row["denominator"]) for row in sorted(notes, key=lambda row: row["period_start"])
    ]

    assert max(shares) - shares[-1] > 0.15
    assert len(shares) >= 13


def test_signature_is_missing_inside_the_last_month(epr, today_scores):
    codes = {row["code"] for row in epr["agreements"] if row["site"] == "DUN-2"}
    missing = [row["organisation"] for row in epr["signatures"] if row["agreement"] in codes and not row["signed_on"]]

    assert missing == ["P-CARE"]
    assert 0 < today_scores["EPR"]["DUN-2"].days <= 30


def test_lapsed_waiver_brings_the_cap_down(epr):
    row = deployment(epr, "HAR-3")
    before, after = (SiteScore(epr, row, TODAY - timedelta(days)) for days in (5, 0))

    assert (before.caps, after.caps) == ([], ["blocker_overdue"])
    assert after.score < before.score


def test_hazard_that_was_closed_lets_the_score_jump_by_more_than_5_points(epr):
    row = deployment(epr, "MER-3")
    days = [SiteScore(epr, row, TODAY - timedelta(days)) for days in (28, 27, 14, 13)]

    assert [day.caps for day in days] == [[], ["hazard_unacceptable"], ["hazard_unacceptable"], []]
    assert (days[0].score - days[1].score >= 5, days[3].score - days[2].score >= 5) == (True, True)


def test_decisions_to_go_say_what_the_gate_said(epr, video):
    for pack in (epr, video):
        held = {row["site"]: row for row in pack["gate_reviews"] if row["gate"] == "GO-LIVE"}
        decided = [row for row in pack["decisions"] if row["kind"] == "go"]
        assert decided
        for row in decided:
            conditions = held[row["site"]]["outcome"] == "go_with_conditions"
            assert row["text"] == ("Go/no-go: Go with conditions" if conditions else "Go/no-go: Go"), row["site"]


def test_nothing_is_recorded_at_the_last_site(epr):
    site = "WIN-3"

    for table in (
        "postings",
        "checklist_events",
        "engagement",
        "hazards",
        "site_targets",
        "pulse",
        "sessions",
        "seats",
    ):
        assert not [row for row in epr[table] if site in (row.get("site"), *listed(row.get("sites")))], table


def test_support_is_not_paid_for_after_the_last_go_live(epr):
    last = max(row["go_live"] for row in epr["deployments"] if row["go_live"])
    support = sorted((row["from"], row["to"]) for row in epr["funding"] if "upport" in row["text"])

    assert support[0][1] > last
    assert date.fromisoformat(support[1][0]) - date.fromisoformat(support[0][1]) > timedelta(60)


def test_excluded_indicator_has_its_decision(video):
    assert listed(video.programme["not_applicable"]) == ["checklist.continuity"]
    assert [row["reason"] != "" for row in video["decisions"] if row["kind"] == "not_applicable"] == [True]


def test_expected_curve_of_the_oracle():
    assert [expected_at(days) for days in (400, 120, 75, 22, 0, -5)] == [20, 20, 45, 86, 100, 100]
