"""Files given as evidence for a checklist item. The bytes stand in the database too, and so in every backup."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from readiness.models.checklists import ChecklistItem
from readiness.querysets.evidence import EvidenceFileQuerySet
from rollout.choices import FileKind
from rollout.models import Record, person_field, tracked
from rollout.models.constraints import choice_check


@tracked("name")
class EvidenceFile(Record):
    """A file that shows that an item is done. Neither it nor its bytes change; a wrong one is retired and stays.

    `name` is as the person's machine had it, made harmless; `size` is in bytes; `sha256` is of all bytes, in hex.
    """

    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="files")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    uploaded_by = person_field(_("uploaded by"))

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["item_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "sha256"], condition=Q(retired_at=None), name="readiness_evidencefile_once"
            ),
            choice_check("readiness_evidencefile_kind", "kind", FileKind),
            models.CheckConstraint(condition=Q(size__gt=0), name="readiness_evidencefile_not_empty"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="readiness_evidencefile_sha256"),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="readiness_evidencefile_named"),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceChunk(models.Model):
    """A part of an evidence file, in order from 0, so that no process ever holds a whole file twice.

    The application's role may add parts and read them, never change or delete one.
    """

    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("part of an evidence file")
        verbose_name_plural = _("parts of evidence files")
        ordering = ["file_id", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="readiness_evidencechunk_key")]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number}"
