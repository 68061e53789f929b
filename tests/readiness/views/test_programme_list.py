"""The list of programmes: what a row says, filters, order, pages, files, and who sees which sites counted."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import Gate, GateReview
from rollout.choices import DeclaredStatus, Role, Stage
from rollout.models import OtherChange, Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

HTMX = {"HX-Request": "true", "HX-Target": "programmes"}
TODAY = make.DAY + timedelta(days=1)


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    return make.make_programme(code="EPR", name="One record", portfolio="Clinicians", approach="big_bang")


@pytest.fixture
def administrator(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    return client


def rows(client: Client, query: str = "") -> list[list[str]]:
    return table(client.get(f"/programmes/{query}").text, "programme-table")


def names(client: Client, query: str = "") -> list[str]:
    return column(client.get(f"/programmes/{query}").text, "programme-table")


def file_of(client: Client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/programmes/?download=csv&{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# What a row says -----------------------------------------------------------------------------------------------------


def test_row_says_how_a_programme_stands(programme: Programme, administrator: Client):
    make.make_measure(
        programme=programme, name="Notes coded", unit="%", baseline=62, target=90, headline=True,
        target_date=date(2027, 3, 31),
    )  # fmt: skip
    Gate.objects.create(programme=programme, code="T-30", name="30 days before", due_days=30)
    place = make.make_site(name="Alder Hospital")
    site = make.make_deployment(
        programme=programme, site=place, declared_status=DeclaredStatus.GREEN, declared_on=make.DAY
    )
    make.make_score(site, share=20)
    make.make_score(make.make_deployment(programme=programme), share=95)
    make.make_deployment(programme=programme)
    other = make.make_programme(name="Other")
    day = make.GO_LIVE
    OtherChange.objects.create(programme=other, site=place, code="C", text="Move", from_on=day, to_on=day, load=1)

    found = rows(administrator)

    assert found[0] == [
        "One record Clinicians",
        "Rolling out Big bang",
        "Notes coded: from 62% to 90% by 31 March 2027",
        "3 sites 1 Off track 1 Ready 1 site without a score",
        "30 days before Alder Hospital, 25 March 2026",
        "1",
        "1",
    ]
    assert found[1][3:] == ["No sites", "None in 60 days", "0", "0"]


def test_numbers_lead_to_their_sites(programme: Programme, administrator: Client):
    site = make.make_deployment(programme=programme, declared_status=DeclaredStatus.GREEN, declared_on=make.DAY)
    make.make_score(site, share=20)

    text = administrator.get("/programmes/").text

    assert 'href="/p/EPR/"' in text
    assert 'href="/p/EPR/sites/?band=off_track"' in text
    assert 'href="/p/EPR/sites/?differs=on"' in text


def test_bar_is_as_long_as_the_sites(programme: Programme, administrator: Client):
    for share in (20, 20, 95):
        make.make_score(make.make_deployment(programme=programme), share=share)

    text = administrator.get("/programmes/").text

    assert 'viewBox="0 0 3 10"' in text
    assert 'class="app-bar__off_track" x="0" y="0" width="2"' in text
    assert 'class="app-bar__ready" x="2" y="0" width="1"' in text


def test_gate_that_was_passed_is_not_the_next_one(programme: Programme, administrator: Client):
    site = make.make_deployment(programme=programme, site=make.make_site(name="Alder Hospital"))
    early = Gate.objects.create(programme=programme, code="A", name="Early", due_days=30)
    Gate.objects.create(programme=programme, code="B", name="Late", due_days=10)
    review = GateReview.objects.create(gate=early, deployment=site, held_on=make.DAY, outcome="no_go")
    refused = rows(administrator)[0][4]
    GateReview.objects.filter(pk=review.pk).update(outcome="go_with_conditions")

    assert (refused, rows(administrator)[0][4]) == (
        "Early Alder Hospital, 25 March 2026",
        "Late Alder Hospital, 14 April 2026",
    )


@pytest.mark.parametrize("stage", [Stage.DEFERRED, Stage.STOPPED])
def test_site_at_rest_has_no_gate_ahead(stage: str, programme: Programme, administrator: Client):
    make.make_deployment(programme=programme, stage=stage)
    Gate.objects.create(programme=programme, code="A", name="Early", due_days=30)

    assert rows(administrator)[0][4] == "None in 60 days"


@pytest.mark.parametrize(
    ("days", "collisions"),
    # The last of the 60 days is the 13th of May, a Wednesday: the week of the 18th is too late.
    [(59, 1), (60, 1), (63, 1), (64, 0)],
)
def test_collisions_are_of_the_weeks_of_the_next_sixty_days(
    days: int, collisions: int, programme: Programme, administrator: Client
):
    site = make.make_deployment(programme=programme, go_live_on=None)
    day = TODAY + timedelta(days=days)
    for code, load in (("A", 3), ("B", 1)):
        OtherChange.objects.create(
            programme=programme, site=site.site, code=code, text="Move", from_on=day, to_on=day, load=load
        )

    assert rows(administrator)[0][5] == str(collisions)


def test_collision_of_two_programmes_counts_for_both(programme: Programme, administrator: Client):
    place = make.make_site()
    make.make_deployment(programme=programme, site=place)
    make.make_deployment(programme=make.make_programme(name="Video"), site=place)
    make.make_deployment(programme=make.make_programme(name="Zero"), site=place, stage=Stage.STOPPED)

    assert [row[5] for row in rows(administrator)] == ["4", "4", "0"]


def test_scores_of_another_day_are_counted(programme: Programme, administrator: Client):
    site = make.make_deployment(programme=programme)
    make.make_score(site, day=make.DAY - timedelta(days=7), share=95)
    make.make_score(site, share=20)

    answer = administrator.get(f"/programmes/?as_of={make.DAY - timedelta(days=7)}")

    assert table(answer.text, "programme-table")[0][3] == "1 site 1 Ready"
    assert "You are looking at 7 March 2026." in words(answer.text)
    assert "Scores for 7 March 2026, worked out at 2:10am on 8 March 2026." in words(answer.text)
    assert "Scores for 14 March 2026, worked out at 2:10am. Next run tonight." in words(
        administrator.get("/programmes/").text
    )
    assert "Stages are those of that day. Dates and waves are shown as they are planned today." in words(answer.text)


# Who sees what -------------------------------------------------------------------------------------------------------


def test_only_sites_one_may_see_are_counted(programme: Programme, client: Client):
    trust = make.make_organisation()
    for share in (95, 20):
        place = make.make_site(organisation=trust)
        make.make_score(make.make_deployment(programme=programme, site=place), share=share)
    make.make_score(make.make_deployment(programme=programme), share=20)
    make.make_deployment(programme=make.make_programme(name="Not theirs"))
    client.force_login(make.make_member(Role.BOARD_MEMBER, organisation=trust))

    assert [row[3] for row in rows(client)] == ["2 sites 1 Off track 1 Ready"]


def test_gate_of_a_site_one_may_not_see_is_not_told(programme: Programme, client: Client):
    Gate.objects.create(programme=programme, code="A", name="Early", due_days=30)
    make.make_deployment(programme=programme, go_live_on=make.GO_LIVE - timedelta(days=1))
    own = make.make_deployment(programme=programme, site=make.make_site(name="Alder Hospital"))
    client.force_login(make.make_member(Role.SITE_LEAD, site=own.site))

    assert rows(client)[0][4] == "Early Alder Hospital, 25 March 2026"


# Filters, order, pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def three(programme: Programme) -> None:
    make.make_programme(code="VID", name="Video", portfolio="Patients", state="paused", target_date=date(2027, 1, 1))
    other = make.make_programme(code="AMB", name="Ambulances", product="Dispatch", state="planning")
    make.make_measure(programme=other, headline=True, target_date=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ambulances", "One record Clinicians", "Video Patients"]),
        ("?portfolio=Patients", ["Video Patients"]),
        ("?state=planning", ["Ambulances"]),
        ("?q=dispatch", ["Ambulances"]),
        ("?q=vid", ["Video Patients"]),
        ("?portfolio=Patients&state=planning", []),
        ("?portfolio=Nobody's", ["Ambulances", "One record Clinicians", "Video Patients"]),
        ("?sort=-name", ["Video Patients", "One record Clinicians", "Ambulances"]),
        ("?sort=state", ["Ambulances", "One record Clinicians", "Video Patients"]),
        ("?sort=target", ["Ambulances", "Video Patients", "One record Clinicians"]),
        ("?sort=-target", ["Video Patients", "Ambulances", "One record Clinicians"]),
        ("?sort=portfolio", ["Ambulances", "One record Clinicians", "Video Patients"]),
        ("?sort=nonsense", ["Ambulances", "One record Clinicians", "Video Patients"]),
        ("?page=99", ["Ambulances", "One record Clinicians", "Video Patients"]),
    ],
)
def test_programmes_are_filtered_and_in_order(query: str, expected: list[str], three: None, administrator: Client):
    assert names(administrator, query) == expected


def test_filter_that_nothing_fits_says_so(three: None, administrator: Client):
    for share in (20, 95):
        make.make_score(make.make_deployment(programme=Programme.objects.get(code="EPR")), share=share)
    text = words(administrator.get("/programmes/?q=nothing").text)

    assert "Scores for 14 March 2026" in text
    assert "1 of 2 sites is behind what is expected, 1 off track." in text
    assert "No programmes match No programme that you may see fits all the chosen filters. Clear filters" in text


def test_portfolios_of_others_are_no_choice(three: None, programme: Programme, client: Client):
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))

    text = client.get("/programmes/").text

    assert ('value="Clinicians"' in text, 'value="Patients"' in text) == (True, False)


def test_fifty_programmes_a_page(programme: Programme, administrator: Client):
    for number in range(50):
        make.make_programme(name=f"Zebra {number:02}")

    assert (len(names(administrator)), names(administrator, "?page=2")) == (50, ["Zebra 49"])


def test_part_is_the_table_alone(three: None, administrator: Client):
    answer = administrator.get("/programmes/?state=planning", headers=HTMX)

    assert answer.text.lstrip().startswith('<div id="programmes">')
    assert column(answer.text, "programme-table") == ["Ambulances"]
    assert "1 programme matches" in words(answer.text)


@pytest.mark.parametrize("query", ["?as_of=2026-02-30", "?download=pdf", "?download=csv&table=secrets"])
def test_what_there_is_not_is_not_found(query: str, administrator: Client):
    assert administrator.get(f"/programmes/{query}").status_code == 404


# Files and costs -----------------------------------------------------------------------------------------------------


def test_file_holds_the_filtered_list(three: None, programme: Programme, administrator: Client):
    make.make_score(make.make_deployment(programme=programme), share=20)

    [row] = file_of(administrator, "table=programmes&portfolio=Clinicians")

    assert (row["Code"], row["Programme"], row["Sites"], row["Off track"], row["Ready"]) == (
        "EPR", "One record", "1", "1", "0",
    )  # fmt: skip
    assert row["Change-load collisions in the next 60 days"] == "0"


def test_file_as_workbook(programme: Programme, administrator: Client):
    answer = administrator.get("/programmes/?download=xlsx&table=programmes")

    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")


def test_queries_do_not_grow_with_the_programmes(programme: Programme, administrator: Client):
    def add(to: Programme, sites: int) -> None:
        make.make_measure(programme=to, headline=True)
        Gate.objects.create(programme=to, code="A", name="Early", due_days=10)
        for site in make.make_deployments(sites, programme=to):
            day = make.GO_LIVE
            OtherChange.objects.create(
                programme=to, site=site.site, code=f"C{site.pk}", text="Move", from_on=day, to_on=day, load=2
            )

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get("/programmes/").status_code == 200
        return len(captured)

    add(programme, 1)
    make.make_score(make.make_deployment(programme=programme))
    administrator.get("/programmes/")  # the first request of a log-in also writes its session
    one = count()
    for _ in range(3):
        add(make.make_programme(), 3)

    assert (one == count(), one <= 25) == (True, True)
    with CaptureQueriesContext(connection) as captured:
        assert administrator.get("/programmes/?q=record").status_code == 200
    assert len(captured) <= 25
