"""A first programme in a real browser: from nothing to sites in waves; and nothing to find fault with on the way."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from readiness.services.programmes import create_programme
from readiness.services.sites import take_site_out
from readiness.services.templates import draft_mark, draft_template, throw_away
from rollout.choices import Role
from rollout.models import Deployment, Programme, ReleaseBundle, User
from rollout.services.deployments import plan_mark
from rollout.services.measures import add_measure
from rollout.services.waves import add_wave, retire_wave
from tests import factories as make
from tests.browser.conftest import Watch, findings, looked_at, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator(transactional_db: None) -> User:
    return make.make_member(Role.ADMINISTRATOR)


@pytest.fixture
def visit(open_context: Callable[..., BrowserContext], home: str, administrator: User) -> Callable[..., Page]:
    """Opens a browser in which the administrator has logged in."""

    def start(**options: object) -> Page:
        context, client = open_context(**options), Client()
        client.force_login(administrator)
        context.add_cookies([{"name": key, "value": kept.value, "url": home} for key, kept in client.cookies.items()])
        return context.new_page()

    return start


@pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="no scripts", marks=pytest.mark.night)]
)
def test_first_programme_is_set_up_from_nothing(visit: Callable[..., Page], scripts: bool):
    page = visit(java_script_enabled=scripts)
    page.goto("/programmes/")
    page.get_by_role("link", name="Add a programme").click()
    page.get_by_label("Name", exact=True).fill("One record")
    page.get_by_label("Code", exact=True).fill("EPR")
    page.get_by_label("Goal").fill("Nine in ten notes by March 2028.")
    page.get_by_role("button", name="Add the programme").click()
    expect(page.get_by_role("heading", name="Set up the programme")).to_be_visible()

    page.get_by_role("link", name="Headline measure").click()
    page.get_by_role("link", name="Add a measure").click()
    page.get_by_label("Name", exact=True).fill("Notes written")
    page.get_by_label("Code", exact=True).fill("NOTES")
    page.get_by_label("Target", exact=False).first.fill("90")
    page.get_by_role("button", name="Add the measure").click()
    expect(page.get_by_role("row", name="Notes written")).to_contain_text("Headline measure")

    for name in ("Late", "Early"):
        page.goto("/p/EPR/waves/new/")
        page.get_by_label("Name").fill(name)
        page.get_by_role("button", name="Add the wave").click()
        expect(page.get_by_text("The wave is added, after the others.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Move up ?: wave 2")).click()
    expect(page.get_by_text("“Early” is wave 1 now.")).to_be_visible()

    for name in ("Alder", "Birch"):
        make.make_deployment(programme=Programme.objects.get(), site=make.make_site(name=name, code=name))
    page.goto("/p/EPR/waves/")
    page.get_by_label("Select Alder").check()
    page.get_by_label("Select Birch").check()
    page.get_by_label("Put into").select_option(label="1 – Early")
    page.get_by_role("button", name="Put the selected sites into it").click()
    expect(page.get_by_text("2 sites are moved.")).to_be_visible()
    assert set(Deployment.objects.values_list("wave__name", flat=True)) == {"Early"}


@pytest.mark.night
def test_pages_have_no_findings(visit: Callable[..., Page], watch: Watch, administrator: User):
    watch.expect(422)
    programme = create_programme(code="EPR", name="One record", by=administrator)
    for code in ("NOTES", "WAITS"):
        add_measure(programme_id=programme.pk, code=code, name=code, headline=False, by=administrator)
    waves = [
        add_wave(programme_id=programme.pk, name=name, starts_on=None, ends_on=None, by=administrator)
        for name in ("First", "Second")
    ]
    site = make.make_deployment(programme=programme, wave=waves[0], site=make.make_site(code="ALD"))
    make.make_score(site)
    retire_wave(wave_id=waves[1].pk, by=administrator)
    left = make.make_deployment(programme=programme, site=make.make_site(code="BIR", name="Birch"))
    take_site_out(deployment_id=left.pk, mark=plan_mark(left), reason="Named twice", by=administrator)
    for _ in range(2):
        draft = draft_template(programme=programme, by=administrator)
        mark = draft_mark(draft.pk)
        if draft.version == 2:
            throw_away(template_id=draft.pk, mark=mark, reason="Begun by mistake", by=administrator)
    ReleaseBundle.objects.create(code="SPRING", name="Spring").programmes.add(programme)
    addresses = (
        *("/programmes/", "/programmes/new/", "/bundles/", "/bundles/b/SPRING/", "/p/EPR/", "/p/EPR/status/"),
        *("/p/EPR/waves/", f"/p/EPR/waves/{waves[0].pk}/", "/p/EPR/s/ALD/interest/", "/p/EPR/waves/?q=nowhere"),
        *(
            f"/p/EPR/settings/{page}"
            for page in ("", "programme/", "state/", "left-out/", "measures/", "measures/NOTES/")
        ),
        *("/p/EPR/sites/out/", "/p/EPR/s/ALD/out/", "/p/EPR/decisions/"),
        *(f"/p/EPR/settings/templates/{page}" for page in ("", "2/", "3/throw-away/")),
        *("/p/EPR/settings/new-measure/", "/p/EPR/priority/", "/p/EPR/priority/plan/"),
    )
    page, shown = visit(), {}
    for turn, address in enumerate(addresses):
        page.goto(address)
        shown |= {(address, width): found for width, found in looked_at(page, turn).items()}
    for address, button in (
        ("/programmes/new/", "Add the programme"),
        ("/p/EPR/waves/", "Put the selected sites into it"),
        ("/p/EPR/priority/", "Record the review"),
    ):
        page.goto(address)
        page.get_by_role("button", name=button).click()
        expect(page).to_have_title(re.compile("^Error:"))
        shown[address, 0] = (findings(page), sideways(page))

    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
    assert len(shown) == 2 * len(addresses) + 3
