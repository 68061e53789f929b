"""Users and the rights given to them."""

from django.db import transaction

from rollout.audit import acting
from rollout.choices import Role
from rollout.models import Membership, Person, User


class AddressTaken(Exception):
    """Somebody already logs in with this address."""


@transaction.atomic
def create_user(*, email: str, name: str = "", password: str | None = None, by: User | None = None) -> User:
    """Make a user who may log in, and link what records already say of the address. Raises AddressTaken."""
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise AddressTaken(email)
    with acting(by, "user made"):
        user = User.objects.create_user(email.strip(), password, name=name)
        Person.objects.filter(label__iexact=user.email, user=None).update(user=user)
        person_of(user)  # now, and not in the middle of the first thing the user does, where others may wait for it
    return user


def make_administrator(*, user: User, by: User | None = None) -> Membership:
    """Give a user every right, once; who already has it keeps it."""
    with acting(by, "made an administrator"):
        membership = Membership.objects.current().filter(user=user, role=Role.ADMINISTRATOR).first()
        return membership or Membership.objects.create(user=user, role=Role.ADMINISTRATOR)


def person_of(user: User) -> Person:
    """The person that records name when they mean this user."""
    known = Person.objects.filter(user=user).order_by("pk").first()
    return known or _person(user.email, user)


def person_named(written: str) -> Person | None:
    """The person a form names by e-mail address or name; None where nothing is written.

    An address that belongs to a user means that user, however it is spelt.
    """
    label = " ".join(written.split())
    if not label:
        return None
    user = User.objects.filter(email__iexact=label).first()
    if user is not None:
        return person_of(user)
    return Person.objects.filter(label__iexact=label).order_by("pk").first() or _person(label, None)


def _person(label: str, user: User | None) -> Person:
    """A new person, unless somebody else made one of that label in the meantime."""
    person, made = Person.objects.get_or_create(label=label, defaults={"user": user})
    if not made and user is not None and person.user_id is None:
        Person.objects.filter(pk=person.pk, user=None).update(user=user)
        person.user = user
    return person
