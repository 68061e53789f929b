"""One programme at one site: its scope, dates, stage and declared status, and what changed when."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rollout.choices import ChangeWhat, DeclaredStatus, ReadinessDomain, Stage, Tier
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check, list_check, order_check, range_check
from rollout.models.organisations import Site, Ward
from rollout.models.programmes import Programme, Wave
from rollout.models.users import person_field
from rollout.querysets.deployments import DeploymentQuerySet


@tracked()
class Deployment(Record):
    """One programme at one site.

    Wards in scope are the rows of `DeploymentWard`; none of them means all wards of the site. `stage_before` is where
    a deferred deployment goes back to.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="deployments")
    site = models.ForeignKey(Site, models.PROTECT, related_name="deployments")
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, related_name="deployments")
    wards = models.ManyToManyField(Ward, through="rollout.DeploymentWard", related_name="deployments")
    modules = ArrayField(models.CharField(max_length=120), verbose_name=_("modules"), default=list, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.NOT_STARTED)
    stage_before = models.CharField(_("stage before"), max_length=20, choices=Stage, blank=True)
    interest_on = models.DateField(_("interest registered on"), null=True, blank=True)
    technical_go_live_on = models.DateField(_("technical go-live planned on"), null=True, blank=True)
    go_live_on = models.DateField(_("go-live planned on"), null=True, blank=True)
    actual_technical_go_live_on = models.DateField(_("technical go-live on"), null=True, blank=True)
    actual_go_live_on = models.DateField(_("went live on"), null=True, blank=True)
    dual_running_until_on = models.DateField(_("dual running until"), null=True, blank=True)
    declared_status = models.CharField(_("declared status"), max_length=10, choices=DeclaredStatus, blank=True)
    declared_on = models.DateField(_("declared on"), null=True, blank=True)
    declared_by = person_field(_("declared by"))
    declared_words = models.TextField(_("in words"), blank=True)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        ordering = ["programme_id", "site_id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "site"], name="rollout_deployment_site"),
            # What a foreign key of (deployment, programme) points to, so that no record can name the wrong programme.
            models.UniqueConstraint(fields=["id", "programme"], name="rollout_deployment_id_programme"),
            choice_check("rollout_deployment_stage", "stage", Stage),
            list_check("rollout_deployment_modules", "modules"),
            choice_check("rollout_deployment_stage_before", "stage_before", Stage, blank=True),
            choice_check("rollout_deployment_declared", "declared_status", DeclaredStatus, blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.site_id}"

    @property
    def go_live(self) -> date | None:
        """G: the actual go-live where one is recorded, else the planned one."""
        return self.actual_go_live_on or self.go_live_on

    @property
    def technical_go_live(self) -> date | None:
        """The technical date: the actual one where one is recorded, else the planned one."""
        return self.actual_technical_go_live_on or self.technical_go_live_on


@tracked()
class DeploymentWard(models.Model):
    """A ward in the scope of a deployment."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="scope")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="scopes")

    class Meta:
        verbose_name = _("ward in scope")
        verbose_name_plural = _("wards in scope")
        ordering = ["deployment_id", "ward_id"]
        constraints = [models.UniqueConstraint(fields=["deployment", "ward"], name="rollout_deploymentward_key")]

    def __str__(self) -> str:
        return f"{self.deployment_id}/{self.ward_id}"


@tracked()
class DeploymentChange(Record):
    """A change of a stage, a date, the wave or the declared status: what, before, after, who, when, why."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="changes")
    at = models.DateTimeField(_("at"))
    what = models.CharField(_("what"), max_length=20, choices=ChangeWhat)
    before = models.CharField(_("before"), max_length=200, blank=True)
    after = models.CharField(_("after"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = person_field(_("by"))

    class Meta:
        verbose_name = _("deployment change")
        verbose_name_plural = _("deployment changes")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "at", "what"], name="rollout_deploymentchange_key"),
            choice_check("rollout_deploymentchange_what", "what", ChangeWhat),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.before} → {self.after}"


@tracked()
class BaselineAssessment(Record):
    """The honest starting point of a deployment in one domain, 1 (nothing) to 5 (in place)."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="baselines")
    domain = models.CharField(_("domain"), max_length=20, choices=ReadinessDomain)
    level = models.PositiveSmallIntegerField(_("level"))
    words = models.TextField(_("in words"), blank=True)
    assessed_on = models.DateField(_("assessed on"))
    by = person_field(_("by"))

    class Meta:
        verbose_name = _("baseline assessment")
        verbose_name_plural = _("baseline assessments")
        ordering = ["deployment_id", "domain", "-assessed_on"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "domain", "assessed_on"], name="rollout_baseline_key"),
            choice_check("rollout_baseline_domain", "domain", ReadinessDomain),
            range_check("rollout_baseline_level", "level", 1, 5),
        ]

    def __str__(self) -> str:
        return f"{self.domain} {self.level}"


@tracked()
class ReadinessGroup(Record):
    """The group that prepares a site for a programme, chaired by a clinical and an operational lead together."""

    deployment = models.OneToOneField(Deployment, models.PROTECT, related_name="readiness_group")
    clinical_chair = person_field(_("clinical chair"))
    operational_chair = person_field(_("operational chair"))

    class Meta:
        verbose_name = _("readiness group")
        verbose_name_plural = _("readiness groups")
        ordering = ["deployment_id"]

    def __str__(self) -> str:
        return str(self.deployment_id)


@tracked()
class GroupMeeting(Record):
    """A meeting of a readiness group, and who came."""

    group = models.ForeignKey(ReadinessGroup, models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("held on"))
    words = models.TextField(_("what was said"), blank=True)
    came = models.ManyToManyField("rollout.Person", related_name="+", blank=True)

    class Meta:
        verbose_name = _("readiness group meeting")
        verbose_name_plural = _("readiness group meetings")
        ordering = ["-held_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["group", "held_on"], name="rollout_groupmeeting_day")]

    def __str__(self) -> str:
        return str(self.held_on)


@tracked()
class GroupAction(Record):
    """Something a readiness group asked somebody to do by a day."""

    group = models.ForeignKey(ReadinessGroup, models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(GroupMeeting, models.PROTECT, null=True, blank=True, related_name="actions")
    text = models.TextField(_("action"))
    owner = person_field(_("owner"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        verbose_name = _("readiness group action")
        verbose_name_plural = _("readiness group actions")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text


@tracked()
class CommandRota(Record):
    """Who is bronze, silver or gold for a deployment, from when to when."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="command_rota")
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    person = person_field(_("person"), null=False, blank=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    class Meta:
        verbose_name = _("command rota")
        verbose_name_plural = _("command rotas")
        ordering = ["starts_at", "pk"]
        constraints = [
            choice_check("rollout_commandrota_tier", "tier", Tier),
            order_check("rollout_commandrota_order", "starts_at", "ends_at"),
        ]

    def __str__(self) -> str:
        return self.tier
