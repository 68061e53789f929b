"""The board dashboard in a browser's eyes: of one programme, of all, as each role, empty, on past days, as files."""

import gzip
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from readiness.models import Hazard, Waiver
from readiness.scoring import State
from rollout.choices import DecisionKind, DeclaredStatus, Period, Role, Stage
from rollout.models import (
    Decision,
    Deployment,
    FundingLine,
    Observation,
    Person,
    Pilot,
    PortfolioFollow,
    Programme,
    PulseResponse,
)
from tests import factories as make
from tests.clock import FrozenClock
from tests.factories import DAY
from tests.pages import column, table, words

NEXT_MORNING = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
TODAY = NEXT_MORNING.date()
PAGE = "/p/EPR/board/"
TABLES = ("asked", "waves", "programmes", "differing", "held", "moved", "went-live", "decisions", "money")


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NEXT_MORNING)
    return make.make_programme(code="EPR", name="One record", goal="Notes in one record.", portfolio="Clinicians")


@pytest.fixture
def member(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=programme))
    return client


def add_site(programme: Programme, name: str, **fields: Any) -> Deployment:
    site = make.make_site(name=name, organisation=fields.pop("organisation", None))
    return make.make_deployment(programme=programme, site=site, **fields)


def fill(programme: Programme, number: int = 1) -> list[Deployment]:
    """Something for every section, `number` times. People in it are named, and few."""
    wave = make.make_wave(programme=programme, starts_on=TODAY, ends_on=TODAY + timedelta(30))
    measure = make.make_measure(
        programme=programme, name=f"Measure of {programme.name}", unit="%", target=90, headline=True
    )
    author = Person.objects.create(label=f"Wilhelmina Author {wave.pk}")
    sites = []
    for place in range(number):
        status = {"declared_status": DeclaredStatus.GREEN, "declared_on": DAY, "declared_by": author}
        site = add_site(programme, f"{wave.pk}-{place} Hospital", wave=wave, **status)
        sites.append(site)
        make.make_staff(make.make_ward(site=site.site), name=f"Wilhelmina Staff {site.pk}")
        few = {
            code: make.reading(code, 196, 200)
            for code in ("training.completion", "training.managers", "technical.access")
        } | {"engagement.confidence": make.reading("engagement.confidence", 0, 0, State.UNKNOWN)}
        make.make_score(site, day=DAY - timedelta(40), share=95)
        make.make_score(site, readings=few, situation={"overdue_blockers": 1})
        for day, share in ((DAY - timedelta(14), 20), (DAY - timedelta(7), 30)):
            Observation.objects.create(
                measure=measure,
                deployment=site,
                period_starts_on=day,
                period=Period.WEEK,
                numerator=share,
                denominator=100,
            )
        live = add_site(programme, f"{wave.pk}-{place} Live", stage=Stage.LIVE, actual_go_live_on=DAY)
        sites.append(live)
        key = f"{site.pk}"
        Waiver.objects.create(
            programme=programme, deployment=site, code=f"W{key}", subject="agreement_unsigned", asked_by=author,
            asked_on=DAY - timedelta(6), until_on=TODAY,
        )  # fmt: skip
        Hazard.objects.create(
            programme=programme, deployment=site, code=f"H{key}", text="Doses", likelihood=5, severity=3, raised_on=DAY
        )
        Pilot.objects.create(
            programme=programme, site=site.site, code=f"P{key}", ends_on=DAY - timedelta(50), scale_owner=author,
            staff_experience=4, staff_answers=4, patient_experience=3, patient_answers=37,
        )  # fmt: skip
        described = {"text": "Moves to wave 4.", "reason": "The network failed.", "from_on": DAY, "by": author}
        Decision.objects.create(
            programme=programme, deployment=site, code=f"D{key}", kind=DecisionKind.DEFER, **described
        )
        FundingLine.objects.create(
            programme=programme, code=f"F{key}", text=f"Desk {place}", from_on=DAY, to_on=TODAY + timedelta(60)
        )
        for answer in range(3):
            PulseResponse.objects.create(
                programme=programme, deployment=site, code=f"{key}-{answer}", answered_on=DAY, confidence=2
            )
    return sites


# One programme -------------------------------------------------------------------------------------------------------


def test_page_answers_section_by_section(programme: Programme, member: Client):
    [site, live] = fill(programme)
    hospital, alive = site.site.name, live.site.name
    key = f"P{site.pk}"

    text = member.get(PAGE).text

    said = words(text)
    assert "1 site is neither ready nor on track; 1 is off track. Not counted: 1 without a score." in said
    assert "The mean score is 49 of 100" in said
    assert "1 site is held down: a blocking item is overdue." in said
    assert "At 1 site what we say and what we measure differ." in said
    assert "3 decisions wait, the oldest for 51 days." in said
    assert table(text, "asked-table") == [
        [f"Pilot that ended {key}", hospital, "Scale, iterate or stop", "23 January 2026 51 days ago"],
        ["Waiver An agreement is not signed", hospital, "Approve or deny it", "8 March 2026 7 days ago"],
        ["Hazard Doses (rated 15)", hospital, "Close or accept it", "14 March 2026 yesterday"],
    ]
    assert table(text, "differing-table") == [[hospital, "Green on 14 March 2026 (yesterday)", "Off track", "49"]]
    assert table(text, "holding-table") == [
        ["A blocking item is overdue holds the score at 49", "1", f"{hospital} : since 14 March 2026 (yesterday)"]
    ]
    assert "What changed since 15 February 2026" in said
    assert "1 site moved from ready to off track." in said
    assert "1 site went live" in said
    assert f"{alive} , 14 March 2026" in said
    assert f"{hospital} , 14 March 2026, Defer: Moves to wave 4. The network failed." in said
    assert table(text, "money-table") == [["Desk 0", "14 May 2026", "2", "No line follows", "None"]]
    assert f"Pilot “{key}”: patients 3.0 of 5 (37 answers)." in said
    assert "Measure of One record: 30% in the week from 7 March 2026, reported by 1 of 2 sites." in said


def test_waves_lead_to_their_sites(programme: Programme, member: Client):
    fill(programme)

    text = member.get(PAGE).text

    [row, rest] = table(text, "waves-table")
    number = programme.waves.get().number
    assert (row[0], row[1]) == (f"Wave {number}", "15 March to 14 April 2026 under way, ends in 30 days")
    assert f'href="/p/EPR/sites/?wave={number}&amp;band=off_track"' in text
    assert (row[3:], rest[0], rest[3:]) == (["49", "70"], "No wave", ["No data", "No data"])


def test_links_keep_the_day_that_is_shown(programme: Programme, member: Client):
    fill(programme)

    text = member.get(PAGE, {"as_of": "2026-03-14"}).text

    assert f'href="/p/EPR/sites/?wave={programme.waves.get().number}&amp;band=off_track&amp;as_of=2026-03-14"' in text
    assert 'href="/p/EPR/sites/?as_of=2026-03-14&amp;differs=on"' in text
    assert "You are looking at 14 March 2026." in words(text)


def test_points_lead_to_why_they_are_what_they_are(programme: Programme, member: Client):
    [site, _live] = fill(programme)
    why = f"/p/EPR/s/{site.site.code}/why/"

    now, then = member.get(PAGE).text, member.get(PAGE, {"as_of": "2026-03-14", "since": "2026-02-10"}).text

    assert (f'href="{why}"' in now, f'href="{why}?since=2026-02-15"' in now) == (True, True)
    assert f'href="{why}?as_of=2026-03-14&amp;since=2026-02-10"' in then
    assert 'href="/p/EPR/sites/?since=2026-02-15&amp;changed=on"' in now


def test_past_day_shows_what_was_stored_and_known_then(programme: Programme, member: Client):
    [site, _live] = fill(programme)

    text = member.get(PAGE, {"as_of": DAY - timedelta(20)}).text

    assert "1 site is ready." in words(text)
    assert column(text, "asked-table") == [f"Pilot that ended P{site.pk}"]
    assert (table(text, "differing-table"), table(text, "holding-table")) == ([], [])


def test_since_compares_with_the_day_chosen(programme: Programme, member: Client):
    fill(programme)

    near, far = (words(member.get(PAGE, {"since": day}).text) for day in (DAY, DAY - timedelta(45)))

    assert "What changed since 14 March 2026" in near
    assert "Nothing changed: no band, no go-live, no decision, and no score by 5 points." in near
    assert ("1 site moved" in far, "1 site went live" in far) == (False, True)
    assert "No site had a score yet on 28 January 2026, so scores and bands cannot be compared with it." in far
    assert ("no band" in far, "score yet on" in near) == (False, False)


@pytest.mark.parametrize("since", [TODAY, TODAY + timedelta(1)])
def test_since_that_is_not_before_the_day_asks_for_another(since: date, programme: Programme, member: Client):
    fill(programme)

    assert "Choose a day before 15 March 2026." in words(member.get(PAGE, {"since": since}).text)


@pytest.mark.parametrize("query", ["as_of=x", "since=x", "since=2026-02-30", "download=csv", "download=csv&table=x"])
@pytest.mark.parametrize("page", [PAGE, "/board/"])
def test_what_cannot_be_asked_is_not_found(page: str, query: str, programme: Programme, member: Client):
    assert member.get(f"{page}?{query}").status_code == 404


def test_programme_without_anything_says_so_everywhere(programme: Programme, member: Client):
    said = words(member.get(PAGE).text)

    for sentence in (
        "There are no sites yet.",
        "No decision waits.",
        "No measure is marked as the headline of this programme yet.",
        "There are no waves yet.",
        "No site has declared a status that could be compared.",
        "Nothing holds a site down.",
        "Nothing changed: no band, no go-live, no decision, and no score by 5 points.",
        "No funding is recorded.",
    ):
        assert sentence in said
    assert said.count("No evidence recorded") == 7


def test_paused_sites_are_ordinary_words(programme: Programme, member: Client):
    for stage in (Stage.DEFERRED, Stage.STOPPED):
        make.make_score(add_site(programme, stage, stage=stage))

    text = member.get(PAGE).text

    assert "2 sites , none compared with what is expected: 2 paused." in words(text)
    assert ("nhsuk-tag--red" in text, "failed" in text.lower().replace("data-failed", "")) == (False, False)


def test_long_sections_say_how_many_they_leave_out(programme: Programme, member: Client):
    for place in make.make_deployments(12, programme=programme):
        Waiver.objects.create(
            programme=programme, deployment=place, code=f"W{place.pk}", subject="X", asked_on=DAY, until_on=TODAY
        )

    text = member.get(PAGE).text

    assert len(table(text, "asked-table")) == 10
    assert "10 of 12 are shown; the files have them all." in words(text)
    assert f'<a href="?as_of={TODAY}&amp;all=asked#asked">Show all 12' in member.get(PAGE, {"as_of": TODAY}).text
    assert len(table(member.get(PAGE, {"all": "asked"}).text, "asked-table")) == 12
    assert "are shown; the files" not in member.get(PAGE, {"all": "asked"}).text
    assert member.get(PAGE, {"download": "csv", "table": "asked"}).getvalue().count(b"\n") == 13


# All programmes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def second(programme: Programme) -> Programme:
    return make.make_programme(code="VIDEO", name="Video visits", portfolio="Patients")


def test_all_programmes_stand_by_portfolio(programme: Programme, second: Programme, client: Client):
    fill(programme)
    client.force_login(make.make_member(Role.ADMINISTRATOR))

    text = client.get("/board/").text

    said = words(text)
    assert [row[0] for number in (1, 2) for row in table(text, f"portfolio-{number}")] == [
        "One record Rolling out", "Video visits Rolling out",
    ]  # fmt: skip
    assert (said.count("Clinicians"), said.count("Patients")) == (1, 1)
    assert 'href="/p/EPR/board/"' in text
    assert "All (2 programmes)" in said
    assert [row[1].endswith("One record") for row in table(text, "asked-table")] == [True] * 3


def test_mine_are_the_programmes_of_the_portfolios_one_follows(programme: Programme, second: Programme, client: Client):
    user = make.make_member(Role.ADMINISTRATOR)
    client.force_login(user)
    fill(programme)
    PortfolioFollow.objects.create(user=user, portfolio="Patients")

    mine, everything = client.get("/board/").text, client.get("/board/", {"show": "all"}).text

    assert ("There are no sites yet." in words(mine), "Mine (1 programme)" in words(mine)) == (True, True)
    assert 'id="portfolio-1"' not in mine  # one programme: by wave
    assert table(everything, "portfolio-2") != []


def test_who_follows_nothing_sees_all_and_is_told_so(programme: Programme, second: Programme, client: Client):
    client.force_login(make.make_member(Role.ADMINISTRATOR))

    assert table(client.get("/board/").text, "portfolio-2") != []
    assert "Nothing is yours yet" in words(client.get("/board/", {"show": "mine"}).text)


def test_who_may_see_no_programme_is_told_what_to_do(programme: Programme, client: Client):
    client.force_login(make.make_member(Role.CHAMPION))

    answer = client.get("/board/")

    assert (answer.status_code, "No programmes You are here as a champion." in words(answer.text)) == (200, True)


def test_board_of_one_programme_stands_at_both_addresses(programme: Programme, member: Client):
    fill(programme)

    text = member.get("/board/").text

    assert column(text, "waves-table")[1] == "No wave"
    assert ("One record Board dashboard" in words(text), "Mine (" in words(text)) == (True, False)
    assert "reported by 1 of 2 sites" in words(text)
    assert member.get("/board/", {"download": "csv", "table": "headline"}).status_code == 200


# Who sees what -------------------------------------------------------------------------------------------------------


def test_board_of_an_organisation_counts_its_own_sites_in_words(programme: Programme, client: Client):
    trust = make.make_organisation()
    for name, share in (("Own ready", 95), ("Other", 95)):
        make.make_score(add_site(programme, name, organisation=trust if "Own" in name else None), share=share)
    make.make_score(add_site(programme, "Elm", organisation=trust), share=10)
    client.force_login(make.make_member(Role.BOARD_MEMBER, organisation=trust))

    said = words(client.get(PAGE).text)

    assert "1 of your organisation's 2 sites is ready or on track; 1 is off track." in said
    assert "Other" not in said


@pytest.mark.parametrize(
    "role", [Role.BOARD_MEMBER, Role.PROGRAMME_MANAGER, Role.TRAINER, Role.SIGNATORY, Role.ADMINISTRATOR]
)
@pytest.mark.parametrize("page", [PAGE, "/board/"])
def test_nobody_is_named_on_the_page_or_in_its_files(page: str, role: Role, programme: Programme, client: Client):
    fill(programme, 2)
    second = make.make_programme(portfolio="Patients")
    fill(second)
    user = make.make_user(name="Reader")
    scopes: list[dict[str, Any]] = [{"programme": programme}, {"programme": second}]
    for scope in [{}] if role == Role.ADMINISTRATOR else scopes:
        make.make_member(role, user=user, **scope)
    client.force_login(user)
    # Both kinds of files hold the same table.
    kinds = ("csv", "xlsx") if role == Role.BOARD_MEMBER else ("csv",)
    files = [(kind, name) for kind in kinds for name in TABLES]

    found = [client.get(page).text, client.get(page, headers={"HX-Request": "true"}).text]
    found += [as_text(client.get(page, {"download": kind, "table": name}), kind) for kind, name in files]

    assert [text for text in found if "Wilhelmina" in text] == []
    assert all(text for text in found)


def as_text(answer: Any, kind: str) -> str:
    """Everything in a file."""
    assert answer.status_code == 200
    if kind == "csv":
        return str(answer.getvalue().decode())
    book = load_workbook(io.BytesIO(answer.getvalue()), read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)


def test_no_figure_about_fewer_than_5_people_is_told(programme: Programme, member: Client):
    """4 of 200 lack training and log-ins, 3 answered the pulse, 4 staff the pilot: none of it stands anywhere."""
    fill(programme)
    pages = [member.get(PAGE).text]
    pages += [as_text(member.get(PAGE, {"download": "csv", "table": name}), "csv") for name in TABLES]

    said = [words(text) for text in pages]

    people = re.compile(r"\b(19[0-9]|200|of 20[0-9])\b|\b[1-4] (?:people|answers|staff|of 200)|staff 4")
    assert [found for text in said for found in people.findall(text)] == []
    assert "37 answers" in said[0]


def test_file_holds_what_the_page_shows(programme: Programme, member: Client):
    [site, _live] = fill(programme)

    text = as_text(member.get(PAGE, {"download": "csv", "table": "differing"}), "csv")

    assert text.splitlines()[1:] == [f"One record,{site.site.name},{site.site.code},Green,2026-03-14,Off track,49"]


# Budgets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?as_of=2026-03-14", "?since=2026-03-01"])
def test_queries_do_not_grow_with_sites_and_records(query: str, programme: Programme, member: Client):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert member.get(PAGE + query).status_code == 200
        return len(captured)

    fill(programme)
    member.get(PAGE)  # the first request of a log-in also writes its session
    one = count()
    Programme.objects.get(pk=programme.pk).measures.update(headline=False)
    fill(programme, 3)

    assert (one == count(), one <= 25) == (True, True)


def test_queries_do_not_grow_with_programmes(programme: Programme, second: Programme, client: Client):
    client.force_login(make.make_member(Role.ADMINISTRATOR))

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/board/").status_code == 200
        return len(captured)

    fill(programme)
    fill(second)
    client.get("/board/")
    two = count()
    for _ in range(3):
        fill(make.make_programme(portfolio="Patients"), 2)

    assert (two == count(), two <= 25) == (True, True)


def test_page_of_many_sites_keeps_to_its_weight(programme: Programme, member: Client):
    fill(programme, 12)
    make.make_deployments(500, programme=programme)

    assert len(gzip.compress(member.get(PAGE).content)) <= 25 * 1024
