"""Entries of a timeline as people read them: what happened, why, and who, as far as the reader may know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.timeline.words import Row, words_of
from readiness.dashboards.who import people_of
from rollout.downloads import Column, Table
from rollout.models import Deployment, EngagementEvent

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """Something that happened on a day of the site; `at` is the time by the site's clock, where one is known.

    `who` is a role or a name with a role, "" where nobody is recorded; `href` leads on, "" where nothing does yet.
    """

    kind: str
    day: date
    at: time | None
    what: str
    reason: str
    who: str
    href: str


def entries_of(rows: Sequence[Row], deployment: Deployment, *, names: bool, few: bool) -> list[Entry]:
    """Rows in words. At most four queries: people, their seats, their rights; the staff groups that were reached."""
    people = people_of((row.by for row in rows), deployment.programme, lambda _site: names)
    groups = groups_reached(row.ref for row in rows if row.source == "event")
    zone = ZoneInfo(deployment.site.time_zone)
    return [
        Entry(
            kind=row.kind,
            day=row.day,
            at=row.at.astimezone(zone).time() if row.at else None,
            what=words_of(row, groups=groups.get(row.ref, ""), few=few),
            reason=row.reason,
            who=people.words(row.by, deployment.site_id),
            href=_href(row, deployment),
        )
        for row in rows
    ]


def groups_reached(events: Iterable[int]) -> dict[int, str]:
    """The staff groups that each event reached, in words. One query, none without events."""
    wanted = set(events)
    if not wanted:
        return {}
    found: dict[int, list[str]] = {}
    reached = EngagementEvent.groups.through.objects.filter(engagementevent__in=wanted).select_related("staffgroup")
    for each in reached.order_by("staffgroup__name", "staffgroup__code"):
        found.setdefault(each.engagementevent_id, []).append(str(each.staffgroup))
    return {event: ", ".join(groups) for event, groups in found.items()}


def _href(row: Row, deployment: Deployment) -> str:
    if row.source != "score":
        return ""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    try:
        why = reverse("readiness:deployment-why", kwargs=address)
    except NoReverseMatch:
        return ""
    return f"{why}?since={row.day - DAY}&as_of={row.day}"


def months(entries: Iterable[Entry]) -> list[tuple[date, list[Entry]]]:
    """The entries by month, each with the first day of its month."""
    return [(first, list(those)) for first, those in groupby(entries, key=lambda entry: entry.day.replace(day=1))]


COLUMNS = (
    Column("day", _("Day"), "day"),
    Column("at", _("Time at the site")),
    Column("kind", _("Kind")),
    Column("what", _("What")),
    Column("reason", _("Why")),
    Column("who", _("Who")),
)


def timeline_table(entries: Iterable[Entry], labels: Any, site: str) -> Table:
    """The timeline as a file; `labels` names the kinds."""
    values = (
        [row.day, row.at.strftime("%H:%M") if row.at else None, labels[row.kind], row.what, row.reason, row.who]
        for row in entries
    )
    return Table("timeline", _("Timeline"), COLUMNS, values, about=((gettext("Site"), site),))
