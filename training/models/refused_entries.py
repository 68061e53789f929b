"""What the log refused at its arrival, kept for a while for those who may take it in their own right."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rollout.models import Programme, Site, Ward, tracked
from rollout.models.constraints import choice_check
from training.choices import RefusedOutcome
from training.models.log_entries import LogEntry
from training.querysets.refused_entries import RefusedEntryQuerySet


@tracked("body")
class RefusedEntry(models.Model):
    """An entry of a phone that was refused by what its writer may do or when, not by what it says.

    `body` is what was sent: ids, times and the writer's words, no names; it is dropped with the decision, and 30 days
    after the arrival (then the outcome is lapsed). `said_at` is when it was written, by our clock. `programme` and
    `site` say whose it is to decide. Written by services.refused_kept, decided once by services.refused_entries.
    """

    entry = models.OneToOneField(LogEntry, models.PROTECT, related_name="refused")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="refused_entries")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    said_at = models.DateTimeField(_("written at"))
    body = models.JSONField(_("what was sent"), null=True, blank=True)
    outcome = models.CharField(_("what became of it"), max_length=10, choices=RefusedOutcome, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    words = models.CharField(_("why it was dismissed"), max_length=500, blank=True)

    objects = RefusedEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused entry")
        verbose_name_plural = _("refused entries")
        ordering = ["said_at", "pk"]
        constraints = [
            choice_check("training_refusedentry_outcome", "outcome", RefusedOutcome, blank=True),
            models.CheckConstraint(
                condition=Q(outcome="", body__isnull=False, decided_at=None)
                | ~Q(outcome="") & Q(body__isnull=True, decided_at__isnull=False),
                name="training_refusedentry_decided",
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry_id)
