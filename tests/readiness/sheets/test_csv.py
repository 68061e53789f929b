"""CSV files as people's programs write them."""

import pytest

from readiness.reading import limits
from readiness.sheets import RawRow, iter_rows
from tests.readiness.sheets.made import opened, refusal, rows, without_a_process

TABLE = 'Number,Name,Note\n00123,Ann Özil,"one, ""two"""\n00124,Bo,\n'
TOO_MANY = "There are more than 1,000 rows. Split the file, and import the parts one after the other."
CELLS = [RawRow(2, ("00123", "Ann Özil", 'one, "two"')), RawRow(3, ("00124", "Bo", ""))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TABLE.encode(), ()),
        (TABLE.encode("utf-8-sig"), ()),
        (TABLE.encode("utf-16"), ("The file is in UTF-16.",)),
        ("\ufeff".encode("utf-16-be") + TABLE.encode("utf-16-be"), ("The file is in UTF-16.",)),
        (
            TABLE.encode("cp1252"),
            ("The file is not in UTF-8; it is read as Windows text (cp1252). Look whether accents are right.",),
        ),
        (TABLE.replace("\n", "\r\n").encode(), ()),
        (TABLE.replace("\n", "\r").encode(), ()),
    ],
    ids=["utf-8", "mark", "utf-16", "utf-16-be", "cp1252", "crlf", "cr"],
)
def test_encoding_and_line_ends_are_found_out(content: bytes, said: tuple[str, ...]) -> None:
    book = opened(content)
    sheet = book.sheets[0]

    assert (book.kind, sheet.name, sheet.rows, sheet.header_row) == ("csv", "staff", 2, 1)
    assert sheet.columns == ("Number", "Name", "Note")
    assert sheet.samples == (("00123", "00124"), ("Ann Özil", "Bo"), ('one, "two"',))
    assert sheet.notes == (*said, "Columns are separated by commas.")
    assert rows(content) == CELLS


@pytest.mark.parametrize(
    ("separator", "word"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
def test_separator_is_found_out_and_said(separator: str, word: str) -> None:
    lines = [["Number", "Hours, each", "From"], ["1", "7,5", "a;b|c\td"], ["2", "8,0", ""]]
    content = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines).encode()

    assert opened(content).sheets[0].notes == (f"Columns are separated by {word}.",)
    assert [row.cells for row in rows(content)] == [("1", "7,5", "a;b|c\td"), ("2", "8,0", "")]


def test_decimal_commas_do_not_separate() -> None:
    content = b"Number;Hours\n1;7,5\n2;8,25\n3;9,0\n"

    assert opened(content).sheets[0].columns == ("Number", "Hours")


def test_line_that_names_the_separator_is_no_row() -> None:
    content = b"sep=;\r\nNumber;Name\r\n1;Ann\r\n"

    assert opened(content).sheets[0].columns == ("Number", "Name")
    assert rows(content) == [RawRow(2, ("1", "Ann"))]


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    content = b'Staff of June,,\n,,\nNumber,Name,Note\n1,"Ann\nLee",x\n,,\n\n2,Bo,"y"\n' + b",,\n" * 10_000
    sheet = opened(content).sheets[0]

    assert (sheet.header_row, sheet.rows) == (3, 2)
    assert "The headings are in row 3. What stands above it is not read." in sheet.notes
    assert "2 blank rows are left out." in sheet.notes
    assert rows(content, header_row=3) == [RawRow(4, ("1", "Ann\nLee", "x")), RawRow(7, ("2", "Bo", "y"))]


def test_headings_that_stand_twice_are_told() -> None:
    sheet = opened(b"Number,Date,date ,DATE\n1,2,3,4\n").sheets[0]

    assert sheet.columns == ("Number", "Date", "date", "DATE")
    assert sheet.notes[1:] == ("This heading stands more than once: “DATE”. Look which column is meant.",)


def test_rows_longer_than_the_headings_are_told() -> None:
    sheet = opened(b"Number,Name\n1,Ann\n2,Bo,extra\n3,Cy,\n").sheets[0]

    assert sheet.columns == ("Number", "Name", "")
    assert sheet.samples[2] == ("extra",)
    assert sheet.notes[1:] == ("1 row has more cells than there are headings: row 3.",)


@pytest.mark.parametrize(
    ("content", "header_row", "said"),
    [
        (b"Number,Name\n", 1, "There are no rows below the headings."),
        (b"1,2\n3,4\n", 0, "No row of headings was found."),
        (b"E00123\nE00124\nE00135\n", 0, "No row of headings was found."),
        (b"Ann,Nurse,Ward A\nBo,Nurse,Ward B\nCy,Clerk,Ward A\n", 0, "No row of headings was found."),
        (b"ann@example.org\nbo@example.org\n", 0, "No row of headings was found."),
    ],
)
def test_sheet_without_rows_or_headings_says_so(content: bytes, header_row: int, said: str) -> None:
    sheet = opened(content).sheets[0]

    assert sheet.header_row == header_row
    assert said in sheet.notes


def test_first_rows_come_without_the_rest() -> None:
    content = b'A,B\n1,2\n3,4\n5,"never closed\n'

    with without_a_process():
        found = list(iter_rows(content, "staff.csv", sheet="staff", header_row=0, most=2))

    assert found == [RawRow(1, ("A", "B")), RawRow(2, ("1", "2"))]


def test_text_that_a_spreadsheet_would_run_is_text() -> None:
    cells = ('=HYPERLINK("x")', "+1", "-1+1", "@SUM", "<script>")
    content = b'A,B,C,D,E\n"=HYPERLINK(""x"")",+1,-1+1,@SUM,<script>\n'

    assert [row.cells for row in rows(content)] == [cells]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'A,B\n1,2\n3,"open\n5,6\n', "A quotation mark that opens in row 3 is never closed."),
        (b'A,B\n1,"x"y\n', "Row 2 has text after a closing quotation mark."),
        (b"A,B\n1,2\n3,\x004\n", "Row 3 has NUL characters, which no text has."),
        (
            "A,B\nOrhan,Özil\n".encode() + b"Bo,\xd6zil\n",
            "Row 3, column 2, “?zil”: letters in two encodings in one file.",
        ),
        ("A,B\n" + "x" * 32_768 + ",1\n", "Row 2 has a cell of more than 32,767 characters"),
        ("A,B\n" + "," * 200 + "x\n", "Row 2 goes on beyond column 200"),
        (b"A,B\n" + b"\x01\x02\x03" * 50, "This is not a CSV file: it is no text."),
        ("\ufeffA,B\n".encode("utf-16-le") + b"\x00\xd8\x00", "This is not a CSV file: it is no text."),
        ("A,B\n" + "ab," * 100_001, "Row 2 goes on beyond column 200"),
        ("A,B\n" + "x" * 7 * 2**20, "Row 2 has a cell of more than 32,767 characters"),
        (b"", "The file is empty."),
        (b" \r\n\r\n", "The file is empty."),
        (b",,\n,,\n", "The file is empty."),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_words(content: bytes | str, words: str) -> None:
    assert words in refusal(content.encode() if isinstance(content, str) else content)


def test_wide_rows_of_nothing_are_no_columns() -> None:
    assert opened(b"A,B\n1,2" + b"," * 500 + b"\n").sheets[0].columns == ("A", "B")


def test_as_many_rows_as_are_allowed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CSV_ROWS", 1_000)
    monkeypatch.setattr(limits, "LAST_ROW", 2_000)

    assert opened(b"A,B\n" + b"1,2\n" * 1_000 + b",\n" * 999).sheets[0].rows == 1_000
    assert refusal(b"A,B\n" + b"1,2\n" * 1_001) == TOO_MANY
    assert refusal(b"A,B\n" + b"\n" * 2_000) == TOO_MANY
