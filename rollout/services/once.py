"""Doing once what a form asks for, however often it is sent."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from rollout.models import Submission, User
from rollout.services.refusals import Refused

# A form that is older than this when it is sent again makes a second record.
KEPT = timedelta(days=30)


@transaction.atomic
def done_once(*, user: User, key: UUID, body: Mapping[str, Any], do: Callable[[], str]) -> str:
    """Do what a form asks for and return the address to go to; the same form again gives the first address.

    `body` is what the form says: the same key with another body raises Refused, since something else would be lost
    silently. Where `do` raises, nothing is kept, so that the form can be mended and sent again. Two sendings at once
    wait for each other: the second finds what the first did.
    """
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    Submission.objects.bulk_create([Submission(user=user, key=key, body=digest)], ignore_conflicts=True)
    ours = Submission.objects.select_for_update(no_key=True).get(user=user, key=key)
    if ours.answer:
        if ours.body != digest:
            raise Refused(
                gettext("This form was sent before with other words. Open the page again if you want to add more.")
            )
        return ours.answer
    ours.answer = do()
    ours.save(update_fields=["answer"])
    return ours.answer


def forget_old_submissions() -> int:
    """Forget the forms sent more than 30 days ago. Returns how many."""
    deleted, _each = Submission.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return deleted
