"""What one may ask of the imports of files."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from readiness.choices import FILE_IMPORT_ENDS, FILE_IMPORT_WORK
from rollout.querysets.rights import Somebody, rights_of

# What may name people is removed so long after an import has ended, or was touched last.
KEPT_AFTER_END = timedelta(days=7)
KEPT_UNTOUCHED = timedelta(days=30)


class FileImportQuerySet(models.QuerySet):
    """Imports of files: under way, waiting for the worker, past."""

    def visible_to(self, user: Somebody) -> "FileImportQuerySet":
        """All imports for administrators; for programme managers those of their programmes."""
        rights = rights_of(user)
        return self if rights.administrator else self.filter(programme__in=rights.managed)

    def for_worker(self) -> "FileImportQuerySet":
        """Those that are the worker's turn, the longest waiting first."""
        return self.filter(state__in=FILE_IMPORT_WORK).order_by("touched_at", "pk")

    def to_forget(self) -> "FileImportQuerySet":
        """Those whose bytes and lines have been kept long enough; none that is the worker's turn."""
        now = timezone.now()
        ended = Q(state__in=FILE_IMPORT_ENDS, ended_at__lt=now - KEPT_AFTER_END)
        left = ~Q(state__in=FILE_IMPORT_WORK) & Q(touched_at__lt=now - KEPT_UNTOUCHED)
        return self.filter(ended | left, forgotten_at=None)
