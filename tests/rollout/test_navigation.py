"""The links of the header."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from rollout import navigation, urls
from rollout.choices import Role
from rollout.models import Decision, Deployment, Membership, Programme, Site, User
from rollout.views.access import programme_code
from tests.factories import make_deployment, make_site, make_ward


def page(request, **_kwargs) -> HttpResponse:
    return HttpResponse("")


pages = [
    *urls.pages,
    path("things/", page, name="thing-list"),
    path("p/<str:programme>/sites/", page, name="place-list"),
    path("p/<str:programme>/s/<str:site>/", page, name="place"),
]
urlpatterns = [path("", include((pages, "rollout")))]
LINKS = (
    ("rollout:thing-list", "Things", navigation.anybody),
    ("rollout:place-list", "Places", navigation.anybody),
    ("rollout:account", "For administrators", navigation.holds(Role.ADMINISTRATOR)),
    ("rollout:place", "My place", navigation.holds(Role.SITE_LEAD, Role.WARD_MANAGER)),
    ("rollout:thing-list", "Things", navigation.holds(Role.SITE_LEAD)),
    ("rollout:not-made-yet", "Not made yet", navigation.anybody),
)
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def four_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of links of the test's own."""
    monkeypatch.setattr(navigation, "LINKS", LINKS)


def links(user: User, address: str = "/") -> list[tuple[str, str, str]]:
    request = RequestFactory().get(address)
    request.user = user
    return [(link.label, link.href, link.current) for link in navigation.links_for(request)]


def test_links_that_do_not_exist_or_lead_nowhere_are_left_out(ana: User):
    assert links(ana) == [("Things", "/things/", "")]


def test_link_that_a_role_opens_is_shown_to_it(ana: User):
    Membership.objects.create(user=ana, role=Role.ADMINISTRATOR)

    assert links(ana) == [("Things", "/things/", ""), ("For administrators", "/account/", "")]


@pytest.mark.parametrize(
    ("address", "current"), [("/things/", "page"), ("/things/7/", "true"), ("/thing/", ""), ("/account/", "")]
)
def test_present_page_is_marked(ana: User, address: str, current: str):
    assert links(ana, address) == [("Things", "/things/", current)]


def test_links_cost_one_query(ana: User, django_assert_num_queries):
    with django_assert_num_queries(1):
        links(ana)


def test_visitor_without_log_in_sees_no_links(client: Client):
    assert "nhsuk-header__navigation" not in client.get("/log-in/").text


def test_link_within_a_programme_leads_to_the_programme_of_the_page(ana: User):
    request = RequestFactory().get("/p/EPR/sites/7/")
    request.user = ana
    request.programme_code = "EPR"

    found = [(link.label, link.href, link.current) for link in navigation.links_for(request)]

    assert found == [("Things", "/things/", ""), ("Places", "/p/EPR/sites/", "true")]


def led(ana: User, *, programmes: int = 1) -> tuple[Site, list[str]]:
    """A site that Ana leads, with programmes at it; their codes."""
    site = make_site()
    Membership.objects.create(user=ana, role=Role.SITE_LEAD, site=site)
    deployments = [make_deployment(site=site) for _number in range(programmes)]
    make_deployment()
    return site, [deployment.programme.code for deployment in deployments]


def within(ana: User, programme: str) -> list[tuple[str, str, str]]:
    """The links on the page of the site in a programme."""
    request = RequestFactory().get(f"/p/{programme}/s/X/")
    request.user = ana
    request.programme_code = programme
    return [(link.label, link.href, link.current) for link in navigation.links_for(request)]


def test_site_lead_is_led_to_the_one_site(ana: User):
    site, (code,) = led(ana)

    assert links(ana) == [("Things", "/things/", ""), ("My place", f"/p/{code}/s/{site.code}/", "")]


def test_ward_manager_is_led_to_the_site_of_the_ward(ana: User):
    ward = make_ward()
    deployment = make_deployment(site=ward.site)
    Membership.objects.create(user=ana, role=Role.WARD_MANAGER, ward=ward)

    assert links(ana)[1] == ("My place", f"/p/{deployment.programme.code}/s/{ward.site.code}/", "")


def test_site_with_two_programmes_is_that_of_the_page(ana: User):
    site, (_first, second) = led(ana, programmes=2)

    assert [label for label, _href, _current in links(ana)] == ["Things"]
    assert ("My place", f"/p/{second}/s/{site.code}/", "") in within(ana, second)


def test_links_of_a_site_lead_cost_one_query_more(ana: User, django_assert_num_queries):
    led(ana)

    with django_assert_num_queries(2):
        links(ana)


def test_record_of_no_site_is_in_its_programme():
    programme = Programme(code="EPR")
    of_a_site = Deployment(programme=programme)

    found = [
        programme_code(each) for each in (Decision(programme=programme), Decision(deployment=of_a_site), programme)
    ]

    assert found == ["EPR", "EPR", "EPR"]
    assert programme_code(object()) == ""


@pytest.mark.urls("rollout.urls")
@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ([Role.WARD_MANAGER], "/log/"),
        ([Role.CHAMPION], "/log/"),
        ([Role.WARD_MANAGER, Role.CHAMPION], "/log/"),
        ([Role.WARD_MANAGER, Role.TRAINER], "/"),
        ([Role.BOARD_MEMBER], "/"),
        ([], "/"),
    ],
)
def test_who_only_stands_on_wards_starts_at_the_log(ana: User, roles: list[Role], home: str):
    deployment = make_deployment()
    scopes = {
        Role.WARD_MANAGER: {"ward": make_ward(site=deployment.site)},
        Role.TRAINER: {"programme": deployment.programme},
        Role.BOARD_MEMBER: {"programme": deployment.programme},
    }
    for role in roles:
        Membership.objects.create(user=ana, role=role, **scopes.get(role, {}))

    assert navigation.home_of(ana) == home
