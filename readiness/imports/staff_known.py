"""What is on record about the staff that a list speaks of: plain values, read in a fixed number of queries."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value

from readiness.services.import_log import UNDONE_REASON
from rollout.models import Programme, StaffGroup, User, Ward
from training.models import Absence, Posting, StaffMember

# A member of staff, as lists name them: the organisation's code and the employee number.
Who = tuple[str, str]


def folded(text: str) -> str:
    """Text as it is compared: without capitals, accents, doubled blanks and marks between words."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each if each.isalnum() else " " for each in apart if not unicodedata.combining(each))
    return " ".join(kept.split())


@dataclass(frozen=True)
class Place:
    """A ward of one of the programme's sites. `title` tells it from all others of the programme."""

    pk: int
    site: str
    ward: str
    name: str
    site_name: str
    organisation: str
    title: str
    closed: bool = False


@dataclass(frozen=True, order=True)
class Spell:
    """A posting: the ward's id, the first day, the last day (None: still)."""

    place: int
    from_on: date
    to_on: date | None = None

    def lasts(self, day: date) -> bool:
        """Whether it is not over before a day."""
        return self.to_on is None or self.to_on >= day


@dataclass(frozen=True)
class Away:
    """A long absence: the first day, the last day (None: until further notice), its kind ("": not said)."""

    from_on: date
    to_on: date | None = None
    kind: str = ""

    def lasts(self, day: date) -> bool:
        """Whether it is not over before a day."""
        return self.to_on is None or self.to_on >= day


@dataclass(frozen=True)
class Known:
    """A member of staff on record. `spells` are the postings at the programme's sites alone, the oldest first.

    `readable` says whether the person who imports may read the name. `line_manager` is "true" or "false".
    """

    pk: int
    who: Who
    name: str = ""
    email: str = ""
    group: str = ""
    line_manager: str = "false"
    readable: bool = True
    spells: tuple[Spell, ...] = ()
    absences: tuple[Away, ...] = ()


@dataclass(frozen=True)
class Present:
    """The records that a list is held against. `groups` are the words for each staff group, by its code.

    `taken_out` are people whose record was retired; `bare` leads from a number without its zeros to the one on record.
    """

    places: Mapping[int, Place]
    organisations: Mapping[str, str]
    groups: Mapping[str, str]
    people: Mapping[Who, Known] = field(default_factory=dict)
    taken_out: frozenset[Who] = frozenset()
    bare: Mapping[Who, str] = field(default_factory=dict)


def present_at(programme: Programme, by: User, numbers: Collection[str]) -> Present:
    """The records of a programme's wards and of the people with these numbers, and of whoever works there.

    Six queries, whatever their number, and one of the reader's rights.
    """
    wards = Ward.objects.filter(site__in=programme.deployments.filter(retired_at=None).values("site"))
    rows = wards.select_related("site__organisation").order_by("site__code", "code")
    places = placed(rows)
    organisations = {ward.site.organisation.code: ward.site.organisation.name for ward in rows}
    groups = {group.code: str(group) for group in StaffGroup.objects.all()}
    bare = {number.lstrip("0") for number in numbers if number.isdecimal()}
    stripped = Func(F("number"), Value("0"), function="ltrim", output_field=TextField())
    posted = Posting.objects.filter(staff=OuterRef("pk"), ward__in=list(places), retired_at=None)
    there = StaffMember.objects.filter(organisation__code__in=organisations).annotate(bare=stripped)
    found = there.filter(Q(number__in=numbers) | Q(bare__in=bare) | Exists(posted))
    # Whom an import brought that was undone is nobody's entry: the next import may bring them again.
    found = found.exclude(retired_reason=UNDONE_REASON)
    columns = ("pk", "organisation__code", "number", "name", "email", "group__code", "line_manager", "retired_at")
    staff = list(found.order_by("pk").values_list(*columns))
    ids = [row[0] for row in staff]
    readable = set(StaffMember.objects.filter(pk__in=ids).visible_to(by).values_list("pk", flat=True))
    spells = _by_person(
        (staff_id, Spell(ward_id, first, last))
        for staff_id, ward_id, first, last in Posting.objects.filter(
            staff__in=ids, ward__in=list(places), retired_at=None
        )
        .order_by("from_on", "pk")
        .values_list("staff_id", "ward_id", "from_on", "to_on")
    )
    absences = _by_person(
        (staff_id, Away(first, last, kind))
        for staff_id, first, last, kind in Absence.objects.filter(staff__in=ids, retired_at=None)
        .order_by("from_on", "pk")
        .values_list("staff_id", "from_on", "to_on", "kind")
    )
    people = {
        (organisation, number): Known(
            pk,
            (organisation, number),
            name,
            email,
            group or "",
            "true" if manages else "false",
            pk in readable,
            tuple(spells.get(pk, ())),
            tuple(absences.get(pk, ())),
        )
        for pk, organisation, number, name, email, group, manages, retired_at in staff
        if retired_at is None
    }
    return Present(
        places,
        organisations,
        groups,
        people,
        frozenset((row[1], row[2]) for row in staff if row[7] is not None),
        {(who[0], who[1].lstrip("0")): who[1] for who in people if who[1].isdecimal()},
    )


def placed(wards: Iterable[Ward]) -> dict[int, Place]:
    """Wards by id, each with a title that no other has: with its site's name where several are called alike."""
    rows = list(wards)
    alike: dict[str, int] = {}
    for ward in rows:
        alike[folded(ward.name)] = alike.get(folded(ward.name), 0) + 1
    return {
        ward.pk: Place(
            ward.pk,
            ward.site.code,
            ward.code,
            ward.name,
            ward.site.name,
            ward.site.organisation.code,
            ward.name if alike[folded(ward.name)] == 1 else f"{ward.name}, {ward.site.name}",
            closed=ward.retired_at is not None or ward.site.retired_at is not None,
        )
        for ward in rows
    }


def _by_person(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for staff_id, row in rows:
        found.setdefault(staff_id, []).append(row)
    return found
