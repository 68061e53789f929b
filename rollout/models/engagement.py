"""How people are reached and heard: events, pulse, stories, communications."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rollout.choices import EngagementKind, StorySource
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check, code_check, range_check
from rollout.models.deployments import Deployment
from rollout.models.organisations import Site, Ward
from rollout.models.programmes import Programme
from rollout.models.users import person_field
from rollout.models.vocabulary import StaffGroup


@tracked()
class EngagementEvent(Record):
    """A workshop, demo, walk, visit, forum, briefing or sandbox: where, when, which staff groups, how many people."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="engagement_events")
    sites = models.ManyToManyField(Site, related_name="engagement_events", blank=True)
    groups = models.ManyToManyField(StaffGroup, related_name="engagement_events", blank=True)
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=EngagementKind)
    held_on = models.DateField(_("held on"))
    people = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    words = models.TextField(_("in words"), blank=True)

    class Meta:
        verbose_name = _("engagement event")
        verbose_name_plural = _("engagement events")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_engagement_code"),
            code_check("rollout_engagement_code_form"),
            choice_check("rollout_engagement_kind", "kind", EngagementKind),
        ]
        indexes = [models.Index(fields=["programme", "held_on"], name="rollout_engagement_held")]

    def __str__(self) -> str:
        return self.code


@tracked("words")
class PulseResponse(Record):
    """One anonymous answer: how ready a person feels, 1 (not at all) to 5 (fully); whether they fear for the job."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="pulse_responses")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="pulse_responses")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="pulse_responses")
    group = models.ForeignKey(StaffGroup, models.PROTECT, null=True, blank=True, related_name="pulse_responses")
    code = models.CharField(_("code"), max_length=40)
    answered_on = models.DateField(_("answered on"))
    confidence = models.PositiveSmallIntegerField(_("confidence"))
    job_worry = models.BooleanField(_("worried about the job"), null=True, blank=True)
    words = models.TextField(_("in words"), blank=True)

    class Meta:
        verbose_name = _("pulse response")
        verbose_name_plural = _("pulse responses")
        ordering = ["-answered_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_pulse_code"),
            code_check("rollout_pulse_code_form"),
            range_check("rollout_pulse_confidence_1_5", "confidence", 1, 5),
        ]
        indexes = [models.Index(fields=["deployment", "answered_on"], name="rollout_pulse_answered")]

    def __str__(self) -> str:
        return self.code


@tracked()
class PulseFollowUp(Record):
    """What is done about a group that feels unready: who looks after it, and when it was done."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="pulse_follow_ups")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="pulse_follow_ups")
    group = models.ForeignKey(StaffGroup, models.PROTECT, null=True, blank=True, related_name="pulse_follow_ups")
    opened_on = models.DateField(_("opened on"))
    words = models.TextField(_("what will be done"), blank=True)
    owner = person_field(_("owner"))
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        verbose_name = _("pulse follow-up")
        verbose_name_plural = _("pulse follow-ups")
        ordering = ["-opened_on", "-pk"]

    def __str__(self) -> str:
        return str(self.opened_on)


@tracked("words")
class Story(Record):
    """What staff or a patient told of the change. Without a day of consent it is shown to nobody else."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="stories")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="stories")
    code = models.CharField(_("code"), max_length=40)
    source = models.CharField(_("from"), max_length=10, choices=StorySource)
    words = models.TextField(_("words"))
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["programme_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_story_code"),
            code_check("rollout_story_code_form"),
            choice_check("rollout_story_source", "source", StorySource),
        ]

    def __str__(self) -> str:
        return self.code


@tracked()
class Communication(Record):
    """A message planned for an audience over a channel, and when it was sent."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="communications")
    code = models.CharField(_("code"), max_length=40)
    audience = models.CharField(_("audience"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=60, blank=True)
    text = models.TextField(_("message"), blank=True)
    owner = person_field(_("owner"))
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)

    class Meta:
        verbose_name = _("communication")
        verbose_name_plural = _("communications")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_communication_code"),
            code_check("rollout_communication_code_form"),
        ]

    def __str__(self) -> str:
        return self.code
