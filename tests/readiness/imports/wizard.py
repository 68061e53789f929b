"""The import wizard driven as a person and a worker would."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from readiness.imports.books import columns_of
from readiness.imports.matching import propose
from readiness.imports.registry import BY_CODE
from readiness.imports.work import work_on_next_import
from readiness.models import FileImport
from readiness.services.file_imports import (
    ask_to_load,
    ask_to_undo,
    begin_import,
    choose_sheet,
    match_columns,
)
from rollout.models import Programme, User


def csv_of(headers: str, *rows: str) -> bytes:
    """A CSV file of lines."""
    return "\r\n".join((headers, *rows, "")).encode()


def upload(content: bytes, name: str = "wards.csv") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="text/csv")


def url(name: str, programme: Programme, file_import: FileImport | None = None) -> str:
    """Where a page of the wizard is."""
    number = {} if file_import is None else {"number": file_import.pk}
    return reverse(f"readiness:{name}", kwargs={"programme": programme.code, **number})


def work() -> None:
    """Do what a worker would, until nothing waits."""
    while work_on_next_import():
        pass


def matched(
    content: bytes, *, kind: str, programme: Programme, by: User, name: str = "file.csv", **options: Any
) -> FileImport:
    """An import whose columns are matched as they are proposed; the worker's turn."""
    begun = begin_import(programme_id=programme.pk, kind=kind, name=name, content=content, by=by)
    begun = choose_sheet(import_id=begun.pk, sheet=name.rpartition(".")[0], header_row=1, by=by)
    columns = columns_of(begun)
    headers: Sequence[str] = [column.header for column in columns]
    return match_columns(
        import_id=begun.pk,
        fields=propose(BY_CODE[kind].fields, headers, {}),
        headers=list(headers),
        day_first={},
        options=options,
        by=by,
    )


def checked(content: bytes, **of: Any) -> FileImport:
    """An import that a worker has checked."""
    begun = matched(content, **of)
    work()
    return FileImport.objects.get(pk=begun.pk)


def loaded(content: bytes, *, good: bool = False, **of: Any) -> FileImport:
    """An import that was checked and loaded."""
    found = checked(content, **of)
    ask_to_load(import_id=found.pk, digest=found.digest, good_rows_only=good, by=found.by)
    work()
    return FileImport.objects.get(pk=found.pk)


def undone(file_import: FileImport) -> FileImport:
    """The import undone."""
    ask_to_undo(import_id=file_import.pk, by=file_import.by)
    work()
    return FileImport.objects.get(pk=file_import.pk)


def fates(file_import: FileImport) -> list[tuple[int, str, tuple[str, ...]]]:
    """Each line of a check: its number, its fate, its words."""
    lines = file_import.lines.order_by("number").values_list("number", "fate", "words")
    return [(number, fate, tuple(words)) for number, fate, words in lines]


def client_of(user: User) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(user)
    return client
