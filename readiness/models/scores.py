"""Scores as they were computed: models of scoring, one row a deployment and day, revisions kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band, ForecastTarget, RevisionReason
from readiness.querysets.scores import ReadinessScoreQuerySet
from rollout.models import Deployment, Programme, person_field, tracked
from rollout.models.constraints import choice_check


@tracked()
class ScoringModel(models.Model):
    """A version of the scoring model: weights, shares, targets, caps and expected curve, as one document.

    `document` is what `readiness.scoring.Model.from_json` reads. A published version never changes.
    """

    version = models.CharField(_("version"), max_length=20, unique=True)
    document = models.JSONField(_("document"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("scoring model")
        verbose_name_plural = _("scoring models")
        ordering = ["-version"]

    def __str__(self) -> str:
        return self.version


@tracked()
class ProgrammeScoring(models.Model):
    """The scoring model that scores a programme's deployments from now on; none: the newest published one."""

    programme = models.OneToOneField(Programme, models.PROTECT, related_name="scoring")
    model = models.ForeignKey(ScoringModel, models.PROTECT, related_name="programmes")

    class Meta:
        verbose_name = _("scoring model of a programme")
        verbose_name_plural = _("scoring models of programmes")
        ordering = ["programme_id"]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.model_id}"


class ReadinessScore(models.Model):
    """One deployment's readiness on one day, as one version of the scoring model saw it.

    One row a revision; the current one has no `superseded_at`. While the day still runs at the site the row is
    `provisional` and re-scored in place; afterwards the database refuses to change it. `raw` and `score` are 0–100
    with two decimals; `expected` the same, empty without a go-live date; `coverage` 0–1 with four; `day` is the site's
    local day. `domains` maps a domain to its value 0–1 (null: not applicable). `indicators` maps a code to
    `[state, numerator, denominator, target, value]`. Source: the nightly run and re-scoring, by services.scores.
    """

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="readiness_scores")
    day = models.DateField(_("day"))
    model = models.ForeignKey(ScoringModel, models.PROTECT, related_name="scores")
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    provisional = models.BooleanField(_("the day is not over"), default=False)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)
    computed_at = models.DateTimeField(_("worked out at"))
    reason = models.CharField(_("reason of the revision"), max_length=20, choices=RevisionReason, blank=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    raw = models.DecimalField(_("raw score"), max_digits=5, decimal_places=2)
    expected = models.DecimalField(_("expected"), max_digits=5, decimal_places=2, null=True, blank=True)
    coverage = models.DecimalField(_("share that rests on evidence"), max_digits=5, decimal_places=4)
    days_to_go = models.IntegerField(_("days to go"), null=True, blank=True)
    band = models.CharField(_("band"), max_length=20, choices=Band)
    caps = models.JSONField(_("caps"), default=list)
    domains = models.JSONField(_("domains"), default=dict)
    indicators = models.JSONField(_("indicators"), default=dict)
    digest = models.BinaryField(_("digest of the result"), max_length=16)

    objects = ReadinessScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("readiness score")
        verbose_name_plural = _("readiness scores")
        ordering = ["-day", "deployment_id", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "day", "model"],
                condition=Q(superseded_at=None),
                include=["digest", "provisional", "revision", "caps"],
                name="readiness_score_one_current",
            ),
            models.UniqueConstraint(fields=["deployment", "day", "model", "revision"], name="readiness_score_revision"),
            models.CheckConstraint(
                condition=Q(score__range=(0, 100), raw__range=(0, 100)), name="readiness_score_0_100"
            ),
            models.CheckConstraint(condition=Q(coverage__range=(0, 1)), name="readiness_score_coverage_0_1"),
            choice_check("readiness_score_band", "band", Band),
            choice_check("readiness_score_reason", "reason", RevisionReason, blank=True),
        ]
        # What one night gave to all deployments, in their order: see ReadinessScoreQuerySet.newest_of_each.
        indexes = [
            models.Index(
                fields=["day", "model", "deployment"], condition=Q(superseded_at=None), name="readiness_score_of_night"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} {self.day} r{self.revision}"


class Forecast(models.Model):
    """What a deployment is likely to reach, seen from a day: weekly steps from `day`, shares 0–1 (training) or 0–100.

    `chance` is that of reaching the target in time, 0–1, empty while there are fewer than three weeks of data.
    """

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="forecasts")
    day = models.DateField(_("day"))
    target = models.CharField(_("of what"), max_length=10, choices=ForecastTarget)
    p10 = models.JSONField(_("10th percentile"), default=list)
    p50 = models.JSONField(_("median"), default=list)
    p90 = models.JSONField(_("90th percentile"), default=list)
    chance = models.DecimalField(_("chance"), max_digits=5, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["-day", "deployment_id", "target"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "day", "target"], name="readiness_forecast_key"),
            choice_check("readiness_forecast_target", "target", ForecastTarget),
            models.CheckConstraint(
                condition=Q(chance__isnull=True) | Q(chance__range=(0, 1)), name="readiness_forecast_chance_0_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} {self.day} {self.target}"


@tracked()
class Alert(models.Model):
    """A rule that a deployment broke, from when until when, and who has seen it."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="alerts")
    rule = models.CharField(_("rule"), max_length=60)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    acknowledged_by = person_field(_("acknowledged by"))
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "rule"], condition=Q(closed_at=None), name="readiness_alert_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.rule
