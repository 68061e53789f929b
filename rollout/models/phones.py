"""Phones that a ward shares: known to the service, whoever logs in on them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from rollout.models.base import Record, tracked
from rollout.models.organisations import Ward
from rollout.querysets.phones import WardPhoneQuerySet


@tracked("secret")
class WardPhone(Record):
    """A phone that its ward enrolled. People log in on it one after another; the enrolment gives nobody a right.

    `secret` is a hash (64 hex digits) of what the phone's cookie holds. Revoking an enrolment retires the row.
    """

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="phones")
    name = models.CharField(_("name"), max_length=60)
    secret = models.CharField(_("hash of the cookie"), max_length=64, unique=True, editable=False)
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    enrolled_at = models.DateTimeField(_("enrolled at"), db_default=Now(), editable=False)

    objects = WardPhoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone of a ward")
        verbose_name_plural = _("phones of wards")
        ordering = ["ward_id", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "ward", Lower("name"), condition=models.Q(retired_at=None), name="rollout_wardphone_name"
            ),
            models.CheckConstraint(
                condition=models.Q(("secret__regex", "^[0-9a-f]{64}$")), name="rollout_wardphone_hashed"
            ),
        ]

    def __str__(self) -> str:
        return self.name
