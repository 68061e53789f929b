"""Logging in and out over HTTP, and requests that come without a log-in."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rollout.models import LoginAttempt, SignIn, User
from tests.rollout.conftest import PASSWORD

LOG_IN = "/log-in/"
WRONG = "The email address or the password is not right. Check both and try again."


def log_in(client: Client, **fields: str):
    return client.post(LOG_IN, {"email": "ana@example.org", "password": PASSWORD, **fields})


def hidden(response, name: str) -> str:
    """The value of a hidden field of a page, "" if it has none."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.text)
    return unescape(found[1]) if found else ""


def test_log_in_page_takes_managers_and_paste(client: Client, db: None):
    page = client.get(LOG_IN)

    assert page.status_code == 200
    assert 'autocomplete="username"' in page.text
    assert 'autocomplete="current-password"' in page.text
    assert "onpaste" not in page.text
    assert "<title>Log in – Go-live readiness</title>" in page.text


def test_log_in_opens_a_session_and_goes_to_the_start_page(client: Client, ana: User):
    answer = log_in(client)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(ana.pk)
    assert SignIn.objects.get().session_key == client.session.session_key


def test_log_in_gives_the_session_a_new_id(client: Client, ana: User):
    session = client.session
    session["before"] = "somebody planted this"
    session.save()
    planted = session.session_key

    log_in(client)

    assert client.session.session_key != planted
    assert not client.session.exists(planted)


def test_log_in_as_somebody_else_ends_the_session_before(client: Client, ana: User):
    User.objects.create_user("ben@example.org", PASSWORD)
    log_in(client)
    first = client.session.session_key

    log_in(client, email="ben@example.org")

    assert not client.session.exists(first)
    assert SignIn.objects.get(session_key=first).ended_at is not None


def test_wrong_password_unknown_and_inactive_look_the_same(client: Client, ana: User):
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)

    answers = [
        log_in(client, email=email, password=password)
        for email, password in [
            ("ana@example.org", "wrong"),
            ("nobody@example.org", PASSWORD),
            ("gone@example.org", PASSWORD),
        ]
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert all(answer.text.count(WRONG) == 2 for answer in answers)
    pages = {
        re.sub(r'(value="[^"]*"|nonce="[^"]*")', "", answer.text) for answer in answers
    }  # tokens and the address typed differ
    assert len(pages) == 1


def test_wrong_password_keeps_the_address_but_not_the_password(client: Client, ana: User):
    page = log_in(client, password="nearly right")

    assert 'value="ana@example.org"' in page.text
    assert "nearly right" not in page.text
    assert "<title>Error: Log in" in page.text
    assert 'aria-describedby="id_password_error"' in page.text
    assert 'href="#id_password"' in page.text


def test_empty_form_says_what_to_enter(client: Client, db: None):
    page = client.post(LOG_IN, {})

    assert page.status_code == 422
    assert "Enter your email address" in page.text
    assert "Enter your password" in page.text
    assert LoginAttempt.objects.count() == 0


@pytest.mark.parametrize("email", ["ana\x00@example.org", "a" * 300 + "@example.org", "ana", "\ud800@example.org"])
def test_hostile_addresses_are_field_errors(client: Client, db: None, email: str):
    body = {"email": email.encode("utf-8", "surrogatepass").decode("latin-1"), "password": "x"}

    assert client.post(LOG_IN, body).status_code == 422


def test_eleventh_try_waits_in_words(client: Client, ana: User):
    for _ in range(10):
        log_in(client, password="wrong")

    refused = log_in(client)

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 300
    assert "Too many tries. Wait 5 minutes and try again." in refused.text
    assert "_auth_user_id" not in client.session


def test_person_with_a_known_device_still_gets_in(client: Client, ana: User):
    log_in(client)
    client.post("/log-out/")
    for number in range(10):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(LOG_IN, {"email": "ana@example.org", "password": "wrong"})

    honest = client.post(LOG_IN, {"email": "ana@example.org", "password": PASSWORD}, REMOTE_ADDR="192.0.2.77")

    assert honest.status_code == 302


def test_shared_device_gets_no_cookie_of_its_own(client: Client, ana: User):
    log_in(client, shared_device="on")

    assert "device" not in client.cookies
    assert client.session.get_expire_at_browser_close()
    assert "app-log-out--large" in client.get("/account/").text


def test_device_cookie_is_signed_and_kept_from_scripts(client: Client, ana: User):
    log_in(client)
    cookie = client.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")

    client.cookies["device"] = cookie.value.replace(cookie.value[:4], "0000")
    client.post("/log-out/")
    assert log_in(client).status_code == 302
    assert not client.cookies["device"].value.startswith("0000")


@pytest.mark.parametrize(
    ("then", "goes_to"),
    [
        ("/account/?x=1", "/account/?x=1"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("account/", "/"),
        ("/log-in/", "/"),
        ("/log-out/", "/"),
        ("http:///evil.example", "/"),
    ],
)
def test_log_in_returns_only_to_our_own_pages(client: Client, ana: User, then: str, goes_to: str):
    assert log_in(client, next=then).headers["Location"] == goes_to


def test_deep_link_returns_there_after_log_in(client: Client, ana: User):
    asked = client.get("/account/?tab=1")
    assert asked.headers["Location"] == "/log-in/?next=%2Faccount%2F%3Ftab%3D1"

    page = client.get(asked.headers["Location"])
    answer = log_in(client, next=hidden(page, "next"))

    assert answer.headers["Location"] == "/account/?tab=1"


def test_log_in_page_sends_on_who_is_logged_in(client: Client, ana: User):
    log_in(client)

    assert client.get("/log-in/?next=/account/").headers["Location"] == "/account/"


def test_log_out_ends_the_session_and_is_a_post(client: Client, ana: User):
    log_in(client)
    key = client.session.session_key
    assert client.get("/log-out/").status_code == 405

    answer = client.post("/log-out/")

    assert answer.headers["Location"] == "/log-in/?logged-out=1"
    assert not client.session.exists(key)
    assert SignIn.objects.get().ended_at is not None
    assert "You are logged out." in client.get(answer.headers["Location"]).text
    assert client.post("/log-out/").status_code == 302


def test_form_sent_after_expiry_is_kept_and_sent_after_log_in(client: Client, ana: User, frozen_clock):
    frozen_clock.move_to(timezone.now())
    log_in(client)
    frozen_clock.forward(minutes=16)

    refused = client.post(
        "/account/device/", {"own": "yes", "words": ['<b>"typed"</b>', "second"], "password": "secret"}
    )

    assert refused.status_code == 401
    assert "What you typed is kept. Log in and it will be sent." in refused.text
    assert "secret" not in refused.text

    again = log_in(client, kept=hidden(refused, "kept"))

    assert again.status_code == 200
    assert '<form action="/account/device/" method="post" data-send-at-once>' in again.text
    assert hidden(again, "own") == "yes"
    assert '<input type="hidden" name="words" value="&lt;b&gt;&quot;typed&quot;&lt;/b&gt;">' in again.text
    assert '<input type="hidden" name="words" value="second">' in again.text
    assert hidden(again, "password") == ""


def test_kept_form_of_one_person_is_not_sent_by_another(client: Client, ana: User, frozen_clock):
    User.objects.create_user("ben@example.org", PASSWORD)
    frozen_clock.move_to(timezone.now())
    log_in(client)
    frozen_clock.forward(minutes=16)
    refused = client.post("/account/device/", {"own": "yes", "words": "typed by Ana"})

    answer = log_in(client, email="ben@example.org", kept=hidden(refused, "kept"))

    assert answer.headers["Location"] == "/"
    assert "typed by Ana" not in client.get("/account/").text


def test_kept_form_of_nobody_known_waits_for_a_press(client: Client, ana: User):
    refused = client.post("/account/device/", {"own": "yes"})

    again = log_in(client, kept=hidden(refused, "kept"))

    assert "Send it now" in again.text
    assert "data-send-at-once" not in again.text


def test_tampered_kept_form_is_dropped(client: Client, ana: User):
    refused = client.post("/account/device/", {"own": "yes"})
    kept = hidden(refused, "kept")

    assert log_in(client, kept=kept[:-2] + "xx").headers["Location"] == "/"


def test_kept_form_survives_a_wrong_password(client: Client, ana: User):
    refused = client.post("/account/device/", {"own": "yes"})

    second = log_in(client, password="wrong", kept=hidden(refused, "kept"))

    assert "Send it now" in log_in(client, kept=hidden(second, "kept")).text


def test_part_asked_for_without_log_in_becomes_a_log_in(client: Client, db: None):
    answer = client.get(
        "/account/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account/?page=2"}
    )

    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["HX-Redirect"] == "/log-in/?next=%2Faccount%2F%3Fpage%3D2"


def test_part_does_not_believe_a_page_of_another_site(client: Client, db: None):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/account/"}

    assert client.get("/account/", headers=headers).headers["HX-Redirect"] == "/log-in/"


def test_json_asked_for_without_log_in_is_told_so_in_json(client: Client, db: None):
    answer = client.get("/account/", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401


def test_deactivated_person_is_out_on_the_next_request(client: Client, ana: User):
    log_in(client)
    assert client.get("/account/").status_code == 200

    User.objects.filter(pk=ana.pk).update(is_active=False)

    assert client.get("/account/").status_code == 302


def test_new_password_ends_every_session(client: Client, ana: User):
    log_in(client)
    ana.set_password("a new and longer secret")
    ana.save(update_fields=["password"])

    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("minutes", "status"), [(14, 200), (16, 302)], ids=["a minute before the limit", "a minute after"]
)
def test_session_ends_after_fifteen_idle_minutes(client: Client, ana: User, frozen_clock, minutes: int, status: int):
    frozen_clock.move_to(timezone.now())
    log_in(client)
    frozen_clock.forward(minutes=minutes)

    assert client.get("/account/").status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_session_on_the_persons_own_device_ends_after_thirty(
    client: Client, ana: User, frozen_clock, minutes: int, status: int
):
    frozen_clock.move_to(timezone.now())
    log_in(client)
    client.post("/account/device/", {"own": "yes"})
    client.post("/log-out/")
    log_in(client)
    frozen_clock.forward(minutes=minutes)

    assert client.get("/account/").status_code == status


@pytest.mark.parametrize(("last_step", "status"), [(timedelta(minutes=9), 200), (timedelta(minutes=11), 302)])
def test_session_ends_after_twelve_hours_whatever_happens(
    client: Client, ana: User, frozen_clock, last_step: timedelta, status: int
):
    frozen_clock.move_to(timezone.now())
    log_in(client)
    for _ in range(71):
        frozen_clock.forward(minutes=10)
        assert client.get("/account/").status_code == 200
    frozen_clock.now += last_step

    assert client.get("/account/").status_code == status


def test_live_refresh_does_not_keep_a_log_in_alive(client: Client, ana: User, frozen_clock):
    frozen_clock.move_to(timezone.now())
    log_in(client)
    for _ in range(2):
        frozen_clock.forward(minutes=7)
        assert client.get("/account/", headers={"X-Background": "1"}).status_code == 200
    frozen_clock.forward(minutes=2)

    assert client.get("/account/").status_code == 302


def test_expired_log_in_is_said_on_the_log_in_page_and_noted(client: Client, ana: User, frozen_clock):
    frozen_clock.move_to(timezone.now())
    log_in(client)
    frozen_clock.forward(minutes=16)

    page = client.get("/account/", follow=True)

    assert page.redirect_chain == [("/log-in/?next=%2Faccount%2F&expired=1", 302)]
    assert "You were logged out because nothing had happened for a while." in page.text
    assert SignIn.objects.get().ended_at is not None


def test_no_page_may_be_kept_by_a_cache(client: Client, ana: User):
    pages = [
        client.get(LOG_IN),
        client.get("/account/"),
        log_in(client),
        client.get("/account/"),
        client.get("/nowhere/"),
    ]

    assert {page.headers["Cache-Control"] for page in pages} == {"no-store, private"}


def test_every_answer_has_safe_headers(client: Client, ana: User):
    log_in(client)
    for address in (LOG_IN, "/account/", "/nowhere/", "/account/session/", "/assets/js/app.js"):
        headers = client.get(address).headers
        assert "camera=()" in headers["Permissions-Policy"], address
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["X-Robots-Tag"] == "noindex, nofollow", address
        assert len(headers["X-Request-ID"]) == 32, address


def test_csp_of_pages_has_no_holes(client: Client, db: None):
    policy = client.get(LOG_IN).headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    for rule in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy


def test_log_in_asks_for_a_fixed_number_of_queries(client: Client, ana: User, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        log_in(client)
    with django_assert_max_num_queries(12):
        client.get(reverse("rollout:account"))


def test_form_from_another_site_is_refused(ana: User):
    strict = Client(enforce_csrf_checks=True)
    for headers in ({}, {"Origin": "https://evil.example"}):
        answer = strict.post(LOG_IN, {"email": "ana@example.org", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403
        assert "The form did not come from this service." in answer.text


def test_stale_log_in_form_starts_again(ana: User):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(LOG_IN, {"next": "/account/"}, headers={"Origin": "http://testserver"})

    assert answer.headers["Location"] == "/log-in/?next=%2Faccount%2F"


def test_stale_form_of_ours_can_be_sent_again(ana: User):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)

    answer = strict.post(
        "/account/device/", {"own": "yes", "csrfmiddlewaretoken": "old"}, headers={"Origin": "http://testserver"}
    )
    assert answer.status_code == 403
    assert "nothing was saved yet. What you typed is kept." in answer.text

    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text.partition("<main")[2])[1]
    sent = strict.post(
        "/account/device/",
        {"own": hidden(answer, "own"), "csrfmiddlewaretoken": token},
        headers={"Origin": "http://testserver"},
    )
    assert sent.status_code == 302


def test_stale_form_sent_without_log_in_asks_for_it_and_is_kept(ana: User):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/account/device/", {"own": "yes"}, headers={"Origin": "http://testserver"})

    assert answer.status_code == 401
    assert hidden(answer, "kept")
