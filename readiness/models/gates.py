"""Gates: who signs what before a site goes on, with which conditions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from readiness.choices import Answer, GateKind, GateOutcome
from rollout.models import Deployment, Programme, Record, SeatRole, WaitingMessage, person_field, tracked
from rollout.models.constraints import choice_check, code_check, range_check


@tracked()
class Gate(Record):
    """A meeting that every site of a programme passes, `due_days` before its go-live (below 0: after it)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="gates")
    seats = models.ManyToManyField(SeatRole, related_name="gates", blank=True)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=GateKind, default=GateKind.CHECKPOINT)
    due_days = models.IntegerField(_("days before go-live"), null=True, blank=True)
    minimum_score = models.PositiveSmallIntegerField(_("minimum score"), null=True, blank=True)

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering = ["programme_id", "-due_days", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="readiness_gate_code"),
            code_check("readiness_gate_code_form"),
            choice_check("readiness_gate_kind", "kind", GateKind),
            range_check("readiness_gate_minimum_0_100", "minimum_score", 0, 100, null=True),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class GateReview(Record):
    """One gate held for one deployment on a day; `pack` keeps the figures as they stood when it was frozen."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="reviews")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="gate_reviews")
    held_on = models.DateField(_("held on"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=GateOutcome, blank=True)
    words = models.TextField(_("in words"), blank=True)
    pack = models.JSONField(_("frozen figures"), null=True, blank=True)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("gate review")
        verbose_name_plural = _("gate reviews")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["gate", "deployment", "held_on"], name="readiness_gatereview_key"),
            choice_check("readiness_gatereview_outcome", "outcome", GateOutcome, blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.gate_id}/{self.deployment_id} {self.held_on}"


@tracked()
class SignOff(Record):
    """One seat's answer at a gate review, in the name of the person who holds the seat."""

    review = models.ForeignKey(GateReview, models.PROTECT, related_name="sign_offs")
    seat_role = models.ForeignKey(SeatRole, models.PROTECT, related_name="sign_offs")
    person = person_field(_("person"))
    answer = models.CharField(_("answer"), max_length=20, choices=Answer, blank=True)
    words = models.TextField(_("in words"), blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["review_id", "seat_role_id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "seat_role"], name="readiness_signoff_seat"),
            choice_check("readiness_signoff_answer", "answer", Answer, blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}/{self.seat_role_id}"


@tracked()
class Condition(Record):
    """What a gate review asks to be done by a day, and by whom."""

    review = models.ForeignKey(GateReview, models.PROTECT, related_name="conditions")
    code = models.CharField(_("code"), max_length=40)
    text = models.TextField(_("condition"))
    owner = person_field(_("owner"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["review_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["review", "code"], name="readiness_condition_code"),
            code_check("readiness_condition_code_form"),
        ]

    def __str__(self) -> str:
        return self.text


class ConditionReminder(WaitingMessage):
    """One message to the owner of a condition that is not met, written down before it is sent so that it goes once.

    `for_on` is the day it belongs to: three days before the condition is due, that day, and each week after.
    """

    condition = models.ForeignKey(Condition, models.CASCADE, related_name="reminders")
    for_on = models.DateField(_("of the day"))

    class Meta:
        verbose_name = _("reminder of a condition")
        verbose_name_plural = _("reminders of conditions")
        ordering = ["-for_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["condition", "for_on"], name="readiness_conditionreminder_day"),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(given_up_at=None), name="readiness_conditionreminder_end"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="readiness_reminder_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.condition_id} {self.for_on}"
