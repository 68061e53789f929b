"""Which row of a sheet holds the headings of its columns: titles, notes and groups may stand above it."""

from collections.abc import Sequence

from readiness.reading import limits
from readiness.reading.cells import Sent, filled, is_blank

Row = tuple[int, list[Sent]]
LOOKED_AT = 200  # rows
_LEAST_SHARE = 0.6  # of the usual width of a row


def heading_row(rows: Sequence[Row]) -> int:
    """The number of the row of headings, as a spreadsheet counts, from the first rows of a sheet; 0 where none is."""
    widths = sorted(count for _, cells in rows if (count := filled(cells)))
    if not widths:
        return 0
    # Long tables decide by their body; short ones by their widest rows.
    usual = widths[len(widths) * 2 // 3] if len(widths) > 3 else widths[-1]
    found, width = 0, 0
    for number, cells in rows[: limits.ABOVE]:
        held = filled(cells)
        if held < max(1, usual * _LEAST_SHARE) or not _are_words(cells):
            if found:
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


def _is_word(text: str) -> bool:
    return any(map(str.isalpha, text)) and "@" not in text and len(text) <= 200 and not text.strip()[:1].isdigit()
