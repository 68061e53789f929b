"""Roles given and taken, log-ins ended at once, links for a first password that work once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rollout.choices import Role
from rollout.models import AuditEntry, Membership, SignIn, User
from rollout.services.refusals import Refused
from rollout.services.roles import (
    LinkUsed,
    add_person,
    choose_first_password,
    deactivate,
    end_role,
    first_password_secret,
    give_role,
    reactivate,
    user_of_link,
)
from tests import factories as make

NEW = "a new and longer secret"
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make.make_member(Role.ADMINISTRATOR)


@pytest.fixture
def person() -> User:
    user = make.make_user(email="pat@example.org", name="Pat Person")
    user.set_password(make.PASSWORD)
    user.save()
    return user


def test_role_is_given_once_and_ended_once(admin: User, person: User):
    programme = make.make_programme()
    said = {"user_id": person.pk, "role": Role.TRAINER, "by": admin, "programme_id": programme.pk}

    first, second = give_role(**said), give_role(**said)
    ended = [end_role(membership_id=first.pk, by=admin).ended_at for _twice in range(2)]
    third = give_role(**said)

    assert (first, ended[0]) == (second, ended[1])
    assert third.pk != first.pk
    entries = AuditEntry.objects.filter(table="rollout_membership", user=admin).order_by("pk")
    assert [(entry.action, entry.reason) for entry in entries] == [
        ("insert", "role given"),
        ("update", "role ended"),
        ("insert", "role given"),
    ]
    assert "Pat" not in str([entry.after for entry in entries])


def test_somebody_who_logs_in_already_only_gets_the_role(admin: User, person: User):
    known, new = add_person(email="PAT@example.org", name="Other", role=Role.CHAMPION, by=admin)
    other, made = add_person(email="new@example.org", name="Newcomer", role=Role.CHAMPION, by=admin)

    assert (known, new, made) == (person, False, True)
    assert (known.name, other.name, other.has_usable_password()) == ("Pat Person", "Newcomer", False)


def test_last_administrator_stays(admin: User, person: User):
    role = Membership.objects.get(user=admin)
    with pytest.raises(Refused, match="only administrator"):
        end_role(membership_id=role.pk, by=admin)
    with pytest.raises(Refused, match="only administrator"):
        deactivate(user_id=admin.pk, by=person)
    give_role(user_id=person.pk, role=Role.ADMINISTRATOR, by=admin)

    end_role(membership_id=role.pk, by=person)

    assert list(Membership.objects.current().filter(role=Role.ADMINISTRATOR).values_list("user", flat=True)) == [
        person.pk
    ]


def test_who_is_deactivated_is_out_at_once_and_may_come_back(admin: User, person: User):
    client = Client()
    client.post("/log-in/", {"email": "pat@example.org", "password": make.PASSWORD})
    before = client.get("/account/").status_code

    deactivate(user_id=person.pk, by=admin)
    after = client.get("/account/").status_code
    refused = client.post("/log-in/", {"email": "pat@example.org", "password": make.PASSWORD}).status_code
    with pytest.raises(Refused, match="may not log in"):
        give_role(user_id=person.pk, role=Role.CHAMPION, by=admin)
    reactivate(user_id=person.pk, by=admin)

    assert (before, after, refused) == (200, 302, 422)
    assert not SignIn.objects.live().filter(user=person).exists()
    assert client.post("/log-in/", {"email": "pat@example.org", "password": make.PASSWORD}).status_code == 302


def test_nobody_deactivates_themselves(admin: User, person: User):
    give_role(user_id=person.pk, role=Role.ADMINISTRATOR, by=admin)

    with pytest.raises(Refused, match="your own log-in"):
        deactivate(user_id=admin.pk, by=admin)
    with pytest.raises(Refused, match="page of your account"):
        first_password_secret(user_id=admin.pk, by=admin)


def test_link_works_once_and_ends_the_old_password(admin: User, person: User):
    secret = first_password_secret(user_id=person.pk, by=admin)
    person.refresh_from_db()

    assert not person.has_usable_password()
    choose_first_password(user_id=person.pk, secret=secret, password=NEW)
    with pytest.raises(LinkUsed):
        choose_first_password(user_id=person.pk, secret=secret, password="another long secret")
    person.refresh_from_db()
    assert person.check_password(NEW)
    reasons = AuditEntry.objects.filter(table="rollout_user", action="update").values_list("reason", "user")
    assert list(reasons.order_by("pk")) == [
        ("link for a new password made", admin.pk),
        ("own password chosen by a link", person.pk),
    ]


def test_newer_link_or_time_or_deactivation_ends_a_link(admin: User, person: User, monkeypatch: pytest.MonkeyPatch):
    first = first_password_secret(user_id=person.pk, by=admin)
    second = first_password_secret(user_id=person.pk, by=admin)
    with pytest.raises(LinkUsed):
        user_of_link(person.pk, first)
    assert user_of_link(person.pk, second) == person
    with pytest.raises(LinkUsed):
        user_of_link(admin.pk, second)
    third = first_password_secret(user_id=person.pk, by=admin)
    deactivate(user_id=person.pk, by=admin)
    with pytest.raises(LinkUsed):
        user_of_link(person.pk, third)
    reactivate(user_id=person.pk, by=admin)
    later = timezone.now().replace(tzinfo=None) + timedelta(days=4)
    monkeypatch.setattr("rollout.services.roles.LINKS._now", lambda: later)
    with pytest.raises(LinkUsed):
        user_of_link(person.pk, third)
