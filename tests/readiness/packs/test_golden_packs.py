"""The golden packs, imported."""

import csv
from pathlib import Path

import pytest

from readiness.packs import import_pack
from readiness.packs.tables import BY_FILE

GOLDEN = Path(__file__).parents[2] / "golden"
PACKS = sorted(path for path in GOLDEN.iterdir() if path.is_dir())


def rows_of(pack: Path) -> dict[str, int]:
    """Rows of each file of a pack, without its header."""
    counts = {}
    for path in pack.iterdir():
        with path.open(newline="") as file:
            counts[path.name] = sum(1 for _ in csv.reader(file)) - 1
    return counts


@pytest.mark.django_db
@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.name)
def test_golden_pack_is_new_then_the_same(pack: Path):
    rows = rows_of(pack)

    first, second = import_pack(pack), import_pack(pack)

    assert {file: fates.new for file, fates in first.fates.items()} == rows
    assert {file: fates.same for file, fates in second.fates.items()} == rows
    assert (first.changed_anything, second.changed_anything) == (True, False)
    assert BY_FILE.keys() >= rows.keys()
