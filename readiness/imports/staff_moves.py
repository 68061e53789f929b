"""What a list's rows of one person make of the postings and absences on record. Pure: no database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from django.utils.translation import gettext

from readiness.imports.staff_known import Away, Place, Spell
from rollout.templatetags.formats import day as day_words
from training.choices import AbsenceKind

DAY = timedelta(days=1)
FIRST = date.min


class Unclear(Exception):
    """Rows that cannot be taken: what is wrong with them and how to mend it, as one sentence; `field` is where."""

    def __init__(self, words: str, field: str = "") -> None:
        """Keep the sentence and the field."""
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class Said:
    """What one row says of a person's work. `line` is its number; None stands for what it does not say.

    `leaving_asked` and `away_asked` say whether the list has such a column at all.
    """

    line: int
    place: int | None = None
    from_on: date | None = None
    leaving: date | None = None
    away: Away | None = None
    leaving_asked: bool = False
    away_asked: bool = False

    @property
    def spell(self) -> tuple[int, date, date]:
        """What it says of a posting, in an order that does not depend on where the row stands."""
        return (self.place or 0, self.from_on or FIRST, self.leaving or date.max)


@dataclass
class Outcome:
    """What becomes of one person: postings and absences that are written, and sentences, by the number of the row."""

    spells: list[tuple[int, Spell]] = field(default_factory=list)
    absences: list[tuple[int, Away]] = field(default_factory=list)
    words: dict[int, list[str]] = field(default_factory=dict)

    def say(self, line: int, words: str) -> None:
        """Add a sentence to a row."""
        self.words.setdefault(line, []).append(words)


class Postings:
    """The postings of one person as they stand, held against the rows of a list.

    `on` is today; `list_day` the day from which the list holds where a row says no day that can be used.
    """

    def __init__(self, spells: Sequence[Spell], places: Mapping[int, Place], *, on: date, list_day: date) -> None:
        self.left = sorted(spells, key=lambda spell: (spell.from_on, spell.place))
        self.before = tuple(self.left)
        self.places = places
        self.on = on
        self.list_day = list_day
        self.outcome = Outcome()

    def derive(self, rows: Sequence[Said]) -> Outcome:
        """What becomes of the postings. Raises Unclear."""
        wanted = sorted((row for row in rows if row.place is not None), key=lambda row: row.spell)
        _check(wanted, self.places)
        if not wanted:
            for row in rows:
                self._leave_all(row)
            return self.outcome
        found = [(row, self._match(row)) for row in wanted]
        new = [(row, self._new(row, row.place)) for row, spell in found if spell is None and row.place]
        bounds = [bound for row, spell in found for bound in self._bound(row, spell)]
        begun = [(row, spell) for row, spell in new if spell is not None]
        bounds += [spell.from_on for _row, spell in begun]
        closed = self._close(min(bounds), begun[0][0].line if begun else wanted[0].line) if bounds else []
        for row, spell in found:
            if spell is not None:
                self._keep(row, spell)
        for place_in_list, (row, spell) in enumerate(begun):
            self.outcome.spells.append((row.line, spell))
            self.outcome.say(row.line, self._begins(spell, closed if place_in_list == 0 else [], found))
        if closed and not begun:
            line = wanted[0].line
            for spell, last in closed:
                words = {"ward": self._name(spell), "day": day_words(last + DAY)}
                self.outcome.say(line, gettext("No longer on %(ward)s from %(day)s") % words)
        return self.outcome

    def _match(self, row: Said) -> Spell | None:
        """The posting on record that a row speaks of, which then stands for no other row."""
        here = [spell for spell in self.left if spell.place == row.place]
        if row.leaving is not None and row.leaving < self.on:
            there = [spell for spell in here if spell.from_on <= row.leaving]
            around = [spell for spell in there if row.from_on is None or spell.lasts(row.from_on)]
            choice = [s for s in there if s.from_on == row.from_on] or around[-1:]
        else:
            lasting = [spell for spell in here if spell.lasts(self.on)]
            exact = [s for s in here if s.from_on == row.from_on]
            again = [s for s in exact if s.to_on is not None and not any(o.from_on > s.to_on for o in self.before)]
            choice = [s for s in lasting if s.from_on == row.from_on] or lasting or again
        if not choice:
            return None
        self.left.remove(choice[0])
        return choice[0]

    def _new(self, row: Said, place: int) -> Spell | None:
        """The posting that a row begins; None where it was over before anybody knew of it. Raises Unclear."""
        if row.leaving is not None and row.leaving < self.on and row.from_on is None:
            words = {"day": day_words(row.leaving)}
            self.outcome.say(row.line, gettext("Left on %(day)s and is not known here: nothing to do") % words)
            return None
        start = row.from_on or self.list_day
        # A start that is not after what is on record is mostly the day on which somebody joined the organisation.
        if row.from_on is not None and any(
            spell.from_on >= start or (spell.place == place and spell.lasts(start))
            for spell in self.left
            if spell.from_on <= self.on
        ):
            start = self.list_day
        if clash := next((spell for spell in self.left if spell.from_on >= start), None):
            words = {"ward": self._name(clash), "day": day_words(clash.from_on)}
            raise Unclear(
                gettext(
                    "On record as starting on %(ward)s on %(day)s: take that back on the person's page,"
                    " or give a later first day"
                )
                % words,
                "from",
            )
        if row.leaving is not None and row.leaving < start:
            words = {"last": day_words(row.leaving), "first": day_words(start)}
            raise Unclear(gettext("The leaving date, %(last)s, is before the first day, %(first)s") % words, "leaving")
        return Spell(place, start, row.leaving)

    def _bound(self, row: Said, spell: Spell | None) -> list[date]:
        """From which day on a row that is known already leaves no room for postings that it does not name."""
        if spell is None or (row.leaving is not None and row.leaving < self.on):
            return [row.leaving + DAY] if spell is not None and row.leaving is not None else []
        return [max(self.list_day, spell.from_on)]

    def _close(self, bound: date, line: int) -> list[tuple[Spell, date]]:
        """End what no row names on the day before the bound; give each with its last day."""
        closed = []
        for spell in self.left:
            if spell.from_on < bound and spell.lasts(bound):
                last = bound - DAY
                self.outcome.spells.append((line, Spell(spell.place, spell.from_on, last)))
                closed.append((spell, last))
            elif spell.from_on >= bound and spell.from_on > self.on:
                words = {"ward": self._name(spell), "day": day_words(spell.from_on)}
                self.outcome.say(line, gettext("Starts on %(ward)s on %(day)s, as was known") % words)
        return closed

    def _keep(self, row: Said, spell: Spell) -> None:
        """Hold a posting on record against what the row says of its end."""
        last = self._last_day(row, spell)
        if row.from_on is not None and row.from_on != spell.from_on and row.leaving is None and spell.from_on > self.on:
            words = {"day": day_words(spell.from_on)}
            self.outcome.say(row.line, gettext("The first day stays %(day)s: change it on the person's page") % words)
        if last == spell.to_on:
            return
        if last is not None and last < spell.from_on:
            words = {"last": day_words(last), "first": day_words(spell.from_on)}
            raise Unclear(
                gettext("The leaving date, %(last)s, is before the first day on record, %(first)s") % words, "leaving"
            )
        self.outcome.spells.append((row.line, Spell(spell.place, spell.from_on, last)))
        self.outcome.say(row.line, self._end_words(spell, last))

    def _last_day(self, row: Said, spell: Spell) -> date | None:
        """The last day of a posting on record, once the row is taken."""
        if row.leaving is not None:
            # Who had left before stays as it was known.
            over = spell.to_on is not None and spell.to_on < row.leaving < self.on
            return spell.to_on if over else row.leaving
        if spell.to_on is None:
            return None
        if spell.to_on < self.on:
            return None
        moves_on = any(other.from_on == spell.to_on + DAY for other in self.before)
        return None if row.leaving_asked and not moves_on else spell.to_on

    def _end_words(self, spell: Spell, last: date | None) -> str:
        words = {"ward": self._name(spell), "day": day_words(last), "before": day_words(spell.to_on)}
        if last is not None and spell.to_on is None:
            return gettext("Leaves %(ward)s: the last day is %(day)s") % words
        if last is not None:
            return gettext("Last day on %(ward)s: %(before)s → %(day)s") % words
        if spell.to_on is not None and spell.to_on < self.on:
            return gettext("Comes back to %(ward)s: did not leave on %(before)s") % words
        return gettext("Stays on %(ward)s: does not leave on %(before)s") % words

    def _begins(self, spell: Spell, closed: list[tuple[Spell, date]], found: list[tuple[Said, Spell | None]]) -> str:
        words = {"ward": self._name(spell), "day": day_words(spell.from_on)}
        if closed:
            words["old"] = ", ".join(self._name(old) for old, _last in closed)
            said = gettext("Moves from %(old)s to %(ward)s on %(day)s") % words
        elif any(known is not None for _row, known in found):
            said = gettext("Also on %(ward)s from %(day)s") % words
        elif any(not old.lasts(spell.from_on) for old in self.before):
            said = gettext("Comes back, to %(ward)s on %(day)s") % words
        else:
            said = gettext("Starts on %(ward)s on %(day)s") % words
        if spell.to_on is not None:
            said = gettext("%(said)s, until %(day)s") % {"said": said, "day": day_words(spell.to_on)}
        return said

    def _leave_all(self, row: Said) -> None:
        """A row without a ward: what it says of leaving holds for every posting here."""
        if row.leaving is None:
            return
        for spell in [spell for spell in self.left if spell.lasts(row.leaving) and spell.from_on <= row.leaving]:
            self.left.remove(spell)
            self._keep(row, spell)

    def _name(self, spell: Spell) -> str:
        return self.places[spell.place].title


def _check(wanted: Sequence[Said], places: Mapping[int, Place]) -> None:
    """Rows of one person that contradict each other or themselves. Raises Unclear."""
    for row in wanted:
        if row.from_on is not None and row.leaving is not None and row.leaving < row.from_on:
            words = {"last": day_words(row.leaving), "first": day_words(row.from_on)}
            raise Unclear(gettext("The leaving date, %(last)s, is before the first day, %(first)s") % words, "leaving")
    for one, two in combinations(wanted, 2):
        first, second = sorted((one, two), key=lambda row: row.from_on or FIRST)
        apart = first.leaving is not None and second.from_on is not None and first.leaving < second.from_on
        if apart or (one.place != two.place and one.leaving == two.leaving):
            continue
        lines = {"one": min(one.line, two.line), "two": max(one.line, two.line)}
        if one.place == two.place:
            said = gettext("Rows %(one)s and %(two)s say other days for the same ward: keep the one that is right")
        else:
            said = gettext(
                "Rows %(one)s and %(two)s name two wards at once, and only one of them ends:"
                " say when the other ends too, or which of them is right"
            )
        raise Unclear(said % lines, "ward")


def absences_of(known: Sequence[Away], rows: Sequence[Said], outcome: Outcome, *, list_day: date) -> None:
    """Add to the outcome what the rows say of absences. Raises Unclear."""
    said = sorted({(row.away, min(r.line for r in rows if r.away == row.away)) for row in rows if row.away}, key=_order)
    for away, line in said:
        _absence(known, away, line, outcome)
    if len({away.from_on for away, _line in said}) < len(said):
        raise Unclear(gettext("Two rows say other ends for the same absence: keep the one that is right"), "absent_to")
    if said or not rows or not all(row.away_asked for row in rows):
        return
    # Nobody speaks of an absence that still lasts: the person is back.
    for old in known:
        if old.from_on < list_day and old.lasts(list_day):
            line = min(row.line for row in rows)
            outcome.absences.append((line, Away(old.from_on, list_day - DAY, old.kind)))
            outcome.say(line, gettext("Back from absence on %(day)s") % {"day": day_words(list_day)})


def _order(said: tuple[Away, int]) -> tuple[date, date, str]:
    away = said[0]
    return away.from_on, away.to_on or date.max, away.kind


def _absence(known: Sequence[Away], away: Away, line: int, outcome: Outcome) -> None:
    if away.to_on is not None and away.to_on < away.from_on:
        raise Unclear(gettext("The absence ends before it begins: put its days right"), "absent_to")
    exact = [old for old in known if old.from_on == away.from_on]
    touching = [old for old in known if old.lasts(away.from_on) and (away.to_on is None or old.from_on <= away.to_on)]
    old = next(iter(exact or touching), None)
    if old is None:
        now = Away(away.from_on, away.to_on, away.kind or AbsenceKind.LEAVE.value)
        outcome.absences.append((line, now))
        outcome.say(line, _absence_words(now))
        return
    now = Away(old.from_on, away.to_on, away.kind or old.kind)
    if now.to_on is not None and now.to_on < now.from_on:
        raise Unclear(gettext("The absence ends before the first day on record: put its days right"), "absent_to")
    if now != old:
        outcome.absences.append((line, now))
        outcome.say(line, _absence_words(now))


def _absence_words(away: Away) -> str:
    words = {"from": day_words(away.from_on), "kind": AbsenceKind(away.kind).label.lower()}
    if away.to_on is None:
        return gettext("Away from %(from)s until further notice (%(kind)s)") % words
    return gettext("Away from %(from)s to %(to)s (%(kind)s)") % {**words, "to": day_words(away.to_on)}
