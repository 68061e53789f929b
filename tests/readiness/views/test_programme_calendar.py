"""The calendar of go-lives and other changes: weeks, collisions in words, and what a reader may not know of."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import Waiver
from rollout.choices import Role
from rollout.models import Deployment, OtherChange, Programme, Site
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words

CALENDAR = "/programmes/?view=calendar"
MONDAY = date(2026, 3, 9)  # of the week the clock stands in: 2026-W11
HTMX = {"HX-Request": "true", "HX-Target": "calendar"}


@pytest.fixture
def site(db: None, frozen_clock: FrozenClock) -> Site:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    return make.make_site(name="Alder Hospital", code="ALD")


@pytest.fixture
def programme(site: Site) -> Programme:
    return make.make_programme(code="EPR", name="One record", portfolio="Clinicians")


@pytest.fixture
def administrator(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    return client


def go_live(programme: Programme, site: Site, day: date, **fields: Any) -> Deployment:
    return make.make_deployment(programme=programme, site=site, go_live_on=day, **fields)


def change(programme: Programme, site: Site, first: date, last: date, load: int = 2, text: str = "Move") -> OtherChange:
    code = f"C{OtherChange.objects.count()}"
    return OtherChange.objects.create(
        programme=programme, site=site, code=code, text=text, from_on=first, to_on=last, load=load
    )


def weeks(client: Client, query: str = "") -> dict[str, list[str]]:
    """Go-lives, other changes and collisions of each week that has any."""
    rows = table(client.get(f"{CALENDAR}{query}").text, "calendar-table")
    return {row[0]: row[1:] for row in rows if row[1:] != ["None"] * 3}


def test_quarter_of_a_year_is_shown_from_this_week_on(administrator: Client):
    rows = table(administrator.get(CALENDAR).text, "calendar-table")

    assert (len(rows), rows[0], rows[-1][0]) == (
        13,
        ["Week 11 9 to 15 March 2026", "None", "None", "None"],
        "Week 23 1 to 7 June 2026",
    )


def test_go_live_stands_in_its_week_alone(programme: Programme, site: Site, administrator: Client):
    go_live(programme, site, MONDAY + timedelta(days=13))

    assert weeks(administrator) == {
        "Week 12 16 to 22 March 2026": ["Alder Hospital One record, 22 March", "None", "None"]
    }
    assert 'href="/p/EPR/s/ALD/"' in administrator.get(CALENDAR).text


def test_actual_go_live_stands_where_it_happened(programme: Programme, site: Site, administrator: Client):
    go_live(programme, site, MONDAY, actual_go_live_on=MONDAY + timedelta(days=14))

    assert list(weeks(administrator)) == ["Week 13 23 to 29 March 2026"]


def test_other_change_stands_where_it_begins_and_is_counted_later(
    programme: Programme, site: Site, administrator: Client
):
    go_live(programme, site, date(2027, 1, 1))
    change(programme, site, MONDAY - timedelta(days=9), MONDAY + timedelta(days=7))

    assert weeks(administrator) == {
        "Week 11 9 to 15 March 2026": ["None", "Move Alder Hospital, 28 February to 16 March 2026, load 2", "None"],
        "Week 12 16 to 22 March 2026": ["None", "1 goes on from before", "None"],
    }


def test_collision_is_told_in_words_with_all_that_makes_it(programme: Programme, site: Site, administrator: Client):
    deployment = go_live(programme, site, MONDAY)
    change(programme, site, MONDAY, MONDAY, text="Car park closed")
    said = weeks(administrator)["Week 11 9 to 15 March 2026"][2]
    Waiver.objects.create(
        programme=programme, deployment=deployment, code="W", subject="collision:2026-W11", state="approved",
        until_on=date(2026, 4, 1),
    )  # fmt: skip

    assert said == "Collision at Alder Hospital: load 5 Go-live of One record (3), Car park closed (2)"
    assert weeks(administrator)["Week 11 9 to 15 March 2026"][2] == f"{said}. Waiver approved, until 1 April 2026"
    assert ": too much change comes to a site at once 1 time." in words(administrator.get(CALENDAR).text)


def test_weeks_over_the_end_of_a_year_carry_their_iso_number(programme: Programme, site: Site, administrator: Client):
    go_live(programme, site, date(2027, 1, 3))

    assert list(weeks(administrator, "&from=2026-12-24")) == ["Week 53 28 December 2026 to 3 January 2027"]


# Filters and ways ----------------------------------------------------------------------------------------------------


@pytest.fixture
def two(programme: Programme, site: Site) -> Programme:
    """Another programme that goes live at the same site in the same week."""
    other = make.make_programme(code="VID", name="Video", portfolio="Patients", state="piloting")
    go_live(programme, site, MONDAY)
    go_live(other, site, MONDAY)
    return other


@pytest.mark.parametrize("query", ["&programme=VID", "&portfolio=Patients", "&state=piloting"])
def test_filter_keeps_the_go_lives_of_some_and_the_whole_load(query: str, two: Programme, administrator: Client):
    first = weeks(administrator, query)["Week 11 9 to 15 March 2026"]

    assert first == [
        "Alder Hospital Video, 9 March",
        "None",
        "Collision at Alder Hospital: load 6 Go-live of One record (3), Go-live of Video (3)",
    ]


def test_collisions_only_leaves_the_other_weeks_out(two: Programme, administrator: Client):
    rows = table(administrator.get(f"{CALENDAR}&collisions=on").text, "calendar-table")
    quiet = words(administrator.get(f"{CALENDAR}&collisions=on&from=2027-01-04").text)

    assert [row[0][:7] for row in rows] == ["Week 11", "Week 12"]
    assert "No collisions in these weeks" in quiet


def test_busy_week_shows_eight_and_leads_to_all(programme: Programme, administrator: Client):
    for number in range(9):
        go_live(programme, make.make_site(name=f"Hospital {number}", code=f"H{number}"), MONDAY)

    page = administrator.get(CALENDAR).text
    one = administrator.get(f"{CALENDAR}&week=2026-W11").text

    assert (page.count('href="/p/EPR/s/H'), one.count('href="/p/EPR/s/H')) == (8, 9)
    assert 'href="?view=calendar&amp;week=2026-W11"' in page
    assert len(table(one, "calendar-table")) == 1


def test_earlier_and_later_weeks_are_a_quarter_away(programme: Programme, administrator: Client):
    text = administrator.get(f"{CALENDAR}&programme=EPR").text

    assert "?view=calendar&amp;programme=EPR&amp;from=2025-12-08" in text
    assert "?view=calendar&amp;programme=EPR&amp;from=2026-06-08" in text


@pytest.mark.parametrize(
    "query",
    [
        "&from=2026-02-30",
        "&from=1999-12-31",
        "&from=9999-12-31",
        "&from=x",
        "&week=2026-W54",
        "&week=x",
        "&week=1999-W01",
    ],
)
def test_weeks_that_there_are_not_are_not_found(query: str, administrator: Client):
    assert administrator.get(f"{CALENDAR}{query}").status_code == 404


def test_part_is_the_calendar_alone(two: Programme, administrator: Client):
    answer = administrator.get(f"{CALENDAR}&programme=VID", headers=HTMX)

    assert answer.text.lstrip().startswith('<div id="calendar">')
    assert "9 March to 7 June 2026: 2 collisions" in words(answer.text)


# What a reader may not know of ---------------------------------------------------------------------------------------


def test_other_programmes_load_counts_without_its_name(
    two: Programme, programme: Programme, site: Site, client: Client
):
    change(two, site, MONDAY, MONDAY, text="Secret move")
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))

    text = client.get(CALENDAR).text

    assert table(text, "calendar-table")[0][1:] == [
        "Alder Hospital One record, 9 March",
        "None",
        (
            "Collision at Alder Hospital: load 8 Go-live of One record (3), A change of another programme (3), "
            "A change of another programme (2)"
        ),
    ]
    assert ("Video" in text, "VID" in text, "Secret" in text) == (False, False, False)


def test_sites_of_others_are_not_in_it(two: Programme, client: Client):
    own = make.make_deployment(programme=make.make_programme())
    client.force_login(make.make_member(Role.SITE_LEAD, site=own.site))

    assert "Alder" not in client.get(CALENDAR).text


# Files and costs -----------------------------------------------------------------------------------------------------


def test_file_holds_every_entry_of_every_week(programme: Programme, site: Site, administrator: Client):
    go_live(programme, site, MONDAY)
    change(programme, site, MONDAY, MONDAY, text="=Car park")

    answer = administrator.get(f"{CALENDAR}&download=csv&table=calendar")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert [(row["Week"], row["What"], row["Site"], row["In words"], row["Load"]) for row in rows] == [
        ("2026-W11", "Go-live", "Alder Hospital", "go-live of One record", "3"),
        ("2026-W11", "Other change", "Alder Hospital", "'=Car park", "2"),
        ("2026-W11", "Collision", "Alder Hospital", "go-live of One record; =Car park", "5"),
    ]


def test_queries_do_not_grow_with_the_sites(two: Programme, programme: Programme, administrator: Client):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get(CALENDAR).status_code == 200
        return len(captured)

    change(programme, Site.objects.get(code="ALD"), MONDAY, MONDAY)
    administrator.get(CALENDAR)
    one = count()
    for number in range(3):
        place = make.make_site()
        for each in (programme, two):
            go_live(each, place, MONDAY + timedelta(days=number))
        change(programme, place, MONDAY, MONDAY)

    assert (one == count(), one <= 25) == (True, True)
