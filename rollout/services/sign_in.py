"""Logging in: guessing is slow, an honest person still gets in, and every session can be ended.

Counts live in PostgreSQL, so a flushed cache forgets nothing. E-mail addresses and network addresses are kept only as
keyed hashes. Whether an account exists cannot be told from what happens here, nor from how long it takes.
"""

import logging
import math
import unicodedata
from datetime import timedelta

from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from rollout.audit import acting
from rollout.clients import Client
from rollout.models import LoginAttempt, SignIn, User, WardPhone

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=5)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 100
KNOWN_FOR = timedelta(days=90)
FAILURES_KEPT = timedelta(days=1)


class WrongCredentials(Exception):
    """The address and password do not belong together, or the person may not log in. One answer for all cases."""


class TooManyAttempts(Exception):
    """Too many tries for this account or from this address; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        """Keep how long to wait."""
        super().__init__(retry_after)
        self.retry_after = retry_after


class PasswordChanged(Exception):
    """Somebody, perhaps the same person in another window, changed the password at the same time."""


def check_credentials(*, email: str, password: str, client: Client) -> User:
    """Return the user whose address and password these are. Raises WrongCredentials or TooManyAttempts.

    The try is written down as failed before the password is looked at, so that tries sent at once all count.
    """
    attempt = _begin_attempt(_keyed("account", _normal(email)), client)
    user = authenticate(None, username=email, password=password)
    if user is None:
        raise WrongCredentials
    LoginAttempt.objects.filter(pk=attempt.pk).update(succeeded=True)
    return user


@transaction.atomic
def _begin_attempt(account: str, client: Client) -> LoginAttempt:
    """Write the try down, or refuse it. Tries at one account wait for each other, so that none slips through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [account])
    address = _keyed("address", client.address)
    device = _keyed("device", client.device) if client.device else ""
    recent = LoginAttempt.objects.filter(succeeded=False, at__gt=Now() - WINDOW)
    known = LoginAttempt.objects.filter(account=account, succeeded=True, at__gt=Now() - KNOWN_FOR)

    if device and known.filter(device=device).exists():
        trusted, counted = True, recent.filter(account=account, device=device, trusted=True)
    elif known.filter(address=address).exists():
        trusted, counted = True, recent.filter(account=account, address=address, trusted=True)
    else:
        trusted, counted = False, recent.filter(account=account, trusted=False)
        _refuse_beyond(TRIES_PER_ADDRESS, recent.filter(address=address, trusted=False))
    _refuse_beyond(TRIES_PER_ACCOUNT, counted)
    return LoginAttempt.objects.create(account=account, address=address, device=device, trusted=trusted)


def _refuse_beyond(limit: int, attempts: QuerySet[LoginAttempt]) -> None:
    """Raise TooManyAttempts where the window already holds `limit` tries, until the oldest of them leaves it."""
    wait = ExpressionWrapper(F("at") + WINDOW - Now(), output_field=DurationField())
    oldest = attempts.order_by("-at", "-pk").annotate(wait=wait).values_list("wait", flat=True)[limit - 1 : limit]
    for left in oldest:
        raise TooManyAttempts(max(1, math.ceil(left.total_seconds())))


def _normal(email: str) -> str:
    """Return the address as it is compared: spaces off, letter case and look-alike forms folded."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def _keyed(kind: str, value: str) -> str:
    """Return a hash that nobody without the secret key can work back, 64 hex digits."""
    return salted_hmac(f"rollout.sign_in.{kind}", value, algorithm="sha256").hexdigest()


def record_sign_in(*, user: User, session_key: str, shared_device: bool, phone: WardPhone | None = None) -> SignIn:
    """Note the session that a log-in opened, and the ward's phone it is on, so that it can be found and ended."""
    return SignIn.objects.create(user=user, session_key=session_key, shared_device=shared_device, phone=phone)


def end_session(*, session_key: str) -> None:
    """Note that a session has ended (log-out, or its time was up). Ending it twice changes nothing."""
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(ended_at=Now())


@transaction.atomic
def end_all_sessions(*, user: User, but: str = "") -> int:
    """End every session of a person, on every device, apart from the one named. Returns how many were open."""
    open_ones = SignIn.objects.select_for_update(no_key=True).filter(user=user, ended_at=None).exclude(session_key=but)
    keys = list(open_ones.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).update(ended_at=Now())
    logger.info("ended %s sessions of user %s", ended, user.pk)
    return ended


@transaction.atomic
def change_password(*, user: User, password: str, session_key: str) -> int:
    """Give a person the new password they chose, and end their other sessions. Returns how many those were.

    The audit shows that and when it was changed, never what to. Raises PasswordChanged if it was changed meanwhile.
    """
    before = user.password
    user.set_password(password)
    with acting(user, "own password changed"):
        mine = User.objects.filter(pk=user.pk, password=before)
        if not mine.update(password=user.password, password_changed_at=Now()):
            raise PasswordChanged
    return end_all_sessions(user=user, but=session_key)


def follow_session(*, before: str, now: str) -> None:
    """Note that a session goes on under a new key."""
    SignIn.objects.filter(session_key=before, ended_at=None).update(session_key=now)


def forget_old_sign_ins() -> int:
    """Delete what no rule reads any more, and return how many rows. May be repeated at any time.

    Failed tries are kept for a day, successful ones and log-ins for 90 days, sessions until they expire.
    """
    old_attempts = Q(succeeded=False, at__lt=Now() - FAILURES_KEPT) | Q(at__lt=Now() - KNOWN_FOR)
    deleted = [
        LoginAttempt.objects.filter(old_attempts).delete()[0],
        SignIn.objects.filter(started_at__lt=Now() - KNOWN_FOR).delete()[0],
        Session.objects.filter(expire_date__lt=Now()).delete()[0],
    ]
    return sum(deleted)
