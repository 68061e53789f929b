"""Where declared and computed differ, what holds sites back, and what changed since the last meeting."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from readiness.choices import Band
from readiness.dashboards.board.changes import moves_in_words
from readiness.dashboards.board.scope import Whose
from readiness.dashboards.board.survey import survey_of
from rollout.choices import ChangeWhat, DecisionKind, DeclaredStatus, Stage
from rollout.models import Decision, Deployment, DeploymentChange, Programme
from tests import factories as make
from tests.factories import DAY, GO_LIVE
from tests.readiness.board_world import BEFORE, add_site, board, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR", name="One record")


# Declared against computed, what holds sites back --------------------------------------------------------------------


def test_greenest_outside_and_reddest_inside_comes_first(programme: Programme):
    days = (GO_LIVE - DAY).days
    assert days == 41
    for name, status, share, age in (
        ("Amber, off track", "amber", 10, 1),
        ("Red, ready", "red", 95, 1),
        ("Green, at risk", "green", 60, 1),
        ("Green, off track, new", "green", 10, 1),
        ("Green, off track, old", "green", 10, 9),
        ("Amber, ready", "amber", 95, 1),
        ("Agrees", "green", 95, 1),
        ("Silent", "", 10, 1),
    ):
        site = add_site(programme, name, declared_status=status, declared_on=DAY - timedelta(age))
        make.make_score(site, share=share)

    assert [place.site_name for place in board(programme).differing] == [
        "Green, off track, old",
        "Green, off track, new",
        "Green, at risk",
        "Amber, off track",
        "Amber, ready",
        "Red, ready",
    ]


def test_past_day_knows_what_was_declared_and_computed_then(programme: Programme):
    site = add_site(programme, "A", declared_status=DeclaredStatus.RED, declared_on=DAY)
    DeploymentChange.objects.create(
        deployment=site,
        at=make.score_row(site, day=DAY - timedelta(11)).computed_at,
        what=ChangeWhat.DECLARED_STATUS,
        after=DeclaredStatus.GREEN,
    )
    make.make_score(site, day=DAY - timedelta(5), share=10)
    make.make_score(site, share=95)

    [now], [then] = board(programme).differing, board(programme, as_of=DAY - timedelta(5)).differing

    assert (now.declared.word, now.band) == ("red", Band.READY)
    assert (then.declared.word, then.declared.on, then.band) == ("green", DAY - timedelta(10), Band.OFF_TRACK)


def capped(site: Deployment, days: range, **situation: Any) -> None:
    """Scores of days before DAY, each with the situation."""
    for ago in days:
        make.make_score(site, day=DAY - timedelta(ago), situation=situation)


def test_caps_stand_by_kind_since_the_first_day_of_the_present_stretch(programme: Programme):
    alder, birch, cedar = (add_site(programme, name) for name in ("Alder", "Birch", "Cedar"))
    capped(alder, range(20, 12, -1), overdue_blockers=1)
    capped(alder, range(12, 10, -1))
    capped(alder, range(10, -1, -1), overdue_blockers=2)
    capped(birch, range(30, 3, -3), unacceptable_hazards=1, overdue_blockers=1)
    capped(birch, range(2, -1, -1), unacceptable_hazards=1)
    capped(cedar, range(5, 0, -1), overdue_blockers=1)
    capped(cedar, range(0, -1, -1))
    paused = add_site(programme, "Paused", stage=Stage.DEFERRED)
    capped(paused, range(40, -1, -8), overdue_blockers=1)

    found = board(programme)

    assert [(each.code, each.limit, each.words, each.sites) for each in found.holdings] == [
        ("hazard_unacceptable", "49", "a hazard is rated too high", 1),
        ("blocker_overdue", "49", "a blocking item is overdue", 1),
    ]
    assert [(row.place.site_name, row.since) for each in found.holdings for row in each.held] == [
        ("Birch", DAY - timedelta(30)),
        ("Alder", DAY - timedelta(10)),
    ]
    assert (found.standing.held, dict(found.standing.caps)) == (2, {"blocker_overdue": 1, "hazard_unacceptable": 1})


def test_cap_that_the_score_undercuts_holds_nothing(programme: Programme):
    alder, birch = add_site(programme, "Alder"), add_site(programme, "Birch")
    make.make_score(alder, share=20, situation={"overdue_blockers": 1})
    make.make_score(birch, share=80, situation={"overdue_blockers": 1})

    found = board(programme)

    assert [[row.place.site_name for row in each.held] for each in found.holdings] == [["Birch"]]
    assert (found.standing.held, dict(found.standing.caps)) == (1, {"blocker_overdue": 1})


def test_longest_held_site_comes_first_and_a_past_day_counts_from_its_own_stretch(programme: Programme):
    alder, birch = add_site(programme, "Alder"), add_site(programme, "Birch")
    capped(alder, range(9, -1, -1), overdue_blockers=1)
    capped(birch, range(14, -1, -1), overdue_blockers=1)

    now, then = board(programme), board(programme, as_of=DAY - timedelta(8))

    assert [(row.place.site_name, row.since) for row in now.holdings[0].held] == [
        ("Birch", DAY - timedelta(14)), ("Alder", DAY - timedelta(9)),
    ]  # fmt: skip
    assert [row.place.site_name for row in then.holdings[0].held] == ["Birch", "Alder"]
    assert now.holdings[0].oldest.place.site_name == "Birch"


# What changed --------------------------------------------------------------------------------------------------------


def test_bands_left_for_others_are_told_in_words_what_fell_behind_first(programme: Programme):
    for name, before, after in (("A", 95, 10), ("B", 95, 10), ("C", 10, 95), ("D", 60, 60), ("E", 10, 60)):
        site = add_site(programme, name)
        make.make_score(site, day=BEFORE, share=before)
        make.make_score(site, share=after)
    make.make_score(add_site(programme, "New"), share=10)
    moves = survey_of(scope(programme)).moves

    found = moves_in_words(moves, Whose.ALL)

    assert moves == {
        ("ready", "off_track"): 2, ("off_track", "ready"): 1, ("on_track", "at_risk"): 1, ("off_track", "at_risk"): 1,
    }  # fmt: skip
    assert found == [
        "2 sites moved from ready to off track.",
        "1 site moved from off track to at risk.",
        "1 site moved from on track to at risk.",
        "1 site moved from off track to ready.",
    ]
    assert moves_in_words(moves, Whose.ORGANISATION)[0] == (
        "2 of your organisation's sites moved from ready to off track."
    )


def test_sites_that_moved_by_5_points_come_furthest_first(programme: Programme):
    for name, before, after in (("A", 60, 65), ("B", 60, 64), ("C", 60, 40), ("D", 60, 66)):
        site = add_site(programme, name)
        make.make_score(site, day=BEFORE, score=before, raw=before)
        make.make_score(site, score=after, raw=after)

    assert [(place.site_name, place.moved) for place in board(programme).changes.moved] == [
        ("C", Decimal(-20)), ("D", Decimal(6)), ("A", Decimal(5)),
    ]  # fmt: skip


def test_go_lives_and_decisions_since_the_day_are_told_that_day_left_out(programme: Programme):
    alder = add_site(programme, "Alder", actual_go_live_on=DAY, stage=Stage.LIVE)
    add_site(programme, "Birch", actual_go_live_on=BEFORE, stage=Stage.LIVE)
    add_site(programme, "Cedar", actual_go_live_on=BEFORE + timedelta(1), stage=Stage.LIVE)
    for number, (kind, from_on, site) in enumerate(
        (
            (DecisionKind.DEFER, DAY, alder),
            (DecisionKind.GO, BEFORE + timedelta(1), alder),
            (DecisionKind.GO, BEFORE, alder),
            (DecisionKind.STANDARD, DAY + timedelta(1), None),
            (DecisionKind.STANDARD, DAY - timedelta(1), None),
        )
    ):
        described = {"text": f"D{number}", "reason": "Because.", "from_on": from_on, "deployment": site}
        Decision.objects.create(programme=programme, code=f"D{number}", kind=kind, **described)

    found = board(programme).changes

    assert [place.site_name for place in found.live] == ["Cedar", "Alder"]
    assert [(each.what, each.reason, each.where) for each in found.deferrals] == [("D0", "Because.", "Alder")]
    assert [(each.sentence, each.where, each.href) for each in found.other_decisions] == [
        ("Standard: D4.", "Whole programme", "/p/EPR/"),
        ("D1.", "Alder", "/p/EPR/s/ALDER/"),
    ]


def test_nothing_changed_says_so(programme: Programme):
    site = add_site(programme, "A")
    make.make_score(site, day=BEFORE, share=95)
    make.make_score(site, share=95)

    assert board(programme).changes.nothing
