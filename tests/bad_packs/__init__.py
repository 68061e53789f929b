"""A corpus of programme packs that an import must refuse well, or take with a warning, each with what must happen.

Every case starts from tables of `tests.packs_small` and spoils one thing. `CASES` is the whole of it.
"""

from . import cells, tables, written, zips
from .case import Case, Fault

CASES: tuple[Case, ...] = (*tables.CASES, *cells.CASES, *written.CASES, *zips.CASES)

__all__ = ["CASES", "Case", "Fault"]
