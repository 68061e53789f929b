"""Programmes, their waves and bundles, the people around them, what they decided."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from rollout.choices import Approach, DecisionKind, PriorityOutcome, ProgrammeState, Tier
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check, code_check, list_check, order_check, range_check
from rollout.models.organisations import Site
from rollout.models.users import person_field
from rollout.models.vocabulary import Discipline, SeatRole
from rollout.querysets.programmes import ProgrammeQuerySet


@tracked()
class Programme(Record):
    """The bringing of one product to many sites: the problem, the goal by a date, the state it is in."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    product = models.CharField(_("product"), max_length=120, blank=True)
    portfolio = models.CharField(_("portfolio"), max_length=60, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    processes = ArrayField(
        models.CharField(max_length=200), verbose_name=_("affected processes"), default=list, blank=True
    )
    mission = models.TextField(_("mission"), blank=True)
    goal = models.TextField(_("goal"), blank=True)
    approach = models.CharField(_("approach"), max_length=20, choices=Approach, blank=True)
    resource_need = models.TextField(_("resource need"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ProgrammeState, default=ProgrammeState.PLANNING)
    target_date = models.DateField(_("target date"), null=True, blank=True)
    ward_word = models.CharField(_("word for a ward"), max_length=40, default="ward", blank=True)
    support_number = models.CharField(_("support number"), max_length=40, blank=True)
    not_applicable = ArrayField(
        models.CharField(max_length=60), verbose_name=_("indicators that do not apply"), default=list, blank=True
    )
    refresher_days = models.PositiveSmallIntegerField(_("refreshers until this many days after go-live"), default=300)
    champion_hours_limit = models.DecimalField(
        _("champion hours a week before the burn-out guard warns"), max_digits=4, decimal_places=1, default=15
    )
    # Kept by the database (trigger `closed_on`): the day on which the programme came into the state closed.
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    names_kept_days = models.PositiveSmallIntegerField(_("names of staff are kept this many days"), default=365)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="rollout_programme_code"),
            code_check("rollout_programme_code_form"),
            choice_check("rollout_programme_approach", "approach", Approach, blank=True),
            choice_check("rollout_programme_state", "state", ProgrammeState),
            list_check("rollout_programme_processes", "processes"),
            range_check("rollout_programme_names_kept", "names_kept_days", 0, 3650),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Wave(Record):
    """Sites that go live in the same window, in the order of `number`."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="waves")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["programme_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="rollout_wave_number"),
            order_check("rollout_wave_order", "starts_on", "ends_on"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.number)


@tracked()
class ReleaseBundle(Record):
    """Programmes or modules that go live together."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    programmes = models.ManyToManyField(Programme, related_name="release_bundles")
    modules = ArrayField(models.CharField(max_length=120), verbose_name=_("modules"), default=list, blank=True)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)

    class Meta:
        verbose_name = _("release bundle")
        verbose_name_plural = _("release bundles")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="rollout_releasebundle_code"),
            code_check("rollout_releasebundle_code_form"),
            list_check("rollout_releasebundle_modules", "modules"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Seat(Record):
    """A named role of a programme (no site) or of a site within it, and who holds it from when to when."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="seats")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="seats")
    role = models.ForeignKey(SeatRole, models.PROTECT, related_name="seats")
    person = person_field(_("person"))
    discipline = models.ForeignKey(Discipline, models.PROTECT, null=True, blank=True, related_name="seats")
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["programme_id", "role_id", "from_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programme",
                Coalesce("site", 0),
                "role",
                Coalesce("person", 0),
                name="rollout_seat_person",
            ),
            order_check("rollout_seat_order", "from_on", "to_on"),
        ]

    def __str__(self) -> str:
        return str(self.role)


@tracked()
class ResourceNeed(Record):
    """How many people of a role a programme, or one site of it, needs in a week."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="resource_needs")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="resource_needs")
    role = models.ForeignKey(SeatRole, models.PROTECT, related_name="resource_needs")
    week_on = models.DateField(_("week from"), help_text=_("The Monday of the week."))
    people = models.DecimalField(_("people needed"), max_digits=5, decimal_places=1)

    class Meta:
        verbose_name = _("resource need")
        verbose_name_plural = _("resource needs")
        ordering = ["week_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programme", Coalesce("site", 0), "role", "week_on", name="rollout_resourceneed_week"
            ),
            models.CheckConstraint(condition=models.Q(people__gte=0), name="rollout_resourceneed_people"),
            models.CheckConstraint(condition=models.Q(week_on__iso_week_day=1), name="rollout_resourceneed_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.week_on}"


@tracked()
class Decision(Record):
    """What was decided, for a programme or one site of it, from when, by whom, and why.

    `asked_on` and `waits_for` hold a decision that is still open: `from_on` is then empty.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="decisions")
    deployment = models.ForeignKey(
        "rollout.Deployment", models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=DecisionKind)
    text = models.TextField(_("what"))
    reason = models.TextField(_("reason"), blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    by = person_field(_("by"))
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    waits_for = models.TextField(_("waits for"), blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_decision_code"),
            code_check("rollout_decision_code_form"),
            choice_check("rollout_decision_kind", "kind", DecisionKind),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class PriorityReview(Record):
    """The question, put on a day, whether a programme goes on: continue, pause or stop."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="priority_reviews")
    due_on = models.DateField(_("due on"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=PriorityOutcome, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = person_field(_("by"))

    class Meta:
        verbose_name = _("priority review")
        verbose_name_plural = _("priority reviews")
        ordering = ["-due_on", "-pk"]
        constraints = [choice_check("rollout_priorityreview_outcome", "outcome", PriorityOutcome, blank=True)]

    def __str__(self) -> str:
        return str(self.due_on)


@tracked()
class TierLimit(Record):
    """Minutes until an issue of a severity moves up from a tier."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tier_limits")
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    severity = models.PositiveSmallIntegerField(_("severity"))
    minutes = models.PositiveIntegerField(_("minutes until it escalates"))

    class Meta:
        verbose_name = _("tier limit")
        verbose_name_plural = _("tier limits")
        ordering = ["programme_id", "tier", "severity"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "tier", "severity"], name="rollout_tierlimit_key"),
            choice_check("rollout_tierlimit_tier", "tier", Tier),
            range_check("rollout_tierlimit_severity", "severity", 1, 5),
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.severity}"


class PortfolioFollow(models.Model):
    """A user who calls a portfolio "mine"."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="portfolio_follows")
    portfolio = models.CharField(_("portfolio"), max_length=60)

    class Meta:
        verbose_name = _("followed portfolio")
        verbose_name_plural = _("followed portfolios")
        ordering = ["portfolio", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "portfolio"], name="rollout_portfoliofollow_key")]

    def __str__(self) -> str:
        return self.portfolio
