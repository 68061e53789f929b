"""An item's page in a real browser: a file sent with the answer and opened again, comments said, mended and struck."""

import pytest
from playwright.sync_api import Page, expect

from rollout.choices import Role
from rollout.models import Comment, User
from tests import factories as make
from tests.browser.conftest import Watch, findings, log_in, sideways
from tests.files import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "Call 943 476 5919"


def test_site_lead_brings_evidence_and_talks_about_it(page: Page, person: User, watch: Watch):
    programme = make.make_programme(code="EPR", name="One record")
    deployment = make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder"))
    item = make.make_blocker(deployment, text="Downtime plan tried", evidence_needed=True)
    make.make_member(Role.SITE_LEAD, user=person, site=deployment.site)
    address = f"/p/EPR/s/ALD/checklist/{item.code}/"
    log_in(page)
    page.goto(address)

    page.get_by_label("Yes").check()
    page.get_by_label("Evidence file").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: Downtime plan tried")).to_be_visible()
    with page.expect_download() as opened:
        page.get_by_role("link", name="plan.pdf").click()
    assert opened.value.suggested_filename.startswith(item.code)
    assert opened.value.path().read_bytes() == PDF

    words, say = page.get_by_label("Your comment"), page.get_by_role("button", name="Add comment")
    watch.expect(r"422")
    words.fill(NUMBER)
    say.click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    page.get_by_label("Why is this number not about a patient?").fill("It is the help desk")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert (findings(page), sideways(page)) == ([], 0)
    say.click()
    expect(page.locator("#status")).to_have_text("Your comment is added.")
    expect(page.get_by_role("heading", name="Comments")).to_be_focused()
    expect(words).to_have_value("")

    page.get_by_role("button", name="Strike through").click()
    expect(page.locator("#status")).to_have_text("Your comment is struck through.")
    expect(page.locator("s", has_text=NUMBER)).to_be_visible()
    assert Comment.objects.filter(retired_at__isnull=False).count() == 1
    for shown in (address, f"/p/EPR/s/ALD/comments/item/{item.pk}/"):
        page.goto(shown)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert (findings(page), sideways(page)) == ([], 0)
