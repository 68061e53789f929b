"""What a staff list makes of the records: every fate of a row, and what holds for any list."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.imports.kinds import Line
from readiness.imports.staff_derive import ABSENCES, POSTINGS, STAFF
from readiness.imports.staff_known import Away, Spell, folded
from tests.readiness.imports.staff_world import (
    GROUPS,
    LONG_AGO,
    ORGANISATIONS,
    PLACES,
    TODAY,
    YESTERDAY,
    applied,
    cells,
    derived,
    lines,
    person,
    present,
)

A, B = "3A", "3B"
SINCE = Spell(1, LONG_AGO)
SOON, LATER = "2026-04-01", "2026-04-30"
Row = dict[str, str]

# What stands on record, the rows of the list, the postings written (site, ward, from, to), the words of the first row.
WORK: dict[str, tuple[tuple[Spell, ...], list[Row], list[tuple[str, ...]], list[str]]] = {
    "same": ((SINCE,), [{"ward": A}], [], []),
    "same by name and with the day of joining": ((SINCE,), [{"ward": "ward 3a", "from": "2019-05-01"}], [], []),
    "comes from nowhere": (
        (Spell(1, LONG_AGO, date(2025, 6, 30)),),
        [{"ward": B, "from": "2026-03-02"}],
        [("NORTH", B, "2026-03-02", "")],
        ["Comes back, to Ward 3B on 2 March 2026"],
    ),
    "move on a day": (
        (SINCE,),
        [{"ward": B, "from": "2026-03-02"}],
        [("NORTH", A, "2024-01-01", "2026-03-01"), ("NORTH", B, "2026-03-02", "")],
        ["Moves from Ward 3A to Ward 3B on 2 March 2026"],
    ),
    "move to come": (
        (SINCE,),
        [{"ward": B, "from": SOON}],
        [("NORTH", A, "2024-01-01", "2026-03-31"), ("NORTH", B, SOON, "")],
        ["Moves from Ward 3A to Ward 3B on 1 April 2026"],
    ),
    "move without a day": (
        (SINCE,),
        [{"ward": B}],
        [("NORTH", A, "2024-01-01", "2026-03-13"), ("NORTH", B, "2026-03-14", "")],
        ["Moves from Ward 3A to Ward 3B on 14 March 2026"],
    ),
    "move with the day of joining, which is no day of a move": (
        (SINCE,),
        [{"ward": B, "from": "2024-01-01"}],
        [("NORTH", A, "2024-01-01", "2026-03-13"), ("NORTH", B, "2026-03-14", "")],
        ["Moves from Ward 3A to Ward 3B on 14 March 2026"],
    ),
    "planned move that the list does not know yet": (
        (Spell(1, LONG_AGO, date(2026, 3, 31)), Spell(2, date(2026, 4, 1))),
        [{"ward": A, "leaving": ""}],
        [],
        ["Starts on Ward 3B on 1 April 2026, as was known"],
    ),
    "leaves": (
        (SINCE,),
        [{"ward": A, "leaving": LATER}],
        [("NORTH", A, "2024-01-01", LATER)],
        ["Leaves Ward 3A: the last day is 30 April 2026"],
    ),
    "leaves, without a ward": (
        (SINCE,),
        [{"leaving": LATER}],
        [("NORTH", A, "2024-01-01", LATER)],
        ["Leaves Ward 3A: the last day is 30 April 2026"],
    ),
    "left, and is still listed": (
        (Spell(1, LONG_AGO, date(2026, 3, 1)),),
        [{"ward": A, "leaving": "2026-03-01"}],
        [],
        [],
    ),
    "left earlier than was known": (
        (Spell(1, LONG_AGO, YESTERDAY),),
        [{"ward": A, "leaving": "2026-03-01"}],
        [("NORTH", A, "2024-01-01", "2026-03-01")],
        ["Last day on Ward 3A: 13 March 2026 → 1 March 2026"],
    ),
    "does not leave after all": (
        (Spell(1, LONG_AGO, date(2026, 4, 30)),),
        [{"ward": A, "leaving": ""}],
        [("NORTH", A, "2024-01-01", "")],
        ["Stays on Ward 3A: does not leave on 30 April 2026"],
    ),
    "leaving is not asked": ((Spell(1, LONG_AGO, date(2026, 4, 30)),), [{"ward": A}], [], []),
    "was taken to have left by mistake": (
        (Spell(1, LONG_AGO, YESTERDAY),),
        [{"ward": A, "from": "2024-01-01"}],
        [("NORTH", A, "2024-01-01", "")],
        ["Comes back to Ward 3A: did not leave on 13 March 2026"],
    ),
    "comes back after a while": (
        (Spell(1, LONG_AGO, date(2025, 6, 30)),),
        [{"ward": A}],
        [("NORTH", A, "2026-03-14", "")],
        ["Comes back, to Ward 3A on 14 March 2026"],
    ),
    "also on another ward": (
        (SINCE,),
        [{"ward": B, "from": "2026-03-02"}, {"ward": A}],
        [("NORTH", B, "2026-03-02", "")],
        ["Also on Ward 3B from 2 March 2026"],
    ),
    "no longer on one of two": (
        (SINCE, Spell(2, date(2025, 1, 1))),
        [{"ward": A}],
        [("NORTH", B, "2025-01-01", "2026-03-13")],
        ["No longer on Ward 3B from 14 March 2026"],
    ),
    "first day of one still to come stays": (
        (Spell(2, date(2026, 4, 1)),),
        [{"ward": B, "from": "2026-04-13"}],
        [],
        ["The first day stays 1 April 2026: change it on the person's page"],
    ),
    "two sites have such a ward": ((SINCE,), [{"ward": "emergency", "site": "South Hospital"}],
        [("NORTH", A, "2024-01-01", "2026-03-13"), ("SOUTH", "ED", "2026-03-14", "")],
        ["Moves from Ward 3A to Emergency, South Hospital on 14 March 2026"]),
}  # fmt: skip


@pytest.mark.parametrize("case", WORK)
def test_postings_follow_the_list(case: str) -> None:
    spells, rows, postings, words = WORK[case]
    records = present(person("100", *spells))

    result = derived(lines(*rows), records)

    assert cells(result, POSTINGS) == postings
    assert list(result.fates[2].words) == words
    assert result.fates[2].code == ("changed" if postings else "same")
    assert result.rows[STAFF] == [] == result.rows[ABSENCES]


# The rows of a list, and what is said of the first, which is not taken.
WRONG: dict[str, tuple[list[Row], str]] = {
    "no number": ([{"number": ""}], "Enter the employee number"),
    "number of other signs": ([{"number": "10 0"}], "Write the employee number in letters"),
    "zeros eaten": ([{"number": "0100", "ward": A}], "differs only in zeros"),
    "unknown ward": ([{"ward": "Ward 9"}], "No ward of this programme's sites"),
    "closed ward": ([{"ward": "OLD"}], "This ward is closed"),
    "ward of others": ([{"ward": "W1"}], "belongs to another organisation"),
    "which of two wards": ([{"ward": "Emergency"}], "North Hospital (ED), South Hospital (ED)"),
    "unknown site": ([{"ward": A, "site": "East"}], "No site of this programme"),
    "unknown organisation": ([{"ward": A, "organisation": "RX9"}], "No organisation of this programme"),
    "newcomer without a ward": ([{"number": "200"}], "Enter the ward"),
    "no address": ([{"ward": A, "email": "ana"}], "Enter an email address like"),
    "long name": ([{"ward": A, "name": "a" * 201}], "at most 200 characters"),
    "long group": ([{"ward": A, "group": "a" * 61}], "at most 60 characters"),
    "semicolon": ([{"ward": A, "group": "nurse; doctor"}], "semicolons"),
    "ends before it starts": ([{"ward": B, "from": SOON, "leaving": "2026-03-20"}], "is before the first day"),
    "left before the first day on record": ([{"ward": A, "leaving": "2023-01-01", "from": "2022-01-01"}], "first day"),
    "absence ends first": ([{"ward": A, "absent_from": SOON, "absent_to": "2026-03-01"}], "absence ends before"),
    "absence without a start": ([{"ward": A, "absent_to": SOON}], "from when the person is absent"),
    "two names": ([{"ward": A, "name": "Ana"}, {"ward": A, "name": "Ben"}], "differ in: name"),
    "other days, one ward": ([{"ward": A}, {"ward": A, "leaving": SOON}], "other days for the same ward"),
    "two wards, one ends": ([{"ward": A}, {"ward": B, "leaving": SOON}], "two wards at once"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_row_that_is_not_clear_is_rejected_in_words(case: str) -> None:
    rows, words = WRONG[case]

    result = derived(lines(*rows), present(person()))

    assert {fate.code for fate in result.fates.values()} == {"rejected"}
    assert words in result.fates[2].words[0]
    assert next((each.row, each.words) for each in result.troubles) == (2, result.fates[2].words[0])
    assert result.rows == {STAFF: [], POSTINGS: [], ABSENCES: []}


def test_starter_is_made_with_what_the_list_says() -> None:
    row = {"number": "0200", "first_name": "Bo", "last_name": "Li", "group": "Allied Health", "ward": A, "from": SOON}

    result = derived(lines(row), present(person()))

    described = {"name": "Bo Li", "email": "", "group": "allied_health", "line_manager": "false"}
    assert result.rows[STAFF] == [(2, {"organisation": "RX1", "number": "0200", **described})]
    assert cells(result, POSTINGS) == [("NORTH", A, SOON, "")]
    assert (result.fates[2].code, result.fates[2].words) == ("new", ("Starts on Ward 3A on 1 April 2026",))


def test_details_change_and_empty_cells_leave_what_is_known() -> None:
    row = {"name": "Ana Bell-Roy", "email": "", "group": "Theatre  Staff", "line_manager": "true", "ward": A}

    result = derived(lines(row), present(person()))
    unseen = derived(lines(row), present(person("100", readable=False)))

    details = {"name": "Ana Bell-Roy", "email": "ana@example.org", "group": "theatre_staff", "line_manager": "true"}
    assert result.rows[STAFF] == unseen.rows[STAFF] == [(2, {"organisation": "RX1", "number": "100", **details})]
    assert result.fates[2].words == (
        "Name: Ana Bell → Ana Bell-Roy",
        "Staff group: nurse → theatre staff",
        "Line manager: no → yes",
    )
    # Who may not read the name is not told it by entering a number.
    assert "Ana Bell →" not in str(unseen.fates) and unseen.fates[2].words[0] == "Name taken from the list"


AWAY = Away(date(2026, 2, 1), None, "secondment")
ABSENT: dict[str, tuple[tuple[Away, ...], Row, list[tuple[str, ...]], list[str]]] = {
    "begins": ((), {"absent_from": SOON, "absent_to": LATER, "absent_kind": "leave"}, [(SOON, LATER, "leave")],
        ["Away from 1 April 2026 to 30 April 2026 (leave)"]),
    "open": ((), {"absent_from": SOON}, [(SOON, "", "leave")], ["Away from 1 April 2026 until further notice (leave)"]),
    "same": ((AWAY,), {"absent_from": "2026-02-01", "absent_to": ""}, [], []),
    "other first day": ((AWAY,), {"absent_from": "2026-02-05", "absent_to": LATER},
        [("2026-02-01", LATER, "secondment")],
        ["Away from 1 February 2026 to 30 April 2026 (secondment)"]),
    "ends": ((AWAY,), {"absent_from": ""}, [("2026-02-01", "2026-03-13", "secondment")],
        ["Back from absence on 14 March 2026"]),
    "not asked": ((AWAY,), {}, [], []),
    "over long ago": ((Away(LONG_AGO, date(2024, 3, 1), "leave"),), {"absent_from": ""}, [], []),
}  # fmt: skip


@pytest.mark.parametrize("case", ABSENT)
def test_absences_follow_the_list(case: str) -> None:
    known, row, absences, words = ABSENT[case]

    result = derived(lines({"ward": A, **row}), present(person("100", absences=known)))

    assert (cells(result, ABSENCES), list(result.fates[2].words)) == (absences, words)


def test_row_that_stands_twice_is_read_once() -> None:
    row = {"number": "200", "name": "Bo", "ward": A}

    result = derived(lines(row, row), present(person()))

    assert [len(rows) for rows in result.rows.values()] == [1, 1, 0]
    assert [result.fates[n].code for n in (2, 3)] == ["new", "same"]
    assert result.fates[3].words == ("Stands in the list twice: read once",)


def test_organisation_is_said_by_the_row_where_the_programme_has_several() -> None:
    records = present(organisations=ORGANISATIONS)
    rows = lines({"ward": A}, {"number": "101", "ward": A, "organisation": "west trust"}, {"ward": "W1"}, {"ward": ""})

    by_ward = derived(rows, records)
    chosen = derived(rows, records, organisation="RX2")

    assert [row["organisation"] for _line, row in by_ward.rows[STAFF]] == ["RX1", "RX2"]
    assert by_ward.fates[5].words[0].startswith("The programme has several organisations")
    assert [row["organisation"] for _line, row in chosen.rows[STAFF]] == []
    assert "belongs to another organisation" in chosen.fates[2].words[0]


def crowd(number: int) -> list[Any]:
    return [person(str(100 + n), name=f"Person {n}") for n in range(number)]


def test_whole_list_ends_the_postings_of_whoever_is_not_in_it() -> None:
    people = [*crowd(9), person("190", Spell(1, date(2026, 4, 1))), person("191", Spell(1, LONG_AGO, YESTERDAY))]
    rows = lines(*({"number": str(100 + n), "ward": A} for n in range(8)))

    part, whole = (derived(rows, present(*people), whole=asked) for asked in (False, True))

    assert part.rows[POSTINGS] == [] == part.missing
    key = {"organisation": "RX1", "number": "108"}
    assert whole.rows[POSTINGS] == [(-1, {**key, "site": "NORTH", "ward": A, "from": "2024-01-01", "to": "2026-03-13"})]
    said = ("108 Person 8", ("Leaves Ward 3A: the last day is 13 March 2026",))
    assert [(each.label, each.words) for each in whole.missing] == [said]
    assert whole.aloud == ["1 of the 9 people on record is not in this list and leaves on 13 March 2026."]


def test_whole_list_ends_nobody_where_too_many_are_missing_or_a_row_names_nobody() -> None:
    records = present(*crowd(10))
    rows = [{"number": str(100 + n), "ward": A} for n in range(7)]

    many = derived(lines(*rows), records, whole=True)
    confirmed = derived(lines(*rows), records, whole=True, many_leave=True)
    nameless = derived(lines(*rows, {"number": ""}), records, whole=True, many_leave=True)
    unread = [*lines(*rows[:5]), *(Line(20 + n, rows[n], frozenset({"from"})) for n in (5, 6))]

    assert many.rows[POSTINGS] == [] == nameless.rows[POSTINGS]
    assert "3 of the 10 people" in many.aloud[0] and "more than 20%" in many.aloud[0]
    assert many.missing == []
    assert "Mend those rows first" in nameless.aloud[0] and nameless.missing == []
    assert len(confirmed.rows[POSTINGS]) == 3 == len(derived(unread, records, whole=True, many_leave=True).missing)


DAYS = st.sampled_from([TODAY + timedelta(days=n) for n in (-400, -30, -2, -1, 0, 1, 30)])
SOMETIMES = DAYS.map(str) | st.just("")
ROWS = st.fixed_dictionaries(
    {"number": st.sampled_from(["100", "101", "102", "103"]), "ward": st.sampled_from([A, B, "ED", ""])},
    optional={
        "site": st.sampled_from(["NORTH", "SOUTH", ""]),
        "name": st.sampled_from(["Ana", "Ben", ""]),
        "group": st.sampled_from(["nurse", "Porters"]),
        "from": SOMETIMES,
        "leaving": SOMETIMES,
        "absent_from": SOMETIMES,
        "absent_to": SOMETIMES,
    },
)
SPELLS = st.lists(st.tuples(st.sampled_from([1, 2, 3]), DAYS, DAYS | st.none()), max_size=3).map(
    lambda drawn: tuple(sorted({(p, f): Spell(p, f, t) for p, f, t in drawn if t is None or t >= f}.values()))
)


@given(st.lists(ROWS, max_size=6), SPELLS, SPELLS, st.booleans(), st.randoms(use_true_random=False))
def test_list_taken_twice_changes_nothing_and_its_order_does_not_matter(
    rows: list[Row], one: tuple[Spell, ...], two: tuple[Spell, ...], whole: bool, luck: Any
) -> None:
    people = [person("100", *one), person("101", *two)] if one and two else [person("102")]
    records, asked = present(*people), {"whole": whole, "many_leave": True}
    shuffled = lines(*rows)
    luck.shuffle(shuffled)

    first = derived(lines(*rows), records, **asked)
    other = derived(shuffled, records, **asked)
    again = derived(lines(*rows), applied(records, first), **asked)

    for file in (STAFF, POSTINGS, ABSENCES):
        assert cells(first, file) == cells(other, file)
        assert cells(again, file) == []
    assert {n: fate.code for n, fate in again.fates.items() if fate.code in ("new", "changed")} == {}


def test_words_are_compared_without_capitals_accents_and_marks() -> None:
    assert folded("  Café–Ward  3A ") == folded("CAFE WARD 3a") == "cafe ward 3a"
    assert GROUPS["nurse"] == "nurse" and PLACES[1].title == "Ward 3A"
