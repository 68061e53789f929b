"""What a ward needs to work with a product: counted there, not on a plan."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rollout.choices import Infrastructure
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check
from rollout.models.deployments import Deployment
from rollout.models.organisations import Ward
from rollout.models.users import person_field


@tracked()
class WardCount(Record):
    """How many of a kind of thing a ward needs for a deployment, and how many were found ready there on a day.

    For Wi-Fi it is the places that were measured and those with enough signal. Written by services.infrastructure.
    """

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="ward_counts")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="counts")
    kind = models.CharField(_("what was counted"), max_length=20, choices=Infrastructure)
    needed = models.PositiveIntegerField(_("needed"))
    ready = models.PositiveIntegerField(_("ready"))
    counted_on = models.DateField(_("counted on"))
    by = person_field(_("by"))

    class Meta:
        verbose_name = _("count on a ward")
        verbose_name_plural = _("counts on wards")
        ordering = ["deployment_id", "ward_id", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "ward", "kind"], name="rollout_wardcount_key"),
            choice_check("rollout_wardcount_kind", "kind", Infrastructure),
            models.CheckConstraint(
                condition=Q(ready__lte=F("needed")),
                name="rollout_wardcount_ready",
                violation_error_message=_("No more can be ready than are needed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ward_id} {self.kind}"
