"""When a person last looked at what changed."""

from datetime import datetime

from django.utils import timezone

from rollout.models import LastLook, User


def keep_look(*, user: User, at: datetime) -> datetime:
    """Keep that a person has seen what changed until a moment; neither later than now nor earlier than kept.

    Returns the moment kept. Sent twice is done once.
    """
    seen = min(at, timezone.now())
    LastLook.objects.bulk_create([LastLook(user=user, looked_at=seen)], ignore_conflicts=True)
    LastLook.objects.filter(user=user, looked_at__lt=seen).update(looked_at=seen)
    return LastLook.objects.values_list("looked_at", flat=True).get(user=user)
