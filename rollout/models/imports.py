"""Imports: one run a file or pack, and the before-images of what it changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rollout.choices import ImportState
from rollout.models.constraints import choice_check
from rollout.models.programmes import Programme


class ImportRun(models.Model):
    """One import: what was read, how it was understood, and the fate of its rows.

    `fates` counts rows by table and fate (new, changed, same, refused); `warnings` are sentences. Source: the importer.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="import_runs")
    source = models.CharField(_("file"), max_length=255)
    mapping = models.JSONField(_("mapping of columns"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.RUNNING)
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="import_runs")
    fates = models.JSONField(_("rows by fate"), default=dict, blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at", "-pk"]
        constraints = [choice_check("rollout_importrun_state", "state", ImportState)]

    def __str__(self) -> str:
        return self.source


class ImportChange(models.Model):
    """One row that an import changed: its table, its id, and the row as it was before, without names of people.

    `first_id` to `last_id` with an empty `before` are rows that the import added.
    """

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="changes")
    table = models.CharField(_("table"), max_length=63)
    first_id = models.BigIntegerField(_("first id"))
    last_id = models.BigIntegerField(_("last id"))
    before = models.JSONField(_("before"), null=True, blank=True)

    class Meta:
        verbose_name = _("imported change")
        verbose_name_plural = _("imported changes")
        ordering = ["run_id", "table", "first_id", "pk"]
        indexes = [models.Index(fields=["table", "first_id"], name="rollout_importchange_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.first_id}"
