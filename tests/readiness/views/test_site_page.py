"""One site: the score taken apart, what holds it, other days and revisions, and what a board member may not see."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import RevisionReason
from readiness.scoring import CODES, State
from rollout.choices import ChangeWhat, DeclaredStatus, Role
from rollout.models import Deployment, DeploymentChange, Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.tenants import undone

NEXT_MORNING = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
PAGE = "/p/EPR/s/ALD/"


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NEXT_MORNING)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme) -> Deployment:
    trust = make.make_organisation(name="North Trust")
    return make.make_deployment(
        programme=programme, site=make.make_site(code="ALD", name="Alder Hospital", organisation=trust)
    )


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def test_score_stands_first_with_what_holds_it(site: Deployment, manager: Client):
    make.make_blocker(site, text="Log-in test, ward 7")
    make.make_score(site, day=make.DAY - timedelta(days=7), score="45.80")
    make.make_score(site, share=62, situation={"overdue_blockers": 1})

    text = words(manager.get(PAGE).text)

    assert "North Trust Alder Hospital 49 of 100 Off track 70 expected today 41 days to go" in text
    assert "based on 100% of what is measured" in text
    assert "+3.2 since 7 March" in text
    assert "Held at 49: 1 blocking item is overdue – Log-in test, ward 7" in text


def test_declared_stands_beside_computed(site: Deployment, manager: Client):
    Deployment.objects.filter(pk=site.pk).update(
        declared_status=DeclaredStatus.GREEN, declared_on=make.DAY - timedelta(days=12), declared_words="All well."
    )
    make.make_score(site, share=20)

    text = words(manager.get(PAGE).text)

    assert "Declared green on 2 March (13 days ago) Computed Off track Differs" in text
    assert "All well." in text


def parts(text: str, column: int) -> list[Decimal]:
    """The figures of a column in the ledgers of all domains."""
    ids = re.findall(r'id="(table-[a-z]+)"', text)
    rows = [row for each in ids for row in table(text, each)]
    return [Decimal(row[column]) for row in rows if len(row) == 6]


def test_shown_parts_add_up_to_the_shown_score(site: Deployment, manager: Client):
    readings = {code: make.reading(code, Fraction(n * 37 % 97, 3), 33) for n, code in enumerate(CODES, start=1)}
    score = make.make_score(site, readings=readings)

    text = manager.get(PAGE).text

    contributions, lost = parts(text, 4), parts(text, 5)
    assert (len(contributions), sum(contributions), sum(lost)) == (len(CODES), score.raw, 100 - score.raw)
    domains = table(text, "domains")
    assert (len(domains), domains[-1][1:]) == (12, ["", str(score.raw), str(100 - score.raw)])
    assert sum(Decimal(row[2]) for row in domains[:-1]) == score.raw


def test_indicator_shows_value_counts_target_and_rule(site: Deployment, manager: Client):
    make.make_score(site, readings={"training.completion": make.reading("training.completion", 164, 200)})

    text = manager.get(PAGE).text

    assert table(text, "table-training")[1] == ["Training completed", "86%", "164 of 200", "95%", "9.32", "1.48"]
    assert "Here: 164 of 200 (required courses completed, of all that staff need)." in words(text)
    assert "The whole value is reached at 95%." in words(text)


def test_indicator_without_evidence_and_one_left_out_say_so(site: Deployment, manager: Client):
    readings = {
        "pilots.outcome": make.reading("pilots.outcome", 0, 0, State.UNKNOWN),
        "goals.targets": make.reading("goals.targets", 0, 0, State.NOT_APPLICABLE),
    }
    make.make_score(site, readings=readings)

    text = manager.get(PAGE).text

    assert table(text, "table-pilots")[1][:3] == ["Pilots decided and resourced", "No evidence yet", "No data"]
    assert table(text, "table-goals")[1] == [
        "Site targets agreed", "Not applicable", "No data", "100%", "Left out of the score",
    ]  # fmt: skip


def test_caps_say_what_lifts_them(site: Deployment, manager: Client):
    make.make_score(site, share=95, situation={"unacceptable_hazards": 1, "blocked_blockers": 1})

    text = words(manager.get(PAGE).text)

    assert "Held at 49: a hazard is rated too high. It is lifted when the hazard is closed" in text
    assert "Not above 69 in any case: a blocking item is blocked. It is lifted when" in text


def test_site_without_a_score_says_what_is_needed(site: Deployment, manager: Client):
    text = words(manager.get(PAGE).text)

    assert "Nothing recorded yet The readiness score stands here after the first run." in text
    assert "Planned for 24 April 2026" in text


# Other days ----------------------------------------------------------------------------------------------------------


def test_past_day_shows_its_score_and_what_was_declared_then(site: Deployment, manager: Client):
    day = make.DAY - timedelta(days=4)
    make.make_score(site, day=day, share=30)
    make.make_score(site, share=90)
    DeploymentChange.objects.create(
        deployment=site,
        at=datetime(2026, 3, 9, 12, 0, tzinfo=UTC),
        what=ChangeWhat.DECLARED_STATUS,
        after=DeclaredStatus.AMBER,
    )

    text = words(manager.get(f"{PAGE}?as_of={day}").text)

    assert "You are looking at 10 March 2026. Return to today" in text
    assert "30 of 100 Off track" in text
    assert "Declared amber on 9 March (yesterday) Computed Off track Differs" in text


def test_day_without_a_score_says_so(site: Deployment, manager: Client):
    make.make_score(site)

    answer = manager.get(f"{PAGE}?as_of=2025-01-01")

    assert (answer.status_code, "No score for 1 January 2025" in words(answer.text)) == (200, True)


@pytest.fixture
def revised(site: Deployment) -> Deployment:
    """A day that was worked out twice."""
    make.make_score(site, score="30.00", superseded_at=NEXT_MORNING)
    make.make_score(site, score="40.00", revision=2, reason=RevisionReason.LATE)
    return site


def test_current_revision_is_shown_and_the_others_are_reachable(revised: Deployment, manager: Client):
    text = manager.get(f"{PAGE}?as_of={make.DAY}").text

    assert "40 of 100" in words(text)
    rows = table(text, "revisions")
    assert [row[:2] + row[3:4] for row in rows] == [["2", "40.00", "Late records"], ["1", "30.00", "First worked out"]]
    assert [row[4] for row in rows] == ["Current", "Replaced at 9am on 15 March 2026"]
    assert f'href="?as_of={make.DAY}&amp;revision=1"' in text


def test_superseded_revision_says_that_it_is_one(revised: Deployment, manager: Client):
    text = words(manager.get(f"{PAGE}?as_of={make.DAY}&revision=1").text)

    assert "30 of 100" in text
    assert "This is revision 1, which a later one replaced. Show the current revision" in text


@pytest.mark.parametrize("query", ["revision=3", "revision=x", "revision=0", "as_of=2026-13-01", "as_of=x"])
def test_what_is_no_revision_or_day_leads_nowhere(query: str, revised: Deployment, manager: Client):
    assert manager.get(f"{PAGE}?{query}").status_code == 404


# Cost ----------------------------------------------------------------------------------------------------------------


def test_queries_stay_the_same_with_more_behind_the_score(site: Deployment, manager: Client):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(PAGE).status_code == 200
        return len(captured)

    make.make_blocker(site)
    make.make_score(site, situation={"overdue_blockers": 1})
    manager.get(PAGE)  # the first request of a log-in also writes its session
    one = count()
    for days in range(1, 40):
        make.make_score(site, day=make.DAY - timedelta(days=days))
    for revision in range(2, 5):
        make.make_score(site, revision=revision, superseded_at=NEXT_MORNING)

    assert (one == count(), one <= 25) == (True, True)


# Board members -------------------------------------------------------------------------------------------------------


@pytest.fixture
def board(programme: Programme) -> Client:
    client = Client()
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=programme))
    return client


def few(code: str, numerator: int, denominator: int, site: Deployment) -> None:
    make.make_score(site, readings={code: make.reading(code, numerator, denominator)}, score="60.00", raw="60.00")


# Each line: an indicator about people, and counts that must not be told from one another.
@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("technical.access", [(1, 40), (2, 40), (3, 40), (4, 40)]),
        ("technical.access", [(196, 200), (198, 200), (199, 200)]),
        ("training.managers", [(1, 3), (2, 3), (2, 4)]),
        ("training.completion", [(396, 400), (399, 400)]),
        ("champions.ratio", [(36, 40), (37, 40)]),
        ("engagement.confidence", [(1, 6), (4, 6)]),
    ],
)
def test_counts_of_few_cannot_be_told_from_one_another(
    code: str, counts: list[tuple[int, int]], site: Deployment, board: Client
):
    pages = set()
    for numerator, denominator in counts:
        with undone():
            few(code, numerator, denominator, site)
            pages.add(words(board.get(PAGE).text).split("Printed on")[0])

    assert len(pages) == 1


def test_page_says_why_figures_about_people_are_left_out(site: Deployment, board: Client):
    few("training.managers", 2, 3, site)

    text = board.get(PAGE).text

    assert "Some counts here are of fewer than 5 people." in words(text)
    assert table(text, "table-training")[1:] == [
        ["Training completed", "Not shown: fewer than 5 people"],
        ["Training completed by line managers", "Not shown: fewer than 5 people"],
    ]
    assert table(text, "table-technical")[1] == ["Log-in tests passed", "Not shown: fewer than 5 people"]
    hidden = [row[0] for row in table(text, "domains") if row[1:] == ["Not shown: fewer than 5 people"]]
    assert hidden == ["Engagement", "Training", "Champions", "Technical"]


def test_board_member_sees_counts_of_many(site: Deployment, board: Client):
    few("training.managers", 20, 30, site)

    assert table(board.get(PAGE).text, "table-training")[2][2] == "20 of 30"


def test_board_member_who_also_manages_the_programme_sees_all(site: Deployment, programme: Programme, client: Client):
    user = make.make_member(Role.BOARD_MEMBER, programme=programme)
    make.make_member(Role.PROGRAMME_MANAGER, programme=programme, user=user)
    client.force_login(user)
    few("training.managers", 2, 3, site)

    assert table(client.get(PAGE).text, "table-training")[2][2] == "2 of 3"
