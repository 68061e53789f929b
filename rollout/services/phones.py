"""Phones that wards share: enrolled by the ward, taken back at once."""

import hashlib
import logging
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import SignIn, User, Ward, WardPhone
from rollout.services.refusals import Refused

logger = logging.getLogger(__name__)


class PhoneNameTaken(Refused):
    """The ward has a phone of this name; to be said at the field."""

    field = "name"


def secret_for(*, user: User, key: UUID) -> str:
    """What the cookie of a phone holds, 64 hex digits: the same for one form however often it is sent."""
    return salted_hmac("rollout.phones", f"{user.pk}:{key}", algorithm="sha256").hexdigest()


def hash_of(secret: str) -> str:
    """What the database keeps of it; nobody can work it back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def phone_of(secret: str) -> WardPhone | None:
    """The phone whose cookie this is, with its ward; None for another text or a phone that was revoked."""
    return WardPhone.objects.current().select_related("ward__site").filter(secret=hash_of(secret)).first()


def enrol_phone(*, ward: Ward, name: str, secret: str, by: User) -> WardPhone:
    """Enrol the phone that holds this secret for a ward. Raises PhoneNameTaken."""
    with acting(by, "phone enrolled"):
        Ward.objects.select_for_update(no_key=True).get(pk=ward.pk)
        if WardPhone.objects.current().filter(ward=ward, name__iexact=name).exists():
            raise PhoneNameTaken(gettext("This ward has a phone called %(name)s already.") % {"name": name})
        return WardPhone.objects.create(ward=ward, name=name, secret=hash_of(secret), enrolled_by=by)


def move_session_to_phone(*, session_key: str, phone: WardPhone) -> None:
    """Note that a log-in that is open goes on as one on this phone, so that revoking the phone ends it."""
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(phone=phone, shared_device=True)


@transaction.atomic
def revoke_phone(*, phone: WardPhone, by: User) -> int:
    """Take an enrolment back and end every log-in on that phone. Returns how many were open; 0 if it was revoked."""
    with acting(by, "phone revoked"):
        WardPhone.objects.current().filter(pk=phone.pk).update(retired_at=Now(), retired_by=by)
    open_ones = SignIn.objects.select_for_update(no_key=True).filter(phone=phone, ended_at=None)
    keys = list(open_ones.values_list("session_key", flat=True))
    ended, _each = Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).update(ended_at=Now())
    logger.info("revoked phone %s, ended %s sessions", phone.pk, ended)
    return ended
