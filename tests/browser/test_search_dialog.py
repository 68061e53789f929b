"""Searching from anywhere by the keyboard alone: the dialog of Ctrl+K, its focus, its results, the way back."""

import pytest
from playwright.sync_api import Page, expect

from rollout.choices import Role
from rollout.models import User
from tests import factories as make
from tests.browser.conftest import Watch, findings, log_in, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_search_dialog_by_keyboard(page: Page, person: User, watch: Watch):
    programme = make.make_programme(code="EPR", name="One record")
    make.make_member(Role.PROGRAMME_MANAGER, user=person, programme=programme)
    make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))
    log_in(page)
    link = page.get_by_role("link", name="Programmes", exact=True).first
    link.focus()
    dialog, status = page.get_by_role("dialog", name="Search"), page.locator("#search-dialog-status")

    page.keyboard.press("Control+k")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Sites, wards, items, decisions, pages and actions")).to_be_focused()
    page.keyboard.type("alder")
    expect(status).to_have_text("1 result for “alder”")
    assert findings(page) == []
    page.keyboard.press("Control+k")
    page.keyboard.type("record a decision")
    expect(dialog.get_by_role("link", name="Record a decision")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("zzz")
    expect(status).to_have_text("Nothing found for “zzz”")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()

    page.keyboard.press("Meta+k")
    page.keyboard.type("alder")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.get_by_role("link", name="Alder Hospital")).to_be_visible()

    page.set_viewport_size({"width": 320, "height": 640})
    page.keyboard.press("Control+k")
    page.keyboard.type("alder")
    expect(status).to_have_text("1 result for “alder”")
    assert sideways(page) == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{watch.home}/p/EPR/s/ALD/")
