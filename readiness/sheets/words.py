"""Every sentence about a file and its sheets: why it is not read, what was noticed, how large it may be."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.reading import limits

Facts = dict[str, int | str]


def limits_words() -> list[str]:
    """What a file may be, one sentence each, for the page where a file is chosen."""
    return [
        _("A CSV file has at most %(size)s MB and %(rows)s rows.")
        % {"size": limits.CSV_BYTES // limits.MB, "rows": f"{limits.CSV_ROWS:,}"},
        _("An XLSX workbook has at most %(size)s MB, %(sheets)s sheets, and %(rows)s rows a sheet.")
        % {"size": limits.XLSX_BYTES // limits.MB, "sheets": limits.SHEETS, "rows": f"{limits.XLSX_ROWS:,}"},
        _("A sheet has at most %(columns)s columns and %(cells)s million cells, a cell %(length)s characters.")
        % {"columns": limits.COLUMNS, "cells": limits.CELLS // 1_000_000, "length": f"{limits.CELL_LENGTH:,}"},
        _("Other kinds of file, and files with a password or macros, are not taken."),
    ]


def refusal_words(code: str, facts: Facts) -> str:
    """Why a file is not read, and how to mend it."""
    return _REFUSALS[code]() % {key: _in_words(value) for key, value in facts.items()}


def note_words(code: str, facts: Facts) -> str:
    """What was noticed in a file."""
    return _NOTES[code](facts) % {key: _in_words(value) for key, value in facts.items()}


def _in_words(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value


_REFUSALS: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty. Choose another one."),
    "csv_large": lambda: _("The file is larger than %(most)s MB. Split it, and import the parts one after the other."),
    "xlsx_large": lambda: _("The workbook is larger than %(most)s MB. Save the sheet alone, or save it as CSV."),
    "unpacked": lambda: _("Unpacked, this workbook is larger than %(most)s MB. Save the sheet alone, or as CSV."),
    "bomb": lambda: _("This workbook unpacks to far more than it should. Save the sheet again, as CSV."),
    "parts": lambda: _("This workbook has more than %(most)s parts. Copy the sheet into a new workbook."),
    "damaged": lambda: _(
        "The workbook is damaged. Open it in a spreadsheet program, save it again, and choose it again."
    ),
    "definitions": lambda: _(
        "This workbook holds definitions that no spreadsheet program writes. Save it again, as CSV."
    ),
    "sheets": lambda: _(
        "The workbook has %(n)s sheets; at most %(most)s are read. Copy the sheet into a new workbook."
    ),
    "no_sheet": lambda: _("The workbook has no sheet “%(sheet)s” any more. Choose the file again."),
    "no_sheets": lambda: _("The workbook has no sheet with cells. Choose another file."),
    "columns": lambda: _(
        "Row %(row)s goes on beyond column %(most)s, and no more columns are read. Delete those that are not needed."
    ),
    "rows": lambda: _("There are more than %(most)s rows. Split the file, and import the parts one after the other."),
    "cells": lambda: _(
        "The used part of a sheet has more than %(most)s cells. Delete columns that are not needed, "
        "and whatever stands far away from the table."
    ),
    "text": lambda: _("The workbook holds more than %(most)s million characters of text. Split it, or save it as CSV."),
    "cell_long": lambda: _(
        "Row %(row)s has a cell of more than %(most)s characters, or a quotation mark that is never closed. Mend it."
    ),
    "quote_open": lambda: _(
        "A quotation mark that opens in row %(row)s is never closed. Mend the row, and choose the file again."
    ),
    "quote_inside": lambda: _(
        "Row %(row)s has text after a closing quotation mark. "
        "Double each quotation mark inside a cell, or save the file as CSV again from the spreadsheet program."
    ),
    "nul": lambda: _("Row %(row)s has NUL characters, which no text has. Save the file again, as CSV in UTF-8."),
    "mixed": lambda: _(
        "Row %(row)s, column %(column)s, “%(value)s”: letters in two encodings in one file. "
        "Mend the cell, or save the file again as CSV in UTF-8."
    ),
    "not_text": lambda: _("This is not a CSV file: it is no text. Save the sheet as .xlsx, or as CSV in UTF-8."),
    "memory": lambda: _("The file takes too much memory to read. Split it, or delete what is not needed."),
    "time": lambda: _("The file takes too long to read. Split it, or delete what is not needed."),
    "room": lambda: _("There is no room to read the file just now. Try again later, or split it."),
    "failed": lambda: _("The file cannot be read. Save it again, as CSV in UTF-8."),
    "protected": lambda: _("This file is protected by a password. Save it as .xlsx without a password."),
    "old_office": lambda: _("This is an old Office file, such as .xls. Save it as .xlsx or as CSV."),
    "mail": lambda: _("This is a mail. Save the spreadsheet that came with it, and choose that."),
    "xlsb": lambda: _("This is a binary workbook (.xlsb). Save it as .xlsx or as CSV."),
    "macros": lambda: _("This workbook holds macros (.xlsm). Save it as .xlsx, without macros."),
    "ods": lambda: _("This is an OpenDocument file (.ods). Save it as .xlsx or as CSV."),
    "numbers": lambda: _("This is a Numbers file. Export it as Excel (.xlsx) or as CSV."),
    "other_office": lambda: _(
        "This is a document or a presentation, not a spreadsheet. Copy its table into a workbook."
    ),
    "packed": lambda: _("This is a packed file. Unpack it, and choose the spreadsheet in it."),
    "program": lambda: _("This is a program, not a spreadsheet. Programs are not taken."),
    "page": lambda: _("This is a web page, not a spreadsheet. Open it in a spreadsheet program, and save it as .xlsx."),
    "xml": lambda: _("This is an XML file, not a spreadsheet. Open it in a spreadsheet program, and save it as .xlsx."),
    "json": lambda: _("This is a JSON file, not a spreadsheet. Turn it into CSV first."),
    "pdf": lambda: _("This is a PDF. Choose the spreadsheet that it was made from."),
    "picture": lambda: _("This is a picture. Choose the spreadsheet that it shows."),
    "media": lambda: _("This is a film or a sound, not a spreadsheet. Choose a CSV or XLSX file."),
    "rich_text": lambda: _("This is a rich text file. Copy its table into a workbook, and save that as .xlsx."),
}

_NOTES: dict[str, Callable[[Facts], Any]] = {
    "name_differs": lambda _f: _(
        "By its content this is %(kind)s, though its name ends in .%(ending)s. It is read as %(kind)s."
    ),
    "cp1252": lambda _f: _(
        "The file is not in UTF-8; it is read as Windows text (cp1252). Look whether accents are right."
    ),
    "utf_16": lambda _f: _("The file is in UTF-16."),
    "separator_comma": lambda _f: _("Columns are separated by commas."),
    "separator_semicolon": lambda _f: _("Columns are separated by semicolons."),
    "separator_tab": lambda _f: _("Columns are separated by tabs."),
    "separator_bar": lambda _f: _("Columns are separated by vertical bars."),
    "hidden_rows": lambda f: ngettext("%(n)s hidden row is read too.", "%(n)s hidden rows are read too.", int(f["n"])),
    "hidden_columns": lambda f: ngettext(
        "%(n)s hidden column is read too.", "%(n)s hidden columns are read too.", int(f["n"])
    ),
    "filtered": lambda _f: _("A filter is on. Rows that it hides are read too."),
    "merged": lambda f: ngettext(
        "Cells are merged in %(n)s place: the value counts for the first of them only.",
        "Cells are merged in %(n)s places: the value counts for the first of them only.",
        int(f["n"]),
    ),
    "headings_in_row": lambda _f: _("The headings are in row %(row)s. What stands above it is not read."),
    "no_headings": lambda _f: _("No row of headings was found."),
    "headings_twice": lambda f: ngettext(
        "This heading stands more than once: %(headings)s. Look which column is meant.",
        "These headings stand more than once: %(headings)s. Look which columns are meant.",
        int(f["n"]),
    ),
    "blank_rows": lambda f: ngettext("%(n)s blank row is left out.", "%(n)s blank rows are left out.", int(f["n"])),
    "wide_rows": lambda f: ngettext(
        "%(n)s row has more cells than there are headings: row %(rows)s.",
        "%(n)s rows have more cells than there are headings, such as %(rows)s.",
        int(f["n"]),
    ),
    "headings_again": lambda _f: _("Row %(row)s repeats the headings. If a second table begins there, take it out."),
    "gap": lambda _f: _("Column %(column)s is empty. If a second table begins after it, take that table out."),
    "no_rows": lambda _f: _("There are no rows below the headings."),
}
