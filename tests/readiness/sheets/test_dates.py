"""Columns of dates, times and moments."""

from datetime import date, datetime, time

import pytest

from readiness.sheets import Cell, ColumnKind, ColumnReading
from tests.readiness.sheets.test_columns import read, wrong

DAY_FIRST = "Dates are read with the day first, as in 31/03/2026."
MONTH_FIRST = "Dates are read with the month first, as in 03/31/2026."
SHORT = "Years of two digits are read as 20xx."
NO_DATE = "Not a date. Enter a date like 2026-03-14."
NO_ZONE = "The zone “BST” is not read. Leave it out for the site's own time, or enter an offset such as +01:00."
MIDNIGHT = datetime.combine(date(2026, 3, 14), time())
HALF_PAST_SEVEN = datetime.combine(date(2026, 3, 14), time(7, 30))


def dates(*cells: Cell, day_first: bool | None = None) -> ColumnReading:
    """A column of dates."""
    return read(ColumnKind.DATE, *cells, day_first=day_first)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-14", "2026/3/14", "2026.03.14", "20260314", 20260314, "14 Mar 2026", "14-Mar-26", "14. March 2026",
        "14th March, 2026", "March 14, 2026", "Mar 14th 2026", "Sat 14 Mar 2026", "Saturday, 14 March 2026",
        "14/03/2026", "14-03-26", "14.03.2026", "14 3 2026", "03/14/2026", "2026-03-14T00:00", "2026-03-14 00:00:00",
        "14/03/2026 12:00 am", " 14/03/2026 ", date(2026, 3, 14), MIDNIGHT, "14mar2026", "2026-03-14T00:00:00Z",
    ],
)  # fmt: skip
def test_date_is_read_in_the_ways_that_people_write(cell: Cell) -> None:
    reading = dates(cell)

    assert (reading.values, reading.troubles, reading.asks) == ({2: "2026-03-14"}, (), "")


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2026", "30/02/2026", "2026-13-01", "00/00/0000", "32/13/2026", "soon", "14/03", "14 Smarch 2026",
        "1/2/3/2026", time(), True, "=TODAY()", 60, 0, -1, "60", 46110.5 - 46100, "٢٠٢٦-٠٣-١٤", date(1900, 2, 28),
    ],
)  # fmt: skip
def test_what_is_no_date_is_told(cell: Cell) -> None:
    assert [each.words for each in dates(cell).troubles] == [NO_DATE]


@pytest.mark.parametrize("cell", [46110, 46110.5, "46110"])
def test_number_of_a_day_is_told_with_the_day_it_may_be(cell: Cell) -> None:
    assert [each.words for each in dates(cell).troubles] == [
        "Not a date, but perhaps 2026-03-29: a spreadsheet counts days. Format the column as a date in the spreadsheet."
    ]


@pytest.mark.parametrize(("cell", "year"), [("0026-03-14", "0026"), ("14/03/2206", "2206"), (date(2206, 1, 1), "2206")])
def test_year_far_from_now_is_told(cell: Cell, year: str) -> None:
    assert [each.words for each in dates(cell).troubles] == [
        f"The year {year} is far from now. Enter a date like 2026-03-14."
    ]


@pytest.mark.parametrize(
    ("cells", "values", "note"),
    [
        (("03/04/2026", "13/04/2026"), ["2026-04-03", "2026-04-13"], DAY_FIRST),
        (("03/04/2026", "04/13/2026"), ["2026-03-04", "2026-04-13"], MONTH_FIRST),
        (("04/04/2026", "05/05/2026"), ["2026-04-04", "2026-05-05"], DAY_FIRST),
    ],
)
def test_order_is_decided_once_for_the_column_and_said(cells: tuple[str, ...], values: list[str], note: str) -> None:
    reading = dates(*cells)

    assert (list(reading.values.values()), reading.notes, reading.asks) == (values, (note,), "")


def test_order_that_the_column_cannot_tell_is_asked() -> None:
    cells = ("03/04/2026", "2026-03-14", "05/05/2026", "")
    reading = dates(*cells)

    assert reading.asks == "day_first"
    assert (reading.values, reading.troubles, reading.notes) == ({3: "2026-03-14", 4: "2026-05-05", 5: ""}, (), ())
    assert dates(*cells, day_first=True).values[2] == "2026-04-03"
    assert dates(*cells, day_first=False).values[2] == "2026-03-04"
    assert dates(*cells, day_first=False).asks == ""


def test_dates_of_both_orders_are_not_guessed() -> None:
    reading = dates("13/04/2026", "14/04/2026", "04/15/2026", "03/04/2026")

    assert list(reading.values.values()) == ["2026-04-13", "2026-04-14", "2026-04-03"]
    assert wrong(reading) == {"04/15/2026": NO_DATE}
    assert reading.notes == (DAY_FIRST,)


def test_answer_of_a_person_holds_against_the_column() -> None:
    assert wrong(dates("13/04/2026", day_first=False)) == {"13/04/2026": NO_DATE}


def test_years_of_two_digits_and_times_left_out_are_said() -> None:
    reading = dates("14/03/26", "15/03/26 08:30", HALF_PAST_SEVEN)

    assert list(reading.values.values()) == ["2026-03-14", "2026-03-15", "2026-03-14"]
    assert reading.notes == (DAY_FIRST, SHORT, "The time of day is left out of 2 cells.")


def test_dates_that_the_spreadsheet_may_have_swapped_are_noticed() -> None:
    reading = dates(date(2026, 4, 3), "03/14/2026")

    assert reading.notes[0] == MONTH_FIRST
    assert "may have swapped day and month" in reading.notes[1]
    assert len(dates(date(2026, 4, 13), "03/14/2026").notes) == 1


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("07:30", "07:30"), ("7:30", "07:30"), ("7.30", "07:30"), ("0730", "07:30"), (730, "07:30"), ("7pm", "19:00"),
        ("7:30 p.m.", "19:30"), ("12am", "00:00"), ("12 PM", "12:00"), ("24:00", "00:00"), ("2400", "00:00"),
        (time(7, 30), "07:30"), (time(7, 30, 15), "07:30:15"), ("07:30:15", "07:30:15"), ("", ""),
    ],
)  # fmt: skip
def test_time_is_read_in_the_ways_that_people_write(cell: Cell, value: str) -> None:
    assert read(ColumnKind.TIME, cell).values == {2: value}


@pytest.mark.parametrize("cell", ["25:00", "7:60", "13pm", "seven", 7, 0.3125, 2460, date(2026, 3, 14), True, "24:01"])
def test_what_is_no_time_is_told(cell: Cell) -> None:
    assert [each.words for each in read(ColumnKind.TIME, cell).troubles] == ["Not a time. Enter a time like 07:30."]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-03-29T01:30", "2026-03-29T01:30"),
        ("2026-03-29 01:30:05", "2026-03-29T01:30:05"),
        ("2026-10-25T01:30Z", "2026-10-25T01:30Z"),
        ("2026-10-25T01:30+0100", "2026-10-25T01:30+01:00"),
        ("2026-10-25 01:30 UTC", "2026-10-25T01:30Z"),
        ("29/03/2026 7pm", "2026-03-29T19:00"),
        ("29 Mar 2026 at 19:30", "2026-03-29T19:30"),
        ("29/03/2026, 0730", "2026-03-29T07:30"),
        ("2026-03-29T24:00", "2026-03-29T24:00"),
        (HALF_PAST_SEVEN, "2026-03-14T07:30"),
        (MIDNIGHT, "2026-03-14T00:00"),
    ],
)
def test_moment_is_read_with_its_offset_or_as_local(cell: Cell, value: str) -> None:
    assert read(ColumnKind.MOMENT, cell).values == {2: value}


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2026-03-29", "A day without a time. Enter a date and time like 2026-03-14T07:30."),
        (date(2026, 3, 29), "A day without a time. Enter a date and time like 2026-03-14T07:30."),
        ("2026-03-29 07:30 BST", NO_ZONE),
        ("2026-03-29 25:00", "Not a time. Enter a time like 07:30."),
        ("2026-02-31 07:00", NO_DATE),
        ("2026-03-29T07:30+25:00", "Not a date and time. Enter one like 2026-03-14T07:30."),
        (46110.5, "Not a date and time. Enter one like 2026-03-14T07:30."),
        ("soon", NO_DATE),
    ],
)  # fmt: skip
def test_what_is_no_moment_is_told(cell: Cell, words: str) -> None:
    assert [each.words for each in read(ColumnKind.MOMENT, cell).troubles] == [words]


def test_order_of_moments_is_asked_too() -> None:
    reading = read(ColumnKind.MOMENT, "03/04/2026 07:30")

    assert (reading.values, reading.asks) == ({}, "day_first")
    answered = read(ColumnKind.MOMENT, "03/04/2026 07:30", day_first=True)
    assert answered.values == {2: "2026-04-03T07:30"}
