"""What a file that is to be imported holds, as its pages show it: its sheets, and the columns of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from readiness.models import FileImport
from readiness.services.file_imports import content_of
from readiness.sheets import SheetSummary, Workbook, iter_rows, open_workbook
from readiness.sheets.cells import text_of

SAMPLES = 3
# Rows below the headings that are looked through for samples.
LOOKED_AT = 50
LETTERS = 26


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet: its place from 0, the words of its header ("" for none), and the first values in it."""

    place: int
    header: str
    samples: Sequence[str]

    @property
    def letter(self) -> str:
        """How a spreadsheet calls the column: A to Z, AA and so on."""
        letters, left = "", self.place + 1
        while left:
            left, each = divmod(left - 1, LETTERS)
            letters = chr(ord("A") + each) + letters
        return letters


def book_of(file_import: FileImport) -> Workbook:
    """The sheets of the file. Raises SheetRefused, and Refused once the file is forgotten."""
    return open_workbook(content_of(file_import), file_import.name)


def likely_sheet(book: Workbook) -> SheetSummary:
    """The sheet that is probably meant: of those that are not hidden the one with the most rows."""
    return max(book.sheets, key=lambda sheet: (not sheet.hidden, sheet.rows))


def columns_of(file_import: FileImport) -> list[SheetColumn]:
    """The columns of the sheet that was chosen, by the row that was said to be its header. Raises SheetRefused."""
    content = content_of(file_import)
    start = max(file_import.header_row - 1, 0)
    rows = list(islice(iter_rows(content, file_import.name, sheet=file_import.sheet, header_row=start), LOOKED_AT))
    texts = [(row.number, [text_of(cell).strip() for cell in row.cells]) for row in rows]
    headers = next((cells for number, cells in texts if number == file_import.header_row), [])
    below = [cells for number, cells in texts if number > file_import.header_row]
    width = max((len(cells) for cells in (headers, *below)), default=0)
    return [
        SheetColumn(
            place,
            headers[place] if place < len(headers) else "",
            [cells[place] for cells in below if place < len(cells) and cells[place]][:SAMPLES],
        )
        for place in range(width)
    ]
