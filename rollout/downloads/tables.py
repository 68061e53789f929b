"""A table as plain values, ready to become a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

# text; whole (int); number (int, Decimal, Fraction, float); percent (a share of 0–1); day (date); moment (an aware
# datetime); yes_no (bool). None is an empty cell of any kind.
Kind = Literal["text", "whole", "number", "percent", "day", "moment", "yes_no"]


@dataclass(frozen=True)
class Column:
    """One column: a key for programs, the label of the header row, and what its cells are."""

    key: str
    label: Any
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """A table: `rows` hold plain values in the order of `columns`; `about` are pairs (what, value) that tell of it.

    `name` is part of the file's name and of the address that asks for it: lower-case letters, digits and hyphens.
    """

    name: str
    title: Any
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    about: Sequence[tuple[Any, Any]] = ()
