"""One wrong cell at a time: dates, times, codes, numbers, lengths, orders."""

from .case import Case, Fault, bad_cell, edited, with_cell, with_cells

DATES = [
    bad_cell("postings.csv", 2, "from", value, "not a date")
    for value in (
        "2026-02-31",
        "2026-13-01",
        "2026-1-5",
        "31/02/2026",
        "13/04/2026",
        "00/00/0000",
        "0000-00-00",
        "46110",
        "2026-W10-7",
        # Words that PostgreSQL itself takes for dates.
        "infinity",
        "today",
        "epoch",
    )
] + [
    bad_cell("shifts.csv", 2, "ends_at", "2026-02-31T07:00", "not a date"),
    bad_cell("attendance.csv", 4, "date", "2025-02-29", "not a date"),
    bad_cell("checklist_events.csv", 2, "due", "someday", "not a date"),
    bad_cell("shifts.csv", 2, "starts_at", "2026-04-13T7pm"),
    bad_cell("shifts.csv", 2, "starts_at", "2026-04-13T25:00:00"),
    bad_cell("shift_patterns.csv", 2, "starts", "25:00", "not a time"),
    bad_cell("shift_patterns.csv", 2, "starts", "7am", "not a time"),
]

# Both readings are named, each with its offset.
CLOCK_CHANGES = [
    bad_cell("access_checks.csv", 2, "checked_at", "2026-03-29T01:30", "+00:00", "+01:00"),
    bad_cell("access_checks.csv", 2, "checked_at", "2026-10-25T01:30", "+00:00", "+01:00"),
    bad_cell("shifts.csv", 2, "starts_at", "2026-03-29T01:30:00", "+00:00", "+01:00"),
    bad_cell("checklist_events.csv", 2, "at", "2025-10-26T01:00:00", "+00:00", "+01:00"),
]

CODES = [
    bad_cell("sites.csv", 2, "kind", "castle", "hospital"),
    bad_cell("programme.csv", 2, "approach", "hurried", "big_bang"),
    bad_cell("programme.csv", 2, "state", "Rolling out", "rolling_out"),
    bad_cell("programme.csv", 2, "not_applicable", "luck.today", "indicator"),
    bad_cell("deployments.csv", 2, "stage", "golive", "live"),
    bad_cell("deployments.csv", 2, "declared_status", "yellow", "amber"),
    bad_cell("deployment_changes.csv", 2, "what", "mood", "stage"),
    bad_cell("shifts.csv", 2, "state", "finished", "worked"),
    bad_cell("attendance.csv", 2, "state", "present", "attended"),
    bad_cell("courses.csv", 2, "mode", "video", "classroom"),
    bad_cell("champions.csv", 2, "level", "hero", "super_user"),
    bad_cell("access_checks.csv", 3, "reason", "forgot", "no_account"),
    bad_cell("template.csv", 2, "domain", "weather", "governance"),
    bad_cell("template.csv", 2, "golive", "both", "technical"),
    bad_cell("checklist_events.csv", 2, "state", "Done!", "not_applicable"),
    bad_cell("checklist_events.csv", 2, "assurance", "sworn", "declared"),
    bad_cell("waivers.csv", 2, "state", "maybe", "approved"),
    bad_cell("gates.csv", 2, "kind", "garden", "checkpoint"),
    bad_cell("gate_reviews.csv", 2, "outcome", "perhaps", "no_go"),
    bad_cell("sign_offs.csv", 2, "answer", "aye", "with_conditions"),
    bad_cell("pilots.csv", 2, "outcome", "great", "iterate"),
    bad_cell("measures.csv", 2, "direction", "sideways", "up"),
    bad_cell("observations.csv", 2, "period", "year", "week"),
    bad_cell("engagement.csv", 2, "kind", "party", "workshop"),
    bad_cell("stories.csv", 2, "from", "visitor", "patient"),
    bad_cell("support_issues.csv", 2, "category", "magic", "equipment"),
    bad_cell("support_issues.csv", 2, "tier", "copper", "bronze"),
    bad_cell("decisions.csv", 2, "kind", "hope", "standard"),
    bad_cell("absences.csv", 2, "kind", "holiday", "secondment"),
    bad_cell("staff.csv", 2, "line_manager", "yes", "true", "false"),
    bad_cell("attendance.csv", 2, "passed", "1", "true", "false"),
    bad_cell("sites.csv", 2, "time_zone", "BST", "zone"),
    bad_cell("sites.csv", 2, "time_zone", "Mars/Base", "zone"),
    bad_cell("shifts.csv", 2, "client_id", "shift-1"),
    bad_cell("wards.csv", 3, "code", "W 2"),
    bad_cell("wards.csv", 3, "code", "W/2"),
    bad_cell("wards.csv", 3, "code", "Wä2"),
    bad_cell("wards.csv", 3, "code", "W" * 41, "40"),
    bad_cell("wards.csv", 3, "code", ""),
    bad_cell("staff.csv", 4, "number", ""),
    bad_cell("waivers.csv", 2, "until", ""),
    bad_cell("waivers.csv", 2, "item", "collision:2026-W60"),
]

NUMBERS = [
    bad_cell("template.csv", 2, "weight", "6", "5"),
    bad_cell("template.csv", 2, "weight", "0", "1"),
    bad_cell("hazards.csv", 2, "likelihood", "9", "5"),
    bad_cell("hazards.csv", 2, "severity", "2.5", "whole"),
    bad_cell("pulse.csv", 2, "confidence", "6", "5"),
    bad_cell("other_changes.csv", 2, "load", "4", "3"),
    bad_cell("gates.csv", 2, "minimum_score", "101", "100"),
    bad_cell("support_issues.csv", 2, "severity", "7", "5"),
    bad_cell("pilots.csv", 2, "staff_experience", "5.1", "5"),
    bad_cell("shift_patterns.csv", 2, "minimum", "0", "1"),
    bad_cell("sessions.csv", 2, "capacity", "10.5", "whole"),
    bad_cell("sessions.csv", 2, "capacity", "-3", "0"),
    bad_cell("sessions.csv", 2, "capacity", "1e3", "whole"),
    bad_cell("sessions.csv", 2, "capacity", "1_000", "whole"),
    bad_cell("sessions.csv", 2, "capacity", "99999999999", "number"),
    bad_cell("sessions.csv", 2, "capacity", "ten", "whole"),
    bad_cell("courses.csv", 2, "valid_days", "-5", "0"),
    bad_cell("waves.csv", 2, "number", "first", "whole"),
    bad_cell("waves.csv", 2, "number", "-1", "0"),
    bad_cell("champions.csv", 2, "protected_hours", "-2", "0"),
    bad_cell("pilots.csv", 2, "staff_answers", "-1", "0"),
    bad_cell("measures.csv", 2, "target", "1,000", "number"),
    bad_cell("funding.csv", 2, "amount", "NaN", "number"),
    bad_cell("funding.csv", 2, "amount", "Infinity", "number"),
    bad_cell("funding.csv", 2, "amount", "1e400", "number"),
    bad_cell("funding.csv", 2, "amount", "-0.01", "0"),
    bad_cell("funding.csv", 2, "amount", "10.005", "decimal"),
    bad_cell("observations.csv", 3, "numerator", "41"),
    bad_cell("observations.csv", 3, "denominator", ""),
    bad_cell("observations.csv", 2, "value", "much", "number"),
]

LENGTHS = [
    bad_cell("staff.csv", 2, "name", "N" * 300, "200"),
    bad_cell("sites.csv", 2, "name", "é" * 201, "200"),
    bad_cell("sites.csv", 2, "postcode", "AB1 2CD, around the corner from here", "12"),
    bad_cell("decisions.csv", 2, "text", "x" * 2_000_000),
    Case(
        "staff-name-with-a-nul",
        with_cell("staff.csv", 3, "name", "Person\x00Two"),
        (Fault("staff.csv", 3, "name", r"Person\x00Two", ("NUL",)),),
    ),
]


def _order(file: str, row: int, later: str, value: str) -> Case:
    """An end before its beginning; the report names the end's cell."""
    return bad_cell(file, row, later, value, "before")


ORDERS = [
    _order("sessions.csv", 2, "ends_at", "2026-03-02T08:00:00"),
    _order("shifts.csv", 2, "ends_at", "2026-04-13T06:00:00"),
    _order("waves.csv", 2, "ends_on", "2026-03-31"),
    _order("postings.csv", 3, "to", "2024-12-31"),
    _order("champions.csv", 3, "to", "2026-01-04"),
    _order("absences.csv", 2, "to", "2026-04-09"),
    _order("waivers.csv", 2, "until", "2026-03-03"),
    _order("pilots.csv", 2, "ends_on", "2025-10-31"),
    _order("funding.csv", 2, "to", "2025-12-31"),
    _order("other_changes.csv", 2, "to", "2026-01-31"),
    bad_cell("shifts.csv", 5, "ends_at", "2026-04-16T23:00:00", "24"),
    bad_cell("shifts.csv", 2, "ends_at", "2026-04-13T07:00:00"),
]


def _later_start(value: str, **others: str) -> Case:
    cells = {"starts_at": value, "ends_at": "2026-04-13T20:00:00", **others}
    return Case(
        "shifts-overlap-" + "-".join([value, *others.values()]),
        with_cells(*(("shifts.csv", 3, column, text) for column, text in cells.items())),
        (Fault("shifts.csv", 3, words=("overlap", "row 2")),),
    )


OVERLAPS = [
    _later_start("2026-04-13T14:59:00"),
    _later_start("2026-04-13T14:00:00", ward="W2"),
    _later_start("2026-04-13T07:00:00", state="planned"),
    # 14:30 by London's clock, written as UTC.
    _later_start("2026-04-13T13:30:00Z"),
]

SEVERAL_AT_ONCE = (
    ("sites.csv", 3, "kind", "castle"),
    ("staff.csv", 2, "line_manager", "yes"),
    ("staff.csv", 4, "line_manager", "no"),
    ("shifts.csv", 5, "planned_on", "2026-02-30"),
)


def _taken(name: str, *cells: tuple[str, int, str, str], says: tuple[str, ...] = ()) -> Case:
    """An accepted case of some odd cells of one file."""
    return Case(name, with_cells(*cells), says=says, about=cells[0][0])


TAKEN_AS_THEY_ARE = [
    _taken("time-with-zulu-offset", ("access_checks.csv", 2, "checked_at", "2026-10-25T01:30:00Z")),
    _taken("repeated-time-with-offset", ("access_checks.csv", 2, "checked_at", "2026-10-25T01:30:00+01:00")),
    _taken("midnight-as-the-end-of-a-day", ("access_checks.csv", 2, "checked_at", "2026-03-10T24:00:00")),
    _taken("default-due-date", ("checklist_events.csv", 3, "due", "default")),
    _taken("shifts-back-to-back", ("shifts.csv", 2, "ends_at", "2026-04-14T07:00:00")),
    _taken(
        "shift-over-a-cancelled-one",
        ("shifts.csv", 3, "starts_at", "2026-04-13T08:00:00"),
        ("shifts.csv", 3, "ends_at", "2026-04-13T16:00:00"),
        ("shifts.csv", 3, "state", "cancelled"),
        ("shifts.csv", 3, "ended_on", "2026-04-01"),
    ),
    _taken("formula-in-text", ("decisions.csv", 2, "reason", '=HYPERLINK("x","y")')),
    _taken("plus-and-minus-in-text", ("decisions.csv", 2, "reason", "-1+1")),
    _taken("emoji-and-other-scripts", ("staff.csv", 2, "name", "Nguyễn 王 🙂 O’Brien")),
    _taken("name-in-decomposed-letters", ("staff.csv", 2, "name", "Ame\u0301lie")),
]


def _warned(name: str, file: str, row: int, column: str, value: str, *says: str) -> Case:
    """A case of one odd cell: loaded, and the warning names the row."""
    return _taken(name, (file, row, column, value), says=(f"{file} row {row}", *says))


WARNED = [
    _warned("attended-in-the-future", "attendance.csv", 4, "date", "2199-01-01"),
    _warned("planned-after-it-began", "shifts.csv", 2, "planned_on", "2026-04-20"),
    _warned("closed-before-raised", "hazards.csv", 3, "closed_on", "2026-01-01"),
    _warned("blocked-without-a-reason", "checklist_events.csv", 4, "reason", ""),
    # A number made up for tests, whose last digit is right.
    _warned("patient-number-in-words", "pulse.csv", 2, "words", "Ask 943 476 5919", "NHS"),
    _warned("year-far-from-now", "measures.csv", 2, "target_date", "0026-12-31", "year"),
    _warned("invisible-marks-in-a-name", "staff.csv", 2, "name", "Per\u200bson \u202eOne", "invisible"),
    Case(
        "live-without-a-gate",
        edited(lambda tables: [tables.pop(name) for name in ("gate_reviews.csv", "conditions.csv", "sign_offs.csv")]),
        says=("deployments.csv row 2", "gate"),
        same=False,
    ),
    Case("no-headline-measure", with_cell("measures.csv", 2, "headline", "false"), says=("headline",)),
]

CASES = [
    *DATES,
    *CLOCK_CHANGES,
    *CODES,
    *NUMBERS,
    *LENGTHS,
    *ORDERS,
    *OVERLAPS,
    Case(
        "every-bad-row-is-named",
        with_cells(*SEVERAL_AT_ONCE),
        tuple(Fault(*cell) for cell in SEVERAL_AT_ONCE),
        about="shifts.csv",
    ),
    *TAKEN_AS_THEY_ARE,
    *WARNED,
]
