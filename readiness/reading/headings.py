"""Which row of a sheet holds the headings of its columns: titles, notes and groups may stand above it."""

from collections.abc import Sequence

from readiness.reading import limits
from readiness.reading.cells import Sent, filled, is_blank

Row = tuple[int, list[Sent]]
LOOKED_AT = 200  # rows
_LEAST_SHARE = 0.6  # of the usual width of a row
_LEAST_ALIKE = 2  # values below
_LEAST_AGAIN = 2  # columns: one word may be a heading and a value


def heading_row(rows: Sequence[Row]) -> int:
    """The number of the row of headings, as a spreadsheet counts, from the first rows of a sheet; 0 where none is."""
    widths = sorted(count for _, cells in rows if (count := filled(cells)))
    if not widths:
        return 0
    # Long tables decide by their body; short ones by their widest rows.
    usual = widths[len(widths) * 2 // 3] if len(widths) > 3 else widths[-1]
    found, width = 0, 0
    for place, (number, cells) in enumerate(rows[: limits.ABOVE]):
        held = filled(cells)
        if held < max(1, usual * _LEAST_SHARE) or not _are_words(cells):
            if found:
                break
        elif _recur(cells, rows[place + 1 :]) or _is_like_those(cells, rows[place + 1 :]):
            # The table has begun.
            break
        elif not found or (held > width and number > found + 1):
            # A title of several cells is narrower than the headings, and a blank row stands below it.
            found, width = number, held
        elif found:
            break
    return found


def _are_words(cells: Sequence[Sent]) -> bool:
    """Whether cells look like headings: words, each mostly once, no dates, no addresses, hardly a number."""
    held = [cell for cell in cells if not is_blank(cell)]
    words = [cell.strip().casefold() for cell in held if isinstance(cell, str) and _is_word(cell)]
    return len(words) >= 0.8 * len(held) and len(set(words)) >= 0.5 * len(words)


def _recur(cells: Sequence[Sent], below: Sequence[Row]) -> bool:
    """Whether some of a row's values stand below it in their columns: then it is a row like those, not their headings.

    A row that comes again as a whole is headings repeated.
    """
    held = {place: cell for place, cell in enumerate(cells) if not is_blank(cell)}
    again = {
        place
        for _, other in below
        if other != cells
        for place, cell in held.items()
        if place < len(other) and other[place] == cell
    }
    return len(again) >= max(_LEAST_AGAIN, len(held) / 5)


def _is_like_those(cells: Sequence[Sent], below: Sequence[Row]) -> bool:
    """Whether a value with digits, such as E00123, has the form of nearly all that stand below it."""
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and any(map(str.isdigit, cell)):
            values = [other[place] for _, other in below if place < len(other) and not is_blank(other[place])]
            alike = sum(isinstance(value, str) and _form(value) == _form(cell) for value in values)
            if len(values) >= _LEAST_ALIKE and alike >= 0.8 * len(values):
                return True
    return False


def _form(text: str) -> str:
    """A text with each digit and each letter made the same."""
    return "".join("9" if mark.isdigit() else "a" if mark.isalpha() else mark for mark in text.strip())


def _is_word(text: str) -> bool:
    return any(map(str.isalpha, text)) and "@" not in text and len(text) <= 200 and not text.strip()[:1].isdigit()
