"""People, places and seats in a real browser: nothing to find fault with, and a new site gets its team."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from rollout.choices import Role
from rollout.models import Deployment, GroupAction, GroupMeeting, Person, ReadinessGroup, Seat, SeatRole, User
from rollout.services.closing import close_ward
from tests import factories as make
from tests.browser.conftest import Watch, findings, looked_at, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(transactional_db: None) -> Deployment:
    """A site with a seat held and a group that met."""
    programme = make.make_programme(code="EPR", name="One record")
    trust = make.make_organisation(code="ALD", name="Alder Trust")
    place = make.make_site(code="ALD-1", name="Alder Hospital", organisation=trust)
    make.make_site(code="ALD-2", name="Alder Clinic", organisation=trust)
    make.make_ward(site=place, code="A1", name="Acute unit")
    deployment = make.make_deployment(programme=programme, site=place)
    person = Person.objects.create(label="Ada Alder")
    role = SeatRole.objects.create(code="ccio")
    for where in (place, None):
        Seat.objects.create(programme=programme, site=where, role=role, person=person, from_on=make.DAY)
    group = ReadinessGroup.objects.create(deployment=deployment, clinical_chair=person)
    GroupMeeting.objects.create(group=group, held_on=make.DAY, words="The rota").came.add(person)
    GroupAction.objects.create(group=group, text="Print the plan", owner=person, due_on=make.DAY)
    return deployment


@pytest.fixture
def visit(open_context: Callable[..., BrowserContext], home: str) -> Callable[[User], Page]:
    """Opens a browser in which somebody has logged in."""

    def start(user: User, **options: object) -> Page:
        context = open_context(**options)
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": key, "value": kept.value, "url": home} for key, kept in client.cookies.items()])
        return context.new_page()

    return start


@pytest.mark.night
def test_pages_have_no_findings(visit: Callable[..., Page], watch: Watch, site: Deployment):
    watch.expect(422)
    page = visit(make.make_member(Role.ADMINISTRATOR))
    team, person = "/p/EPR/s/ALD-1/team/", make.make_member(Role.SITE_LEAD, site=site.site)
    seat = Seat.objects.get(site=site.site).pk
    closed = make.make_ward(site=make.make_site(name="Old clinic"))
    close_ward(ward_id=closed.pk, reason="Moved to another house", by=person)
    addresses = (
        "/p/EPR/settings/seats/",
        team,
        f"{team}seats/new/",
        f"{team}seats/{seat}/",
        f"{team}meetings/new/",
        f"{team}actions/{GroupAction.objects.get().pk}/",
        "/p/EPR/sites/new/",
        "/p/EPR/sites/new/site/",
        "/p/EPR/s/ALD-1/scope/",
        "/p/EPR/s/ALD-1/baseline/",
        "/p/EPR/s/ALD-1/baseline/new/",
        "/p/EPR/settings/resources/",
        "/p/EPR/settings/resources/need/?role=sro",
        "/admin/people/",
        "/admin/people/new/",
        f"/admin/people/{person.pk}/",
        f"/admin/people/{person.pk}/edit/",
        "/admin/organisations/",
        f"/admin/organisations/{site.site.organisation_id}/",
        f"/admin/sites/{site.site_id}/",
        f"/admin/sites/{site.site_id}/close/",
        f"/admin/sites/{closed.site_id}/",
        f"/admin/wards/{closed.pk}/close/",
        "/account/first-password/?user=1&secret=none",
    )
    watch.expect(410)
    shown = {}
    for turn, address in enumerate(addresses):
        page.goto(address)
        shown |= {(address, width): found for width, found in looked_at(page, turn).items()}
    for address, button in (
        (f"{team}seats/new/", "Fill the seat"),
        ("/admin/people/new/?role=trainer", "Add the person"),
    ):
        page.goto(address)
        page.get_by_role("button", name=button).click()
        expect(page).to_have_title(re.compile("^Error:"))
        shown[address, 0] = (findings(page), sideways(page))

    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
    assert len(shown) == 2 * len(addresses) + 2


@pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="no scripts", marks=pytest.mark.night)]
)
def test_new_site_gets_its_team_and_its_lead(
    visit: Callable[..., Page], watch: Watch, transactional_db: None, scripts: bool
):
    programme = make.make_programme(code="EPR", name="One record")
    page = visit(make.make_member(Role.PROGRAMME_MANAGER, programme=programme), java_script_enabled=scripts)
    enter_site(page)
    page.get_by_role("link", name="Team", exact=True).click()
    page.get_by_role("row", name="Clinical lead").get_by_role("link", name="Fill").click()
    page.get_by_label("Who takes it?").fill("ash@example.org")
    page.get_by_role("button", name="Fill the seat").click()
    expect(page.get_by_text("The seat is filled.")).to_be_visible()
    page.get_by_role("link", name="Name the chairs").click()
    page.get_by_label("Clinical chair").fill("ash@example.org")
    page.get_by_role("button", name="Save the chairs").click()
    expect(page.get_by_text("Vacant: operational chair.")).to_be_visible()

    page.goto("/admin/people/new/")
    page.get_by_label("Site lead").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Email address").fill("ash@example.org")
    page.get_by_label("Name", exact=True).fill("Ash")
    page.get_by_label("Site", exact=True).fill("OAK-1")
    page.get_by_role("button", name="Add the person").click()
    link = page.locator("code").inner_text()

    page.context.clear_cookies()
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(make.PASSWORD)
    page.get_by_label("New password again").fill(make.PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_label("Email address").fill("ash@example.org")
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.goto("/p/EPR/s/OAK-1/team/")
    expect(page.get_by_role("row", name="Clinical lead")).to_contain_text("Ash")


def enter_site(page: Page) -> None:
    """Enter a site that nobody has entered yet, of an organisation that is new too."""
    page.goto("/p/EPR/sites/")
    page.get_by_role("link", name="Add sites").click()
    page.get_by_role("link", name="Enter a new site").first.click()
    page.get_by_label("Organisation", exact=True).select_option("A new organisation")
    page.get_by_label("Code of the new organisation").fill("OAK")
    page.get_by_label("Name of the new organisation").fill("Oak Trust")
    page.get_by_label("Code of the site").fill("OAK-1")
    page.get_by_label("Name", exact=True).fill("Oak Hospital")
    page.get_by_label("Hospital").check()
    page.get_by_label("Wards (optional)").fill("A1, Acute unit")
    page.get_by_role("button", name="Add the site").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Oak Hospital")
