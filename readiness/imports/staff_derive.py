"""What a staff list makes of the records: rows of the pack's tables, and what becomes of each row in words. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.imports.kinds import Derived, Fate, Line, Missing
from readiness.imports.staff_known import Known, Present, Spell, Who
from readiness.imports.staff_moves import Outcome, Postings, Unclear, absences_of
from readiness.imports.staff_rows import Reader, StaffRow
from readiness.sheets import Trouble
from rollout.templatetags.formats import count
from rollout.templatetags.formats import day as day_words

STAFF, POSTINGS, ABSENCES = "staff.csv", "postings.csv", "absences.csv"
# A whole list from which more than this share of the people is missing is mostly not whole.
MOST_LEAVERS_PERCENT = 20
DETAILS = {
    "name": _("Name"),
    "email": _("Email address"),
    "group": _("Staff group"),
    "line_manager": _("Line manager"),
}


@dataclass(frozen=True)
class Asked:
    """The options as the derivation takes them; `organisation` is a code, "" where each row says it."""

    on: date
    list_day: date
    organisation: str = ""
    whole: bool = False
    left_on: date | None = None
    many_leave: bool = False


def derive(lines: list[Line], present: Present, asked: Asked) -> Derived:
    """What a list makes of the records. Pure: the same lines, in any order, make the same of the same records."""
    own = list(present.organisations)
    reader = Reader(present, asked.organisation or (own[0] if len(own) == 1 else ""))
    derived, listed = Derived(rows={STAFF: [], POSTINGS: [], ABSENCES: []}), _Listed()
    for line in lines:
        try:
            who = reader.who(line)
        except Unclear as wrong:
            listed.nameless += 1
            _reject(line, wrong, derived)
            continue
        listed.lines[who].append(line)
    for who, theirs in listed.lines.items():
        _derive_person(who, theirs, present, reader, asked, derived)
    if asked.whole:
        _derive_missing(listed, present, asked, derived)
    return derived


def _reject(line: Line, wrong: Unclear, derived: Derived) -> None:
    """Say at a row, and at the cell where there is one, why it is not taken."""
    derived.fates[line.number] = Fate("rejected", (str(wrong),))
    if line.unread and (not wrong.field or wrong.field in line.unread):
        return  # the cell that could not be read has said why already
    field = wrong.field if wrong.field in line.values else ""
    derived.troubles.append(Trouble(line.number, field, line.values.get(field, ""), str(wrong)))


class _Listed:
    """Who stands in the list, by organisation and number; and how many rows name nobody that could be read."""

    def __init__(self) -> None:
        self.lines: dict[Who, list[Line]] = defaultdict(list)
        self.nameless = 0


def _derive_person(
    who: Who, lines: list[Line], present: Present, reader: Reader, asked: Asked, derived: Derived
) -> None:
    """Add what the rows of one person make of the records; where they are not clear, reject all of them."""
    lines = sorted(lines, key=lambda line: line.number)
    known = present.people.get(who)
    try:
        rows = _rows_of(who, lines, present, reader)
        once = _each_once(rows)
        said = _details(once)
        outcome = _outcome(known, once, present, asked)
    except Unclear as wrong:
        for each in lines:
            _reject(each, wrong, derived)
        return
    first = once[0].said.line
    differing: list[str] = []
    words: list[str] = []
    if known is None and not outcome.spells:
        # Left before anybody here knew of the person: there is nobody to keep a record of.
        outcome.absences.clear()
    else:
        differing, words = _describe(known, who, said, first, present, derived)
    _write(who, outcome, present, derived)
    touched = {line for line, _row in (*outcome.spells, *outcome.absences)} | ({first} if differing else set())
    repeated = {row.said.line for row in rows} - {row.said.line for row in once}
    for line in (row.said.line for row in rows):
        told = [*(words if line == first else ()), *outcome.words.get(line, ())]
        code = "same" if line not in touched else "new" if known is None and line == first else "changed"
        twice = (gettext("Stands in the list twice: read once"),)
        derived.fates[line] = Fate(code, twice if line in repeated else tuple(told))


def _describe(
    known: Known | None, who: Who, said: Mapping[str, str | None], line: int, present: Present, derived: Derived
) -> tuple[list[str], list[str]]:
    """Add the row of the person's details where they differ; give which do, and in words."""
    staff = {column: value if value is not None else getattr(known, column, "") for column, value in said.items()}
    staff["line_manager"] = staff["line_manager"] or "false"
    differing = [column for column in DETAILS if known is None or staff[column] != getattr(known, column)]
    if differing:
        derived.rows[STAFF].append((line, {"organisation": who[0], "number": who[1], **staff}))
    return differing, [] if known is None else [_difference(known, each, staff, present) for each in differing]


def _rows_of(who: Who, lines: list[Line], present: Present, reader: Reader) -> list[StaffRow]:
    """What the rows of one person say. Raises Unclear."""
    if who in present.taken_out:
        raise Unclear(
            gettext("This person's record was taken out here: leave the row out, or ask an administrator"), "number"
        )
    if who not in present.people:
        bare = present.bare.get((who[0], who[1].lstrip("0"))) if who[1].isdecimal() else None
        if bare is not None:
            raise Unclear(
                gettext(
                    "This number is not known, but one that differs only in zeros at the front is. A spreadsheet"
                    " program may have changed them: format the column as text and enter the number as it is"
                ),
                "number",
            )
    rows = [reader.row(line, who) for line in lines if not line.unread]
    if not rows:
        raise Unclear(gettext("Put the values right that could not be read"))
    return rows


def _each_once(rows: list[StaffRow]) -> list[StaffRow]:
    """The rows without those that repeat another, of which the first stays."""
    kept: dict[tuple[Any, ...], StaffRow] = {}
    for row in rows:
        kept.setdefault((*row.described.values(), row.said.spell, row.said.away), row)
    return list(kept.values())


def _details(rows: list[StaffRow]) -> dict[str, str | None]:
    """What the rows together say of the person. Raises Unclear where they differ."""
    found: dict[str, str | None] = {}
    for column, label in DETAILS.items():
        values = {row.described[column] for row in rows} - {None}
        if len(values) > 1:
            numbers = ", ".join(str(row.said.line) for row in rows)
            words = {"what": str(label).lower(), "rows": numbers}
            raise Unclear(
                gettext("Rows %(rows)s have one employee number and differ in: %(what)s. Put right which is wrong")
                % words
            )
        found[column] = next(iter(values), None)
    return found


def _outcome(known: Known | None, rows: list[StaffRow], present: Present, asked: Asked) -> Outcome:
    """What becomes of the postings and absences of one person. Raises Unclear."""
    said = [row.said for row in rows]
    if known is None and all(each.place is None for each in said):
        raise Unclear(gettext("Enter the ward: this person is not known yet"), "ward")
    spells = known.spells if known else ()
    outcome = Postings(spells, present.places, on=asked.on, list_day=asked.list_day).derive(said)
    absences_of(known.absences if known else (), said, outcome, list_day=asked.list_day)
    return outcome


def _difference(known: Known, column: str, staff: Mapping[str, str], present: Present) -> str:
    """How a detail changes; what was known before is said only to those who may read it."""
    label = str(DETAILS[column])
    if not known.readable:
        return gettext("%(what)s taken from the list") % {"what": label}
    before, after = getattr(known, column), staff[column]
    if column == "line_manager":
        before, after = (gettext("yes") if value == "true" else gettext("no") for value in (before, after))
    if column == "group":
        before, after = (present.groups.get(value, value.replace("_", " ")) for value in (before, after))
    words = {"what": label, "before": before or gettext("none"), "after": after}
    return gettext("%(what)s: %(before)s → %(after)s") % words


def _write(who: Who, outcome: Outcome, present: Present, derived: Derived) -> None:
    """Rows of the pack for what becomes of one person."""
    key = {"organisation": who[0], "number": who[1]}
    for line, spell in outcome.spells:
        derived.rows[POSTINGS].append((line, {**key, **_posting(spell, present)}))
    for line, away in outcome.absences:
        cells = {"from": away.from_on.isoformat(), "to": _iso(away.to_on), "kind": away.kind}
        derived.rows[ABSENCES].append((line, {**key, **cells}))


def _posting(spell: Spell, present: Present) -> dict[str, str]:
    place = present.places[spell.place]
    return {"site": place.site, "ward": place.ward, "from": spell.from_on.isoformat(), "to": _iso(spell.to_on)}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _derive_missing(listed: _Listed, present: Present, asked: Asked, derived: Derived) -> None:
    """End the postings of whoever works at the programme's sites, and is not in the list of the organisation."""
    organisations = {asked.organisation} if asked.organisation else {who[0] for who in listed.lines}
    last = asked.left_on or asked.on
    there = [
        person
        for person in sorted(present.people.values(), key=lambda person: person.who)
        if person.who[0] in organisations and any(s.from_on <= asked.on and s.lasts(asked.on) for s in person.spells)
    ]
    gone = [person for person in there if person.who not in listed.lines]
    if not gone:
        return
    if listed.nameless:
        derived.aloud.append(
            gettext(
                "Some rows name nobody that could be found, so nobody is taken to have left. Mend those rows first."
            )
        )
        return
    too_many = 100 * len(gone) > MOST_LEAVERS_PERCENT * len(there)
    numbers = {"gone": count(len(gone)), "all": count(len(there))}
    if too_many and not asked.many_leave:
        derived.aloud.append(
            gettext(
                "%(gone)s of the %(all)s people on record are not in this list. That is more than 20%%, so nobody is"
                " taken to have left. If they have, match the columns again and say yes to more than 20%%."
            )
            % numbers
        )
        return
    derived.aloud.append(
        ngettext(
            "%(gone)s of the %(all)s people on record is not in this list and leaves on %(day)s.",
            "%(gone)s of the %(all)s people on record are not in this list and leave on %(day)s.",
            len(gone),
        )
        % {**numbers, "day": day_words(last)}
    )
    for person in gone:
        _leave(person, last, present, derived)


def _leave(person: Known, last: date, present: Present, derived: Derived) -> None:
    """End the postings of somebody whom the list names no more; what begins later stays."""
    number, words = -(len(derived.missing) + 1), []
    for spell in person.spells:
        if not spell.lasts(last) or spell.to_on == last:
            continue
        title = {"ward": present.places[spell.place].title, "day": day_words(last), "from": day_words(spell.from_on)}
        if spell.from_on > last:
            words.append(gettext("Stays on %(ward)s from %(from)s, which is later than that") % title)
            continue
        row = _posting(Spell(spell.place, spell.from_on, last), present)
        key = {"organisation": person.who[0], "number": person.who[1]}
        derived.rows[POSTINGS].append((number, {**key, **row}))
        words.append(gettext("Leaves %(ward)s: the last day is %(day)s") % title)
    derived.missing.append(Missing(_label(person), tuple(words)))


def _label(person: Known) -> str:
    """How somebody is called to the person who imports."""
    return f"{person.who[1]} {person.name}".strip() if person.readable else person.who[1]
