"""A person's own account."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rollout.choices import Role
from rollout.models import AuditEntry, Membership, NotificationChoice, SignIn, User
from tests.rollout.conftest import PASSWORD

EVERY = ["gate_condition", "checklist_item", "champion_shift", "training_place"]


def log_in(client: Client, **fields: str) -> None:
    client.post("/log-in/", {"email": "ana@example.org", "password": PASSWORD, **fields})


def test_account_shows_name_roles_and_limits(client: Client, ana: User):
    Membership.objects.create(user=ana, role=Role.ADMINISTRATOR)
    Membership.objects.create(user=ana, role=Role.CHAMPION, ended_at=timezone.now() + timedelta(seconds=1))
    log_in(client)

    page = client.get("/account/").text

    assert "Ana Whitlock" in page
    assert "<p>Administrator</p>" in page
    assert "Champion" not in page
    assert "After 15 minutes without a sign of you" in page
    assert "at the latest 12 hours after you logged in" in page
    assert "You are logged in nowhere else." in page


def test_account_is_read_with_get_alone(client: Client, ana: User):
    log_in(client)

    assert client.post("/account/").status_code == 405


def test_log_out_elsewhere_ends_the_others_and_says_how_many(client: Client, ana: User):
    phone, desk = Client(), Client()
    for browser in (phone, desk, client):
        log_in(browser)
    assert "Log out everywhere else" in client.get("/account/").text

    page = client.post("/account/log-out-elsewhere/", follow=True)

    assert "Logged out in 2 other places." in page.text
    assert [browser.get("/account/").status_code for browser in (phone, desk, client)] == [302, 302, 200]
    assert SignIn.objects.live().count() == 1


def test_own_device_is_enrolled_and_taken_back(client: Client, ana: User):
    log_in(client)
    client.post("/account/device/", {"own": "yes"})
    assert "After 30 minutes without a sign of you" in client.get("/account/").text

    client.post("/account/device/", {"own": "no"})
    assert "After 15 minutes without a sign of you" in client.get("/account/").text
    client.post("/log-out/")
    log_in(client)
    assert "After 15 minutes without a sign of you" in client.get("/account/").text


def test_shared_device_cannot_be_enrolled(client: Client, ana: User):
    log_in(client, shared_device="on")
    assert "This is my own device" not in client.get("/account/").text

    client.post("/account/device/", {"own": "yes"})

    assert "After 15 minutes without a sign of you" in client.get("/account/").text


def test_own_device_is_one_persons_and_ends_with_the_password(client: Client, ana: User):
    User.objects.create_user("ben@example.org", PASSWORD)
    log_in(client)
    client.post("/account/device/", {"own": "yes"})
    client.post("/log-out/")

    log_in(client, email="ben@example.org")
    assert "After 15 minutes without a sign of you" in client.get("/account/").text
    client.post("/log-out/")

    log_in(client)
    assert "After 30 minutes without a sign of you" in client.get("/account/").text
    client.post("/log-out/")

    ana.set_password("a new and longer secret")
    ana.save(update_fields=["password"])
    log_in(client, password="a new and longer secret")
    assert "After 15 minutes without a sign of you" in client.get("/account/").text


def test_session_says_what_is_left_without_counting_as_life(client: Client, ana: User, frozen_clock):
    frozen_clock.move_to(timezone.now())
    log_in(client)
    frozen_clock.forward(minutes=10)

    looked = client.get("/account/session/", headers={"X-Background": "1"}).json()
    stayed = client.post("/account/session/").json()

    assert (looked["user"], looked["seconds_left"], looked["fixed"]) == (ana.pk, 300, False)
    assert (stayed["seconds_left"], stayed["fixed"]) == (900, False)


def test_session_near_its_twelve_hours_cannot_be_prolonged(client: Client, ana: User, frozen_clock):
    frozen_clock.move_to(timezone.now())
    log_in(client)
    for _ in range(71):
        frozen_clock.forward(minutes=10)
        client.post("/account/session/")

    left = client.post("/account/session/").json()

    assert (left["seconds_left"], left["fixed"]) == (600, True)


def test_session_of_nobody_has_nothing_left(client: Client, db: None):
    assert client.get("/account/session/").json() == {"user": None, "seconds_left": 0, "fixed": False, "token": ""}


@pytest.mark.parametrize("address", ["/account/device/", "/account/log-out-elsewhere/"])
def test_changes_need_a_post(client: Client, ana: User, address: str):
    log_in(client)

    assert client.get(address).status_code == 405


def test_mail_that_is_not_wanted_is_kept_with_who_said_so_and_taken_back(client: Client, ana: User):
    log_in(client)
    first = client.get("/account/").text

    saved = client.post(
        "/account/messages/", {"wanted": ["gate_condition", "champion_shift", "training_place"]}, follow=True
    )
    again = client.post("/account/messages/", {"wanted": ["gate_condition", "champion_shift", "training_place"]})
    refused = list(NotificationChoice.objects.values_list("user", "kind", "channel", "wanted"))
    audit = AuditEntry.objects.filter(table="rollout_notificationchoice")
    entries = list(audit.values_list("user", "reason"))
    client.post("/account/messages/", {"wanted": EVERY})

    assert ticked(first) == EVERY
    assert saved.redirect_chain == [("/account/", 302)]
    assert "Your choice of emails is saved." in saved.text
    assert ticked(saved.text) == ["gate_condition", "champion_shift", "training_place"]
    assert again.status_code == 302
    assert refused == [(ana.pk, "checklist_item", "email", False)]
    assert entries == [(ana.pk, "own messages chosen")]
    assert ticked(client.get("/account/").text) == EVERY


def test_mail_of_a_kind_that_is_not_there_is_told_and_changes_nothing(client: Client, ana: User):
    log_in(client)

    answer = client.post("/account/messages/", {"wanted": ["everything"]})

    assert (answer.status_code, "<title>Error: " in answer.text) == (422, True)
    assert answer.text.count("Select from the kinds of email on this page") == 2
    assert not NotificationChoice.objects.exists()


def ticked(page: str) -> list[str]:
    """The values of the boxes that are ticked."""
    return re.findall(r'type="checkbox"[^>]* value="([^"]*)"[^>]* checked', page)
