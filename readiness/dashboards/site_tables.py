"""The list of sites and the heat map as files: every row that matches, exact figures, nothing that the page hides."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band
from readiness.dashboards.site_columns import COLUMNS
from readiness.dashboards.site_rows import Look, SiteRow, ready_for_rows, rows_of
from readiness.dashboards.sites import domains_in_order
from readiness.dashboards.words import domain_name
from readiness.scoring import DOMAINS
from rollout.downloads import Column, Table

CHUNK = 500  # rows whose scores are held at once


@dataclass(frozen=True)
class Part:
    """One column of a file, and how its cell is read from a row."""

    column: Column
    read: Callable[[SiteRow], Any]


def sites_table(deployments: QuerySet, look: Look) -> Table:
    """The deployments, in their order, with the columns that the page shows. Queries grow with the chunks of rows."""
    whole = domains_in_order(look.user, look.programme) == DOMAINS
    look = replace(look, domains=look.heat or not whole)
    parts = _parts(look)
    return Table(
        name="sites",
        title=_("Sites: heat map") if look.heat else _("Sites"),
        columns=[part.column for part in parts],
        rows=([part.read(row) for part in parts] for row in _rows(deployments, look)),
        about=_about(look),
    )


def _rows(deployments: QuerySet, look: Look) -> Iterator[SiteRow]:
    listed = list(ready_for_rows(deployments, look))
    for start in range(0, len(listed), CHUNK):
        yield from rows_of(listed[start : start + CHUNK], look)


def _about(look: Look) -> list[tuple[Any, Any]]:
    told = [(_("Programme"), look.programme.name), (_("Scores as of"), look.on.isoformat())]
    if look.since:
        told.append((_("Changes since"), look.since.isoformat()))
    return told


def _parts(look: Look) -> list[Part]:
    """Columns in the order of the page; a column that says two things on the page is two here."""
    parts = [
        Part(Column("code", _("Site code")), lambda row: row.deployment.site.code),
        Part(Column("site", _("Site")), lambda row: row.deployment.site.name),
        Part(Column("organisation", _("Organisation")), lambda row: row.deployment.site.organisation.name),
    ]
    if look.heat:
        parts += [*PARTS["score"], *PARTS["band"], *map(_value, DOMAINS), *map(_lost, DOMAINS)]
    else:
        for column in COLUMNS:
            parts += PARTS[column.key] if look.shows(column.key) else ()
    if look.since:
        parts += CHANGED
    return [*parts, Part(Column("day", _("Score of"), "day"), _of_score("day"))]


def _of_score(name: str) -> Callable[[SiteRow], Any]:
    return lambda row: getattr(row.score, name) if row.score else None


def _figure(name: str, places: int = 0) -> Callable[[SiteRow], Any]:
    """A figure of the score, to so many places where others of the site are hidden from the reader."""

    def read(row: SiteRow) -> Any:
        value = _of_score(name)(row)
        if value is None or not row.coarse:
            return value
        return value.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR)

    return read


def _cell(row: SiteRow, domain: str, name: str) -> Any:
    return next((getattr(cell, name) for cell in row.cells if cell.domain == domain), None)


def _value(domain: str) -> Part:
    return Part(Column(domain, domain_name(domain), "percent"), lambda row: _cell(row, domain, "share"))


def _lost(domain: str) -> Part:
    label = gettext("%(domain)s: points to win") % {"domain": domain_name(domain)}
    return Part(Column(f"{domain}_lost", label, "number"), lambda row: _cell(row, domain, "points"))


def _band(code: str) -> str:
    return str(Band(code).label)


def _lead(row: SiteRow) -> str:
    """The name where the reader may know it, else the seat: an empty cell is a site without a lead."""
    return "" if row.lead is None else f"{row.lead.name} ({row.lead.seat})" if row.lead.name else row.lead.seat


PARTS: dict[str, Sequence[Part]] = {
    "score": (Part(Column("score", _("Score"), "number"), _figure("score")),),
    "band": (Part(Column("band", _("Band")), lambda row: _band(row.score.band) if row.score else None),),
    "expected": (Part(Column("expected", _("Expected"), "number"), _of_score("expected")),),
    "days": (Part(Column("days", _("Days to go"), "whole"), _of_score("days_to_go")),),
    "wave": (
        Part(
            Column("wave", _("Wave"), "whole"), lambda row: row.deployment.wave.number if row.deployment.wave else None
        ),
    ),
    "stage": (Part(Column("stage", _("Stage")), lambda row: row.stage.label),),
    "declared": (
        Part(Column("declared", _("Declared")), lambda row: row.declared.word),
        Part(Column("declared_on", _("Declared on"), "day"), lambda row: row.declared.on),
        Part(Column("differs", _("Declared and computed differ"), "yes_no"), lambda row: row.declared.differs),
    ),
    "held": (
        Part(Column("held_at", _("Held at"), "number"), lambda row: row.held.limit if row.held else None),
        Part(Column("held", _("Held by")), lambda row: row.held.text if row.held else None),
    ),
    "gate": (
        Part(Column("gate", _("Next gate")), lambda row: row.gate.name if row.gate else None),
        Part(Column("gate_due", _("Next gate due"), "day"), lambda row: row.gate.due_on if row.gate else None),
    ),
    "lead": (Part(Column("lead", _("Lead")), _lead),),
    "coverage": (Part(Column("coverage", _("Based on evidence"), "percent"), _figure("coverage", 2)),),
}
CHANGED = (
    Part(Column("change", _("Change in points"), "number"), lambda row: row.change.points if row.change else None),
    Part(
        Column("band_before", _("Band before")),
        lambda row: _band(row.change.band_before) if row.change and row.change.band_before else None,
    ),
    Part(Column("new", _("New since"), "yes_no"), lambda row: row.change.new if row.change else None),
)
