"""Going live and after: issues raised on the wards, and the reports made of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rollout.choices import IssueCategory, Tier
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check, order_check, range_check
from rollout.models.deployments import Deployment
from rollout.models.organisations import Ward
from rollout.models.users import person_field


@tracked("words")
class SupportIssue(Record):
    """Something that went wrong on a ward after go-live. `client_id` is made on the device, so that it arrives once.

    Severity runs from 1 (worst) to 5. The words hold no patient data: the form says so.
    """

    client_id = models.UUIDField(_("device's own number"), unique=True)
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="support_issues")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="support_issues")
    raised_at = models.DateTimeField(_("raised at"))
    category = models.CharField(_("category"), max_length=20, choices=IssueCategory, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True)
    stops_work = models.BooleanField(_("stops work"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    words = models.TextField(_("what is wrong"), blank=True)

    class Meta:
        verbose_name = _("support issue")
        verbose_name_plural = _("support issues")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            choice_check("rollout_supportissue_category", "category", IssueCategory, blank=True),
            choice_check("rollout_supportissue_tier", "tier", Tier, blank=True),
            range_check("rollout_supportissue_severity", "severity", 1, 5, null=True),
            order_check("rollout_supportissue_order", "raised_at", "resolved_at"),
        ]
        indexes = [models.Index(fields=["deployment", "raised_at"], name="rollout_supportissue_raised")]

    def __str__(self) -> str:
        return str(self.client_id)


@tracked()
class SituationReport(Record):
    """What was said of a deployment at one moment: text and figures, frozen once sent."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="situation_reports")
    text = models.TextField(_("text"))
    figures = models.JSONField(_("figures"), default=dict)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)
    by = person_field(_("by"))

    class Meta:
        verbose_name = _("situation report")
        verbose_name_plural = _("situation reports")
        ordering = ["-frozen_at", "-pk"]

    def __str__(self) -> str:
        return str(self.frozen_at or _("Draft"))
