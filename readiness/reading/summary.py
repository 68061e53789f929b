"""What a person is shown of a sheet before they say which column is which."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from readiness.reading.cells import Sent, filled, is_blank, shown
from readiness.reading.headings import LOOKED_AT, Row, heading_row
from readiness.reading.letters import composed
from readiness.reading.notes import Note, note
from readiness.reading.refusal import Unread

_SAMPLES = 3
_SAMPLE_LENGTH = 200
_NAMED = 5
_HEADING_LENGTH = 60


def summary(
    name: str, *, hidden: bool, records: Iterable[Row], most_rows: int, notes: Callable[[int], list[Note]]
) -> dict[str, Any]:
    """A sheet in few words: where its headings are, its columns, the first values of each, how many rows."""
    rest = iter(records)
    first = _first(rest)
    header = heading_row(first)
    columns = next((cells for number, cells in first if number == header and header), [])
    body = _Body(header, columns)
    for number, cells in chain(first, rest):
        body.take(number, cells)
        if body.rows > most_rows:
            raise Unread("rows", most=most_rows)
    width = max(len(columns), len(body.samples))
    names = [" ".join(composed(shown(cell))[0].split()) for cell in columns] + [""] * (width - len(columns))
    while names and not names[-1] and not body.samples.get(len(names) - 1):
        names.pop()
    return {
        "name": name,
        "hidden": hidden,
        "rows": body.rows,
        "header_row": header,
        "columns": names,
        "samples": [body.samples.get(place, []) for place in range(len(names))],
        "notes": [*notes(header), *_on_headings(header, names), *_on_gaps(names, body.samples), *body.notes()],
    }


def _first(records: Iterator[Row]) -> list[Row]:
    """The first rows that hold something, enough to find the headings among."""
    found: list[Row] = []
    for number, cells in records:
        if filled(cells):
            found.append((number, cells))
            if len(found) == LOOKED_AT:
                break
    return found


class _Body:
    """The rows below the headings, as they go by."""

    def __init__(self, header: int, headings: list[Sent]) -> None:
        self.header, self.headings, self.width = header, headings, len(headings)
        self.rows = self.blank = self.last = self.again = 0
        self.samples: dict[int, list[str]] = {}
        self.wide: list[int] = []

    def take(self, number: int, cells: list[Sent]) -> None:
        if number <= self.header or not filled(cells):
            return
        self.blank += number - (self.last or self.header) - 1
        self.last = number
        self.rows += 1
        if not self.again and self.width and cells[: self.width] == self.headings:
            self.again = number
        for place, cell in enumerate(cells):
            kept = self.samples.get(place)
            if (kept is None or len(kept) < _SAMPLES) and not is_blank(cell):
                self.samples.setdefault(place, []).append(shown(cell)[:_SAMPLE_LENGTH])
        if len(cells) > self.width and self.header and filled(cells[self.width :]):
            self.wide.append(number)

    def notes(self) -> list[Note]:
        """Blank rows, and rows that go on past the last heading."""
        said = [note("blank_rows", n=self.blank)] if self.blank else []
        if self.wide:
            named = ", ".join(map(str, self.wide[:_NAMED]))
            said.append(note("wide_rows", n=len(self.wide), rows=named))
        if self.again:
            said.append(note("headings_again", row=self.again))
        return said if self.rows else [*said, note("no_rows")]


def _on_headings(header: int, names: list[str]) -> list[Note]:
    if not header:
        return [note("no_headings")]
    said = [note("headings_in_row", row=header)] if header > 1 else []
    known = Counter(name.casefold() for name in names if name)
    # The last of each, so that none is named twice.
    twice = list({name.casefold(): name for name in names if known[name.casefold()] > 1}.values())
    if twice:
        more = " …" if len(twice) > _NAMED else ""
        listed = ", ".join(f"“{name[:_HEADING_LENGTH]}”" for name in twice[:_NAMED]) + more
        said.append(note("headings_twice", n=len(twice), headings=listed))
    return said


def _on_gaps(names: list[str], samples: dict[int, list[str]]) -> list[Note]:
    """Columns between others that hold nothing at all: a second table may stand beside the first."""
    used = [place for place, name in enumerate(names) if name or samples.get(place)]
    gaps = [place for place in range(min(used, default=0), max(used, default=0)) if place not in used]
    return [note("gap", column=letters_of(gaps[0]))] if gaps else []


def letters_of(place: int) -> str:
    """How a spreadsheet calls a column, from its place counted from 0: A to Z, AA and so on."""
    letters, left = "", place + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def rows_below(records: Iterable[Row], header: int, most_rows: int) -> Iterator[Row]:
    """The rows below the headings that hold something, each as long as it is. Raises Unread past the limit."""
    count = 0
    for number, cells in records:
        if number > header and filled(cells):
            count += 1
            if count > most_rows:
                raise Unread("rows", most=most_rows)
            yield number, cells
