"""Lists on a day to come say that nothing is known of it, as the page of a site does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from rollout.choices import Role
from rollout.models import Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, words

TODAY = make.DAY + timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
LISTS = (
    "/programmes/",
    "/board/",
    "/p/EPR/",
    "/p/EPR/board/",
    "/p/EPR/sites/",
    "/p/EPR/sites/?view=heatmap",
    "/p/EPR/training/",
    "/p/EPR/rota/",
)


@pytest.fixture
def manager(db: None, frozen_clock: FrozenClock, client: Client) -> Client:
    """Somebody whose programme has one site that is ready on the day before."""
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    programme = make.make_programme(code="EPR", name="One record")
    make.make_score(make.make_deployment(programme=programme, site=make.make_site(name="Alder")), share=95)
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def on(address: str, day: object) -> str:
    return f"{address}{'&' if '?' in address else '?'}as_of={day}"


@pytest.mark.parametrize("address", LISTS)
def test_day_to_come_has_nothing_known_of_it(address: str, manager: Client):
    today, tomorrow = (words(manager.get(on(address, day)).text) for day in (TODAY, TOMORROW))

    assert "Nothing known of 16 March 2026" in tomorrow
    assert "You are looking at 16 March 2026. Return to today" in tomorrow
    assert ("Ready" in tomorrow, "Alder" in tomorrow) == (False, False)
    assert "Nothing known" not in today


@pytest.mark.parametrize(
    ("address", "part"),
    [("/p/EPR/sites/", "sites"), ("/p/EPR/rota/", "sites"), ("/programmes/", "programmes"), ("/p/EPR/", "decisions")],
)
def test_part_of_a_day_to_come_says_it_too(address: str, part: str, manager: Client):
    answer = manager.get(on(address, TOMORROW), headers={"HX-Request": "true", "HX-Target": part})

    assert answer.text.strip().startswith(f'<div id="{part}">')
    assert "Nothing known of 16 March 2026" in words(answer.text)


@pytest.mark.parametrize(
    ("address", "table"), [("/p/EPR/sites/", "sites"), ("/programmes/", "programmes"), ("/p/EPR/board/", "waves")]
)
def test_there_is_no_file_of_a_day_to_come(address: str, table: str, manager: Client):
    answers = [manager.get(f"{address}?download=csv&table={table}&as_of={day}") for day in (TODAY, TOMORROW)]

    assert [answer.status_code for answer in answers] == [200, 404]


def test_day_that_has_begun_in_the_east_is_shown_with_its_own_scores_alone(manager: Client):
    programme = Programme.objects.get()
    east = make.make_deployment(programme=programme, site=make.make_site(name="Rimu", time_zone="Pacific/Auckland"))
    make.make_score(east, day=TOMORROW, provisional=True, share=20)

    answer = manager.get(f"/p/EPR/sites/?as_of={TOMORROW}")

    assert [name.split()[0] for name in column(answer.text, "site-table")] == ["Alder", "Rimu"]
    assert column(answer.text, "site-table", 1) == ["No data", "20 of 100"]
