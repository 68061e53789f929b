"""What waits to be decided in a programme, how long it has waited, and what it waits for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.board.asked import Asked, Kind, decisions_asked
from readiness.dashboards.board.records import decisions_of, facts_of, pilots_of
from readiness.dashboards.board.scope import Scope
from readiness.dashboards.board.survey import Survey, survey_of
from readiness.dashboards.judged import models_of
from readiness.models import GateReview, ReadinessScore, SignOff
from readiness.scoring import MODEL_2026_1, Model
from rollout.downloads import Column, Table

COLUMNS = (
    Column("kind", _("Kind")),
    Column("what", _("What")),
    Column("where", _("Where")),
    Column("waits_for", _("Waits for")),
    Column("since", _("Since"), "day"),
    Column("days", _("Days"), "whole"),
)


@dataclass(frozen=True)
class Undecided:
    """One thing that waits: since which day, and for what. `href` leads to it, or to where it stands."""

    kind: Any
    what: str
    where: str
    waits_for: str
    since: date
    href: str


def undecided_of(scope: Scope) -> list[Undecided]:
    """Everything that should have been decided by the day, the longest waiting first.

    At most eleven queries. What is only asked for in the days ahead is not late and not told here.
    """
    held = list(_held_open(scope)) if scope.as_of is None else []
    addresses = {each.href for each in held}
    survey = survey_of(scope)
    asked = decisions_asked(
        scope,
        hazard_limit=_hazard_limit(survey),
        pilots=pilots_of(scope),
        decisions=decisions_of(scope),
        facts=facts_of(scope),
        scored=survey.scored,
    )
    late = [_told(each) for each in asked if each.on <= scope.day and each.record not in addresses]
    return sorted([*held, *late], key=lambda each: (each.since, str(each.kind), each.where, each.what))


def _told(each: Asked) -> Undecided:
    return Undecided(each.kind.label, each.what, each.where, each.waits, each.on, each.record or each.href)


def _hazard_limit(survey: Survey) -> int:
    """The rating from which a hazard holds a score, by the strictest of the models that score the sites."""
    models = models_of(ReadinessScore(model_id=model) for model in survey.models).values()
    return min((model.hazard_limit for model in models), default=Model.from_json(MODEL_2026_1).hazard_limit)


def _held_open(scope: Scope) -> Iterator[Undecided]:
    """Gates whose pack is frozen and that have no outcome: they wait for seats, then for the outcome. Three queries."""
    answered = SignOff.objects.filter(retired_at=None).exclude(answer="").order_by("pk")
    reviews = GateReview.objects.filter(
        pack__isnull=False, outcome="", retired_at=None, deployment__in=scope.deployments.values("pk")
    ).select_related("gate", "deployment__site", "deployment__programme")
    for review in reviews.prefetch_related("gate__seats", Prefetch("sign_offs", answered)).order_by("held_on", "pk"):
        given = {each.seat_role_id for each in review.sign_offs.all()}
        silent = sorted(str(seat) for seat in review.gate.seats.all() if seat.pk not in given)
        deployment = review.deployment
        address = {"programme": deployment.programme.code, "site": deployment.site.code, "gate": review.gate.code}
        yield Undecided(
            kind=Kind.GATE.label,
            what=review.gate.name,
            where=deployment.site.name,
            waits_for=gettext("The answer of %(seats)s") % {"seats": ", ".join(silent)}
            if silent
            else gettext("The outcome: every seat has answered"),
            since=review.held_on,
            href=reverse("readiness:gate-detail", kwargs=address),
        )


def undecided_table(rows: Iterable[Undecided], day: date) -> Table:
    """The same as a file."""
    values = [(row.kind, row.what, row.where, row.waits_for, row.since, (day - row.since).days) for row in rows]
    return Table("undecided", gettext("Not decided yet"), COLUMNS, values)
