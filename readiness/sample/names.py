"""Given and family names of many cultures, put together at random. No pair means a real person."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_names(file: str) -> tuple[str, ...]:
    """The names of a file, as many on a line as there is room for."""
    return tuple((DATA / file).read_text(encoding="utf-8").split())


GIVEN = read_names("given_names.txt")
FAMILY = read_names("family_names.txt")


def name_of(address: str) -> str:
    """The name of whom an address of the sample belongs to: "ana.de-silva.1021@win.example.org" is Ana De-Silva."""
    given, _, rest = address.partition("@")[0].partition(".")
    family = rest.partition(".")[0]
    return f"{_WRITTEN.get(given, given.capitalize())} {_WRITTEN.get(family, family.capitalize())}".strip()


_WRITTEN = {name.lower(): name for name in (*GIVEN, *FAMILY)}
