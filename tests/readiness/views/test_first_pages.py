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
    "You are here as a champion. Your shifts get a page of their own, which is not here yet",
    "Your role is in place, but no programme has reached what it names yet.",
    "There is no programme yet. A programme pack brings one, with its sites and records.",
)


def start(user, client: Client) -> str:
    client.force_login(user)
    return client.get("/").headers["Location"]


@pytest.mark.parametrize(
    ("role", "scope", "expected"),
    [
        (Role.PROGRAMME_MANAGER, "programme", "/p/EPR/sites/"),
        (Role.TRAINER, "programme", "/p/EPR/sites/"),
        (Role.SIGNATORY, "programme", "/p/EPR/sites/"),
        (Role.SIGNATORY, "site", "/p/EPR/sites/"),
        (Role.BOARD_MEMBER, "programme", "/p/EPR/board/"),
        (Role.BOARD_MEMBER, "organisation", "/p/EPR/board/"),
        (Role.SITE_LEAD, "site", "/p/EPR/s/ALD/"),
        (Role.WARD_MANAGER, "ward", "/p/EPR/s/ALD/"),
        (Role.CHAMPION, "", "/programmes/"),
    ],
)
def test_role_starts_at_its_only_place(role: str, scope: str, expected: str, site, client: Client):
    places = {
        "programme": site.programme,
        "site": site.site,
        "organisation": site.site.organisation,
        "ward": make.make_ward(site=site.site),
    }

    assert start(make.make_member(role, **({scope: places[scope]} if scope else {})), client) == expected


def test_administrator_of_one_programme_starts_at_its_sites(site, client: Client):
    assert start(make.make_member(Role.ADMINISTRATOR), client) == "/p/EPR/sites/"


@pytest.mark.parametrize(
    ("role", "expected"), [(Role.PROGRAMME_MANAGER, "/programmes/"), (Role.BOARD_MEMBER, "/board/")]
)
def test_who_has_two_programmes_starts_at_all_of_them(role: str, expected: str, site, client: Client):
    user = make.make_member(role, programme=site.programme)
    make.make_member(role, programme=make.make_programme(), user=user)

    assert start(user, client) == expected


def test_board_member_with_other_work_starts_at_that(site, client: Client):
    user = make.make_member(Role.BOARD_MEMBER, programme=site.programme)
    make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme, user=user)

    assert start(user, client) == "/p/EPR/sites/"


@pytest.mark.parametrize(("role", "first"), [(Role.BOARD_MEMBER, "Board dashboard"), (Role.TRAINER, "Programmes")])
def test_board_members_find_their_dashboard_first_in_the_menu(role: str, first: str, site, client: Client):
    client.force_login(make.make_member(role, programme=site.programme))

    links = re.findall(
        r'nhsuk-header__navigation-link" href="([^"]+)"[^>]*>(?:<strong[^>]*>)?([^<]+)', client.get("/programmes/").text
    )

    assert links[0][1] == first
    assert (("/board/", "Board dashboard") in links) == (role == Role.BOARD_MEMBER)


def test_site_lead_of_two_programmes_at_one_site_starts_at_the_list(site, client: Client):
    make.make_deployment(site=site.site)

    assert start(make.make_member(Role.SITE_LEAD, site=site.site), client) == "/programmes/"


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
