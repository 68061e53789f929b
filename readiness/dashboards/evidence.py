"""The files given as evidence, as pages list them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from readiness.models import ChecklistItem, EvidenceFile
from rollout.choices import FileKind
from rollout.uploads import size_words


@dataclass(frozen=True)
class FileRow:
    """One file: where it is opened, and what it is in words, "report.pdf (PDF, 120 KB)"."""

    file: EvidenceFile
    item: ChecklistItem

    @property
    def href(self) -> str:
        """Its address."""
        return address_of(self.item, self.file)

    @property
    def words(self) -> str:
        """Its name, kind and size."""
        return file_words(self.file)


def files_of(item: ChecklistItem) -> list[EvidenceFile]:
    """Every file an item ever had, the newest first. One query."""
    files = EvidenceFile.objects.filter(item=item).select_related("uploaded_by__user", "retired_by")
    return list(files.order_by("-uploaded_at", "-pk"))


def rows_in_force(item: ChecklistItem, files: Iterable[EvidenceFile]) -> list[FileRow]:
    """The files that nobody retired."""
    return [FileRow(file, item) for file in files if file.retired_at is None]


def file_words(file: EvidenceFile) -> str:
    """The name of a file with its kind and size."""
    words = {"name": file.name, "kind": FileKind(file.kind).label, "size": size_words(file.size)}
    return gettext("%(name)s (%(kind)s, %(size)s)") % words


def address_of(item: ChecklistItem, file: EvidenceFile) -> str:
    """Where a file is opened. The item knows its deployment with programme and site."""
    deployment = item.deployment
    parts = {"programme": deployment.programme.code, "site": deployment.site.code, "item": item.code, "file": file.pk}
    return reverse("readiness:evidence-file", kwargs=parts)
