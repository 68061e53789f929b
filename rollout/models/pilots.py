"""Pilots, what they asked for, what they taught."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rollout.choices import PilotOutcome
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check, code_check, list_check, order_check, range_check
from rollout.models.measures import Measure
from rollout.models.organisations import Site, Ward
from rollout.models.programmes import Programme
from rollout.models.users import person_field


@tracked()
class Pilot(Record):
    """A trial of a programme at a site, its question, and what was decided of it.

    Experience is the mean of answers from 1 (bad) to 5 (good), beside how many people answered.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="pilots")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="pilots")
    wards = models.ManyToManyField(Ward, related_name="pilots", blank=True)
    code = models.CharField(_("code"), max_length=40)
    question = models.TextField(_("question"), blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=PilotOutcome, default=PilotOutcome.UNDECIDED)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    scale_plan = models.TextField(_("scale plan"), blank=True)
    scale_owner = person_field(_("owner of the scale plan"))
    resources = models.TextField(_("resources"), blank=True)
    secured_on = models.DateField(_("resources secured on"), null=True, blank=True)
    staff_experience = models.DecimalField(_("staff experience"), max_digits=4, decimal_places=2, null=True, blank=True)
    staff_answers = models.PositiveIntegerField(_("staff who answered"), null=True, blank=True)
    patient_experience = models.DecimalField(
        _("patient experience"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    patient_answers = models.PositiveIntegerField(_("patients who answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("pilot")
        verbose_name_plural = _("pilots")
        ordering = ["programme_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_pilot_code"),
            code_check("rollout_pilot_code_form"),
            choice_check("rollout_pilot_outcome", "outcome", PilotOutcome),
            order_check("rollout_pilot_order", "starts_on", "ends_on"),
            range_check("rollout_pilot_staff_1_5", "staff_experience", 1, 5, null=True),
            range_check("rollout_pilot_patients_1_5", "patient_experience", 1, 5, null=True),
        ]

    def __str__(self) -> str:
        return self.code


@tracked()
class PilotMeasure(Record):
    """What a pilot did to a measure: where it began, what was hoped, what came. In the measure's unit."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="measures")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="pilot_measures")
    baseline = models.DecimalField(_("baseline"), max_digits=16, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=4, null=True, blank=True)
    result = models.DecimalField(_("result"), max_digits=16, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("pilot measure")
        verbose_name_plural = _("pilot measures")
        ordering = ["pilot_id", "measure_id"]
        constraints = [models.UniqueConstraint(fields=["pilot", "measure"], name="rollout_pilotmeasure_key")]

    def __str__(self) -> str:
        return f"{self.pilot_id}/{self.measure_id}"


@tracked()
class Requirement(Record):
    """What procurement should ask for, learnt in a pilot. A lower number comes first."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="requirements")
    pilot = models.ForeignKey(Pilot, models.PROTECT, null=True, blank=True, related_name="requirements")
    code = models.CharField(_("code"), max_length=40)
    text = models.TextField(_("requirement"))
    priority = models.PositiveSmallIntegerField(_("priority"), null=True, blank=True)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["programme_id", "priority", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_requirement_code"),
            code_check("rollout_requirement_code_form"),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class Lesson(Record):
    """What a pilot, gate or review taught, and the checklist item (by its code) that changed because of it."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="lessons")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="lessons")
    pilot = models.ForeignKey(Pilot, models.PROTECT, null=True, blank=True, related_name="lessons")
    code = models.CharField(_("code"), max_length=40)
    text = models.TextField(_("lesson"))
    tags = ArrayField(models.CharField(max_length=60), verbose_name=_("tags"), default=list, blank=True)
    item_code = models.CharField(_("checklist item it changed"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["programme_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_lesson_code"),
            code_check("rollout_lesson_code_form"),
            list_check("rollout_lesson_tags", "tags"),
        ]

    def __str__(self) -> str:
        return self.text
