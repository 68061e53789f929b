"""Records of programmes that several sections of a board dashboard speak of, each kind read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext

from readiness.dashboards.board.scope import Scope
from rollout.choices import DecisionKind, PilotOutcome
from rollout.models import Commitment, Decision, Pilot, PriorityReview, Programme, Signature

# Decisions that a board remembers for as long as the programme lasts.
REMEMBERED = (DecisionKind.STOP, DecisionKind.PAUSE, DecisionKind.DEFER)
OF_DEPLOYMENT = ("programme__code", "programme__name", "deployment__site__code", "deployment__site__name")
OF_SITE = ("programme__code", "programme__name", "site__code", "site__name")


def within(scope: Scope, to: str = "deployment") -> Q:
    """Records of a whole programme, and those of a deployment in the scope."""
    return Q(**{to: None}) | Q(**{f"{to}__in": scope.deployments.values("pk")})


def records_at(site: str | None, programme: str, indicator: str) -> str:
    """The page of the records behind an indicator at a site that is scored, "" where there is no such site."""
    if not site:
        return ""
    address = {"programme": programme, "site": site, "indicator": indicator}
    return reverse("readiness:indicator-records", kwargs=address)


def standing_at(row: Mapping[str, Any], to: str = "deployment__site") -> dict[str, str]:
    """Where a record stands and the page of it: its site, else its programme."""
    programme, site = row["programme__code"], row.get(f"{to}__code")
    if site:
        href = reverse("readiness:deployment-detail", kwargs={"programme": programme, "site": site})
    else:
        href = reverse("readiness:programme-detail", kwargs={"programme": programme})
    where = row[f"{to}__name"] if site else gettext("Whole programme")
    return {"where": where, "programme": row["programme__name"], "href": href}


@dataclass(frozen=True)
class DecisionRow:
    """A decision taken (`from_on`) or asked for (`asked_on`, `waits_for`). Who took it is not told on this page."""

    kind: str
    what: str
    reason: str
    from_on: date | None
    asked_on: date | None
    waits_for: str
    where: str
    programme: str
    href: str

    @property
    def label(self) -> str:
        """The kind in words."""
        return str(DecisionKind(self.kind).label)

    @property
    def sentence(self) -> str:
        """What was decided, its kind first unless it is a go: that is named after the outcome of its gate."""
        words = self.what
        if self.kind != DecisionKind.GO:
            words = gettext("%(kind)s: %(text)s") % {"kind": self.label, "text": self.what}
        return words if words.endswith((".", "?", "!")) else f"{words}."

    def taken(self, day: date) -> bool:
        """Whether it held on a day."""
        return self.from_on is not None and self.from_on <= day


def decisions_of(scope: Scope) -> list[DecisionRow]:
    """Decisions that wait, that were taken since the scope's earlier day, or that are remembered; the newest first."""
    waiting = Q(asked_on__lte=scope.day) & (Q(from_on=None) | Q(from_on__gt=scope.day))
    rows = (
        Decision.objects.filter(within(scope), programme__in=scope.programmes, retired_at=None)
        .filter(
            waiting
            | Q(from_on__gt=scope.since, from_on__lte=scope.day)
            | Q(kind__in=REMEMBERED, from_on__lte=scope.day)
        )
        .order_by("-from_on", "-pk")
    )
    return [
        DecisionRow(
            kind=row["kind"],
            what=row["text"],
            reason=row["reason"],
            from_on=row["from_on"],
            asked_on=row["asked_on"],
            waits_for=row["waits_for"],
            **standing_at(row),
        )
        for row in rows.values("kind", "text", "reason", "from_on", "asked_on", "waits_for", *OF_DEPLOYMENT)
    ]


def pilots_of(scope: Scope) -> list[dict[str, Any]]:
    """Pilots of the programmes, as far as the reader may see their site; what ended last comes first.

    What was decided after the day is undecided on it.
    """
    known = Q(site=None) | Q(site__in=scope.deployments.values("site"))
    pilots = Pilot.objects.filter(known, programme__in=scope.programmes, retired_at=None)
    answers = ("staff_experience", "staff_answers", "patient_experience", "patient_answers")
    found = pilots.order_by("-ends_on", "pk").values(
        "code", "programme_id", "question", "ends_on", "outcome", "decided_on", *answers, *OF_SITE
    )
    return [
        {**row, "outcome": PilotOutcome.UNDECIDED} if row["decided_on"] and row["decided_on"] > scope.day else row
        for row in found
    ]


@dataclass(frozen=True)
class ProgrammeFacts:
    """Of one programme: its next priority review, and what partners signed and delivered by the day."""

    programme: Programme
    review_on: date | None
    signatures: int
    signed: int
    due: int
    delivered: int


def facts_of(scope: Scope) -> list[ProgrammeFacts]:
    """The facts of each programme, in one query."""
    signatures = Signature.objects.filter(
        retired_at=None, agreement__retired_at=None, agreement__deployment__in=scope.deployments.values("pk")
    )
    due = Commitment.objects.filter(within(scope), retired_at=None, due_on__lte=scope.day)
    not_held = Q(held_on=None) | Q(held_on__gt=scope.day)
    reviews = PriorityReview.objects.filter(not_held, retired_at=None)
    rows = {
        row["pk"]: row
        for row in Programme.objects.filter(pk__in=[programme.pk for programme in scope.programmes])
        .order_by()
        .annotate(
            review_on=_of_programme(reviews, "programme", Min("due_on")),
            signatures=_of_programme(signatures, "agreement__programme", Count("pk")),
            signed=_of_programme(signatures.filter(signed_on__lte=scope.day), "agreement__programme", Count("pk")),
            due=_of_programme(due, "programme", Count("pk")),
            delivered=_of_programme(due.filter(delivered_on__lte=scope.day), "programme", Count("pk")),
        )
        .values("pk", "review_on", "signatures", "signed", "due", "delivered")
    }
    return [
        ProgrammeFacts(
            programme=programme,
            review_on=rows[programme.pk]["review_on"],
            **{name: rows[programme.pk][name] or 0 for name in ("signatures", "signed", "due", "delivered")},
        )
        for programme in scope.programmes
    ]


def _of_programme(rows: QuerySet, to: str, figure: Count | Min) -> Subquery:
    """An aggregate of the rows of each programme."""
    of_each = rows.filter(**{to: OuterRef("pk")}).order_by().values(to)
    return Subquery(of_each.annotate(figure=figure).values("figure"))
