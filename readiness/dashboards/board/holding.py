"""What holds sites back: caps by kind, how many sites each holds down, and since when it has been in force there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from readiness.dashboards.board.places import Place
from readiness.dashboards.board.scope import Scope
from readiness.explain import cap_words
from readiness.models import ReadinessScore
from readiness.scoring import Model
from readiness.scoring.document import number_text
from rollout.models import Deployment

HUNDREDTHS_OF_A_POINT = 100  # as a place keeps its score


@dataclass(frozen=True)
class HeldPlace:
    """A site that a cap holds down; `since` is the first day of the present unbroken stretch."""

    place: Place
    since: date


@dataclass(frozen=True)
class Holding:
    """One kind of cap: how far down it holds (as the model writes it), why, and where, the longest first."""

    code: str
    limit: str
    words: str
    held: list[HeldPlace]

    @property
    def sites(self) -> int:
        """How many sites it holds down."""
        return len(self.held)

    @property
    def oldest(self) -> HeldPlace:
        """The site at which it has been in force the longest."""
        return self.held[0]


def held_down(places: Iterable[Place], models: Mapping[int, Model]) -> dict[str, list[Place]]:
    """The places by each cap that keeps their score where it is. One that the score undercuts anyway holds nothing."""
    found: dict[str, list[Place]] = {}
    for place in places:
        for code in place.caps:
            if place.now and models[place.now.model].caps[code] * HUNDREDTHS_OF_A_POINT <= place.now.score:
                found.setdefault(code, []).append(place)
    return found


def holdings(scope: Scope, of_code: Mapping[str, Sequence[Place]], models: Mapping[int, Model]) -> list[Holding]:
    """The caps by kind with the places each holds down, the one that is oldest anywhere first. One query."""
    since = capped_since(scope, {code: [place.pk for place in here] for code, here in of_code.items()})
    found = []
    for code, here in of_code.items():
        rows = [HeldPlace(place, since[place.pk, code]) for place in here]
        rows.sort(key=lambda row: (row.since, row.place.site_name, row.place.pk))
        limits = {models[row.place.now.model].caps[code] for row in rows if row.place.now}
        limit = " / ".join(str(number_text(limit)) for limit in sorted(limits))
        found.append(Holding(code, limit, cap_words(code), rows))
    return sorted(found, key=lambda each: (each.oldest.since, each.code))


def capped_since(scope: Scope, held: Mapping[str, Sequence[int]]) -> dict[tuple[int, str], date]:
    """For each cap and each deployment where it is in force: the first day of the stretch of scores that all have it.

    One query; of each deployment and cap it reads the days of the stretch, newest first, and no older ones.
    """
    each = [
        Deployment.objects.filter(pk__in=ids)
        .order_by()
        .values_list("pk", Value(code, output_field=TextField()), _first_day(code, scope.as_of))
        for code, ids in held.items()
    ]
    if not each:
        return {}
    return {(pk, code): since for pk, code, since in each[0].union(*each[1:], all=True)}


def _first_day(code: str, day: date | None) -> Subquery:
    scores = ReadinessScore.objects.current().until(day)
    without = scores.filter(deployment=OuterRef(OuterRef("pk"))).exclude(caps__contains=[code]).order_by("-day")
    last_without = Coalesce(Subquery(without.values("day")[:1]), Value(date.min), output_field=DateField())
    after = scores.filter(deployment=OuterRef("pk"), day__gt=last_without).order_by("day")
    return Subquery(after.values("day")[:1])
