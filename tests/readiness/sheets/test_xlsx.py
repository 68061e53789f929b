"""Workbooks as people have them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from readiness.sheets import Broken, ColumnKind, RawRow, SheetRefused, read_column, read_rows
from tests.readiness.sheets.made import (
    opened,
    part_of,
    refusal,
    rows,
    saved,
    table,
    with_parts,
    without_a_process,
    workbook,
)

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
MESSY = DATA / "messy-ae-provider-workbook" / "June-2025-AE-by-provider.xlsx"
AT = datetime.combine(date(2026, 3, 14), time(7, 20))


def staff(sheet: Worksheet) -> None:
    """A title, a blank first column, and cells of every kind."""
    sheet["B1"] = "Staff of June"
    for place, heading in enumerate(["Number", "Name", "From", "At", "Hours", "Manager"], 2):
        sheet.cell(3, place, heading)
    for place, value in enumerate(["00123", "Ann", date(2026, 3, 14), AT, 7.5, True], 2):
        sheet.cell(4, place, value)
    for place, value in enumerate([124, "Bo", "14/03/2026", time(7, 20), timedelta(hours=30), False], 2):
        sheet.cell(6, place, value)


def test_cells_keep_their_kinds_and_places() -> None:
    content = workbook(staff)
    sheet = opened(content, "staff.xlsx").sheets[0]

    assert (sheet.name, sheet.hidden, sheet.rows, sheet.header_row) == ("Staff", False, 2, 3)
    assert sheet.columns == ("", "Number", "Name", "From", "At", "Hours", "Manager")
    assert sheet.samples[3:6] == (
        ("2026-03-14", "14/03/2026"),
        ("2026-03-14 07:20:00", "07:20:00"),
        ("7.5", "30:00:00"),
    )
    assert sheet.notes == ("The headings are in row 3. What stands above it is not read.", "1 blank row is left out.")
    assert rows(content, "Staff", 3) == [
        RawRow(4, ("", "00123", "Ann", date(2026, 3, 14), AT, 7.5, True)),
        RawRow(6, ("", 124, "Bo", "14/03/2026", time(7, 20), "30:00:00", False)),
    ]


def test_formula_counts_by_what_it_came_to() -> None:
    content = table(["Number", "Sum"], [1, "=1+1"], [2, "=A2"], [3, "#REF!"], [4, '=""'])
    xml = part_of(content)
    worked = xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
    worked = worked.replace(b'<c r="B5"><f>""</f><v />', b'<c r="B5" t="str"><f>""</f><v></v>')
    worked = worked.replace(b'<c r="B5"><f>""</f><v/>', b'<c r="B5" t="str"><f>""</f><v></v>')

    found = rows(with_parts(content, {"xl/worksheets/sheet1.xml": worked}), "Staff")

    assert [row.cells for row in found] == [(1, 2), (2, Broken("")), (3, Broken("#REF!")), (4, "")]
    assert [type(row.cells[1]) for row in found] == [int, Broken, Broken, str]


def test_row_of_formulas_without_values_is_not_lost() -> None:
    content = table(["Number", "Sum"], ["=1", "=2"], ["=3", "=4"])

    assert opened(content).sheets[0].rows == 2
    assert rows(content, "Staff") == [RawRow(number, (Broken(""), Broken(""))) for number in (2, 3)]


def test_workbook_of_1904_counts_from_there() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.title = "Staff"
    sheet.append(["Number", "From"])
    sheet.append([1, date(2026, 3, 14)])

    assert rows(saved(book), "Staff") == [RawRow(2, (1, date(2026, 3, 14)))]


def test_what_is_hidden_or_merged_is_read_and_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Number", "Name", "Ward"])
    for number in (1, 2, 3):
        sheet.append([number, "Ann", "A"])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("C2:C4")
    sheet.merge_cells("A6:XFD6")
    sheet.column_dimensions.group("E", "XFD", hidden=True)
    sheet.row_dimensions[9].hidden = True
    sheet.auto_filter.ref = "A1:C4"
    secret = book.create_sheet("Lookups")
    secret.append(["Code"])
    secret.append(["A"])
    secret.sheet_state = "veryHidden"
    book.create_sheet("Empty")

    first, second = opened(saved(book)).sheets

    assert first.rows == 3
    assert first.notes == (
        "1 hidden row is read too.",
        "1 hidden column is read too.",
        "A filter is on. Rows that it hides are read too.",
        "Cells are merged in 2 places: the value counts for the first of them only.",
    )
    assert (second.name, second.hidden, second.columns, second.rows) == ("Lookups", True, ("Code",), 1)


def test_groups_above_the_headings_are_not_the_headings() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Attendances", "", "", "Waits", "", ""])
        sheet.append(["Code", "Name", "All", "Short", "Long", "Share"])
        sheet.append(["-", "England", 1, 2, 3, 0.5])
        sheet.append(["R1", "Trust", 1, 2, 3, 0.5])

    assert opened(workbook(fill)).sheets[0].header_row == 2


def test_second_table_beside_or_below_is_noticed() -> None:
    content = table(
        ["Number", "Name", None, "Ward"], [1, "Ann", None, "A"], [None] * 4, ["Number", "Name", None, "Ward"], [2, "Bo"]
    )

    assert opened(content).sheets[0].notes == (
        "Column C is empty. If a second table begins after it, take that table out.",
        "1 blank row is left out.",
        "Row 4 repeats the headings. If a second table begins there, take it out.",
    )


def test_title_of_several_cells_is_not_the_headings() -> None:
    content = table(["Staff list", "June"], [None], ["Number", "Name", "Ward"], ["A1", "Ann", "A"])

    assert opened(content).sheets[0].header_row == 3


def test_merged_titles_are_not_told() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Staff list of June"])
        sheet.append(["Number", "Name", "Ward"])
        sheet.append([1, "Ann", "A"])
        sheet.merge_cells("A1:C1")

    assert opened(workbook(fill)).sheets[0].notes == ("The headings are in row 2. What stands above it is not read.",)


def test_sheets_of_one_name_are_refused() -> None:
    content = workbook(lambda sheet: sheet.append(["Number"]), "Other")
    twice = part_of(content, "xl/workbook.xml").replace(b'name="Other"', b'name="Staff"')

    assert "The workbook is damaged." in refusal(with_parts(content, {"xl/workbook.xml": twice}))


def test_dates_of_a_strict_workbook_are_dates() -> None:
    content = table(["Number", "From"], [1, 2])
    xml = part_of(content).replace(b'<c r="B2" t="n"><v>2</v></c>', b'<c r="B2" t="d"><v>2026-03-14T00:00:00</v></c>')

    found = rows(with_parts(content, {"xl/worksheets/sheet1.xml": xml}), "Staff")

    assert read_column(ColumnKind.DATE, "From", {2: found[0].cells[1]}).values == {2: "2026-03-14"}


def test_dimension_that_lies_changes_nothing() -> None:
    content = table(["Number", "Name"], [1, "Ann"])
    xml = part_of(content)

    for lie in (b'ref="A1:XFD1048576"', b'ref="A1"'):
        lying = with_parts(content, {"xl/worksheets/sheet1.xml": xml.replace(b'ref="A1:B2"', lie)})
        assert lie in part_of(lying)
        assert rows(lying, "Staff") == [RawRow(2, (1, "Ann"))]


def test_markup_with_prefixes_and_without_places_is_read() -> None:
    xml = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b'<x:row><x:c t="inlineStr"><x:is><x:t>Number</x:t></x:is></x:c></x:row>'
        b'<x:row><x:c><x:f>1+1</x:f></x:c></x:row><x:row hidden="1"><x:c><x:v>3</x:v></x:c></x:row>'
        b"</x:sheetData></x:worksheet>"
    )
    content = with_parts(table(["Number"]), {"xl/worksheets/sheet1.xml": xml})

    assert opened(content).sheets[0].notes == ("1 hidden row is read too.",)
    assert rows(content, "Staff") == [RawRow(2, (Broken(""),)), RawRow(3, (3,))]


def test_name_that_says_otherwise_is_told() -> None:
    content = table(["Number"], [1])

    assert opened(content, "staff.csv").notes == (
        "By its content this is XLSX, though its name ends in .csv. It is read as XLSX.",
    )
    assert opened(b"A,B\n1,2\n", "staff.xlsx").kind == "csv"


def test_sheet_that_is_gone_is_refused() -> None:
    with without_a_process(), pytest.raises(SheetRefused, match="no sheet “Other” any more"):
        read_rows(table(["Number"], [1]), "staff.xlsx", sheet="Other", header_row=1)


@pytest.mark.skipif(not MESSY.exists(), reason="the real workbook is not on this machine")
def test_real_workbook_of_a_health_service_is_understood() -> None:
    content = MESSY.read_bytes()
    book = opened(content, MESSY.name)

    assert {sheet.name: (sheet.header_row, sheet.hidden) for sheet in book.sheets} == {
        "System Level Data": (16, False),
        "System Mapping": (3, True),
        "Provider Level Data": (16, False),
        "Non-Booked Data": (16, False),
        "Booked Appointments Data": (16, False),
        "Acute Trust Footprint Data": (16, False),
        "Acute Trust Mapping": (4, True),
    }
    assert [row.number for row in rows(content, "Provider Level Data", 16)][:3] == [17, 19, 20]
