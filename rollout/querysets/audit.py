"""What one may ask of the audit trail."""

from datetime import datetime

from django.db import models

from rollout.querysets.rights import Somebody, rights_of


class AuditEntryQuerySet(models.QuerySet):
    """Entries of the audit trail; their ids rise with time."""

    def visible_to(self, user: Somebody) -> "AuditEntryQuerySet":
        """Every entry for administrators, and none for anybody else."""
        return self if rights_of(user).administrator else self.none()

    def between(self, first: datetime | None, end: datetime | None) -> "AuditEntryQuerySet":
        """Entries from a moment on, and before another; None leaves that side open."""
        entries = self if first is None else self.filter(at__gte=first)
        return entries if end is None else entries.filter(at__lt=end)
