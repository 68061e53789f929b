"""CSV as people's programs write it: encoding, separator and line ends are found out, and said."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from readiness.reading import limits
from readiness.reading.cells import Sent
from readiness.reading.encodings import CP1252, UTF_8, UTF_16, encoding_of
from readiness.reading.notes import Note, note
from readiness.reading.refusal import Unread

SEPARATORS = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE = 2**18  # characters by which the separator is found
_SAMPLE_RECORDS = 200

Record = tuple[int, list[Sent]]


@dataclass(frozen=True)
class Delimited:
    """A CSV file: how it is written, and what to say of that."""

    content: bytes
    encoding: str
    mark: int
    separator: str
    hint: bool

    def notes(self, _header: int) -> list[Note]:
        """The encoding where it is not the usual one, and always the separator."""
        said = [note("cp1252")] if self.encoding == CP1252 else []
        said += [note("utf_16")] if self.encoding == UTF_16 else []
        return [*said, note(f"separator_{NAMES[self.separator]}")]

    def records(self) -> Iterator[Record]:
        """The records with their rows, as a spreadsheet counts; lines without a cell are passed over. Raises Unread."""
        lines = _opened(self.content, self.encoding, self.mark)
        if self.hint:
            next(lines)
        number = 0
        reader = csv.reader(_checked(lines, self.separator), delimiter=self.separator, strict=True)
        try:
            for number, record in enumerate(reader, 1):
                if number > limits.LAST_ROW:
                    raise Unread("rows", most=limits.CSV_ROWS)
                if record:
                    _check(number, record, self.encoding)
                    yield number, [*record]
        except csv.Error as error:
            raise _explained(error, number + 1) from None
        except UnicodeDecodeError:
            raise Unread("not_text") from None


def open_delimited(content: bytes) -> Delimited:
    """How a CSV file is written. Raises Unread for what is no text."""
    encoding, mark = encoding_of(content)
    try:
        sample = _opened(content, encoding, mark).read(_SAMPLE)
    except UnicodeDecodeError:
        raise Unread("not_text") from None
    first = sample.replace("\r", "\n").partition("\n")[0]
    # Spreadsheets write and read this line; it is no row.
    hint = first.strip('"').lower() in {f"sep={each}" for each in SEPARATORS}
    separator = first.strip('"')[-1] if hint else _separator_of(sample)
    return Delimited(content, encoding, mark, separator, hint)


def _opened(content: bytes, encoding: str, mark: int) -> io.TextIOWrapper:
    file = io.BytesIO(content)
    file.seek(mark)
    errors = "strict" if encoding == UTF_16 else "surrogateescape"
    return io.TextIOWrapper(file, encoding, errors=errors, newline="")


def _checked(text: io.TextIOWrapper, separator: str) -> Iterator[str]:
    """The lines. NUL, and more than the longest rows could hold, are an error where they stand."""
    for line in iter(lambda: text.readline(limits.LINE), ""):
        if "\x00" in line:
            raise csv.Error("NUL")
        if len(line) >= limits.LINE:
            raise csv.Error("line too long")
        if line.count(separator) > limits.SEPARATORS:
            raise csv.Error("too many separators")
        yield line


def _separator_of(sample: str) -> str:
    """The separator that makes most rows the same number of cells, and more than one; a comma where none does."""
    return max(SEPARATORS, key=lambda each: (_evenness(sample, each), -SEPARATORS.index(each)))


def _evenness(sample: str, separator: str) -> float:
    """How well a separator explains a sample: the share of rows of the commonest width, times a little of the width."""
    widths: Counter[int] = Counter()
    lines = io.StringIO(sample, newline="")
    try:
        for record in csv.reader(lines, delimiter=separator):
            if any(map(str.strip, record)):
                widths[len(record)] += 1
            if widths.total() >= _SAMPLE_RECORDS:
                break
    except csv.Error:
        # A cell that is too long for any file: what was read so far decides.
        pass
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return 0.0
    count, width = max(wide)
    return count / widths.total() + min(width, 50) / 100


def _check(number: int, record: list[str], encoding: str) -> None:
    if len(record) > limits.COLUMNS:
        _check_width(number, record)
    if max(map(len, record)) > limits.CELL_LENGTH:
        raise Unread("cell_long", row=number, most=limits.CELL_LENGTH)
    if not all(map(str.isascii, record)):
        _check_bytes(number, record, encoding)


def _check_width(number: int, record: list[str]) -> None:
    if any(map(str.strip, record[limits.COLUMNS :])):
        raise Unread("columns", row=number, most=limits.COLUMNS)
    del record[limits.COLUMNS :]


def _check_bytes(number: int, record: list[str], encoding: str) -> None:
    for place, cell in enumerate(record, 1):
        if any("\ud800" <= mark <= "\udfff" for mark in cell):
            shown = "".join("?" if "\ud800" <= mark <= "\udfff" else mark for mark in cell)[:60]
            raise Unread("mixed" if encoding == UTF_8 else "not_text", row=number, column=place, value=shown)


def _explained(error: csv.Error, row: int) -> Unread:
    """What the reader's own words mean for the record that starts in a row."""
    words = str(error)
    if "unexpected end" in words:
        return Unread("quote_open", row=row)
    if "expected after" in words:
        return Unread("quote_inside", row=row)
    if "NUL" in words:
        return Unread("nul", row=row)
    if "separators" in words:
        return Unread("columns", row=row, most=limits.COLUMNS)
    return Unread("cell_long", row=row, most=limits.CELL_LENGTH)
