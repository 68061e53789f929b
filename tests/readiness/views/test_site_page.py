"""One site: how it stands, what holds it, its domains, other days and revisions, and what a board may not see."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import RevisionReason
from readiness.models import Hazard
from readiness.scoring import CODES, DOMAINS, State
from rollout.choices import ChangeWhat, DeclaredStatus, Role
from rollout.models import Agreement, Deployment, DeploymentChange, Programme, Signature
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, undated, words
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


def test_points_of_the_domains_add_up_to_the_shown_score(site: Deployment, manager: Client):
    readings = {code: make.reading(code, Fraction(n * 37 % 97, 3), 33) for n, code in enumerate(CODES, start=1)}
    score = make.make_score(site, readings=readings)

    text = manager.get(PAGE).text

    domains = table(text, "domains")
    assert (len(domains), domains[-1]) == (12, ["Together", str(score.raw), str(100 - score.raw), ""])
    assert sum(Decimal(row[1]) for row in domains[:-1]) == score.raw
    assert sum(Decimal(row[2]) for row in domains[:-1]) == 100 - score.raw


def test_each_domain_leads_to_its_part_of_why(site: Deployment, manager: Client):
    make.make_score(site)

    text = manager.get(f"{PAGE}?as_of={make.DAY}").text

    links = re.findall(r'href="([^"]+)#domain-([a-z]+)"', text)
    assert links == [(f"{PAGE}why/?as_of={make.DAY}", str(domain)) for domain in DOMAINS]


def test_domain_that_does_not_apply_says_so(site: Deployment, manager: Client):
    excluded = ("checklist.pilots", "pilots.outcome")
    make.make_score(site, readings={code: make.reading(code, 0, 0, State.NOT_APPLICABLE) for code in excluded})

    assert table(manager.get(PAGE).text, "domains")[-2] == ["Pilots", "Not applicable"]


def test_score_line_leads_to_what_changed(site: Deployment, manager: Client):
    make.make_score(site, day=make.DAY - timedelta(days=7), share=50)
    make.make_score(site)

    text = manager.get(PAGE).text

    assert "since 7 March" in words(text)
    assert f'<a href="{PAGE}why/?since=2026-03-07">what changed</a>' in text


def test_hazard_and_agreement_that_hold_the_score_are_named(site: Deployment, manager: Client):
    hazard = {"programme": site.programme, "deployment": site, "likelihood": 4, "severity": 5}
    Hazard.objects.create(code="H1", text="Doses are rounded", raised_on=make.DAY, **hazard)
    Hazard.objects.create(code="H2", text="Closed by now", raised_on=make.DAY, closed_on=make.DAY, **hazard)
    make.make_score(site, share=80, situation={"unacceptable_hazards": 1})

    assert "Held at 49: 1 hazard is rated too high – Doses are rounded" in words(manager.get(PAGE).text)


def test_agreement_that_holds_the_score_is_named(site: Deployment, manager: Client):
    agreement = Agreement.objects.create(programme=site.programme, deployment=site, code="A1", text="Letters home")
    Signature.objects.create(agreement=agreement, organisation=site.site.organisation)
    Deployment.objects.filter(pk=site.pk).update(go_live_on=make.DAY + timedelta(days=20))
    site.refresh_from_db()
    make.make_score(site, share=80, situation={"unsigned_agreements": 1})

    assert "Held at 69: 1 agreement is not signed – Letters home" in words(manager.get(PAGE).text)


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
    assert "30 of 100 Off track 67 expected that day" in text
    assert "Declared amber on 9 March (yesterday) Computed Off track Differs" in text


def test_day_without_a_score_says_so(site: Deployment, manager: Client):
    make.make_score(site)

    answer = manager.get(f"{PAGE}?as_of=2025-01-01")

    assert (answer.status_code, "Nothing known of 1 January 2025" in words(answer.text)) == (200, True)


@pytest.fixture
def revised(site: Deployment) -> Deployment:
    """A day that was worked out twice."""
    make.make_score(site, score="30.00", superseded_at=NEXT_MORNING)
    make.make_score(site, score="40.00", revision=2, reason=RevisionReason.LATE)
    return site


def test_current_revision_is_shown_and_the_others_are_a_link_away(revised: Deployment, manager: Client):
    text = manager.get(f"{PAGE}?as_of={make.DAY}").text

    assert "40 of 100" in words(text)
    assert f'<a href="{PAGE}why/?as_of={make.DAY}#as-of">Show another day, or an earlier revision' in text


def test_superseded_revision_says_that_it_is_one_and_is_explained_as_such(revised: Deployment, manager: Client):
    page = manager.get(f"{PAGE}?as_of={make.DAY}&revision=1").text
    text = words(page)

    assert f'href="{PAGE}why/?as_of={make.DAY}&amp;revision=1#domain-training"' in page
    assert "30 of 100" in text
    assert "This is revision 1, which a later one replaced. Show the current revision" in text
    assert "The records of now do not tell what stood in the way of the score shown." in text


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
            pages.add(undated(board.get(PAGE).text))

    assert len(pages) == 1


def test_domains_with_figures_about_few_people_are_left_out(site: Deployment, board: Client):
    few("training.managers", 2, 3, site)

    domains = table(board.get(PAGE).text, "domains")

    hidden = [row[0] for row in domains if row[1:] == ["Not shown: fewer than 5 people"]]
    assert hidden == ["Engagement", "Training", "Champions", "Technical"]
    assert [row for row in domains if row[0] == "Together"] == []
    assert all(len(row) == 2 or "." not in row[1] + row[2] for row in domains)


def test_file_leaves_out_as_much_as_the_page(site: Deployment, board: Client):
    few("training.managers", 2, 3, site)

    file = board.get(f"{PAGE}?download=csv&table=domains").getvalue().decode("utf-8-sig").splitlines()

    assert file[0] == "Domain,Value (%),Contribution,Lost points"
    assert file[3:7] == ["Engagement,,,", "Training,,,", "Champions,,,", "Governance,60,7,5"]


@pytest.mark.parametrize("roles", [(Role.BOARD_MEMBER,), (Role.BOARD_MEMBER, Role.PROGRAMME_MANAGER)])
def test_board_member_sees_counts_of_many_and_a_manager_among_them_all(
    roles: tuple[Role, ...], site: Deployment, programme: Programme, client: Client
):
    user = make.make_user()
    for role in roles:
        make.make_member(role, programme=programme, user=user)
    client.force_login(user)
    few("training.managers", 2 if len(roles) > 1 else 20, 30, site)

    assert table(client.get(PAGE).text, "domains")[-1][0] == "Together"


@pytest.mark.parametrize("page", [PAGE, "/p/EPR/sites/", "/p/EPR/board/", "/p/EPR/s/ALD/why/"])
@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-20", "1899-12-31", "2026-02-30", "tomorrow"])
def test_day_that_nobody_can_mean_is_not_found(site: Deployment, manager: Client, page: str, day: str):
    make.make_score(site)

    assert manager.get(f"{page}?as_of={day}").status_code == 404
    assert manager.get(f"{page}?as_of=1900-01-01").status_code == 200
