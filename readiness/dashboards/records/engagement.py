"""Staff groups reached, and what the pulse says. Answers are told as counts alone, and never fewer than 5 of them."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.few import FEW
from readiness.dashboards.records.listing import COUNTED, Listing, Listings, Place, Row, only
from readiness.scoring import Unit
from rollout.choices import EngagementKind
from rollout.downloads import Column
from rollout.models import EngagementEvent, PulseResponse, StaffGroup

GROUP = Column("group", _("Staff group"))
REACHED = (GROUP, Column("last", _("Last event"), "day"), Column("kind", _("Kind of event")))
ANSWERS = Column("answers", _("Answers"), "whole")
MEAN = Column("mean", _("Mean confidence, 1 to 5"), "number")


def list_groups(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row for each staff group with staff here, and the newest event that named it, however long ago."""
    groups = {group.pk: str(group) for group in StaffGroup.objects.filter(pk__in=[unit.key[0] for unit in units])}
    events = EngagementEvent.objects.filter(
        programme=place.deployment.programme,
        sites=place.deployment.site_id,
        groups__in=list(groups),
        held_on__lte=place.day,
        retired_at=None,
    )
    last = {
        group: (on, kind) for group, on, kind in events.order_by("held_on").values_list("groups", "held_on", "kind")
    }
    rows = []
    for unit in units:
        on, kind = last.get(unit.key[0], (None, ""))
        cells = (groups[unit.key[0]], on, str(EngagementKind(kind).label) if kind else None)
        rows.append(Row(cells, unit.weight, unit.credit, _why(unit, on, place)))
    return only(Listing("records", _("Staff groups"), REACHED, rows))


def _why(unit: Unit, on: Any, place: Place) -> str:
    if unit.credit:
        return ""
    if on is None:
        return gettext("no event has named this group here")
    return gettext("no event in the last %(days)s days") % {"days": place.model.windows["reach_days"]}


def list_answers(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """The answers by staff group, small groups taken together; nothing at all where there are fewer than 5."""
    if len(units) < FEW:
        return Listings(None, (), hidden=bool(units))
    ids = [unit.key[0] for unit in units]
    of_answer = dict(PulseResponse.objects.filter(pk__in=ids).values_list("pk", "group"))
    groups = {group.pk: str(group) for group in StaffGroup.objects.filter(pk__in=set(of_answer.values()) - {None})}
    sums: dict[str, tuple[int, Fraction]] = {}
    for unit in units:
        group = groups.get(of_answer[unit.key[0]]) or gettext("No staff group given")
        answers, points = sums.get(group, (0, Fraction(0)))
        sums[group] = answers + 1, points + unit.credit
    rows = [
        Row((group, answers, 1 + 4 * points / answers, points), answers, points / answers)
        for group, (answers, points) in _together(sums)
    ]
    columns = (GROUP, ANSWERS, MEAN, COUNTED)
    return Listings(None, (Listing("by-group", _("Answers by staff group"), columns, rows, sums=True),))


def _together(sums: dict[str, tuple[int, Fraction]]) -> list[tuple[str, tuple[int, Fraction]]]:
    """Groups of at least 5 answers; smaller ones as one, with as many others as it takes to make 5 of two groups."""
    rest = {group: figures for group, figures in sums.items() if figures[0] < FEW}
    large = sorted((figures[0], group) for group, figures in sums.items() if group not in rest)
    while rest and large and (len(rest) == 1 or sum(answers for answers, _points in rest.values()) < FEW):
        group = large.pop(0)[1]
        rest[group] = sums[group]
    shown = sorted((group, sums[group]) for _answers, group in large)
    if rest:
        figures = list(rest.values())
        together = sum(answers for answers, _ in figures), sum((points for _, points in figures), Fraction(0))
        shown.append((gettext("All others together"), together))
    return shown
