"""The tables of a site's rota as files. Days and hours are by the site's clock."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.cover import ChampionCover
from readiness.dashboards.slots import Slot
from rollout.downloads import Column, Table

SLOT = (
    Column("ward", _("Area")),
    Column("day", _("Day"), "day"),
    Column("shift", _("Shift")),
    Column("from", _("From")),
    Column("to", _("To")),
    Column("state", _("State")),
    Column("needed", _("Champions needed"), "whole"),
)


def slots_table(name: str, title: Any, slots: list[Slot], cover: ChampionCover) -> Table:
    """Slots as a file, with the champions each has where the reader may know of them."""
    columns = [*SLOT]
    if cover.few:
        columns.append(Column("has", _("Champions planned"), "whole"))
    if cover.named:
        columns.append(Column("names", _("Who")))
    rows = []
    for slot in slots:
        times = [f"{slot.starts_at:%Y-%m-%d %H:%M}", f"{slot.ends_at:%Y-%m-%d %H:%M}"]
        row = [slot.ward.name, slot.date, slot.pattern.name, *times, slot.words, slot.minimum]
        row += [slot.have] if cover.few else []
        row += [", ".join(slot.names)] if cover.named else []
        rows.append(row)
    zone = slots[0].starts_at.tzinfo if slots else ""
    return Table(name, title, columns, rows, [(gettext("Time zone"), zone)])


def champions_table(cover: ChampionCover) -> Table:
    """The champions of each ward as a file; to a reader who may see no counts of few only whether they are enough."""
    if cover.few:
        columns = [
            Column("ward", _("Area")),
            Column("staff", _("Staff"), "whole"),
            Column("active", _("Champions"), "whole"),
            Column("trained", _("Of them trained"), "whole"),
            Column("need", _("Trained champions needed"), "whole"),
            Column("short", _("Short of"), "whole"),
        ]
        rows: list[list[Any]] = [[r.ward.name, r.staff, r.active, r.have, r.need, r.short] for r in cover.champions]
    else:
        columns = [Column("ward", _("Area")), Column("enough", _("Has the trained champions it needs"), "yes_no")]
        rows = [[row.ward.name, not row.short] for row in cover.champions]
    return Table("champions", _("Champions by area"), columns, rows)


def bare_table(cover: ChampionCover) -> Table:
    """What one no-show leaves bare as a file."""
    columns = (
        Column("ward", _("Area")),
        Column("shift", _("Shift")),
        Column("slots", _("Slots"), "whole"),
        Column("days", _("Days")),
    )
    rows = [[each.ward.name, each.pattern.name, each.slots, each.days] for each in cover.bare]
    return Table("bare", _("Slots that one no-show leaves bare"), columns, rows)


def files(cover: ChampionCover) -> dict[str, Callable[[], Table]]:
    """Every table of the page by its name."""
    found: dict[str, Callable[[], Table]] = {
        "gaps": lambda: slots_table("gaps", _("Slots without enough champions"), cover.gaps, cover),
        "rota": lambda: slots_table("rota", _("Rota of the first fortnight"), list(cover.slots), cover),
    }
    if not cover.hidden:
        found["champions"] = lambda: champions_table(cover)
    if cover.few:
        found["bare"] = lambda: bare_table(cover)
    return found
