"""Columns read as words, codes, flags, numbers and choices."""

from datetime import date, time
from typing import Any

import pytest

from readiness.sheets import Broken, Cell, ColumnKind, ColumnReading, Trouble, read_column

MEND = "Format the column as text, type the code again, and choose the file again."


def read(kind: ColumnKind, *cells: Cell, **more: Any) -> ColumnReading:
    """A column of cells from row 2 on."""
    return read_column(kind, "Column", dict(enumerate(cells, 2)), **more)


def wrong(reading: ColumnReading) -> dict[str, str]:
    """What is wrong with which value."""
    return {each.value: each.words for each in reading.troubles}


def test_broken_cell_is_a_trouble_of_every_kind() -> None:
    for kind in ColumnKind:
        reading = read(kind, Broken("#REF!"), Broken(""), "", "  ")

        assert reading.values == {4: "", 5: ""}
        assert reading.troubles == (
            Trouble(2, "Column", "#REF!", "The spreadsheet shows an error here: #REF!. Mend the cell, or empty it."),
            Trouble(
                3,
                "Column",
                "",
                "A formula without a value. Open the file in a spreadsheet program, save it, and choose it again.",
            ),
        )


def test_texts_are_composed_and_rid_of_what_nobody_sees() -> None:
    reading = read(
        ColumnKind.TEXT,
        " O’Brien ",
        "Nguye\u0302\u0303n",
        "a\u200bb\u202ec",
        "\U0001f469\u200d\u2695",
        12.0,
        0.1,
        True,
        "-",
    )

    assert list(reading.values.values()) == [
        "O’Brien",
        "Nguyễn",
        "abc",
        "\U0001f469\u200d\u2695",
        "12",
        "0.1",
        "true",
        "-",
    ]
    assert (reading.troubles, reading.notes) == ((), ("Invisible characters were left out of 1 cell.",))


def test_dates_and_times_in_a_column_of_words_are_said_in_words() -> None:
    assert list(read(ColumnKind.TEXT, date(2026, 3, 14), time(7, 30)).values.values()) == ["2026-03-14", "07:30"]


def test_codes_stay_as_they_are() -> None:
    reading = read(ColumnKind.CODE, "00123", "00124", "AB-1", 10234, "1E5", "x\u200b")

    assert list(reading.values.values()) == ["00123", "00124", "AB-1", "10234", "1E5", "x"]
    assert reading.troubles == ()


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1.23457E+15", f"The spreadsheet took this code for a number, and has shortened it. {MEND}"),
        ("1,2E+05", f"The spreadsheet took this code for a number, and has shortened it. {MEND}"),
        (
            1234567890123456789,
            f"The spreadsheet took this code for a number, and keeps only its first 15 digits. {MEND}",
        ),
        (date(2026, 3, 1), f"The spreadsheet took this code for a date. {MEND}"),
        (time(12, 30), f"The spreadsheet took this code for a date. {MEND}"),
        ("01-Mar", f"The spreadsheet took this code for a date. {MEND}"),
        ("Mar-01", f"The spreadsheet took this code for a date. {MEND}"),
        (True, f"The spreadsheet took this code for true or false. {MEND}"),
        (123, f"Perhaps 00123: a spreadsheet takes zeros at the start away. {MEND}"),
        ("123", f"Perhaps 00123: a spreadsheet takes zeros at the start away. {MEND}"),
    ],
)
def test_codes_that_a_spreadsheet_spoilt_are_told_with_the_cause(cell: Cell, words: str) -> None:
    reading = read(ColumnKind.CODE, "00456", "00457", "A1", cell)

    assert reading.values == {2: "00456", 3: "00457", 4: "A1"}
    assert [(each.row, each.words) for each in reading.troubles] == [(5, words)]


def test_codes_like_months_are_codes_where_most_are() -> None:
    assert read(ColumnKind.CODE, "01-Mar", "02-Mar", "03-Apr").troubles == ()


def test_short_numbers_among_long_ones_are_noticed_but_taken() -> None:
    reading = read(ColumnKind.CODE, *range(10_000, 10_030), 123)

    assert (len(reading.values), reading.troubles) == (31, ())
    assert reading.notes == ("Most codes have 5 digits, but not 123. Look whether zeros at the start were lost.",)
    assert read(ColumnKind.CODE, 1, 12, 123).notes == ()


def test_flags_are_read_in_the_forms_that_people_use() -> None:
    cells = ("Yes", "y", "TRUE", 1, "x", True, "no", "N", "false", 0, False, "", "-")
    reading = read(ColumnKind.FLAG, *cells, "maybe", 2)

    assert list(reading.values.values()) == ["true"] * 6 + ["false"] * 5 + ["", ""]
    assert wrong(reading) == dict.fromkeys(("maybe", "2"), "Neither yes nor no. Enter yes or no.")
    assert reading.notes == ("A dash alone is read as empty.",)


def test_numbers_lose_noise_and_groups_but_not_their_sign() -> None:
    cells = (-3, "-3", "\u22123", "+7", 870296.9999999999, 0.1 + 0.2, 1e-7, "1,234", "1 234,567.50", "007", "-0.0", "–")
    reading = read(ColumnKind.NUMBER, *cells[:8], "1,234,567.50", *cells[9:])

    assert list(reading.values.values()) == [
        "-3", "-3", "-3", "7", "870297", "0.3", "0.0000001", "1234", "1234567.5", "7", "0", ""
    ]  # fmt: skip


def test_comma_is_the_decimal_point_where_the_column_shows_it() -> None:
    reading = read(ColumnKind.NUMBER, "7,5", "1,234", "-0,25", 3)

    assert list(reading.values.values()) == ["7.5", "1.234", "-0.25", "3"]
    assert reading.notes == ("A comma is read as the decimal point.",)


def test_both_points_and_commas_are_not_guessed() -> None:
    reading = read(ColumnKind.NUMBER, "7,5", "7.5")

    assert (reading.values, list(wrong(reading))) == ({3: "7.5"}, ["7,5"])


@pytest.mark.parametrize(
    "cell",
    ["12%", "1e400", "nan", "seven", "=1+1", "1,23,456", "1 2", "--1", "٣", float("inf"), True, date(2026, 3, 1)],
)
def test_what_is_no_number_is_told(cell: Cell) -> None:
    assert [each.words for each in read(ColumnKind.NUMBER, cell).troubles] == [
        "Not a number. Enter a number such as 1234.5."
    ]


def test_choices_are_known_by_any_case_and_by_other_words() -> None:
    choices = {"annual leave": "leave", "Secondment": "secondment", "sick": "other"}
    reading = read(ColumnKind.CHOICE, "Annual-Leave", "LEAVE", " secondment", "Sick", "", "away", choices=choices)

    assert list(reading.values.values()) == ["leave", "leave", "secondment", "other", ""]
    assert wrong(reading) == {"away": "Not a word that is known here. Enter one of these: leave, secondment, other."}
