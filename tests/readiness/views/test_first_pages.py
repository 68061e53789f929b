"""Where each role starts, and the programmes it may see."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from rollout.choices import Role
from rollout.models import Programme
from tests import factories as make
from tests.pages import table, words


@pytest.fixture
def programme(db: None) -> Programme:
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme):
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))


EXPLANATIONS = (
    "No role of yours names a programme or a site yet. A programme manager or an administrator can",
    "You are here as a champion. Your shifts of the next two weeks stand under Your work.",
    "Your role is in place, but no programme has reached what it names yet.",
    "There is no programme yet. Add one here and set it up step by step",
)


BOARD = "programme", "organisation"


@pytest.mark.parametrize("scope", BOARD)
def test_board_member_starts_at_the_only_programme(scope: str, site, client: Client):
    places = {"programme": site.programme, "organisation": site.site.organisation}
    client.force_login(make.make_member(Role.BOARD_MEMBER, **{scope: places[scope]}))

    answers = [client.get("/"), client.post("/")]

    assert [answer.headers["Location"] for answer in answers] == ["/p/EPR/board/", "/p/EPR/board/"]


def test_board_member_of_two_programmes_starts_at_all_of_them(site, client: Client):
    user = make.make_member(Role.BOARD_MEMBER, programme=site.programme)
    make.make_member(Role.BOARD_MEMBER, programme=make.make_programme(), user=user)
    client.force_login(user)

    assert client.get("/").headers["Location"] == "/board/"


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.PROGRAMME_MANAGER, "programme"),
        (Role.TRAINER, "programme"),
        (Role.SIGNATORY, "programme"),
        (Role.SIGNATORY, "site"),
        (Role.SITE_LEAD, "site"),
        (Role.WARD_MANAGER, "ward"),
        (Role.CHAMPION, ""),
        (Role.ADMINISTRATOR, ""),
    ],
)
def test_everybody_else_starts_at_their_work(role: str, scope: str, site, client: Client):
    places = {"programme": site.programme, "site": site.site, "ward": make.make_ward(site=site.site)}
    client.force_login(make.make_member(role, **({scope: places[scope]} if scope else {})))

    answer = client.get("/")

    assert (answer.status_code, "<title>Your work –" in answer.text) == (200, True)


def test_board_member_with_other_work_starts_at_that(site, client: Client):
    user = make.make_member(Role.BOARD_MEMBER, programme=site.programme)
    make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme, user=user)
    client.force_login(user)

    assert client.get("/").status_code == 200


@pytest.mark.parametrize(("role", "first"), [(Role.BOARD_MEMBER, "Board dashboard"), (Role.TRAINER, "Your work")])
def test_board_members_find_their_dashboard_first_in_the_menu(role: str, first: str, site, client: Client):
    client.force_login(make.make_member(role, programme=site.programme))

    links = re.findall(
        r'nhsuk-header__navigation-link" href="([^"]+)"[^>]*>(?:<strong[^>]*>)?([^<]+)', client.get("/programmes/").text
    )

    assert links[0][1] == first
    assert (("/board/", "Board dashboard") in links) == (role == Role.BOARD_MEMBER)


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ((), EXPLANATIONS[0]),
        ((Role.CHAMPION,), EXPLANATIONS[1]),
        ((Role.CHAMPION, Role.SITE_LEAD), EXPLANATIONS[2]),
        ((Role.WARD_MANAGER,), EXPLANATIONS[2]),
        ((Role.ADMINISTRATOR,), EXPLANATIONS[3]),
    ],
)
def test_who_sees_no_programme_is_told_why(roles: tuple[str, ...], expected: str, db: None, client: Client):
    user, ward = make.make_user(), make.make_ward()
    scopes = {Role.SITE_LEAD: {"site": ward.site}, Role.WARD_MANAGER: {"ward": ward}}
    for role in roles:
        make.make_member(role, user=user, **scopes.get(Role(role), {}))
    client.force_login(user)

    said = words(client.get("/programmes/").text)

    assert [line for line in EXPLANATIONS if line in said] == [expected]


def listed(client: Client) -> list[list[str]]:
    """The programmes with their sites."""
    return [[row[0], row[3]] for row in table(client.get("/programmes/").text, "programme-table")]


def test_retired_programme_and_site_are_nowhere(site, client: Client):
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))
    now = datetime(2026, 3, 15, tzinfo=UTC)

    type(site.site).objects.filter(pk=site.site_id).update(retired_at=now)
    without_site = (client.get("/p/EPR/s/ALD/").status_code, listed(client))
    Programme.objects.filter(pk=site.programme_id).update(retired_at=now)

    assert without_site == (404, [["One record", "No sites"]])
    assert (client.get("/p/EPR/sites/").status_code, listed(client)) == (404, [])
