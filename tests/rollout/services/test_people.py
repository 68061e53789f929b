"""Users, administrators, and the command that makes the first one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rollout.choices import Role
from rollout.models import Membership, Person, User
from rollout.services.people import AddressTaken, create_user, make_administrator

pytestmark = pytest.mark.django_db
PASSWORD = "ledger-orchard-57-quay"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_administrator", *arguments, stdout=out)
    return out.getvalue()


def test_create_user_links_what_records_say_of_the_address():
    person = Person.objects.create(label="Lead@Example.org")

    user = create_user(email=" lead@example.org ", name="A Lead", password=PASSWORD)

    person.refresh_from_db()
    assert person.user == user
    assert (user.email, user.check_password(PASSWORD)) == ("lead@example.org", True)


def test_create_user_refuses_a_taken_address_whatever_its_case():
    create_user(email="lead@example.org")

    with pytest.raises(AddressTaken):
        create_user(email="LEAD@example.org")


def test_make_administrator_twice_gives_one_membership():
    user = create_user(email="a@example.org")

    assert make_administrator(user=user) == make_administrator(user=user)
    assert Membership.objects.count() == 1


def test_command_makes_an_administrator_once(monkeypatch):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", PASSWORD)

    first, second = run("admin@example.org", "--name", "An Admin"), run("ADMIN@example.org")

    assert first == second == "admin@example.org is an administrator.\n"
    assert User.objects.get().check_password(PASSWORD)
    assert Membership.objects.get().role == Role.ADMINISTRATOR


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("not an address", PASSWORD, "not an email"),
        ("a@example.org", "short", "too short"),
        ("a@example.org", "", "short"),
    ],
)
def test_command_refuses_in_words_and_makes_nobody(monkeypatch, email, password, words):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", password)

    with pytest.raises(CommandError, match=words):
        run(email)

    assert not User.objects.exists()
