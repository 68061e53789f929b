"""The decision log of a programme: filtered, in order."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

# What ?sort= may say; "-" before it turns the order round. Without one what waits comes first, then the newest.
SORTS: Mapping[str, Any] = {
    "from": F("from_on"),
    "kind": F("kind"),
    "site": Lower("deployment__site__name"),
    "code": F("code"),
}


def chosen(decisions: QuerySet, choice: Mapping[str, Any], as_of: date | None) -> QuerySet:
    """Decisions that fit the filters of readiness.forms.decisions.DecisionFilters; of a past day, those of then.

    A site finds what was decided for it and for all sites. What still waits counts on the day it was asked.
    """
    for word in choice.get("q", "").split():
        decisions = decisions.filter(Q(text__icontains=word) | Q(reason__icontains=word) | Q(code__iexact=word))
    if kind := choice.get("kind"):
        decisions = decisions.filter(kind=kind)
    if site := choice.get("site", "").strip():
        named = Q(deployment__site__name__icontains=site) | Q(deployment__site__code__iexact=site)
        decisions = decisions.filter(named | Q(deployment=None))
    for name, ending in (("first", "gte"), ("last", "lte")):
        if day := choice.get(name):
            decisions = decisions.filter(_by(day, ending))
    return decisions.filter(_by(as_of, "lte")) if as_of else decisions


def _by(day: date, ending: str) -> Q:
    return Q(**{f"from_on__{ending}": day}) | Q(**{"from_on": None, f"asked_on__{ending}": day})


def in_order(decisions: QuerySet, sort: str) -> QuerySet:
    """Decisions in the order of `?sort=`; an unknown one leaves the order they have."""
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        return decisions
    ordered = key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True)
    return decisions.order_by(ordered, F("from_on").desc(nulls_first=True), "-pk")
