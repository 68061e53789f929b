"""Champions by ward, and the slots of the go-live fortnight. Board members read whether there are enough, not how many.

A ward has a handful of champions and a slot one or two: every figure here is of fewer than 5 people.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.records.listing import Listing, Listings, Place, Row, only
from readiness.scoring import Unit
from rollout.downloads import Column
from rollout.models import Ward
from rollout.templatetags.formats import clock
from training.models import ShiftPattern, StaffMember

ENOUGH = Column("enough", _("Enough champions"), "yes_no")
NEED = Column("need", _("Champions needed"), "whole")
HAVE = Column("have", _("Trained champions"), "whole")
UNTRAINED = Column("untrained", _("Without their course"))
DAY = Column("day", _("Day"), "day")
SHIFT = Column("shift", _("Shift"))
THERE = Column("have", _("Champions"), "whole")
MINIMUM = Column("minimum", _("Needed"), "whole")


def list_wards(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row a ward with staff: the champions it needs, has, and those who still lack a course."""
    wards = _wards(place)
    ward = Column("ward", place.ward_word)
    if not place.viewer.few:
        rows = [_plain(wards[unit.key[0]], unit) for unit in units]
        return only(Listing("records", _("Champions"), (ward,), rows))
    names = _names(units, place)
    rows = [
        Row(
            (
                wards[unit.key[0]],
                unit.facts["need"],
                unit.facts["have"],
                _untrained(unit.facts["untrained"], names, named=place.viewer.champions),
            ),
            unit.weight,
            unit.credit,
            _short(unit.facts["need"] - unit.facts["have"]),
        )
        for unit in units
    ]
    about = gettext("Each row weighs as many staff as it has.")
    columns = (ward, NEED, HAVE, UNTRAINED)
    return only(Listing("records", _("Champions"), columns, rows, weighed=True, about=about))


def list_slots(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row for each ward, day and shift: how many champions cover at least half of it, of how many needed."""
    wards, few = _wards(place), place.viewer.few
    patterns = {
        pattern.pk: f"{pattern.name} ({clock(pattern.starts)} {gettext('to')} {clock(pattern.ends)})"
        for pattern in ShiftPattern.objects.filter(programme=place.deployment.programme)
    }
    rows = [
        Row(
            (
                unit.key[1],
                wards[unit.key[0]],
                patterns[unit.key[2]],
                *((unit.facts["have"], unit.facts["minimum"]) if few else ()),
            ),
            unit.weight,
            unit.credit,
            _short(unit.facts["minimum"] - unit.facts["have"]) if few else _too_few(unit),
        )
        for unit in units
    ]
    columns = (DAY, Column("ward", place.ward_word), SHIFT, *((THERE, MINIMUM) if few else ()))
    return only(Listing("records", _("Slots"), columns, rows))


def _plain(ward: str, unit: Unit) -> Row:
    """A ward for readers of no small counts: it has enough champions, or it has not."""
    return Row((ward,), 1, unit.credit if unit.credit == 1 else unit.credit * 0, _too_few(unit))


def _too_few(unit: Unit) -> str:
    return "" if unit.credit == 1 else gettext("not enough champions")


def _short(missing: int) -> str:
    if missing <= 0:
        return ""
    return ngettext("%(count)d champion short", "%(count)d champions short", missing) % {"count": missing}


def _wards(place: Place) -> Mapping[int, str]:
    return dict(Ward.objects.filter(site=place.deployment.site_id).values_list("pk", "name"))


def _names(units: Sequence[Unit], place: Place) -> Mapping[int, str]:
    """The names of champions without their course, as far as the reader may know them."""
    if not place.viewer.champions:
        return {}
    ids = {staff for unit in units for staff in unit.facts["untrained"]}
    visible = StaffMember.objects.visible_to(place.viewer.user).filter(pk__in=ids)
    return {pk: name or number for pk, name, number in visible.values_list("pk", "name", "number")}


def _untrained(ids: Sequence[int], names: Mapping[int, str], *, named: bool) -> Any:
    """The champions by name, or how many there are."""
    if not ids:
        return None
    if named:
        return ", ".join(sorted(names.get(pk) or gettext("Name not shown") for pk in ids))
    return str(len(ids))
