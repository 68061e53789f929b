"""What a programme is for, in numbers: measures, what each site agreed to reach, what was observed."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from rollout.choices import Direction, Period
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check, code_check, not_negative
from rollout.models.deployments import Deployment
from rollout.models.organisations import Ward
from rollout.models.programmes import Programme

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def amount(verbose_name: "StrOrPromise", **options: Any) -> models.DecimalField:
    """A figure in the measure's own unit, to four decimals."""
    return models.DecimalField(verbose_name, max_digits=16, decimal_places=4, null=True, blank=True, **options)


@tracked()
class Measure(Record):
    """A figure a programme wants to move: from a baseline to a target by a day, in `unit`.

    `dip_depth` (in the unit) and `dip_weeks` say how much worse it may get just after go-live without alarm.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="measures")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    portfolio = models.CharField(_("portfolio"), max_length=60, blank=True)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.UP)
    baseline = amount(_("baseline"))
    target = amount(_("target"))
    target_date = models.DateField(_("target date"), null=True, blank=True)
    headline = models.BooleanField(_("headline measure"), default=False)
    dip_depth = amount(_("expected dip"))
    dip_weeks = models.PositiveSmallIntegerField(_("weeks of the expected dip"), null=True, blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["programme_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_measure_code"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(headline=True, retired_at=None),
                name="rollout_measure_one_headline",
                violation_error_message=_("A programme has one headline measure."),
            ),
            code_check("rollout_measure_code_form"),
            choice_check("rollout_measure_direction", "direction", Direction),
            not_negative("rollout_measure_dip", "dip_depth"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class SiteTarget(Record):
    """What one deployment agreed to reach of a measure, and when it agreed."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="site_targets")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="site_targets")
    target = amount(_("target"))
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("site target")
        verbose_name_plural = _("site targets")
        ordering = ["measure_id", "deployment_id"]
        constraints = [models.UniqueConstraint(fields=["measure", "deployment"], name="rollout_sitetarget_key")]

    def __str__(self) -> str:
        return f"{self.measure_id}/{self.deployment_id}"


@tracked()
class Observation(Record):
    """A measure observed for a deployment, or one ward of it, over a day, week or month: a share or a value."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="observations")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="observations")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="observations")
    period_starts_on = models.DateField(_("period from"))
    period = models.CharField(_("period"), max_length=10, choices=Period)
    numerator = amount(_("numerator"))
    denominator = amount(_("denominator"))
    value = amount(_("value"))

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["measure_id", "deployment_id", "period_starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "measure",
                "deployment",
                Coalesce("ward", 0),
                "period_starts_on",
                "period",
                name="rollout_observation_key",
            ),
            choice_check("rollout_observation_period", "period", Period),
            models.CheckConstraint(
                condition=Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, numerator__isnull=False, denominator__gt=0, numerator__lte=F("denominator")),
                name="rollout_observation_value_or_share",
                violation_error_message=_("Give a value, or a numerator that is not above its denominator."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}/{self.deployment_id} {self.period_starts_on}"
