"""What is wrong between cells: files and columns missing or unknown, keys twice, references into nothing."""

from collections.abc import Callable

from .case import Builder, Case, Fault, Tables, edited, with_cell, with_row


def _without_file(name: str) -> Builder:
    return edited(lambda tables: tables.pop(name))


def _without_column(name: str, column: str) -> Builder:
    def change(tables: Tables) -> None:
        place = tables[name][0].index(column)
        tables[name] = [row[:place] + row[place + 1 :] for row in tables[name]]

    return edited(change)


def _header(name: str, column: str, written: str) -> Builder:
    return with_cell(name, 1, column, written)


def _more_cells(tables: Tables) -> None:
    tables["staff.csv"][2].append("left over")


def _blue_column(tables: Tables) -> None:
    for row in tables["sites.csv"]:
        row.append("blue")


def _reversed_columns(tables: Tables) -> None:
    for name, table in tables.items():
        tables[name] = [row[::-1] for row in table]


FILES = [
    Case(f"without-{name}", _without_file(name), (Fault(name, words=("missing",)),))
    for name in ("programme.csv", "organisations.csv", "sites.csv")
] + [
    Case(
        "unknown-file",
        edited(lambda tables: tables.update({"notes.csv": [["code"], ["N1"]]})),
        (Fault("notes.csv", words=("unknown",)),),
    ),
    Case(
        "unknown-file-ignored",
        edited(lambda tables: tables.update({"notes.csv": [["code"], ["N1"]]})),
        options=("--ignore-unknown",),
        says=("notes.csv",),
        about="sites.csv",
    ),
    Case("programme-without-a-row", edited(lambda tables: tables["programme.csv"].pop()), (Fault("programme.csv"),)),
    Case(
        "two-programmes",
        edited(lambda tables: tables["programme.csv"].append(["SECOND", *tables["programme.csv"][1][1:]])),
        (Fault("programme.csv"),),
    ),
    Case(
        "header-only", edited(lambda tables: tables["communications.csv"].pop()), same=False, about="communications.csv"
    ),
]

COLUMNS = [
    Case(f"without-key-column-{name}-{column}", _without_column(name, column), (Fault(name, None, column),))
    for name, column in (
        ("shifts.csv", "client_id"),
        ("attendance.csv", "course"),
        ("postings.csv", "from"),
        ("sites.csv", "code"),
        ("observations.csv", "period_start"),
    )
] + [
    Case(
        "unknown-column",
        edited(_blue_column),
        (Fault("sites.csv", None, "blue", words=("unknown",)),),
    ),
    Case(
        "unknown-column-ignored",
        edited(_blue_column),
        options=("--ignore-unknown",),
        says=("sites.csv", "blue"),
        about="sites.csv",
    ),
    Case(
        "misspelt-column",
        _header("staff.csv", "line_manager", "linemanager"),
        (Fault("staff.csv", None, "linemanager"),),
    ),
    Case("column-in-capitals", _header("staff.csv", "name", "Name"), (Fault("staff.csv", None, "Name"),)),
    Case("column-without-a-name", _header("staff.csv", "name", ""), (Fault("staff.csv"),)),
    Case("column-twice", _header("staff.csv", "email", "name"), (Fault("staff.csv", None, "name"),)),
    Case("more-cells-than-columns", edited(_more_cells), (Fault("staff.csv", 3),)),
    Case("columns-in-another-order", edited(_reversed_columns)),
    Case(
        "title-above-the-header",
        edited(lambda tables: tables["staff.csv"].insert(0, ["Our staff", "", "", "", "", ""])),
        (Fault("staff.csv"),),
    ),
]


def _again(file: str, row: int) -> Callable[[Tables], None]:
    return lambda tables: tables[file].append(list(tables[file][row - 1]))


KEYS = [
    Case("row-twice-alike", edited(_again("staff.csv", 2)), about="staff.csv"),
    Case("shift-twice-alike", edited(_again("shifts.csv", 2)), about="shifts.csv"),
    Case(
        "staff-twice-unlike",
        with_row("staff.csv", "ORG1", "1001", "Somebody Else", "", "doctor", "false"),
        (Fault("staff.csv", 6, words=("row 2",)),),
    ),
    Case(
        "site-twice-unlike",
        with_row("sites.csv", "S1", "ORG2", "Another", "clinic", "", "Europe/London"),
        (Fault("sites.csv", 4, words=("row 2",)),),
    ),
    Case(
        "attendance-twice-unlike",
        with_row("attendance.csv", "ONLINE", "ORG1", "1001", "2026-03-03", "", "cancelled", ""),
        (Fault("attendance.csv", 6, words=("row 4",)),),
    ),
    Case(
        "shift-twice-unlike",
        edited(lambda tables: tables["shifts.csv"].append([*tables["shifts.csv"][1][:-1], "Quiet"])),
        (Fault("shifts.csv", 6, words=("row 2",)),),
    ),
    Case(
        "two-headline-measures",
        with_row("measures.csv", "CALM", "Calm", "", "", "up", "1", "2", "", "true", "", ""),
        (Fault("measures.csv", words=("headline",)),),
    ),
]

REFERENCES = [
    Case(
        f"dangling-{file.removesuffix('.csv')}-{column}",
        with_cell(file, row, column, value),
        (Fault(file, row, words=(value,)),),
    )
    for file, row, column, value in (
        ("sites.csv", 2, "organisation", "ORG9"),
        ("wards.csv", 2, "site", "S9"),
        ("deployments.csv", 3, "site", "S9"),
        ("deployments.csv", 3, "wave", "9"),
        ("deployments.csv", 3, "wards", "W9"),
        ("deployment_changes.csv", 2, "site", "S9"),
        ("seats.csv", 3, "site", "S9"),
        ("staff.csv", 4, "organisation", "ORG9"),
        ("absences.csv", 2, "number", "9999"),
        ("postings.csv", 4, "ward", "W9"),
        ("postings.csv", 4, "number", "9999"),
        ("sessions.csv", 2, "course", "NOPE"),
        ("attendance.csv", 4, "course", "NOPE"),
        ("attendance.csv", 4, "number", "9999"),
        ("attendance.csv", 2, "session", "T9"),
        ("champions.csv", 2, "organisation", "ORG9"),
        ("shifts.csv", 2, "ward", "W9"),
        ("shifts.csv", 2, "number", "9999"),
        ("access_checks.csv", 2, "site", "S9"),
        ("access_checks.csv", 2, "ward", "W9"),
        ("checklist_events.csv", 2, "item", "NOPE"),
        ("checklist_events.csv", 2, "site", "S9"),
        ("waivers.csv", 2, "item", "NOPE"),
        ("hazards.csv", 3, "site", "S9"),
        ("gate_reviews.csv", 2, "gate", "NOPE"),
        ("conditions.csv", 2, "held_on", "2026-04-07"),
        ("sign_offs.csv", 2, "gate", "NOPE"),
        ("pilots.csv", 2, "wards", "W9"),
        ("pilot_measures.csv", 2, "measure", "NOPE"),
        ("requirements.csv", 2, "pilot", "NOPE"),
        ("lessons.csv", 2, "pilot", "NOPE"),
        ("site_targets.csv", 2, "measure", "NOPE"),
        ("observations.csv", 3, "ward", "W9"),
        ("engagement.csv", 2, "sites", "S9"),
        ("pulse.csv", 2, "ward", "W9"),
        ("commitments.csv", 2, "partner", "NOPE"),
        ("agreements.csv", 2, "site", "S9"),
        ("signatures.csv", 2, "agreement", "NOPE"),
        ("signatures.csv", 3, "organisation", "ORG9"),
        ("other_changes.csv", 2, "site", "S9"),
        ("support_issues.csv", 2, "site", "S9"),
        ("decisions.csv", 2, "site", "S9"),
    )
] + [
    Case(
        "staff-number-of-another-organisation",
        with_cell("absences.csv", 2, "organisation", "ORG2"),
        (Fault("absences.csv", 2, words=("1003",)),),
    ),
]

CASES = [*FILES, *COLUMNS, *KEYS, *REFERENCES]
