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
    return user


def make_administrator(*, user: User, by: User | None = None) -> Membership:
    """Give a user every right, once; who already has it keeps it."""
    with acting(by, "made an administrator"):
        membership = Membership.objects.current().filter(user=user, role=Role.ADMINISTRATOR).first()
        return membership or Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
