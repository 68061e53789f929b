"""Of how many people a course is asked, now and after a change, in plain words."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from readiness.indicators.population import CTES
from rollout.models import Deployment, Programme, StaffGroup
from rollout.templatetags.formats import count
from training.models import Champion, Course

_BY_GROUP = (
    "WITH "
    + ", ".join(f"{name} AS ({sql})" for name, sql in CTES.items())
    + " SELECT COALESCE(group_id, 0), count(DISTINCT staff_id) FROM staff GROUP BY 1"
)


def groups_offered() -> list[tuple[int, str]]:
    """The staff groups that are known here, by name."""
    return sorted(((each.pk, str(each).capitalize()) for each in StaffGroup.objects.all()), key=lambda each: each[1])


def staff_by_group(programme: Programme) -> Mapping[int, int]:
    """How many people a score of today is about, by staff group; 0 stands for people of no group. Two queries."""
    ids = list(Deployment.objects.current().filter(programme=programme).values_list("pk", flat=True))
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_BY_GROUP, {"ids": ids, "day": today, "people_day": today})
        return dict(cursor.fetchall())


def asked_of(programme: Programme, said: Mapping[str, Any], staff: Mapping[int, int]) -> int:
    """Of how many people a course is asked that says this: group_ids, for_champions, active."""
    if not said["active"]:
        return 0
    if said["for_champions"]:
        champions = Champion.objects.active_on(timezone.localdate()).filter(programme=programme)
        return champions.values("staff").distinct().count()
    return sum(number for group, number in staff.items() if not said["group_ids"] or group in said["group_ids"])


def as_it_stands(course: Course) -> dict[str, Any]:
    """What a course with its groups (`with_groups`) says now."""
    taken = course.retired_at is None
    return {
        "group_ids": vars(course)["group_ids"],
        "for_champions": course.for_champions,
        "active": course.active and taken,
        "valid_days": course.valid_days,
        "assessed": course.assessed,
    }


def effect_words(programme: Programme, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    """What follows of a course that says something else than before (None: a new one), a sentence each.

    Empty where nothing follows.
    """
    if before == after:
        return []
    staff = staff_by_group(programme)
    then = asked_of(programme, after, staff)
    found = [_asked(None if before is None else asked_of(programme, before, staff), then)]
    if before is not None and (before["valid_days"], before["assessed"]) != (after["valid_days"], after["assessed"]):
        found.append(gettext("What counts as completed changes too, also for what is recorded already."))
    found.append(gettext("The scores of all sites are worked out again."))
    return found


def _asked(now: int | None, then: int) -> str:
    words = {"now": count(now), "then": count(then)}
    if now is None:
        return (
            ngettext("It will be asked of %(then)s person.", "It will be asked of %(then)s people.", then) % words
            if then
            else gettext("It will be asked of nobody yet.")
        )
    if now == then:
        return ngettext("It stays asked of %(now)s person.", "It stays asked of %(now)s people.", now) % words
    return (
        ngettext(
            "It is asked of %(now)s person now, and of %(then)s from then on.",
            "It is asked of %(now)s people now, and of %(then)s from then on.",
            now,
        )
        % words
    )
