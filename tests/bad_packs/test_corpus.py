"""The corpus itself: each case has a name of its own, builds, and differs from the pack it was made of."""

import zipfile
from collections import Counter

import pytest

from tests.bad_packs import CASES
from tests.packs_small import write_tables


def test_names_of_cases_are_unique():
    names = Counter(case.name for case in CASES)

    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_differs_from_what_it_was_made_of(case, tmp_path):
    good = write_tables(tmp_path / "good", case.tables())
    (tmp_path / "case").mkdir()

    path = case.build(tmp_path / "case")

    if path.is_dir():
        assert {file.name: file.read_bytes() for file in path.iterdir()} != {
            file.name: file.read_bytes() for file in good.iterdir()
        }
    else:
        assert path.is_file() == (case.name != "path-to-nothing")


def test_bomb_is_small_on_disk_and_large_inside(tmp_path):
    bomb = next(case for case in CASES if case.name == "zip-bomb").build(tmp_path)

    assert bomb.stat().st_size < 200_000
    with zipfile.ZipFile(bomb) as parts:
        assert parts.getinfo("staff.csv").file_size > 64 * 2**20
