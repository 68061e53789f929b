"""Whose attendance somebody may record: people they know by name, and at a course of theirs by an exact number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext

from rollout.models import Programme, User
from rollout.permissions import rights_of
from training.models import Attendance, Posting, StaffMember
from training.permissions import keep_every_session
from training.querysets.people import StaffMemberQuerySet


class Match(StrEnum):
    """What was found under an employee number."""

    FOUND = "found"
    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    SEVERAL = "several"


@dataclass(frozen=True)
class Found:
    """Who has a number; `staff_id` is 0 unless it is one person whom the user may record."""

    match: Match
    staff_id: int = 0


def people_of_sheets(user: User) -> StaffMemberQuerySet:
    """The people whose attendance a user may record, as far as they have a place: those whose name they may read.

    A ward manager records those of the ward alone, though they know the champions of the whole site by name.
    """
    rights = rights_of(user)
    people = StaffMember.objects.current().visible_to(user)
    if rights.administrator or rights.managed or rights.trained or rights.led:
        return people
    posted = Posting.objects.on(timezone.localdate()).filter(staff=OuterRef("pk"), ward__in=list(rights.wards))
    return people.filter(Exists(posted))


def people_by_number(user: User, programme: Programme, day: date) -> StaffMemberQuerySet:
    """The people whom a user may record at a course of a programme on a day by their exact employee number.

    Who holds its courses: whoever was posted to its scope by then or later, and whoever has a place on a course of it.
    The number has to be known already, and opens no name by itself. Everybody else: the people of their sheets.
    """
    if not keep_every_session(user, programme):
        return people_of_sheets(user)
    lasting = Posting.objects.filter(Q(to_on=None) | Q(to_on__gte=day), staff=OuterRef("pk"), retired_at=None)
    whole_site = Q(ward__site__deployments__retired_at=None, ward__site__deployments__scope=None)
    in_scope = lasting.filter(
        Q(whole_site, ward__site__deployments__programme=programme)
        | Q(ward__scopes__deployment__programme=programme, ward__scopes__deployment__retired_at=None)
    )
    placed = Attendance.objects.filter(staff=OuterRef("pk"), course__programme=programme, retired_at=None)
    return StaffMember.objects.current().filter(Exists(in_scope) | Exists(placed))


def find_numbers(
    user: User, programme: Programme, numbers: Collection[str], *, day: date, organisation_id: int | None = None
) -> Mapping[str, Found]:
    """Who has each of the numbers. Two queries at most, however many numbers.

    Where several organisations have a number, the one of `organisation_id`, the site's, is meant. A number that nobody
    has and one of somebody whom the user may not know of are the same to them.
    """
    rows: dict[str, list[tuple[int, int]]] = {}
    people = people_by_number(user, programme, day).filter(number__in=numbers)
    for number, staff_id, organisation in people.values_list("number", "pk", "organisation_id"):
        rows.setdefault(number, []).append((staff_id, organisation))
    found = {number: _one_of(held, organisation_id) for number, held in rows.items()}
    if missing := [number for number in numbers if number not in found]:
        known = StaffMember.objects.current().visible_to(user).filter(number__in=missing)
        names = set(known.values_list("number", flat=True))
        found |= {number: Found(Match.NOT_YOURS if number in names else Match.UNKNOWN) for number in missing}
    return found


def _one_of(held: list[tuple[int, int]], organisation_id: int | None) -> Found:
    if len(held) > 1:
        held = [each for each in held if each[1] == organisation_id]
    return Found(Match.FOUND, held[0][0]) if len(held) == 1 else Found(Match.SEVERAL)


def why_not(number: str, found: Found) -> str:
    """Why nobody can be recorded under a number, in words."""
    words = {
        Match.UNKNOWN: gettext("Nobody you may record has the employee number %(number)s. Check it and try again."),
        Match.NOT_YOURS: gettext("The person with the employee number %(number)s is not yours to record."),
        Match.SEVERAL: gettext(
            "More than one organisation has the employee number %(number)s. Choose whose it is where many numbers are"
            " entered."
        ),
    }
    return words[found.match] % {"number": number}
