"""Signs of life: when a part of the system last did its work."""

from django.utils import timezone

from readiness.models import Heartbeat


def beat(name: str) -> None:
    """Note that a part of the system is at work now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})
