"""Forms that were sent: so that a second click, a second tab or a resent page makes nothing twice."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """One sending of a form that makes something, under the key that the form was given when it was shown.

    `body` is the SHA-256 of what was sent (64 hex digits), `answer` the address that the first sending led to. Written
    by services.once in the transaction of what it made; forgotten after 30 days.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField(_("key of the form"), editable=False)
    body = models.CharField(_("hash of what was sent"), max_length=64, editable=False)
    answer = models.CharField(_("address that answered"), max_length=2000, blank=True, editable=False)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="rollout_submission_key"),
            models.CheckConstraint(condition=models.Q(body__regex="^[0-9a-f]{64}$"), name="rollout_submission_hashed"),
        ]
        indexes = [models.Index(fields=["at"], name="rollout_submission_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
