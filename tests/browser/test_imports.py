"""The import wizard in a real browser: nothing to find fault with on any step; a check tells when it is done."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from readiness.models import FileImport
from rollout.choices import Role
from rollout.models import Programme, User
from tests import factories as make
from tests.browser.conftest import Watch, looked_at
from tests.readiness.imports import wizard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = wizard.csv_of("Wards;;", "Site;Ward;Name;Desk", "S1;3B;Elm;1", "S9;4;Oak;2")


@pytest.fixture
def programme(transactional_db: None) -> Programme:
    programme = make.make_programme(code="EPR")
    make.make_deployment(programme=programme, site=make.make_site(code="S1"))
    return programme


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], home: str, programme: Programme) -> Page:
    manager: User = make.make_member(Role.PROGRAMME_MANAGER, programme=programme)
    context, client = open_context(), Client()
    client.force_login(manager)
    context.add_cookies([{"name": key, "value": kept.value, "url": home} for key, kept in client.cookies.items()])
    return context.new_page()


def test_wizard_has_no_findings_and_tells_when_it_is_done(page: Page, watch: Watch):
    shown = []

    def look() -> None:
        shown.append((page.url.partition("/p/")[2], looked_at(page, len(shown))))

    page.goto("/p/EPR/imports/")
    look()
    page.get_by_role("link", name="Choose a file").click()
    page.get_by_label("Wards:").check()
    look()
    page.get_by_label("File", exact=True).set_input_files({"name": "wards.csv", "mimeType": "text/csv", "buffer": FILE})
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Where is the table?")).to_be_visible()
    look()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("D: Desk", exact=True)).to_be_visible()
    look()
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_text("Being checked")).to_be_visible()
    look()
    wizard.work()
    expect(page.get_by_text("1 row would change something. 1 row is rejected.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Checked, not loaded")
    look()
    page.get_by_role("link", name="Load the file").click()
    page.get_by_label("Load good rows only, and leave out the others").check()
    look()
    page.get_by_role("button", name="Load").click()
    wizard.work()
    expect(page.get_by_text("1 rejected row was left out.")).to_be_visible()

    assert [found for found in shown if found[1] != {320: ([], 0), 1280: ([], 0)}] == []
    assert FileImport.objects.get().state == "loaded"
