"""How many people of a role a programme, or one of its sites, needs in which weeks."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Programme, ResourceNeed, SeatRole, User
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused
from rollout.services.vocabulary import word_named

WEEK = timedelta(days=7)
MOST_WEEKS = 104


def needs_of(programme_id: int, site_id: int | None, role: str) -> "QuerySet[ResourceNeed]":
    """The weeks in which a place needs people of a role, by the role's code."""
    place = {"site": site_id} if site_id else {"site": None}
    return ResourceNeed.objects.filter(programme=programme_id, role__code=role, retired_at=None, **place)


def needs_mark(programme_id: int, site_id: int | None, role: str) -> str:
    """A mark of those weeks, for a form to bring back: 16 hexadecimal digits."""
    rows = list(needs_of(programme_id, site_id, role).order_by("week_on").values_list("week_on", "people"))
    return blake2b(str(rows).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Planned:
    """What a role is planned at a place: its mark, and how many people in which of the weeks that are asked about."""

    mark: str
    weeks: tuple[tuple[date, Decimal], ...] = ()


def plan_people(
    *,
    programme_id: int,
    site_id: int | None,
    role: str,
    first_on: date,
    last_on: date,
    people: Decimal,
    mark: str,
    by: User,
) -> list[ResourceNeed]:
    """Say how many people of a role are needed in each week from one day to another; 0 takes the need of them away.

    `role` may be a new word. Weeks outside stay as they are. Raises RecordChanged where somebody planned the role at
    the place since the form was opened, with what these weeks say by now, and Refused for more than 104 weeks.
    """
    with acting(by, "people planned"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        word = word_named(SeatRole, role)
        first, last = monday(first_on), monday(last_on)
        if word is None or last < first or (last - first) / WEEK >= MOST_WEEKS:
            raise Refused(gettext("Plan a role for 104 weeks at most, the last not before the first."))
        weeks = [first + WEEK * number for number in range((last - first) // WEEK + 1)]
        rows = {
            row.week_on: row
            for row in ResourceNeed.objects.filter(
                programme=programme_id,
                role=word,
                week_on__in=weeks,
                **({"site": site_id} if site_id else {"site": None}),
            )
        }
        differing = [week for week in weeks if _people(rows.get(week)) != people]
        if differing and needs_mark(programme_id, site_id, word.code) != mark:
            now = tuple((week, _people(rows.get(week))) for week in weeks)
            raise RecordChanged(Planned(needs_mark(programme_id, site_id, word.code), now))
        for week in differing:
            row = rows.get(week)
            if row is not None:
                row.people = people
                row.retired_at, row.retired_by = (timezone.now(), by) if not people else (None, None)
        changed = [rows[week] for week in differing if week in rows]
        ResourceNeed.objects.bulk_update(changed, ["people", "retired_at", "retired_by"])
        ResourceNeed.objects.bulk_create(
            ResourceNeed(programme_id=programme_id, site_id=site_id, role=word, week_on=week, people=people)
            for week in differing
            if week not in rows
        )
        return list(needs_of(programme_id, site_id, word.code))


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _people(row: ResourceNeed | None) -> Decimal:
    """What a week needs so far; nothing where it was taken away or never planned."""
    return Decimal(0) if row is None or row.retired_at else row.people


def plain(number: Decimal) -> str:
    """People as they are counted: whole where they are, else with one decimal."""
    return str(int(number)) if number == number.to_integral_value() else str(number.quantize(Decimal("0.1")))
