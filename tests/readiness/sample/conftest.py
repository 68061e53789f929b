"""The sample programmes, built once for a day between two clock changes, and read back from their files."""

from datetime import date
from pathlib import Path

import pytest

from readiness.sample import build_sample
from tests.readiness.sample.pack_files import Pack

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def folders(tmp_path_factory) -> list[Path]:
    return build_sample(tmp_path_factory.mktemp("sample"), TODAY)


@pytest.fixture(scope="session")
def packs(folders) -> dict[str, Pack]:
    return {folder.name: Pack(folder) for folder in folders}


@pytest.fixture(scope="session")
def epr(packs) -> Pack:
    return packs["EPR"]


@pytest.fixture(scope="session")
def video(packs) -> Pack:
    return packs["VIDEO"]
