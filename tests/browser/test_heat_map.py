"""The heat map, cards on a phone, and saved views, as a person meets them: in sight, on paper, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from readiness.scoring import DOMAINS
from rollout.choices import Role
from rollout.models import Membership, Programme, SavedView, User
from tests import factories as make
from tests.browser.conftest import Watch, findings, log_in, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAT = "/p/EPR/sites/?view=heatmap"
# Luminance of a colour as the guidelines for contrast define it.
CONTRAST = """cell => {
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(c => c / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(cell), link = getComputedStyle(cell.querySelector('a') || cell);
  const page = light(style.backgroundColor);
  return Math.min(...[style.color, link.color].map(light)
    .map(text => (Math.max(page, text) + 0.05) / (Math.min(page, text) + 0.05)));
}"""


@pytest.fixture
def programme(person: User) -> Programme:
    """Six sites, from nothing done to everything, so that each shade is there."""
    programme = make.make_programme(code="EPR", name="One record", goal="Notes in one record at every hospital.")
    Membership.objects.create(user=person, role=Role.PROGRAMME_MANAGER, programme=programme)
    for number, share in enumerate((0, 40, 60, 70, 90, 100)):
        site = make.make_site(code=f"S{number}", name=f"Site {number}")
        deployment = make.make_deployment(programme=programme, site=site)
        make.make_score(deployment, share=share, situation={"overdue_blockers": 1} if number == 3 else {})
    return programme


def test_every_shade_can_be_read(page: Page, programme: Programme, watch: Watch):
    log_in(page, f"/log-in/?next={HEAT}")

    contrasts = {}
    for cell in page.locator("#site-table td.app-heat").all():
        shade = re.search(r"app-heat--(\d)", cell.get_attribute("class") or "")
        assert shade
        contrasts[shade[1]] = cell.evaluate(CONTRAST)

    assert sorted(contrasts) == ["0", "1", "2", "3", "4", "5"]
    assert {shade: ratio for shade, ratio in contrasts.items() if ratio < 4.5} == {}
    expect(page.get_by_role("columnheader", name="Partnerships")).to_be_visible()
    assert (findings(page), sideways(page)) == ([], 0)


def test_cell_leads_to_its_domain_and_heading_puts_in_order(page: Page, programme: Programme, watch: Watch):
    log_in(page, f"/log-in/?next={HEAT}")
    page.evaluate("window.stayed = true")

    page.get_by_role("link", name="Training", exact=True).last.click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text(re.compile("Training"))
    assert page.evaluate("window.stayed")
    expect(page.locator("#site-table tbody tr").first).to_contain_text("Site 0")
    page.get_by_role("link", name=re.compile("^Training, Site 0:")).click()

    expect(page).to_have_url(re.compile("/p/EPR/s/S0/.*#domain-training$"))


@pytest.mark.parametrize("address", [HEAT, "/p/EPR/sites/"])
def test_phone_shows_cards(page: Page, programme: Programme, watch: Watch, address: str):
    page.set_viewport_size({"width": 320, "height": 800})
    log_in(page, f"/log-in/?next={address}")

    card = page.get_by_role("row", name=re.compile("Site 3"))
    for words in ("of 100", "Off track", "Held at 49"):
        expect(card.get_by_text(words).first).to_be_visible()
    for domain in ("Training", "Technical", "Champions"):
        expect(card.get_by_role("link", name=re.compile(f"^{domain} ?, Site 3$"))).to_be_visible()
    expect(page.locator("#site-table th[scope=col]").first).to_be_hidden()
    assert card.locator("td.app-heat:visible").count() == 0
    assert sideways(page) == 0

    page.get_by_text("Filters", exact=True).first.click()
    page.get_by_label("Order", exact=True).select_option("-score")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("#site-table tbody tr").first).to_contain_text("Site 5")


def test_paper_carries_the_numbers_without_the_shades(page: Page, programme: Programme, watch: Watch):
    log_in(page, f"/log-in/?next={HEAT}")
    page.emulate_media(media="print")

    cell = page.locator("#site-table td.app-heat--5").first
    expect(cell).to_be_visible()
    assert cell.evaluate("cell => getComputedStyle(cell).color") == "rgb(0, 0, 0)"
    expect(page.get_by_text("Filters", exact=True).first).to_be_hidden()
    assert page.locator("#site-table tbody tr").first.locator("td.app-heat").count() == len(DOMAINS)


def test_forced_colours_leave_nothing_unreadable(page: Page, programme: Programme, watch: Watch):
    page.emulate_media(forced_colors="active")
    log_in(page, f"/log-in/?next={HEAT}")
    expect(page.locator("#site-table")).to_be_visible()

    assert findings(page) == []


def test_print_button_prints(page: Page, programme: Programme, watch: Watch):
    log_in(page, "/log-in/?next=/p/EPR/sites/")
    page.evaluate("window.print = () => { window.printed = true; }")

    page.get_by_role("button", name="Print").click()

    assert page.evaluate("window.printed")


def test_view_is_saved_opened_changed_and_removed_without_scripts(plain_page: Page, programme: Programme, watch: Watch):
    page = plain_page
    watch.expect(422)
    log_in(page, "/log-in/?next=/p/EPR/sites/?band=off_track")
    expect(page.get_by_role("button", name="Print")).to_have_count(0)
    page.get_by_text("Saved views", exact=True).click()
    page.get_by_role("link", name="Save this list, or change saved views").click()
    expect(page.get_by_text("It will show: Band: Off track")).to_be_visible()
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("link", name="Enter a name for the view")).to_be_visible()
    page.get_by_label("Name of the view").fill("Behind")
    page.get_by_label("Open the list with it").check()
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_text("Behind is saved.")).to_be_visible()

    page.goto("/p/EPR/sites/")
    expect(page.get_by_text("View: Behind")).to_be_visible()
    page.get_by_role("link", name="Score", exact=True).click()
    page.get_by_text("View: Behind (changed)").click()
    page.get_by_role("button", name="Keep this list as Behind").click()
    expect(page.get_by_text("Behind now shows this list.")).to_be_visible()
    assert SavedView.objects.get().query == "band=off_track&sort=score"

    page.goto("/p/EPR/sites/views/")
    page.get_by_role("link", name="Change Behind").click()
    page.get_by_role("button", name="Remove Behind").click()
    page.get_by_role("button", name="Put back Behind").click()
    expect(page.get_by_role("link", name="Behind", exact=True)).to_be_visible()


def test_columns_are_chosen_by_keyboard_alone(page: Page, programme: Programme, watch: Watch):
    log_in(page, "/log-in/?next=/p/EPR/sites/")
    page.locator("summary", has_text="Columns").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Based on evidence").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show these columns").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("columnheader", name="Based on evidence")).to_be_visible()
    expect(page).to_have_url(re.compile("columns=coverage"))
