"""Where the real input is, for the tests that need it."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the sources, beside the project."""
    if not DATA.is_dir():
        pytest.skip("the real input is not beside the project: no ../shared/data")
    return DATA
