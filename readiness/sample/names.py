"""Given and family names of many cultures, put together at random. No pair means a real person."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_names(file: str) -> tuple[str, ...]:
    """The names of a file, as many on a line as there is room for."""
    return tuple((DATA / file).read_text(encoding="utf-8").split())


GIVEN = read_names("given_names.txt")
FAMILY = read_names("family_names.txt")
