"""From a draft of the checklist template to a site that takes it over, in a real browser without scripts; and axe."""

import pytest
from playwright.sync_api import Page, expect

from rollout.choices import Role
from rollout.models import User
from tests import factories as make
from tests.browser.conftest import Watch, log_in, looked_at
from tests.readiness.template_world import done, published, sites_with_checklists

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/p/EPR/settings/templates/"


def test_manager_publishes_a_version_and_a_site_takes_it_over(plain_page: Page, person: User, watch: Watch):
    programme = make.make_programme(code="EPR", name="One record")
    published(programme)
    (site,) = sites_with_checklists(programme, 1)
    done(site, "PLAN")
    make.make_member(Role.PROGRAMME_MANAGER, user=person, programme=programme)
    page = plain_page
    log_in(page)

    page.goto(LIST)
    page.get_by_role("button", name="Make a new version").click()
    page.get_by_role("link", name="PLAN text").click()
    page.get_by_label("Weight").select_option("5")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Check and publish").click()
    expect(page.locator("#effect")).to_contain_text("1 of 1 site would be scored otherwise.")
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()

    page.goto(f"/p/EPR/s/{site.site.code}/checklist/")
    page.get_by_role("link", name="Look at what differs and take it over").click()
    expect(page.get_by_label("PLAN text")).to_be_checked()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text("Taken over at 1 site: 0 items added, 1 changed, 0 removed.")).to_be_visible()
    page.get_by_role("link", name="PLAN text", exact=True).click()
    expect(page.get_by_text("weight 5 of 5")).to_be_visible()
    expect(page.get_by_text("Completed on")).to_be_visible()


@pytest.mark.night
def test_pages_of_templates_gates_and_counts_have_no_findings(page: Page, person: User, watch: Watch):
    programme = make.make_programme(code="EPR", name="One record")
    published(programme)
    (site,) = sites_with_checklists(programme, 1)
    make.make_member(Role.PROGRAMME_MANAGER, user=person, programme=programme)
    ward = make.make_ward(site=site.site)
    log_in(page)
    page.goto(LIST)
    page.get_by_role("button", name="Make a new version").click()
    page.goto("/p/EPR/settings/gates/")
    page.get_by_role("button", name="Add the standard gates").click()
    here = f"/p/EPR/s/{site.site.code}/"
    drafts = [f"{LIST}2/{part}" for part in ("", "add/", "standard/", "publish/", "items/PLAN/", "items/PLAN/remove/")]
    gates = [f"/p/EPR/settings/gates/{part}" for part in ("", "new/", "GO-LIVE/", "GO-LIVE/retire/")]
    counts = [f"{here}infrastructure/", f"{here}infrastructure/{ward.pk}/", f"{here}checklist/adopt/"]

    shown = {}
    for turn, address in enumerate((LIST, f"{LIST}adopt/", *drafts, *gates, *counts)):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        shown |= {(address, width): found for width, found in looked_at(page, turn).items()}

    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
