"""Out and in again: the same files, the same database."""

import contextlib
import csv
import zipfile
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from readiness.packs import ExportReport, export_pack, import_pack
from tests.packs_small import write_small_pack
from tests.readiness.packs.test_golden_packs import PACKS

CODES = {"pack1": "P1", "pack2": "P3", "pack3": "P5", "pack4": "P11", "pack5": "PEDGE", "small": "SMALL"}


def files_of(folder: Path) -> dict[str, bytes]:
    """A folder's files by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def in_and_out(pack: Path, code: str, out: Path) -> ExportReport:
    """Import a pack into an empty database, export it, and leave the database empty again."""
    with transaction.atomic():
        import_pack(pack)
        report = export_pack(code, out)
        transaction.set_rollback(True)
    return report


@pytest.fixture(params=[*(pack.name for pack in PACKS), "small"])
def pack(request, tmp_path) -> Path:
    """Each golden pack, and the small one that has every file and column."""
    if request.param == "small":
        return write_small_pack(tmp_path / "small")
    return next(pack for pack in PACKS if pack.name == request.param)


@pytest.mark.django_db
def test_export_of_an_imported_export_has_the_same_files(pack: Path, tmp_path):
    code = CODES[pack.name]

    first = in_and_out(pack, code, tmp_path / "first")
    second = in_and_out(tmp_path / "first", code, tmp_path / "second")

    assert files_of(tmp_path / "first") == files_of(tmp_path / "second")
    assert first.rows == second.rows
    assert (first.retired, first.hanging) == (0, 0)


@pytest.mark.django_db
def test_importing_an_export_changes_nothing(pack: Path, tmp_path):
    import_pack(pack)
    export_pack(CODES[pack.name], tmp_path / "out")

    report = import_pack(tmp_path / "out")

    assert not report.changed_anything


def meaning(cell: str) -> object:
    """What a cell says, however it is written: lists in any order, numbers, times by London's clock."""
    if ";" in cell:
        return tuple(sorted(cell.split(";")))
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(cell) if "T" in cell else None
        if moment:
            return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/London"))
    with contextlib.suppress(InvalidOperation):
        return Decimal(cell)
    return cell


def meanings_of(folder: Path) -> dict[str, set[tuple[tuple[str, object], ...]]]:
    """The rows of each file by column, in no order."""
    found = {}
    for path in folder.iterdir():
        with path.open(newline="") as file:
            found[path.name] = {tuple((k, meaning(v)) for k, v in sorted(row.items())) for row in csv.DictReader(file)}
    return found


@pytest.mark.django_db
def test_small_pack_keeps_every_cell(tmp_path):
    write_small_pack(tmp_path / "small")
    in_and_out(tmp_path / "small", "SMALL", tmp_path / "out")

    written, read = meanings_of(tmp_path / "out"), meanings_of(tmp_path / "small")
    assert written == read


@pytest.mark.django_db
def test_zip_holds_the_files_of_the_folder_and_is_the_same_each_time(tmp_path):
    import_pack(write_small_pack(tmp_path / "small"))

    export_pack("SMALL", tmp_path / "out")
    export_pack("SMALL", tmp_path / "one.zip")
    export_pack("SMALL", tmp_path / "two.zip")

    with zipfile.ZipFile(tmp_path / "one.zip") as parts:
        held = {name: parts.read(name) for name in parts.namelist()}
    assert held == files_of(tmp_path / "out")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert not import_pack(tmp_path / "one.zip").changed_anything
