"""What was sent to the log, and the answer that each sending got once and for all."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rollout.models.constraints import choice_check
from training.choices import EntryAnswer, EntryKind


class LogEntry(models.Model):
    """What one person sent under one `client_id`, which is made on the phone or with the form.

    Written once, in the transaction of what it made, and never changed: the application's database role may not. So the
    answer for an id stays the same for ever. `body_hash` is the SHA-256 of kind and body. `device_at` is the device's
    clock when the entry was made, `device_offset_minutes` how far that clock was from UTC by its zone, and
    `clock_skew_minutes` how many minutes it went ahead of ours when it was sent (below 0: behind); all three are empty
    for a form without a phone's clock. `words` say why it was refused, without any name. `record` is the table of what
    it made or changed and `record_id` the row; `before` is the state of a shift that it marked.
    """

    client_id = models.UUIDField(_("device's own number"), unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind)
    body_hash = models.CharField(_("hash of what was sent"), max_length=64, editable=False)
    device_at = models.DateTimeField(_("time on the device"), null=True, blank=True)
    device_offset_minutes = models.SmallIntegerField(_("the device's minutes from UTC"), null=True, blank=True)
    clock_skew_minutes = models.IntegerField(_("minutes the device's clock is ahead"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), db_default=Now(), editable=False)
    answer = models.CharField(_("answer"), max_length=10, choices=EntryAnswer)
    words = models.TextField(_("why it was refused"), blank=True)
    record = models.CharField(_("table of the record"), max_length=40, blank=True)
    record_id = models.BigIntegerField(_("id of the record"), null=True, blank=True)
    before = models.CharField(_("state before"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["-arrived_at", "-pk"]
        constraints = [
            choice_check("training_logentry_kind", "kind", EntryKind),
            choice_check("training_logentry_answer", "answer", EntryAnswer),
            models.CheckConstraint(condition=Q(body_hash__regex="^[0-9a-f]{64}$"), name="training_logentry_hashed"),
            models.CheckConstraint(
                condition=Q(answer=EntryAnswer.ACCEPTED, words="") | Q(answer=EntryAnswer.REFUSED) & ~Q(words=""),
                name="training_logentry_words",
            ),
        ]
        indexes = [
            models.Index(fields=["record", "record_id"], name="training_logentry_record"),
            models.Index(fields=["user", "arrived_at"], name="training_logentry_user"),
        ]

    def __str__(self) -> str:
        return str(self.client_id)
