"""The heat map of a programme's sites: its cells, their shades, its order, and what a board member sees of it."""

import gzip
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.scoring import DOMAINS, INDICATORS, State
from rollout.choices import Role, Stage
from rollout.models import Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

PAGE = "/p/EPR/sites/?view=heatmap"
HTMX = {"HX-Request": "true", "HX-Target": "sites"}
FIRST = 3  # columns before the domains: site, score, band
TRAINING = FIRST + DOMAINS.index("training")


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def add_site(programme: Programme, name: str, **fields):
    return make.make_deployment(programme=programme, site=make.make_site(name=name, **fields))


def of_domain(domain: str, state: State, share: int = 0) -> dict:
    """The readings of every indicator of a domain."""
    whole = 100 if state is State.KNOWN else 0
    codes = [spec.code for spec in INDICATORS if spec.domain == domain]
    return {code: make.reading(code, share, whole, state) for code in codes}


def test_cell_is_the_domains_value_with_the_points_to_win_below(programme: Programme, manager: Client):
    site = add_site(programme, "Alder")
    readings = of_domain("training", State.KNOWN, 50) | of_domain("goals", State.UNKNOWN)
    readings |= of_domain("pilots", State.NOT_APPLICABLE)
    make.make_score(site, share=100, readings=readings)

    row = table(manager.get(PAGE).text, "site-table")[0]

    assert row[1] == "87 of 100"
    # Training: (3 × 50 ÷ 95 + 1 × 50% + 1 × 50%) ÷ 5 of 18 points of 97, since the 3 of pilots are left out.
    assert row[TRAINING] == "51% 9.0"
    assert row[FIRST + DOMAINS.index("goals")] == "– 3.1"
    assert row[FIRST + DOMAINS.index("pilots")] == ""
    assert row[FIRST + DOMAINS.index("technical")] == "100% 0.0"
    assert row[-1] == "Training : 9.0 points Goals : 3.1 points"


def test_cell_leads_to_why_and_is_named_for_those_who_hear_it(programme: Programme, manager: Client):
    site = add_site(programme, "Alder", code="ALD")
    make.make_score(
        site, share=60, readings=of_domain("goals", State.UNKNOWN) | of_domain("pilots", State.NOT_APPLICABLE)
    )

    text = manager.get(PAGE + "&as_of=2026-03-14").text

    found = re.findall(r'href="(/p/EPR/s/ALD/[^"]*#domain-\w+)"', text)
    assert [address.rpartition("#domain-")[2] for address in found[:10]] == [d for d in DOMAINS if d != "pilots"]
    assert all("?as_of=2026-03-14#" in address for address in found)
    assert "Training, Alder: " in words(text)
    assert "Goals, Alder: – No evidence yet" in words(text)
    assert "Not applicable" in words(text)


@pytest.mark.parametrize(
    ("share", "shade", "points"),
    [(97, 0, "0.2"), (90, 1, "1.3"), (80, 2, "3.1"), (70, 3, "5.0"), (50, 4, "8.7"), (0, 5, "18.0")],
)
def test_shade_grows_with_the_points_to_win(share: int, shade: int, points: str, programme: Programme, manager: Client):
    make.make_score(add_site(programme, "Alder"), share=100, readings=of_domain("training", State.KNOWN, share))

    text = manager.get(PAGE).text

    cell = text.split("Training, Alder: ")[0].rpartition("<td")[2]
    assert (f"app-heat--{shade}" in cell, column(text, "site-table", TRAINING)[0].split()[1]) == (True, points)


def test_site_without_a_score_has_no_shade(programme: Programme, manager: Client):
    add_site(programme, "Alder")

    text = manager.get(PAGE).text

    assert set(table(text, "site-table")[0][FIRST : FIRST + len(DOMAINS)]) == {"No data"}
    assert "app-heat--" not in text.partition("<tbody")[2]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("training", ["Low", "High", "Left out", "New"]),
        ("-training", ["High", "Low", "Left out", "New"]),
        ("goals", ["High", "Left out", "Low", "New"]),
        ("site", ["High", "Left out", "Low", "New"]),
        ("nonsense", ["High", "Left out", "Low", "New"]),
    ],
)
def test_order_by_a_domain(sort: str, expected: list[str], programme: Programme, manager: Client):
    make.make_score(add_site(programme, "Low"), share=60, readings=of_domain("training", State.KNOWN, 9))
    make.make_score(add_site(programme, "High"), share=60, readings=of_domain("training", State.KNOWN, 80))
    make.make_score(add_site(programme, "Left out"), share=60, readings=of_domain("training", State.NOT_APPLICABLE))
    add_site(programme, "New")

    names = [name.split(" Trust")[0] for name in column(manager.get(f"{PAGE}&sort={sort}").text, "site-table")]

    assert names == expected


def test_column_in_order_says_so(programme: Programme, manager: Client):
    make.make_score(add_site(programme, "Alder"))

    text = manager.get(f"{PAGE}&sort=training").text

    assert re.findall(r'aria-sort="(\w+)"><a[^>]*id="site-table-sort-(\w+)"', text) == [("ascending", "training")]
    assert "sort=-training" in text


def test_filters_and_pages_keep_the_heat_map(programme: Programme, manager: Client):
    make.make_deployments(60, programme=programme)

    text = manager.get(f"{PAGE}&q=hospital").text

    assert '<input type="hidden" name="view" value="heatmap">' in text
    assert 'href="?view=heatmap&amp;q=hospital&amp;page=2"' in text
    assert len(table(text, "site-table")) == 50


def test_part_holds_the_heat_map_alone(programme: Programme, manager: Client):
    make.make_score(add_site(programme, "Alder"))

    answer = manager.get(PAGE, headers=HTMX)

    assert answer.text.lstrip().startswith('<div id="sites"')
    assert "Training, Alder: " in words(answer.text)
    assert "<h1" not in answer.text


def test_nothing_here_yet_and_nothing_found(programme: Programme, manager: Client):
    empty = words(manager.get(PAGE).text)
    add_site(programme, "Alder")

    assert "No sites yet" in empty
    assert "No sites match" in words(manager.get(f"{PAGE}&q=zzz").text)


# What a board member sees --------------------------------------------------------------------------------------------


@pytest.fixture
def board(programme: Programme) -> Client:
    client = Client()
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=programme))
    return client


@pytest.fixture
def few(programme: Programme) -> None:
    """Alder has 3 people without training, Birch enough of everybody."""
    one = {"training.completion": make.reading("training.completion", 97, 100)}
    enough = {code: make.reading(code, 60, 100) for code in ("training.completion", "technical.access")}
    make.make_score(add_site(programme, "Alder"), share=60, readings=one)
    make.make_score(add_site(programme, "Birch"), share=60, readings=enough)


def test_board_member_sees_no_domain_that_counts_few_people(few: None, manager: Client, board: Client):
    of_people = {"engagement", "training", "champions", "technical"}

    rows = table(board.get(PAGE).text, "site-table")

    hidden = {domain for domain, cell in zip(DOMAINS, rows[0][FIRST:], strict=False) if cell == "Hidden"}
    assert hidden == of_people
    assert "Hidden" not in rows[1]
    assert "Hidden" not in table(manager.get(PAGE).text, "site-table")[0]
    # Nor is any of them among the weakest, and the points beside them are whole.
    assert not any(word in rows[0][-1] for word in ("Training", "Technical", "Champions", "Engagement"))
    assert {cell.split()[1].count(".") for cell in rows[0][FIRST : FIRST + 11] if cell != "Hidden"} == {0}


@pytest.mark.parametrize("sort", ["training", "-training", "champions", "technical", "engagement"])
def test_board_member_orders_by_nothing_that_is_hidden(sort: str, few: None, manager: Client, board: Client):
    order = [name.split(" Trust")[0] for name in column(board.get(f"{PAGE}&sort={sort}").text, "site-table")]

    assert order == ["Alder", "Birch"]
    assert f"sort={sort.removeprefix('-')}" not in board.get(PAGE).text
    assert f"sort={sort.removeprefix('-')}" in manager.get(PAGE).text


def test_file_for_a_board_member_hides_the_same(few: None, board: Client, manager: Client):
    rows = {
        name: client.get(f"{PAGE}&download=csv&table=sites").getvalue().decode("utf-8-sig").splitlines()[1].split(",")
        for name, client in (("board", board), ("manager", manager))
    }

    assert rows["manager"].count("") == 0
    assert rows["board"].count("") == 8
    assert rows["board"][3] == "64"
    assert all("." not in value for value in rows["board"][4:-1])


# Cost ----------------------------------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address", [f"{PAGE}&sort=-training", "/p/EPR/sites/?sort=coverage&since=2026-03-01&changed=on"]
)
def test_queries_do_not_grow_with_the_rows(address: str, programme: Programme, manager: Client):
    make.make_deployments(1, programme=programme)
    manager.get(address)  # the first request of a log-in also writes its session
    one = queries(manager, address)
    make.make_deployments(2, programme=programme)
    three = queries(manager, address)
    make.make_deployments(57, programme=programme)

    assert one == three == queries(manager, address)
    assert one <= 25


def test_fifty_rows_stay_within_their_weight(programme: Programme, manager: Client):
    make.make_deployments(150, programme=programme)

    page, part = manager.get(f"{PAGE}&page=2"), manager.get(f"{PAGE}&page=2", headers=HTMX)

    assert len(table(page.text, "site-table")) == 50
    assert (len(gzip.compress(page.content)) <= 25_000, len(gzip.compress(part.content)) <= 8_000) == (True, True)


def test_embedded_site_says_why_it_has_no_score(programme: Programme, manager: Client):
    make.make_deployment(programme=programme, stage=Stage.EMBEDDED)

    assert table(manager.get(PAGE).text, "site-table")[0][2] == "Not scored once embedded"
