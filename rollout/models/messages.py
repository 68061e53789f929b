"""Messages written down before they are sent, so that each goes once."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class WaitingMessage(models.Model):
    """One message. `sent_at` is empty while it still has to go, and then nothing is tried before `next_at`."""

    queued_at = models.DateTimeField(_("queued at"), db_default=Now())
    next_at = models.DateTimeField(_("tried again from"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)

    class Meta:
        abstract = True
