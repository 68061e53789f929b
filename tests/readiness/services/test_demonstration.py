"""The log-ins of the demonstration."""

import re
import stat

import pytest

from readiness.services.demonstration import LOGINS, demonstration_password, make_logins
from rollout.choices import Role
from rollout.models import Membership, Organisation, Person, Programme, SeatRole, Site, User, Ward
from training.models import StaffMember

PASSWORD = "abcd-efgh-jkmn-pqrs"


@pytest.fixture
def sample_scopes(db) -> None:
    """What the memberships of the log-ins point to, and a champion named in the records."""
    trust = Organisation.objects.create(code="T-WIN", name="Winterbeck")
    for code in ("EPR", "VIDEO"):
        Programme.objects.create(code=code, name=code)
    for code in ("ELL-3", "WIN-1"):
        Site.objects.create(organisation=trust, code=code, name=code)
    Ward.objects.create(site=Site.objects.get(code="WIN-1"), code="W2", name="Beech ward")
    SeatRole.objects.get_or_create(code="clinical_safety_officer")
    StaffMember.objects.create(organisation=trust, number="7", name="Paul Das", email="champion@example.org")
    Person.objects.create(label="champion@example.org")
    Person.objects.create(label="nobody@example.org")


def test_logins_hold_every_role_once(sample_scopes):
    made = make_logins(password=PASSWORD)

    assert made == len(LOGINS)
    assert {login.role for login in LOGINS} == set(Role)
    held = Membership.objects.values_list("user__email", "role").distinct()
    assert set(held) == {(login.email, login.role) for login in LOGINS}


def test_logins_are_scoped_to_the_sample(sample_scopes):
    make_logins(password=PASSWORD)

    scopes = Membership.objects.values_list("role", "programme__code", "site__code", "ward__code", "seat_role__code")
    assert set(scopes) == {
        (Role.PROGRAMME_MANAGER, "EPR", None, None, None),
        (Role.PROGRAMME_MANAGER, "VIDEO", None, None, None),
        (Role.SITE_LEAD, None, "ELL-3", None, None),
        (Role.WARD_MANAGER, None, None, "W2", None),
        (Role.CHAMPION, None, None, None, None),
        (Role.TRAINER, "EPR", None, None, None),
        (Role.TRAINER, "VIDEO", None, None, None),
        (Role.SIGNATORY, "EPR", None, None, "clinical_safety_officer"),
        (Role.BOARD_MEMBER, "EPR", None, None, None),
        (Role.BOARD_MEMBER, "VIDEO", None, None, None),
        (Role.ADMINISTRATOR, None, None, None, None),
    }


def test_logins_are_linked_to_whom_the_records_name(sample_scopes):
    make_logins(password=PASSWORD)

    champion = User.objects.get(email="champion@example.org")
    assert champion.name == "Paul Das"
    assert champion.check_password(PASSWORD)
    assert StaffMember.objects.get(number="7").user == champion
    assert dict(Person.objects.values_list("label", "user__email")) == {
        "champion@example.org": "champion@example.org",
        "nobody@example.org": None,
    }


def test_logins_made_twice_stay_as_they_are(sample_scopes):
    make_logins(password=PASSWORD)
    User.objects.filter(email="trainer@example.org").update(name="Somebody else")

    again = make_logins(password="another-password")

    assert again == 0
    assert Membership.objects.count() == 11
    trainer = User.objects.get(email="trainer@example.org")
    assert trainer.name == "Somebody else"
    assert trainer.check_password(PASSWORD)


def test_logins_take_a_password_made_anew(sample_scopes):
    make_logins(password=PASSWORD)

    make_logins(password="another-password", renew=True)

    assert User.objects.get(email="trainer@example.org").check_password("another-password")


def test_logins_need_the_sample(db):
    with pytest.raises(Programme.DoesNotExist):
        make_logins(password=PASSWORD)

    assert not User.objects.exists()


def test_password_is_made_once_and_kept_private(tmp_path):
    folder = tmp_path / "data"

    first, second = demonstration_password(folder), demonstration_password(folder)

    assert first[1] is True
    assert second == (first[0], False)
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", first[0])
    assert stat.S_IMODE((folder / "demonstration-password").stat().st_mode) == 0o600


def test_password_differs_between_installations(tmp_path):
    assert demonstration_password(tmp_path / "one")[0] != demonstration_password(tmp_path / "two")[0]
