"""Phones that wards share: enrolled in hand, logged in for longer, taken back at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollout import sessions
from rollout.choices import Role
from rollout.models import AuditEntry, SignIn, User, Ward, WardPhone
from rollout.services.phones import enrol_phone
from tests import factories as make
from tests.pages import words
from tests.rollout.conftest import PASSWORD

PAGE = "/log/phones/"
pytestmark = pytest.mark.django_db


def logged_in(user: User, client: Client | None = None) -> Client:
    """A browser in which somebody has logged in by the page."""
    client = client or Client()
    if not user.check_password(PASSWORD):
        user.set_password(PASSWORD)
        user.save()
    answer = client.post("/log-in/", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def quiet_for(client: Client, minutes: int) -> int:
    """What the account page answers after so long without a sign of life."""
    store = SessionStore(client.session.session_key)
    store[sessions.SEEN] -= minutes * 60
    store.save()
    return client.get("/account/").status_code


@pytest.fixture
def ward() -> Ward:
    return make.make_ward(name="Ward 7")


@pytest.fixture
def manager(ward: Ward) -> User:
    return make.make_member(Role.WARD_MANAGER, ward=ward)


def test_enrolled_phone_stays_logged_in_for_longer_for_whoever_logs_in(manager: User, ward: Ward):
    phone = logged_in(manager)
    sent = {"ward": ward.pk, "name": "Ward 7 phone", "once": uuid4()}
    first = phone.post(PAGE, sent)
    cookie = first.cookies["ward-phone"]
    again = phone.post(PAGE, sent)
    page = words(phone.get(PAGE).text)
    own_log_in = quiet_for(phone, 29)
    logged_in(make.make_user(), phone)
    in_time, too_late = quiet_for(phone, 29), quiet_for(phone, 31)

    assert (again.status_code, again.cookies["ward-phone"].value) == (302, cookie.value)
    assert WardPhone.objects.get().secret != cookie.value
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "You are holding Ward 7 phone of Ward 7." in page
    assert "Enrol this phone" not in page
    assert (own_log_in, in_time, too_late) == (200, 200, 302)
    assert set(SignIn.objects.values_list("shared_device", "phone__name")) == {(True, "Ward 7 phone")}
    assert AuditEntry.objects.filter(table="rollout_wardphone", reason="phone enrolled").count() == 1


def test_log_in_on_a_phone_lasts_twelve_hours_at_most(manager: User, ward: Ward):
    phone = logged_in(manager)
    phone.post(PAGE, {"ward": ward.pk, "name": "Ward 7 phone", "once": uuid4()})
    store = SessionStore(phone.session.session_key)
    store[sessions.STARTED] -= sessions.LONGEST_SECONDS - 60
    store.save()
    near_the_end = phone.get("/account/").status_code
    store[sessions.STARTED] -= 60
    store.save()

    assert (near_the_end, phone.get("/account/").status_code) == (200, 302)


def test_phone_taken_back_is_logged_out_at_once(manager: User, ward: Ward):
    phone, desk = logged_in(manager), logged_in(manager)
    phone.post(PAGE, {"ward": ward.pk, "name": "Ward 7 phone", "once": uuid4()})
    row = WardPhone.objects.get()
    told = desk.post(f"{PAGE}{row.pk}/revoke/", follow=True)
    twice = desk.post(f"{PAGE}{row.pk}/revoke/", follow=True)
    out = phone.get("/account/").status_code
    logged_in(manager, phone)

    assert "Ward 7 phone is taken back. 1 log-in on it has ended." in words(told.text)
    assert twice.status_code == 200
    assert out == 302
    assert quiet_for(phone, 16) == 302
    assert desk.get("/account/").status_code == 200


def test_phone_can_be_taken_back_in_hand(manager: User, ward: Ward):
    phone = logged_in(manager)
    phone.post(PAGE, {"ward": ward.pk, "name": "Ward 7 phone", "once": uuid4()})

    answer = phone.post(f"{PAGE}{WardPhone.objects.get().pk}/revoke/", follow=True)

    assert "You are logged out." in words(answer.text)
    assert phone.cookies["ward-phone"].value == ""


def test_phones_are_enrolled_for_own_wards_under_names_of_their_own(manager: User, ward: Ward):
    phone, other = logged_in(manager), make.make_ward(site=ward.site)
    enrol_phone(ward=ward, name="Ward 7 phone", secret="a", by=manager)
    lead = logged_in(make.make_member(Role.SITE_LEAD, site=ward.site))

    same_name = phone.post(PAGE, {"ward": ward.pk, "name": "ward 7 PHONE", "once": uuid4()})
    other_ward = phone.post(PAGE, {"ward": other.pk, "name": "Phone", "once": uuid4()})
    by_the_lead = lead.post(PAGE, {"ward": other.pk, "name": "Phone", "once": uuid4()})

    assert "This ward has a phone called ward 7 PHONE already." in words(same_name.text)
    assert "Select a ward of the list" in words(other_ward.text)
    assert (same_name.status_code, other_ward.status_code, by_the_lead.status_code) == (422, 422, 302)


def test_made_up_cookie_is_no_phone(manager: User):
    phone = Client()
    phone.cookies["ward-phone"] = "f" * 64
    logged_in(manager, phone)

    assert quiet_for(phone, 16) == 302


def test_queries_do_not_grow_with_phones(manager: User, ward: Ward):
    client, counts = logged_in(manager), []
    for name in ("A", "B", "C"):
        enrol_phone(ward=ward, name=name, secret=name, by=manager)
        if name in "AC":
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(PAGE)
            counts.append(len(queries))

    assert counts[0] == counts[1] <= 25
    assert WardPhone.objects.filter(enrolled_at__gt=timezone.now() - timedelta(minutes=5)).count() == 3
