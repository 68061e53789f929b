"""The tables of a site's log-in tests as files, and their chart."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.access import Tracker, device_words
from readiness.dashboards.training_tables import HIDDEN, share
from rollout.charts import Chart, Line, Mark, time_chart
from rollout.downloads import Column, Table
from rollout.templatetags.formats import percent

# Days drawn before the first test: a site is scored long before its drill.
EMPTY_DAYS = timedelta(days=14)


def wards_table(shown: Tracker, word: str) -> Table:
    """The wards as a file."""
    columns = (
        Column("ward", word.capitalize()),
        Column("own", _("Passed on their own ward"), "whole"),
        Column("elsewhere", _("Passed, but not on their own ward"), "whole"),
        Column("failed", _("Failed and not tried again"), "whole"),
        Column("untested", _("Not tested"), "whole"),
        Column("people", _("People"), "whole"),
        Column("share", _("Share on their own ward"), "percent"),
        Column("in_time", _("Passed on their own ward before go-live"), "whole"),
        Column("ready", _("Devices that people can log in on"), "whole"),
        Column("needed", _("Devices needed"), "whole"),
    )
    rows: list[list[Any]] = []
    for line in shown.wards:
        each = line.count
        parts = [each.own, each.elsewhere, each.failed, each.untested, each.people, share(each.own, each.people)]
        figures = [None] * 7 if line.hidden else [*parts, each.in_time]
        rows.append([line.name, *figures, line.ready, line.needed])
    about = [(gettext("Empty cells"), HIDDEN)] if shown.some_hidden else []
    return Table("wards", gettext("Log-in tests by %(ward)s") % {"ward": word}, columns, rows, about)


def reasons_table(shown: Tracker) -> Table:
    """Why people failed."""
    columns = (Column("reason", _("Why not")), Column("people", _("People"), "whole"))
    rows = [[reason.label, number] for reason, number in shown.reasons]
    return Table("reasons", _("Why log-ins failed"), columns, rows)


def devices_table(shown: Tracker) -> Table:
    """What was tested on which device."""
    columns = (
        Column("device", _("Device")),
        Column("failed", _("Failed and not tried again"), "whole"),
        Column("passed", _("Passed"), "whole"),
        Column("reasons", _("Why not")),
    )
    rows = [
        [device_words(line.name), line.failed, line.passed, ", ".join(f"{why.label} {n}" for why, n in line.reasons)]
        for line in shown.devices
    ]
    return Table("devices", _("Log-in tests by device"), columns, rows)


def chart_of(shown: Tracker, *, today: date | None) -> Chart:
    """Who passed, day by day, against day 0; `today` is None where another day is shown."""
    known = [(each.day, each.share) for each in shown.series]
    begun = [on for on, part in known if part]
    aim = gettext("Target %(percent)s") % {"percent": percent(shown.target)}
    target = Line(aim, [(shown.go_live or shown.day, shown.target)], "target")
    marks = [Mark(shown.go_live, gettext("Go-live"))] if shown.go_live else []
    return time_chart(
        name="tested",
        title=gettext("Staff whose latest log-in test passed, day by day"),
        lines=[Line(gettext("Passed"), known), target] if begun else (),
        marks=marks if today else [Mark(shown.day, gettext("The day shown")), *marks],
        today=today,
        first=min(begun) - EMPTY_DAYS if begun else None,
        low=0,
        high=1,
        kind="percent",
        unit=gettext("Share of staff whose latest test passed"),
        empty=gettext("Nobody has passed a test yet, so there is nothing to draw."),
        note=gettext("Days whose counts are of fewer than 5 people are left out.") if not shown.few else "",
    )


def files(shown: Tracker, word: str, *, today: date | None) -> dict[str, Callable[[], Table]]:
    """Every table of the page by its name, as far as the reader may see it."""
    found: dict[str, Callable[[], Table]] = {"tested": lambda: chart_of(shown, today=today).table}
    if shown.wards:
        found["wards"] = lambda: wards_table(shown, word)
    if shown.few:
        found |= {"reasons": lambda: reasons_table(shown), "devices": lambda: devices_table(shown)}
    return found
