"""What changed at a programme's sites since a day: points, bands, new sites and those that left, beside the list."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rollout.choices import ChangeWhat, Role, Stage
from rollout.models import Deployment, DeploymentChange, Programme
from rollout.templatetags.formats import MINUS
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

THEN = make.DAY - timedelta(days=7)
PAGE = f"/p/EPR/sites/?since={THEN}"
CHANGE = 3


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def add_site(programme: Programme, name: str, **fields) -> Deployment:
    return make.make_deployment(programme=programme, site=make.make_site(name=name), **fields)


@pytest.fixture
def moved(programme: Programme) -> None:
    """Alder rose into a better band, Birch fell within its band, Cedar stood still, Damson is new."""
    for name, before, after in (("Alder", 40, 75), ("Birch", 80, 75), ("Cedar", 99, 99)):
        site = add_site(programme, name)
        make.make_score(site, day=THEN, share=before)
        make.make_score(site, share=after)
    make.make_score(add_site(programme, "Damson"), share=50)


def test_list_marks_what_changed(moved: None, manager: Client):
    text = manager.get(PAGE).text

    assert [row[1:4] for row in table(text, "site-table")] == [
        ["75 of 100", "On track was off track", "+35.3"],
        ["75 of 100", "On track", f"{MINUS}5.0"],
        ["99 of 100", "Ready", "No change"],
        ["50 of 100", "Off track", "New"],
    ]


def test_change_leads_to_why_it_moved(moved: None, manager: Client):
    text = manager.get(f"{PAGE}&as_of={make.DAY}").text

    assert f'?since={THEN}&amp;as_of={make.DAY}">' in text


def test_top_adds_the_changes_up(moved: None, manager: Client):
    text = words(manager.get(PAGE).text)

    assert "Since 7 March 2026: 1 score rose, 1 fell; 1 band is better, 0 worse; 1 site is new." in text


def test_sites_that_left_are_named(moved: None, programme: Programme, manager: Client):
    embedded = add_site(programme, "Elm", stage=Stage.EMBEDDED)
    at = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    DeploymentChange.objects.create(deployment=embedded, at=at, what=ChangeWhat.STAGE, after=Stage.EMBEDDED)
    add_site(programme, "Fir", retired_at=at)
    long_gone = add_site(programme, "Gorse", stage=Stage.EMBEDDED)
    before = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    DeploymentChange.objects.create(deployment=long_gone, at=before, what=ChangeWhat.STAGE, after=Stage.EMBEDDED)
    add_site(programme, "Hazel", retired_at=before)

    assert "No longer scored: Elm, Fir." in words(manager.get(PAGE).text)
    assert "No longer scored: Elm." not in words(manager.get(f"{PAGE}&as_of=2026-03-09").text)


def test_no_more_than_five_that_left_are_named(programme: Programme, manager: Client):
    for number in range(7):
        add_site(programme, f"Site {number}", retired_at=timezone.now())

    assert "No longer scored: Site 0, Site 1, Site 2, Site 3, Site 4 and 2 more." in words(manager.get(PAGE).text)


def test_others_sites_that_left_are_not_told(moved: None, programme: Programme):
    mine = add_site(programme, "Mine")
    add_site(programme, "Secret", retired_at=timezone.now())
    lead = Client()
    lead.force_login(make.make_member(Role.SITE_LEAD, site=mine.site))

    text = words(lead.get(PAGE).text)

    assert ("Secret" in text, "0 scores rose, 0 fell" in text) == (False, True)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("&changed=on", ["Alder", "Birch", "Damson"]),
        ("&changed=on&q=alder", ["Alder"]),
        ("", ["Alder", "Birch", "Cedar", "Damson"]),
    ],
)
def test_only_sites_that_changed(query: str, names: list[str], moved: None, manager: Client):
    found = column(manager.get(PAGE + query).text, "site-table")

    assert [name.split(" Trust")[0] for name in found] == names


def test_changed_means_nothing_without_a_day(moved: None, manager: Client):
    assert len(table(manager.get("/p/EPR/sites/?changed=on").text, "site-table")) == 4


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-03-15", "Choose a day before 15 March 2026."),
        ("2027-01-01", "Choose a day before 15 March 2026."),
        ("yesterday", "Write the day like 2026-03-14."),
        ("2026-02-30", "Write the day like 2026-03-14."),
        ("20260307", "Write the day like 2026-03-14."),
    ],
)
def test_day_that_cannot_be_compared_with_says_so(day: str, told: str, moved: None, manager: Client):
    answer = manager.get(f"/p/EPR/sites/?since={day}")

    assert (answer.status_code, told in words(answer.text), len(table(answer.text, "site-table"))) == (200, True, 4)
    assert "Since " not in words(answer.text)
    assert '<details class="app-filters" open' in answer.text


def test_day_to_compare_with_lies_before_the_day_shown(moved: None, manager: Client):
    text = words(manager.get(f"/p/EPR/sites/?as_of=2026-03-08&since={make.DAY}").text)

    assert "Choose a day before 8 March 2026." in text


def test_day_stands_among_the_chosen_filters_in_words(moved: None, manager: Client):
    assert "Show changes since: 7 March 2026" in words(manager.get(PAGE).text)


def test_heat_map_marks_what_changed_too(moved: None, manager: Client):
    rows = table(manager.get(f"{PAGE}&view=heatmap").text, "site-table")

    assert [row[CHANGE] for row in rows][2:] == ["No change", "New"]


def test_past_days_are_compared_with_one_another(programme: Programme, manager: Client):
    site = add_site(programme, "Alder")
    for day, share in ((date(2026, 3, 1), 10), (date(2026, 3, 5), 20), (make.DAY, 90)):
        make.make_score(site, day=day, share=share)

    change = table(manager.get("/p/EPR/sites/?since=2026-03-02&as_of=2026-03-06").text, "site-table")[0][CHANGE]

    assert change == "+10.1"
