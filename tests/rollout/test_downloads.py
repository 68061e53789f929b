"""Tables as files: harmless text, exact numbers, real dates, and the words that say what a file is."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.downloads import Column, Table, download_answer
from tests.clock import FrozenClock

COLUMNS = (
    Column("site", "Site"),
    Column("staff", "Staff", "whole"),
    Column("score", "Score", "number"),
    Column("trained", "Trained", "percent"),
    Column("on", "Go-live", "day"),
    Column("at", "Worked out", "moment"),
    Column("differs", "Differs", "yes_no"),
)
ROWS = (
    (
        "Alder",
        1280,
        Decimal("62.50"),
        Fraction(41, 50),
        date(2026, 3, 14),
        datetime(2026, 7, 1, 1, 10, tzinfo=UTC),
        True,
    ),
    ("=2+3", -3, Fraction(1, 3), Decimal(0), None, None, False),
    (None, None, None, None, None, None, False),
)
CLOCK = datetime.fromisoformat  # a workbook knows no zones
NOW = datetime(2026, 3, 14, 12, 30, tzinfo=UTC)


def table(rows: Any = ROWS, columns: Any = COLUMNS) -> Table:
    return Table("sites", "Sites: all / some", columns, rows, [("Programme", "One record")])


def asked(query: str, rows: Any = ROWS, columns: Any = COLUMNS) -> Any:
    request = RequestFactory().get(f"/p/EPR/sites/{query}")
    request.user = AnonymousUser()
    return download_answer(request, {"sites": lambda: table(rows, columns)})


def content(query: str, rows: Any = ROWS, columns: Any = COLUMNS) -> bytes:
    return b"".join(asked(query, rows, columns).streaming_content)


def csv_rows(rows: Any = ROWS, columns: Any = COLUMNS) -> list[list[str]]:
    text = content("?download=csv&table=sites", rows, columns).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def book(rows: Any = ROWS, columns: Any = COLUMNS, query: str = "") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content(f"?download=xlsx&table=sites{query}", rows, columns)))


def test_csv_has_one_header_row_and_values_that_programs_read():
    assert csv_rows() == [
        ["Site", "Staff", "Score", "Trained (%)", "Go-live", "Worked out", "Differs"],
        ["Alder", "1280", "62.5", "82", "2026-03-14", "2026-07-01T02:10:00+01:00", "yes"],
        ["'=2+3", "-3", "0.333333333333", "0", "", "", "no"],
        ["", "", "", "", "", "", "no"],
    ]


def test_workbook_opens_with_what_it_is_and_holds_real_dates_and_numbers(frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)

    sheets = book(query="&band=off_track&page=3").worksheets

    assert [sheet.title for sheet in sheets] == ["About", "Sites  all   some"]
    assert [tuple(row) for row in sheets[0].values] == [
        ("What", "Sites: all / some"),
        ("Programme", "One record"),
        ("Filters", "band = off_track"),
        ("Page", "http://testserver/p/EPR/sites/"),
        ("Made at", "14 March 2026, 12:30 (Europe/London)"),
        ("Made by", "AnonymousUser"),
    ]
    assert [tuple(row) for row in sheets[1].values] == [
        ("Site", "Staff", "Score", "Trained", "Go-live", "Worked out", "Differs"),
        ("Alder", 1280, 62.5, 0.82, CLOCK("2026-03-14"), CLOCK("2026-07-01T02:10"), "yes"),
        ("'=2+3", -3, 0.333333333333, 0, None, None, "no"),
        (*(None,) * 6, "no"),
    ]
    assert sheets[1]["D2"].number_format == "0.0%"
    assert sheets[1].merged_cells.ranges == set()


@pytest.mark.parametrize("text", ["=1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"])
def test_text_that_begins_like_a_formula_is_harmless_in_both_files(text: str):
    columns, rows = (Column("note", "Note"),), [(text,)]

    sheet = book(rows, columns).worksheets[1]

    assert csv_rows(rows, columns)[1] == [f"'{text}"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.startswith("'")


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_can_be_read_back_and_begins_with_nothing_that_runs(text: str):
    columns, rows = (Column("a", "A"), Column("b", "B", "whole")), [(text, 1)]

    read = csv_rows(rows, columns)
    cell = book(rows, columns).worksheets[1]["A2"]

    assert len(read) == 2
    assert read[1][1] == "1"
    assert not read[1][0].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.value is None or cell.data_type == "s"


def test_page_is_answered_where_no_file_is_asked_for():
    assert asked("?sort=score") is None


@pytest.mark.parametrize(
    "query", ["?download=pdf&table=sites", "?download=csv", "?download=csv&table=staff", "?download="]
)
def test_unknown_file_is_not_found(query: str):
    with pytest.raises(Http404):
        asked(query)


def test_file_is_named_by_table_and_day_and_comes_as_attachment(frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)

    answer = asked("?download=csv&table=sites")

    assert answer["Content-Disposition"] == 'attachment; filename="sites-2026-03-14.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_failure_in_the_middle_of_the_rows_gives_no_half_file():
    def broken() -> Any:
        yield ROWS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        asked("?download=csv&table=sites", broken())
