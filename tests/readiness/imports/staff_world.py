"""A small hospital on record, and lists held against it, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from readiness.imports.kinds import Derived, Line
from readiness.imports.staff_derive import ABSENCES, POSTINGS, STAFF, Asked, derive
from readiness.imports.staff_known import Away, Known, Place, Present, Spell, Who

TODAY = date(2026, 3, 14)
YESTERDAY = TODAY - timedelta(days=1)
LONG_AGO = date(2024, 1, 1)
PLACES = {
    1: Place(1, "NORTH", "3A", "Ward 3A", "North Hospital", "RX1", "Ward 3A"),
    2: Place(2, "NORTH", "3B", "Ward 3B", "North Hospital", "RX1", "Ward 3B"),
    3: Place(3, "NORTH", "ED", "Emergency", "North Hospital", "RX1", "Emergency, North Hospital"),
    4: Place(4, "SOUTH", "ED", "Emergency", "South Hospital", "RX1", "Emergency, South Hospital"),
    5: Place(5, "NORTH", "OLD", "Old ward", "North Hospital", "RX1", "Old ward", closed=True),
    6: Place(6, "WEST", "W1", "Ward W1", "West Hospital", "RX2", "Ward W1"),
}
ORGANISATIONS = {"RX1": "North Trust", "RX2": "West Trust"}
GROUPS = {"nurse": "nurse", "allied_health": "allied health"}


def person(number: str = "100", *spells: Spell, **fields: Any) -> Known:
    """A nurse on record, at Ward 3A since long ago unless told otherwise."""
    known = Known(int(number), ("RX1", number), "Ana Bell", "ana@example.org", "nurse")
    return replace(known, spells=spells or (Spell(1, LONG_AGO),), **fields)


def present(*people: Known, organisations: dict[str, str] | None = None) -> Present:
    """The hospital with these people."""
    by_number = {known.who: known for known in people}
    bare = {(who[0], who[1].lstrip("0")): who[1] for who in by_number if who[1].isdecimal()}
    return Present(PLACES, organisations or {"RX1": "North Trust"}, GROUPS, by_number, frozenset(), bare)


def lines(*rows: dict[str, str]) -> list[Line]:
    """Rows of a file, from row 2 on. Each is about number 100 unless it says otherwise."""
    return [Line(at, {"number": "100", **row}) for at, row in enumerate(rows, 2)]


def derived(rows: list[Line], records: Present, **asked: Any) -> Derived:
    """What a list makes of the records on TODAY."""
    return derive(rows, records, Asked(**{"on": TODAY, "list_day": TODAY, "left_on": YESTERDAY, **asked}))


def cells(result: Derived, file: str) -> list[tuple[str, ...]]:
    """The rows of a file without who they are about, in order."""
    found = [
        tuple(row[name] for name in row if name not in ("organisation", "number")) for _line, row in result.rows[file]
    ]
    return sorted(found)


def applied(records: Present, result: Derived) -> Present:
    """The records once what was derived is loaded, as the pack's engine does it by key."""
    people = dict(records.people)
    places = {(place.site, place.ward): place.pk for place in PLACES.values()}

    def who(row: dict[str, str]) -> Who:
        return row["organisation"], row["number"]

    rejected = {number for number, fate in result.fates.items() if fate.code == "rejected"}
    rows = {file: [row for line, row in each if line not in rejected] for file, each in result.rows.items()}
    for row in rows[STAFF]:
        known = people.get(who(row)) or Known(len(people) + 1000, who(row))
        people[who(row)] = replace(
            known, name=row["name"], email=row["email"], group=row["group"], line_manager=row["line_manager"]
        )
    for row in rows[POSTINGS]:
        known = people[who(row)]
        spells = {(spell.place, spell.from_on): spell for spell in known.spells}
        key = (places[row["site"], row["ward"]], date.fromisoformat(row["from"]))
        last = date.fromisoformat(row["to"]) if row["to"] else None
        assert last is None or last >= key[1]
        spells[key] = Spell(*key, last)
        people[who(row)] = replace(known, spells=tuple(sorted(spells.values(), key=lambda s: (s.from_on, s.place))))
    for row in rows[ABSENCES]:
        known = people[who(row)]
        away = {each.from_on: each for each in known.absences}
        first = date.fromisoformat(row["from"])
        away[first] = Away(first, date.fromisoformat(row["to"]) if row["to"] else None, row["kind"])
        people[who(row)] = replace(known, absences=tuple(away[day] for day in sorted(away)))
    return replace(records, people=people)
