"""Runs that work out scores, cut into chunks, and the marks left by records that changed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from readiness.choices import ChunkState, RevisionReason, RunKind, RunState
from readiness.querysets.runs import RecomputeRunQuerySet
from rollout.models import Deployment, Programme, Site
from rollout.models.constraints import choice_check, order_check


class RecomputeRun(models.Model):
    """One working-out of scores: of a programme's local day (nightly), or of days that somebody asked for.

    Counts are of deployment-days. Source: the nightly tick, `manage.py recompute`, the health page.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=RunKind)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="recompute_runs")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="recompute_runs")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=12, choices=RunState, default=RunState.WAITING)
    total = models.PositiveIntegerField(_("to do"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    written = models.PositiveIntegerField(_("rows written"), default=0)
    backdated = models.PositiveIntegerField(_("past days done again for late records"), default=0)
    queued_at = models.DateTimeField(_("queued at"), db_default=Now())
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RecomputeRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("scoring run")
        verbose_name_plural = _("scoring runs")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "first_day"],
                condition=Q(kind=RunKind.NIGHTLY),
                name="readiness_run_once_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RunKind.NIGHTLY) | Q(programme__isnull=False, first_day=F("last_day")),
                name="readiness_run_nightly_one_day",
            ),
            choice_check("readiness_run_kind", "kind", RunKind),
            choice_check("readiness_run_state", "state", RunState),
            order_check("readiness_run_order", "first_day", "last_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_day}"


class RecomputeChunk(models.Model):
    """A part of a run: up to a few hundred deployments of an id range, on one day, done in one transaction.

    Whoever works on it holds its row locked, so that a worker that dies gives it back. `attempts` are counted before
    the work begins and stop at three. `interruptions` by the database, time-outs and lost connections, are no attempts
    and have no limit; after each the chunk rests until `rests_until`. `reason` is the reason of the revisions that
    differ from a closed score.
    """

    run = models.ForeignKey(RecomputeRun, models.CASCADE, related_name="chunks")
    day = models.DateField(_("day"))
    first_id = models.BigIntegerField(_("first deployment id"))
    last_id = models.BigIntegerField(_("last deployment id"))
    ids = ArrayField(models.BigIntegerField(), verbose_name=_("deployments"))
    reason = models.CharField(_("reason of revisions"), max_length=20, choices=RevisionReason)
    backdated = models.BooleanField(_("done again for late records"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=ChunkState, default=ChunkState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    interruptions = models.PositiveIntegerField(_("interruptions by the database"), default=0, db_default=0)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    total = models.PositiveIntegerField(_("to do"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    written = models.PositiveIntegerField(_("rows written"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of a scoring run")
        verbose_name_plural = _("parts of scoring runs")
        ordering = ["run_id", "day", "first_id"]
        constraints = [
            choice_check("readiness_chunk_reason", "reason", RevisionReason),
            choice_check("readiness_chunk_state", "state", ChunkState),
            order_check("readiness_chunk_order", "first_id", "last_id"),
        ]
        indexes = [
            models.Index(
                fields=["state", "run"],
                condition=~Q(state=ChunkState.DONE),
                name="readiness_chunk_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.day} {self.first_id}–{self.last_id}"


class RecomputeFailure(models.Model):
    """A deployment that could not be scored on a day: the kind of error, never its text (it could hold a name)."""

    run = models.ForeignKey(RecomputeRun, models.CASCADE, related_name="failures")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    error = models.CharField(_("kind of error"), max_length=120)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("failure of a scoring run")
        verbose_name_plural = _("failures of scoring runs")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["run", "deployment", "day"], name="readiness_failure_key")]

    def __str__(self) -> str:
        return f"{self.deployment_id} {self.day}"


class RescoreMark(models.Model):
    """A record that the score of a deployment reads has changed. Only ever inserted, by the database's triggers.

    `from_day` is the first local day the change can touch; empty: the plan changed, only today is re-scored.
    `reason` says whether the record came late or was corrected.
    """

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="+", db_constraint=False)
    from_day = models.DateField(_("from day"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=RevisionReason)
    marked_at = models.DateTimeField(_("marked at"), db_default=Now())
    today_pending = models.BooleanField(_("today is still to be re-scored"), db_default=True, default=True)

    class Meta:
        verbose_name = _("mark for re-scoring")
        verbose_name_plural = _("marks for re-scoring")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(today_pending=True), name="readiness_mark_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} {self.from_day}"


class Heartbeat(models.Model):
    """When a part of the system was last seen at work: the canary task, the nightly tick."""

    name = models.CharField(_("part"), max_length=40, unique=True)
    seen_at = models.DateTimeField(_("last seen at"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
