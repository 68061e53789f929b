"""The hazard log of a programme: what could harm a patient, rated, and how each stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Lower
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.judged import model_in_use
from readiness.dashboards.who import People
from readiness.forms.hazards import LIKELIHOODS, SEVERITIES, STATES
from readiness.models import Hazard
from readiness.querysets.hazards import HazardQuerySet
from readiness.scoring.defaults import MODEL_2026_1
from readiness.scoring.document import number_text
from rollout.downloads import Column, Table
from rollout.models import Programme
from rollout.querysets.rights import Somebody

# What ?sort= may say; "-" before it turns the order round. Without one: open ones first, of these the highest rated.
SORTS: Mapping[str, Any] = {
    "rating": F("rating"),
    "site": Lower("deployment__site__name"),
    "raised": F("raised_on"),
    "code": F("code"),
}
OPEN_FIRST = Case(When(closed_on=None, accepted_on=None, then=0), When(closed_on=None, then=1), default=2)


@dataclass(frozen=True)
class HazardLine:
    """One hazard as a row says it. `limit` is the rating that holds scores; `accepted_by` is as far as one may know."""

    hazard: Hazard
    limit: int
    accepted_by: str

    @property
    def open(self) -> bool:
        """Whether it is neither closed nor accepted."""
        return self.hazard.closed_on is None and self.hazard.accepted_on is None

    @property
    def state(self) -> str:
        """How it stands, in a word."""
        closed, accepted = self.hazard.closed_on, self.hazard.accepted_on
        return str(dict(STATES)["closed" if closed else "accepted" if accepted else "open"])

    @property
    def holds(self) -> bool:
        """Whether it holds scores down."""
        return self.open and self.rating >= self.limit

    @property
    def rating(self) -> int:
        """Likelihood × severity, 1 to 25."""
        return self.hazard.likelihood * self.hazard.severity

    @property
    def rated(self) -> str:
        """The rating with its words: "20: high likelihood × catastrophic"."""
        words = {
            "rating": self.rating,
            "likelihood": str(dict(LIKELIHOODS)[self.hazard.likelihood]).lower(),
            "severity": str(dict(SEVERITIES)[self.hazard.severity]).lower(),
        }
        return gettext("%(rating)d: %(likelihood)s likelihood × %(severity)s harm") % words


@dataclass(frozen=True)
class Limit:
    """The rating from which an open hazard holds a score, and the points at which it holds it, as written."""

    rating: int
    points: str


def limit_of(programme: Programme) -> Limit:
    """What the programme's scoring model says of hazards. One query."""
    model = model_in_use(programme.pk)
    if model is None:
        return Limit(MODEL_2026_1["hazard_limit"], str(MODEL_2026_1["caps"]["hazard_unacceptable"]))
    return Limit(model.hazard_limit, str(number_text(model.caps["hazard_unacceptable"])))


def hazards_of(programme: Programme, user: Somebody) -> HazardQuerySet:
    """The hazards of a programme that the user may know of."""
    return (
        Hazard.objects.current()
        .visible_to(user)
        .filter(programme=programme)
        .select_related("deployment__site", "accepted_by")
        .order_by(OPEN_FIRST, F("rating").desc(), "code", "pk")
    )


def chosen(hazards: HazardQuerySet, choice: Mapping[str, Any]) -> HazardQuerySet:
    """Hazards that fit the filters of readiness.forms.hazards.HazardFilters.

    A site finds its own hazards and those of the whole programme.
    """
    for word in choice.get("q", "").split():
        hazards = hazards.filter(Q(text__icontains=word) | Q(mitigation__icontains=word) | Q(code__iexact=word))
    if site := choice.get("site", "").strip():
        named = Q(deployment__site__name__icontains=site) | Q(deployment__site__code__iexact=site)
        hazards = hazards.filter(named | Q(deployment=None))
    return hazards.in_state(choice.get("state", ""))


def in_order(hazards: "QuerySet[Hazard]", sort: str) -> "QuerySet[Hazard]":
    """Hazards in the order of `?sort=`; an unknown one leaves the order they have."""
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        return hazards
    return hazards.order_by(key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True), "pk")


def lines(hazards: Iterable[Hazard], people: People, limit: int) -> list[HazardLine]:
    """Hazards as rows."""
    return [
        HazardLine(each, limit, people.words(each.accepted_by_id, each.deployment.site_id if each.deployment else None))
        for each in hazards
    ]


def lead(hazards: HazardQuerySet, limit: Limit) -> str:
    """How the log stands, in a sentence or two. Two queries."""
    if not hazards.exists():
        return gettext("No hazard is recorded. A hazard log is never empty: it holds every score until the first one.")
    still = hazards.in_state("open")
    rated = dict(still.order_by().values_list("pk", "rating"))
    severe = sum(rating >= limit.rating for rating in rated.values())
    words = ngettext("%(n)d hazard is open.", "%(n)d hazards are open.", len(rated)) % {"n": len(rated)}
    if not severe:
        return words
    held = ngettext(
        "%(n)d of them is rated %(limit)d or more and holds the score at %(points)s.",
        "%(n)d of them are rated %(limit)d or more and hold the score at %(points)s.",
        severe,
    )
    return f"{words} {held % {'n': severe, 'limit': limit.rating, 'points': limit.points}}"


def hazards_table(rows: Iterable[HazardLine]) -> Table:
    """The log as a file."""
    columns = (
        Column("code", _("Code")),
        Column("site", _("Site")),
        Column("text", _("What could happen")),
        Column("likelihood", _("Likelihood"), "whole"),
        Column("severity", _("Severity"), "whole"),
        Column("rating", _("Rating"), "whole"),
        Column("mitigation", _("What is done about it")),
        Column("state", _("State")),
        Column("raised_on", _("Raised on"), "day"),
        Column("accepted_on", _("Accepted on"), "day"),
        Column("accepted_by", _("Accepted by")),
        Column("closed_on", _("Closed on"), "day"),
    )

    def values() -> Iterator[list[date | str | int | None]]:
        for row in rows:
            each = row.hazard
            site = each.deployment.site.name if each.deployment else gettext("The whole programme")
            rated = [each.likelihood, each.severity, row.rating]
            days = [each.raised_on, each.accepted_on, row.accepted_by, each.closed_on]
            yield [each.code, site, each.text, *rated, each.mitigation, row.state, *days]

    return Table("hazards", _("Hazard log"), columns, values())
