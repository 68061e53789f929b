"""What a phone keeps of the log, for how long, and for whom."""

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from rollout.models import SignIn
from rollout.services.phones import enrol_phone
from tests.browser.conftest import Watch
from tests.browser.test_frame import age_session
from tests.browser.test_log_offline import LINE, Place, log_in, logged, open_log, phone, place, write_shift

__all__ = ["phone", "place"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Lets the lists of the phone have come so many hours ago.
AGE = """async (hours) => {
  const state = await rolloutLog.kept("state");
  await rolloutLog.keep("state", { ...state, at: Date.now() - hours * 3600 * 1000 });
}"""


def test_lists_say_their_age_and_go_after_seven_days(phone: BrowserContext, place: Place, watch: Watch):
    watch.expected.add("net::ERR_INTERNET_DISCONNECTED")
    page = open_log(phone)
    phone.set_offline(True)
    page.goto("/log/shift/")  # nothing that was asked for before is still on its way

    page.evaluate(AGE, 13)
    page.goto("/log/shift/")
    expect(page.get_by_text("The lists are from")).to_be_visible()
    expect(page.get_by_label("Ben Ash")).to_be_visible()
    page.evaluate(AGE, 7 * 24 + 1)
    page.goto("/log/shift/")

    expect(page.get_by_text("This phone has no lists yet.")).to_be_visible()
    assert page.evaluate("rolloutLog.kept('state').then((state) => state === undefined)")


def test_wards_phone_that_lay_unused_is_nobodys(phone: BrowserContext, place: Place, home: str, watch: Watch):
    watch.expected.add("net::ERR_INTERNET_DISCONNECTED")
    enrol_phone(ward=place.ward, name="Ward 7 phone", secret="s", by=place.manager)
    phone.clear_cookies()
    phone.add_cookies([{"name": "ward-phone", "value": "s", "url": home}])
    page = log_in(phone)
    phone.set_offline(True)

    page.evaluate("rolloutLog.keep('seen', Date.now() - 31 * 60 * 1000).then(() => true)")
    page.goto("/log/shift/")

    expect(page.get_by_label("Champion", exact=True)).to_be_visible()
    expect(page.get_by_text("Ben Ash")).to_have_count(0)
    assert page.evaluate("rolloutLog.kept('me').then((me) => me === undefined)")


def test_form_being_written_outlives_the_log_in(phone: BrowserContext, place: Place, watch: Watch):
    watch.expect(401)
    page = open_log(phone)
    page.goto("/log/issue/")
    page.get_by_label("What is wrong").fill("The printer is out")
    age_session(15 * 60 + 10)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()

    expect(page.get_by_label("What is wrong")).to_have_value("The printer is out")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Report the issue").click()
    expect(page.get_by_text("Saved on this phone")).to_be_visible()
    expect(page.locator(LINE)).to_contain_text("1 entry belongs to nobody yet · Log in to send.")


def test_entry_lost_with_a_restored_backup_is_asked_for_again(phone: BrowserContext, place: Place, watch: Watch):
    page = open_log(phone)
    write_shift(page, "Early", "Ben Ash", "Sent at")

    def yesterday(route: Route) -> None:
        """The state of a service that never had the entry."""
        said = {**route.fetch().json(), "receipts": {}}
        route.fulfill(status=200, content_type="application/json", body=json.dumps(said))

    phone.route("**/log/state/**", yesterday)
    page.goto("/log/outbox/")
    expect(page.get_by_text("was sent but is no longer known. Write it again.")).to_be_visible()
    expect(page.locator(LINE)).to_contain_text("1 needs your attention")
    page.get_by_role("button", name="Take this note away").click()

    expect(page.get_by_text("Nothing waits on this phone.")).to_be_visible()


def test_phone_that_cannot_keep_an_entry_says_so_and_keeps_what_was_typed(
    phone: BrowserContext, place: Place, watch: Watch
):
    page = open_log(phone)
    page.goto("/log/issue/")
    page.get_by_label("What is wrong").fill("The printer is out")
    page.get_by_label("No", exact=True).check()
    page.evaluate(
        "() => { IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )

    page.get_by_role("button", name="Report the issue").click()

    expect(page.get_by_role("alert").get_by_text("This phone could not keep the entry.")).to_be_visible()
    expect(page.get_by_label("What is wrong")).to_have_value("The printer is out")


def test_entry_of_nobody_on_a_wards_phone_is_sent_by_who_says_it_is_theirs(
    phone: BrowserContext, place: Place, home: str, watch: Watch
):
    watch.expect(401)
    enrol_phone(ward=place.ward, name="Ward 7 phone", secret="s", by=place.manager)
    phone.clear_cookies()
    phone.add_cookies([{"name": "ward-phone", "value": "s", "url": home}])
    page = log_in(phone)
    assert SignIn.objects.latest("pk").phone is not None
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()

    page.goto("/log/shift/")
    expect(page.get_by_label("Champion", exact=True)).to_be_visible()
    expect(page.get_by_text("Ben Ash")).to_have_count(0)
    page.get_by_label("Yesterday").check()
    page.get_by_label(re.compile("^Early")).check()
    page.get_by_label("Champion", exact=True).fill("Ben")
    page.get_by_role("button", name="Save shift").click()
    expect(page.get_by_text("Saved on this phone")).to_be_visible()
    page = log_in(phone, said="1 entry belongs to nobody yet")
    page.goto("/log/outbox/")
    page.get_by_role("button", name="This is mine").click()
    expect(page.get_by_text("You wrote “Ben”. Select the champion.")).to_be_visible()
    assert logged() == []
    page.get_by_role("link", name="Edit").click()
    page.get_by_label(re.compile("^Ben Ash")).check()
    page.get_by_role("button", name="Save shift").click()

    expect(page.get_by_text("Sent at")).to_be_visible()
    assert logged() == [("Ben Ash", "07")]
