"""Who did something, as far as a reader may know: a name with the role, the role alone, never more."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext

from rollout.models import Membership, Person, Programme, Seat
from rollout.models.vocabulary import seat_words


@dataclass(frozen=True)
class People:
    """Names and roles of some people within one programme, by the id of `Person`.

    `seats` are (site or None, words), those held now or last first. `may_name(site)` says whether the reader may read
    names there; the site is None for the programme as a whole.
    """

    names: dict[int, str]
    may_name: Callable[[int | None], bool]
    seats: dict[int, list[tuple[int | None, str]]] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    users: dict[int, int] = field(default_factory=dict)

    def of_user(self, user: int | None) -> int | None:
        """The person that stands for a user, where it was asked for."""
        return None if user is None else self.users.get(user)

    def role(self, person: int, site: int | None = None) -> str:
        """The seat held at the site, else in the programme, else at any site, else the role of the log-in."""
        held = self.seats.get(person, [])
        for wanted in (site, None):
            for where, words in held:
                if where == wanted:
                    return words
        return held[0][1] if held else self.roles.get(person, "")

    def words(self, person: int | None, site: int | None = None) -> str:
        """ "Ana Silva, clinical lead", or "Clinical lead"; "" where nobody is recorded."""
        if person is None or person not in self.names:
            return ""
        role = self.role(person, site)
        if not self.may_name(site):
            return role or gettext("Somebody whose role is not recorded")
        if not role:
            return self.names[person]
        return gettext("%(name)s, %(role)s") % {"name": self.names[person], "role": _inside(role)}


def _inside(role: str) -> str:
    """A role as it stands in a sentence; abbreviations stay as they are."""
    return role if role[:2].isupper() else role[:1].lower() + role[1:]


def people_of(
    persons: Iterable[int | None],
    programme: Programme,
    may_name: Callable[[int | None], bool],
    *,
    users: Iterable[int | None] = (),
) -> People:
    """The names and roles of some people, and users, in a programme. Three queries, none where nobody is asked for.

    Names are read even where they may not be shown: `People` decides place by place.
    """
    wanted = {person for person in persons if person is not None}
    asked = {user for user in users if user is not None}
    if not wanted and not asked:
        return People({}, may_name)
    found = Person.objects.filter(Q(pk__in=wanted) | Q(user__in=asked)).select_related("user").order_by("-pk")
    people = People({person.pk: str(person) for person in found}, may_name)
    people.users.update((person.user_id, person.pk) for person in found if person.user_id is not None)
    wanted |= {people.users[user] for user in asked & people.users.keys()}
    seats = Seat.objects.filter(programme=programme, person__in=wanted, retired_at=None)
    newest = seats.order_by(F("to_on").desc(nulls_first=True), F("from_on").desc(nulls_last=True), "pk")
    for person, site, code, name in newest.values_list("person_id", "site_id", "role__code", "role__name"):
        people.seats.setdefault(person, []).append((site, seat_words(code, name)))
    without: Any = wanted - people.seats.keys()
    here = Q(programme=programme) | Q(site__deployments__programme=programme)
    everywhere = Q(organisation=None, programme=None, site=None, ward=None)
    rights = Membership.objects.current().filter(here | everywhere, user__people__in=without).order_by("pk")
    for membership, person in ((each, each.person_id) for each in rights.annotate(person_id=F("user__people"))):
        people.roles.setdefault(person, membership.get_role_display())
    return people
