"""Imports of a spreadsheet in the browser: the file, how it is understood, and what becomes of each of its rows."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from readiness.choices import FileImportState, LineFate
from readiness.querysets.file_imports import FileImportQuerySet
from rollout.models import ImportRun, Programme, tracked
from rollout.models.constraints import choice_check


@tracked("name", "sheet", "columns", "told", "notes", "options")
class FileImport(models.Model):
    """One import from choosing the file to its end, by one person.

    `name` is the file's, made harmless; `size` in bytes, `sha256` of all bytes in hex. `header_row` counts as a
    spreadsheet does, 0 is none. `columns` gives the place (from 0) of the column matched to each field, `day_first`
    how the dates of a field are written where its cells cannot say, `options` what the kind of import asks. `counts`
    are rows by fate; `digest` is of what would be done, so that a load does what was checked. `undone` counts what the
    undoing took out, put back and left. The bytes and lines may name people: `forgotten_at` is when they were removed.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="file_imports")
    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    sheet = models.CharField(_("sheet"), max_length=255, blank=True)
    header_row = models.PositiveIntegerField(_("row of the header"), default=0)
    columns = models.JSONField(_("matched columns"), default=dict, blank=True)
    day_first = models.JSONField(_("fields whose dates have the day first"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    good_rows_only = models.BooleanField(_("good rows only"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=FileImportState, default=FileImportState.CHOSEN)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    counts = models.JSONField(_("rows by fate"), default=dict, blank=True)
    digest = models.CharField(_("digest of what would be done"), max_length=64, blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)
    told = models.TextField(_("what happened"), blank=True)
    undone = models.JSONField(_("rows by what the undoing did"), default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="file_imports")
    run = models.OneToOneField(ImportRun, models.PROTECT, null=True, blank=True, related_name="file_import")
    begun_at = models.DateTimeField(_("begun at"), db_default=Now())
    touched_at = models.DateTimeField(_("last touched at"), db_default=Now())
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("contents removed at"), null=True, blank=True)

    objects = FileImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a file")
        verbose_name_plural = _("imports of files")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            choice_check("readiness_fileimport_state", "state", FileImportState),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="readiness_fileimport_not_empty"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="readiness_fileimport_sha256"
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "-begun_at"], name="readiness_fileimport_list"),
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["checking", "loading", "undoing"]),
                name="readiness_fileimport_work",
            ),
            models.Index(
                fields=["touched_at"], condition=models.Q(forgotten_at=None), name="readiness_fileimport_forget"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FileImportPart(models.Model):
    """A part of an imported file, in order from 0. Removed with the lines."""

    file_import = models.ForeignKey(FileImport, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("part of an imported file")
        verbose_name_plural = _("parts of imported files")
        ordering = ["file_import_id", "number"]
        constraints = [models.UniqueConstraint(fields=["file_import", "number"], name="readiness_fileimportpart_key")]

    def __str__(self) -> str:
        return f"{self.file_import_id}/{self.number}"


class FileImportLine(models.Model):
    """What becomes of one row of the file, as it was last checked. It may name people and is removed after a while.

    `number` counts as a spreadsheet does, and is below 0 for what a whole list names no more. `label` is what people
    know the row by, `words` say what would be done; `cells` are all cells of a rejected row as text.
    """

    file_import = models.ForeignKey(FileImport, models.CASCADE, related_name="lines", db_index=False)
    number = models.IntegerField(_("row"))
    fate = models.CharField(_("fate"), max_length=10, choices=LineFate)
    label = models.TextField(_("row in words"), blank=True)
    words = ArrayField(models.TextField(), verbose_name=_("what happens"), default=list, blank=True)
    cells = ArrayField(models.TextField(), verbose_name=_("cells"), default=list, blank=True)

    class Meta:
        verbose_name = _("line of an imported file")
        verbose_name_plural = _("lines of imported files")
        ordering = ["file_import_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file_import", "number"], name="readiness_fileimportline_key"),
            choice_check("readiness_fileimportline_fate", "fate", LineFate),
        ]
        indexes = [models.Index(fields=["file_import", "fate", "number"], name="readiness_fileimportline_list")]

    def __str__(self) -> str:
        return f"{self.file_import_id}/{self.number}"


class FileImportProblem(models.Model):
    """One thing that is wrong with a row of the file: in which column, what stands there, how to mend it."""

    file_import = models.ForeignKey(FileImport, models.CASCADE, related_name="problems", db_index=False)
    number = models.IntegerField(_("row"))
    column = models.TextField(_("column"), blank=True)
    value = models.TextField(_("value"), blank=True)
    words = models.TextField(_("what is wrong"))

    class Meta:
        verbose_name = _("problem of an imported file")
        verbose_name_plural = _("problems of imported files")
        ordering = ["file_import_id", "number", "pk"]
        indexes = [models.Index(fields=["file_import", "number"], name="readiness_fileimportproblem_of")]

    def __str__(self) -> str:
        return f"{self.file_import_id}/{self.number}"


class FileImportProgress(models.Model):
    """How far the worker is with an import, written past its transaction so that pages can say it meanwhile."""

    file_import = models.OneToOneField(FileImport, models.CASCADE, related_name="progress")
    step = models.CharField(_("step"), max_length=60, blank=True)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("of"), default=0)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("progress of an import")
        verbose_name_plural = _("progress of imports")
        ordering = ["file_import_id"]

    def __str__(self) -> str:
        return f"{self.file_import_id}: {self.step}"


class ColumnMapping(models.Model):
    """How the columns of a kind of file were matched last in a programme: the header of each field."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="column_mappings")
    kind = models.CharField(_("kind"), max_length=40)
    headers = models.JSONField(_("headers by field"), default=dict)
    saved_at = models.DateTimeField(_("saved at"), db_default=Now())

    class Meta:
        verbose_name = _("saved matching of columns")
        verbose_name_plural = _("saved matchings of columns")
        ordering = ["programme_id", "kind"]
        constraints = [models.UniqueConstraint(fields=["programme", "kind"], name="readiness_columnmapping_key")]

    def __str__(self) -> str:
        return self.kind
