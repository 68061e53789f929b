"""Waivers and hazards: what is left undone knowingly, and what could hurt somebody."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from readiness.choices import WaiverState
from readiness.querysets.hazards import HazardQuerySet
from rollout.models import Deployment, Programme, Record, person_field, tracked
from rollout.models.constraints import choice_check, code_check, order_check, range_check

# What a waiver can be of, besides the code of a checklist item.
WAIVED_CAP = "agreement_unsigned"
COLLISION_PREFIX = "collision:"


@tracked()
class Waiver(Record):
    """Leave to go on without something until a day, after which it lapses by itself.

    `subject` is the code of a checklist item, the cap `agreement_unsigned`, or `collision:` and an ISO week.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="waivers")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="waivers")
    code = models.CharField(_("code"), max_length=40)
    subject = models.CharField(_("what is waived"), max_length=60)
    reason = models.TextField(_("reason"), blank=True)
    asked_by = person_field(_("asked by"))
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=WaiverState, default=WaiverState.ASKED)
    decided_by = person_field(_("decided by"))
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    revoked_by = person_field(_("revoked by"))
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["-until_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="readiness_waiver_code"),
            code_check("readiness_waiver_code_form"),
            choice_check("readiness_waiver_state", "state", WaiverState),
            order_check("readiness_waiver_order", "from_on", "until_on"),
        ]
        indexes = [models.Index(fields=["deployment", "subject"], name="readiness_waiver_subject")]

    def __str__(self) -> str:
        return self.code


@tracked("rating")
class Hazard(Record):
    """Something that could harm a patient, at a deployment or (no deployment) anywhere in the programme.

    The rating is likelihood × severity, each 1 to 5.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="hazards")
    deployment = models.ForeignKey(Deployment, models.PROTECT, null=True, blank=True, related_name="hazards")
    code = models.CharField(_("code"), max_length=40)
    text = models.TextField(_("what could happen"))
    likelihood = models.PositiveSmallIntegerField(_("likelihood"))
    severity = models.PositiveSmallIntegerField(_("severity"))
    rating = models.GeneratedField(
        expression=F("likelihood") * F("severity"), output_field=models.PositiveSmallIntegerField(), db_persist=True
    )
    mitigation = models.TextField(_("mitigation"), blank=True)
    raised_on = models.DateField(_("raised on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    accepted_by = person_field(_("accepted by"))

    objects = HazardQuerySet.as_manager()

    class Meta:
        verbose_name = _("hazard")
        verbose_name_plural = _("hazards")
        ordering = ["programme_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="readiness_hazard_code"),
            code_check("readiness_hazard_code_form"),
            range_check("readiness_hazard_likelihood_1_5", "likelihood", 1, 5),
            range_check("readiness_hazard_severity_1_5", "severity", 1, 5),
        ]
        indexes = [
            models.Index(fields=["deployment"], condition=Q(retired_at=None), name="readiness_hazard_open"),
        ]

    def __str__(self) -> str:
        return self.text
