"""The frame as a person meets it: logging in, staying in, being out, and what goes wrong on the way."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Page, expect

from rollout import sessions
from rollout.clients import Client
from rollout.models import SignIn, User
from rollout.services.sign_in import TRIES_PER_ACCOUNT, WrongCredentials, check_credentials
from tests.browser.conftest import Watch, findings, focused, log_in, sideways
from tests.rollout.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
note_page = [pytest.mark.urls("tests.rollout.refusing_urls"), pytest.mark.usefixtures("with_note_page")]


def age_session(seconds: int) -> None:
    """Let the server believe that nothing has happened for so long."""
    store = SessionStore(SignIn.objects.latest("pk").session_key)
    store[sessions.SEEN] -= seconds
    store.save()


@pytest.mark.parametrize("width", [320, 1280])
def test_log_in_pages_have_no_findings(page: Page, person: User, watch: Watch, width: int):
    watch.expect(422)
    watch.expect(404)
    page.set_viewport_size({"width": width, "height": 800})

    page.goto("/log-in/")
    shown = [(findings(page), sideways(page))]
    log_in(page, password="wrong")
    shown.append((findings(page), sideways(page)))
    log_in(page, "/log-in/?next=/account/")
    expect(page).to_have_title("Your account – Go-live readiness")
    shown.append((findings(page), sideways(page)))
    page.goto("/nowhere/")
    shown.append((findings(page), sideways(page)))

    assert shown == [([], 0)] * 4


def test_wrong_password_puts_the_focus_on_what_is_wrong(page: Page, person: User, watch: Watch):
    watch.expect(422)
    log_in(page, password="wrong")

    expect(page).to_have_title("Error: Log in – Go-live readiness")
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="The email address or the password is not right.").press("Enter")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    expect(page.get_by_label("Email address")).to_have_value("ana@example.org")


def test_eleventh_try_is_told_to_wait(page: Page, person: User, watch: Watch):
    watch.expect(429)
    for number in range(TRIES_PER_ACCOUNT):
        with pytest.raises(WrongCredentials):
            check_credentials(email=person.email, password="wrong", client=Client(f"192.0.2.{number}", ""))

    log_in(page)

    expect(page.get_by_role("alert").get_by_text("Too many tries. Wait 5 minutes and try again.")).to_be_visible()


def test_log_in_by_keyboard_alone(page: Page, person: User):
    page.goto("/log-in/?next=/account/")
    walk = []
    for _ in range(7):
        page.keyboard.press("Tab")
        walk.append(focused(page))
        if walk[-1] == "Email address":
            page.keyboard.type("ana@example.org")
        elif walk[-1] == "Password":
            page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    assert walk == [
        "Skip to main content",
        "Go-live readiness",
        "Email address",
        "Password",
        "Show password",
        "This is a shared device",
        "Log in",
    ]
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_skip_link_leads_to_the_content(page: Page, person: User):
    page.goto("/log-in/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#maincontent")).to_be_focused()


def test_password_can_be_shown(page: Page, person: User):
    page.goto("/log-in/")
    field = page.get_by_label("Password", exact=True)
    field.fill("typed")
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")


def test_back_after_log_out_shows_nothing(page: Page, person: User):
    log_in(page, "/log-in/?next=/account/")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert "ana@example.org" not in page.content()


def test_log_in_and_out_without_scripts(plain_page: Page, person: User):
    log_in(plain_page, "/log-in/?next=/account/")
    expect(plain_page.get_by_role("heading", name="Your account")).to_be_visible()
    plain_page.get_by_role("button", name="This is my own device").click()
    expect(plain_page.get_by_text("After 30 minutes without a sign of you")).to_be_visible()
    plain_page.get_by_role("button", name="Log out", exact=True).click()
    expect(plain_page.get_by_text("You are logged out.")).to_be_visible()


def test_warning_comes_before_the_end_and_any_key_stays(page: Page, person: User):
    page.clock.install()
    log_in(page, "/log-in/?next=/account/")
    bar = page.locator("#session")
    expect(bar).to_be_hidden()

    age_session(13 * 60 + 10)
    page.clock.fast_forward("13:10")

    expect(bar).to_contain_text("You will be logged out at")
    assert findings(page) == []
    page.keyboard.press("Shift")
    expect(bar).to_be_hidden()
    left = page.evaluate("fetch('/account/session/').then(r => r.json()).then(a => a.seconds_left)")
    assert left > 14 * 60


def test_page_of_nobody_is_taken_away_when_the_time_is_up(page: Page, person: User):
    page.clock.install()
    log_in(page, "/log-in/?next=/account/")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()

    age_session(15 * 60 + 10)
    page.clock.fast_forward("15:10")

    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_text("You were logged out because nothing had happened for a while.")).to_be_visible()


class TestForms:
    """Nothing typed is lost, on a page with a form."""

    pytestmark = note_page

    def test_form_sent_after_the_end_is_sent_after_log_in(self, plain_page: Page, person: User, watch: Watch):
        watch.expect(401)
        log_in(plain_page, "/log-in/?next=/page/")
        plain_page.locator("input[name=words]").fill("three champions for ward 7")
        age_session(15 * 60 + 10)

        plain_page.locator("#part").evaluate("form => form.submit()")

        expect(plain_page.get_by_text("What you typed is kept. Log in and it will be sent.")).to_be_visible()
        plain_page.get_by_label("Email address").fill("ana@example.org")
        plain_page.get_by_label("Password", exact=True).fill(PASSWORD)
        plain_page.get_by_role("button", name="Log in").click()
        plain_page.get_by_role("button", name="Send it now").click()
        expect(plain_page.locator("input[name=words]")).to_have_value("three champions for ward 7")

    def test_part_sent_after_the_end_is_sent_by_itself_after_log_in(self, page: Page, person: User, watch: Watch):
        watch.expect(401)
        log_in(page, "/log-in/?next=/page/")
        page.locator("input[name=words]").fill("three champions for ward 7")
        age_session(15 * 60 + 10)

        page.locator("input[name=words]").press("Enter")

        expect(page.get_by_text("What you typed is kept. Log in and it will be sent.")).to_be_visible()
        page.get_by_label("Email address").fill("ana@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("input[name=words]")).to_have_value("three champions for ward 7")

    def test_typed_words_are_hidden_at_the_end_and_come_back(self, page: Page, person: User):
        page.clock.install()
        log_in(page, "/log-in/?next=/page/")
        page.locator("input[name=words]").fill("three champions for ward 7")

        age_session(15 * 60 + 10)
        page.clock.fast_forward("15:10")

        expect(page.locator("#session")).to_contain_text("What you typed on this page is kept")
        expect(page.locator("main")).to_be_hidden()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Log in (opens in a new tab)").click()
        opened.value.get_by_label("Email address").fill("ana@example.org")
        opened.value.get_by_label("Password", exact=True).fill(PASSWORD)
        opened.value.get_by_role("button", name="Log in").click()
        expect(opened.value.get_by_role("heading", name="Your account")).to_be_visible()
        page.bring_to_front()
        page.evaluate("window.dispatchEvent(new Event('focus'))")

        expect(page.locator("main")).to_be_visible()
        expect(page.locator("input[name=words]")).to_have_value("three champions for ward 7")
        with page.expect_response("**/page/") as sent:
            page.locator("input[name=words]").press("Enter")
        assert sent.value.status == 200

    def test_invalid_part_says_so_in_title_and_focus(self, page: Page, person: User, watch: Watch):
        watch.expect(422)
        log_in(page, "/log-in/?next=/page/")
        page.locator("input[name=words]").press("Enter")

        expect(page).to_have_title("Error: Note – Go-live readiness")
        expect(page.locator("#id_words_error")).to_be_visible()

    @pytest.mark.parametrize("status", [403, 404, 409, 500, 503])
    def test_refused_part_leaves_the_page_and_says_why(
        self, page: Page, person: User, watch: Watch, logged_errors, status: int
    ):
        logged_errors.expect("django.request")
        watch.expect(status)
        log_in(page, "/log-in/?next=/page/")
        page.locator("input[name=words]").fill("three champions for ward 7")
        page.locator("#part").evaluate(
            "(form, to) => { form.setAttribute('hx-post', to); htmx.process(form) }", f"/{status}/"
        )
        page.locator("input[name=words]").press("Enter")

        expect(page.locator("#problem")).to_be_focused()
        expect(page.locator("#problem")).to_contain_text("Reference:")
        expect(page.locator("input[name=words]")).to_have_value("three champions for ward 7")
        assert findings(page) == []

    def test_part_that_never_comes_says_so(self, page: Page, person: User, watch: Watch):
        watch.expected |= {"net::ERR_", "htmx:"}
        log_in(page, "/log-in/?next=/page/")
        page.context.route("**/page/", lambda route: route.abort())
        page.locator("input[name=words]").fill("three champions for ward 7")
        page.locator("input[name=words]").press("Enter")

        expect(page.locator("#problem")).to_have_text("That did not work. Try again.")
        expect(page.locator("#problem")).to_be_focused()
        expect(page.locator("input[name=words]")).to_have_value("three champions for ward 7")


def test_paper_shows_no_navigation(page: Page, person: User):
    log_in(page, "/log-in/?next=/account/")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.locator(".nhsuk-header__account")).to_be_hidden()
    expect(page.locator("footer")).to_be_hidden()
    expect(page.get_by_text("Printed on")).to_be_visible()


def test_two_people_in_two_browsers_do_not_meet(open_context: Callable[..., BrowserContext], person: User):
    first, second = open_context().new_page(), open_context().new_page()
    log_in(first, "/log-in/?next=/account/")
    log_in(second, "/log-in/?next=/account/")
    second.get_by_role("button", name="Log out everywhere else").click()
    expect(second.get_by_text("Logged out in 1 other place.")).to_be_visible()

    first.reload()

    expect(first.get_by_role("heading", name="Log in")).to_be_visible()
