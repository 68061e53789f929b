"""Reads the rows of a staff list: who each is about, what it says of the person, of the ward, of absences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from re import compile as pattern
from typing import Any

from django.utils.translation import gettext

from readiness.imports.kinds import Line
from readiness.imports.staff_known import Away, Place, Present, Who, folded
from readiness.imports.staff_moves import Said, Unclear
from rollout.models.constraints import CODE_PATTERN
from training.models import StaffMember

CODE = pattern(CODE_PATTERN)
EMAIL = pattern(r"^[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+$")
GROUP_LENGTH = 60


@dataclass(frozen=True)
class StaffRow:
    """One row that could be read. None stands for what it does not say, which leaves what is known."""

    said: Said
    name: str | None
    email: str | None
    group: str | None
    line_manager: str | None

    @property
    def described(self) -> dict[str, str | None]:
        """What it says of the person, by column of the pack."""
        return {"name": self.name, "email": self.email, "group": self.group, "line_manager": self.line_manager}


class Reader:
    """Reads rows against the records of a programme. `organisation` is the code that holds where a row names none."""

    def __init__(self, present: Present, organisation: str) -> None:
        self.organisation = organisation
        self.organisations = _by_word((code, (code, name)) for code, name in present.organisations.items())
        self.groups = _by_word((code, (code, words)) for code, words in present.groups.items())
        self.sites = _by_word((place.site, (place.site, place.site_name)) for place in present.places.values())
        self.wards: dict[tuple[str, str], dict[int, Place]] = {}
        for place in present.places.values():
            for word in {folded(place.ward), folded(place.name)}:
                for site in ("", place.site):
                    self.wards.setdefault((site, word), {})[place.pk] = place

    def who(self, line: Line) -> Who:
        """The person a row is about. Raises Unclear."""
        number = line.values.get("number", "").strip()
        if not number:
            raise Unclear(gettext("Enter the employee number: people are found by it"), "number")
        if not CODE.match(number):
            raise Unclear(
                gettext(
                    "Write the employee number in letters, digits, hyphens, full stops, at most 40, without spaces"
                ),
                "number",
            )
        word = line.values.get("organisation", "").strip()
        if not word:
            return self.organisation or self._organisation_there(line.values), number
        found = self.organisations.get(folded(word), set())
        if len(found) != 1:
            raise Unclear(
                gettext("No organisation of this programme is called that: enter its code or its name"), "organisation"
            )
        return min(found), number

    def _organisation_there(self, values: Mapping[str, str]) -> str:
        """The organisation whose ward a row names, where nobody said whose numbers these are. Raises Unclear."""
        found = self.wards.get((self._site(values), folded(values.get("ward", ""))), {})
        organisations = {place.organisation for place in found.values()}
        if not organisations and values.get("ward", "").strip():
            raise Unclear(_no_ward(), "ward")
        if len(organisations) != 1:
            raise Unclear(
                gettext(
                    "The programme has several organisations: choose whose employee numbers these are before the check,"
                    " or add a column for the organisation or the site"
                ),
                "organisation",
            )
        return min(organisations)

    def row(self, line: Line, who: Who) -> StaffRow:
        """What a row says. Raises Unclear."""
        values = line.values
        place = self._place(values, who[0])
        leaving, away = _day(values, "leaving"), self._away(values)
        said = Said(
            line.number,
            place.pk if place else None,
            _day(values, "from"),
            leaving,
            away,
            leaving_asked="leaving" in values,
            away_asked="absent_from" in values,
        )
        return StaffRow(said, _name(values), _email(values), self._group(values), values.get("line_manager") or None)

    def _place(self, values: Mapping[str, str], organisation: str) -> Place | None:
        word, site = folded(values.get("ward", "")), self._site(values)
        if not word:
            return None
        found = self.wards.get((site, word), {})
        own = {pk: place for pk, place in found.items() if place.organisation == organisation}
        still = [place for place in own.values() if not place.closed]
        # A code says more than a name.
        chosen = [place for place in still if folded(place.ward) == word] or still
        if len(chosen) == 1:
            return chosen[0]
        if chosen:
            where = ", ".join(sorted({f"{place.site_name} ({place.ward})" for place in chosen}))
            raise Unclear(
                gettext("Several wards are called that: %(where)s. Give the site, or the ward's code")
                % {"where": where},
                "ward",
            )
        if own:
            raise Unclear(gettext("This ward is closed: give the one that took its place"), "ward")
        if found:
            raise Unclear(gettext("This ward belongs to another organisation than the employee number"), "ward")
        raise Unclear(_no_ward(), "ward")

    def _site(self, values: Mapping[str, str]) -> str:
        word = folded(values.get("site", ""))
        found = self.sites.get(word, set())
        if word and not found:
            raise Unclear(gettext("No site of this programme is called that: enter its code or its name"), "site")
        if len(found) > 1:
            raise Unclear(gettext("Several sites are called that: enter the site's code"), "site")
        return min(found) if found else ""

    def _group(self, values: Mapping[str, str]) -> str | None:
        word = " ".join(values.get("group", "").split())
        if not word:
            return None
        if len(word) > GROUP_LENGTH:
            raise Unclear(gettext("Write the staff group in at most %(n)s characters") % {"n": GROUP_LENGTH}, "group")
        if ";" in word:
            raise Unclear(gettext("Leave semicolons out of the staff group"), "group")
        if known := self.groups.get(folded(word)):
            return min(known)
        # A new one is coded in one way, however rows write it.
        code = folded(word).replace(" ", "_")
        if not code:
            raise Unclear(gettext("Write the staff group in letters"), "group")
        return code

    def _away(self, values: Mapping[str, str]) -> Away | None:
        first, last = _day(values, "absent_from"), _day(values, "absent_to")
        kind = values.get("absent_kind", "")
        if first is None:
            if last is not None:
                raise Unclear(gettext("Enter from when the person is absent, or leave the absence out"), "absent_from")
            return None
        return Away(first, last, kind)


def _no_ward() -> str:
    return gettext("No ward of this programme's sites is called that: enter its code or its name")


def _by_word(codes: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, set[str]]:
    """Codes by each word that may stand for them."""
    found: dict[str, set[str]] = {}
    for code, words in codes:
        for word in {folded(each) for each in words} - {""}:
            found.setdefault(word, set()).add(code)
    return found


def _day(values: Mapping[str, str], name: str) -> date | None:
    value = values.get(name, "")
    return date.fromisoformat(value) if value else None


def _name(values: Mapping[str, str]) -> str | None:
    parts = [values.get("first_name", ""), values.get("last_name", "")]
    name = " ".join((values.get("name", "") or " ".join(parts)).split())
    if len(name) > _longest("name"):
        raise Unclear(gettext("Write the name in at most %(n)s characters") % {"n": _longest("name")}, "name")
    return name or None


def _email(values: Mapping[str, str]) -> str | None:
    email = values.get("email", "").strip()
    if not email:
        return None
    if len(email) > _longest("email") or not EMAIL.match(email):
        raise Unclear(gettext("Enter an email address like name@example.org, or leave it out"), "email")
    return email


def _longest(name: str) -> int:
    field: Any = StaffMember._meta.get_field(name)
    return int(field.max_length)
