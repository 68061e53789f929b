"""Changing one's own password: checked and counted like a log-in, ending other sessions, audited without its value."""

import pytest
from django.test import Client

from rollout.models import AuditEntry, SignIn, User
from rollout.services.sign_in import TRIES_PER_ACCOUNT, PasswordChanged, change_password
from tests.rollout.conftest import PASSWORD

PAGE = "/account/password/"
NEW = "a new and longer secret"
pytestmark = pytest.mark.django_db


def log_in(client: Client, password: str = PASSWORD) -> int:
    return client.post("/log-in/", {"email": "ana@example.org", "password": password}).status_code


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = ""):
    return client.post(PAGE, {"old_password": old, "new_password1": new, "new_password2": again or new})


def test_password_is_changed_and_only_the_new_one_works(client: Client, ana: User):
    log_in(client)

    answer = change(client)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
    assert "Your password is changed." in client.get("/account/").text
    assert (log_in(Client()), log_in(Client(), NEW)) == (422, 302)


def test_other_sessions_end_and_this_one_goes_on_under_a_new_key(client: Client, ana: User):
    phone = Client()
    for browser in (phone, client):
        log_in(browser)
    before = client.session.session_key

    change(client)

    page = client.get("/account/")
    assert "You were logged out in 1 other place." in page.text
    assert "You are logged in nowhere else." in page.text
    assert phone.get("/account/").status_code == 302
    assert client.session.session_key != before
    assert SignIn.objects.live().get().session_key == client.session.session_key


def test_own_device_stays_enrolled(client: Client, ana: User):
    log_in(client)
    client.post("/account/device/", {"own": "yes"})
    change(client)
    client.post("/log-out/")

    log_in(client, NEW)

    assert "After 30 minutes without a sign of you" in client.get("/account/").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "wrong"}, "This is not your present password."),
        ({"new": "short"}, "This password is too short."),
        ({"new": "password1234"}, "This password is too common."),
        ({"new": "ana@example.org"}, "The password is too similar to the email address."),
        ({"again": "another and longer one"}, "The two password fields didn’t match."),
        ({"new": "x" * 4097}, "Ensure this value has at most 4096 characters"),
        ({"new": "with a \x00 in the middle"}, "Null characters are not allowed."),
        ({"old": ""}, "Enter your present password"),
    ],
)
def test_what_will_not_do_is_said_and_changes_nothing(fields: dict[str, str], said: str, client: Client, ana: User):
    log_in(client)

    answer = change(client, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert "Error: Change your password" in answer.text
    assert not any(value in answer.text for value in fields.values() if len(value) > 20)
    assert log_in(Client()) == 302


def test_guessing_the_present_password_is_slow(client: Client, ana: User):
    log_in(client)
    refused = [change(client, old=f"guess {number}").status_code for number in range(TRIES_PER_ACCOUNT)]

    answer = change(client)

    assert refused == [422] * TRIES_PER_ACCOUNT
    assert answer.status_code == 429
    assert 240 < int(answer.headers["Retry-After"]) <= 300
    assert "Too many tries. Wait 5 minutes and try again." in answer.text


def test_audit_shows_that_it_was_changed_by_whom_and_not_to_what(client: Client, ana: User):
    log_in(client)

    change(client)

    ana.refresh_from_db()
    entry = AuditEntry.objects.filter(table="rollout_user", row_id=ana.pk).order_by("pk").last()
    assert entry is not None
    assert (entry.action, entry.user, entry.reason) == ("update", ana, "own password changed")
    assert list(entry.after or {}) == ["password_changed_at"]
    everything = str(list(AuditEntry.objects.values_list("before", "after", "reason")))
    assert not any(secret in everything for secret in (NEW, PASSWORD, ana.password))


def test_two_changes_at_once_are_one(ana: User):
    other_window = User.objects.get(pk=ana.pk)
    change_password(user=ana, password=NEW, session_key="")

    with pytest.raises(PasswordChanged):
        change_password(user=other_window, password="yet another long secret", session_key="")

    assert User.objects.get(pk=ana.pk).check_password(NEW)


def test_page_is_for_those_who_are_logged_in(client: Client, ana: User):
    log_in(client)
    client.post("/log-out/")

    answer = change(client)

    assert (answer.status_code, NEW in answer.text, PASSWORD in answer.text) == (401, False, False)
