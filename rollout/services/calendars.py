"""The secret address of a person's calendar: made, replaced, stopped; and whose it is."""

from hashlib import sha256
from secrets import token_urlsafe

from django.utils import timezone

from rollout.audit import acting
from rollout.models import CalendarToken, User

SECRET_BYTES = 32
LONGEST_SECRET = 100


def make_address(*, user: User) -> str:
    """Make a new secret, which is nowhere to be read again, and stop the one before."""
    secret = token_urlsafe(SECRET_BYTES)
    with acting(user, "calendar address made"):
        stop_address(user=user)
        CalendarToken.objects.create(user=user, token_hash=hash_of(secret))
        return secret


def stop_address(*, user: User) -> int:
    """Stop the address of a person, if there is one. Returns how many were stopped."""
    with acting(user, "calendar address stopped"):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        return CalendarToken.objects.filter(user=user, stopped_at=None).update(stopped_at=timezone.now())


def owner_of(secret: str) -> User | None:
    """Whose calendar a secret opens; None for one that is stopped, unknown, or of somebody who may not log in."""
    if not 0 < len(secret) <= LONGEST_SECRET:
        return None
    rows = CalendarToken.objects.filter(token_hash=hash_of(secret), stopped_at=None, user__is_active=True)
    token = rows.select_related("user").first()
    return token.user if token else None


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is long and random, so a plain hash is enough."""
    return sha256(secret.encode(errors="replace")).hexdigest()
