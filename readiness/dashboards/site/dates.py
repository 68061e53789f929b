"""How the dates of a site changed: the old ones kept, who moved them, when and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.site.history import Happening
from readiness.dashboards.site.reader import Reader
from readiness.dashboards.site.seats import Seats
from readiness.dashboards.site.who import Who
from rollout.choices import ChangeWhat
from rollout.downloads import Column, Table

WHICH = (ChangeWhat.GO_LIVE, ChangeWhat.TECHNICAL_GO_LIVE)
COLUMNS = (
    Column("changed", _("Changed on"), "day"),
    Column("which", _("Date")),
    Column("before", _("From"), "day"),
    Column("after", _("To"), "day"),
    Column("who", _("Who")),
    Column("why", _("Why")),
)


@dataclass(frozen=True)
class DateChange:
    """One change of a date. `before` and `after` are None where there was, or is, no date."""

    on: date
    which: str
    before: date | None
    after: date | None
    who: Who
    reason: str


def date_changes(history: Iterable[Happening], seats: Seats, reader: Reader) -> list[DateChange]:
    """The changes of go-live and technical go-live, the newest first."""
    changes = [
        DateChange(
            on=each.on,
            which=str(ChangeWhat(each.what).label),
            before=day_written(each.before),
            after=day_written(each.after),
            who=Who(seats.roles.get(each.person_id or 0, ""), each.person if reader.names else ""),
            reason=each.reason,
        )
        for each in history
        if any(each.changed(which) for which in WHICH)
    ]
    return changes[::-1]


def day_written(text: str) -> date | None:
    """The day a change holds as text; None where it holds none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def dates_table(changes: Iterable[DateChange]) -> Table:
    """The changes as a table for a file."""
    rows = [(each.on, each.which, each.before, each.after, str(each.who), each.reason) for each in changes]
    return Table("dates", gettext("Changes of dates"), COLUMNS, rows)
