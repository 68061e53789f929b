"""Decisions asked of the board: what waits, since when or until when, and where it stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, Exists, F, Func, OuterRef, Q, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from readiness.choices import GateKind, WaiverState
from readiness.dashboards.board.records import (
    OF_DEPLOYMENT,
    OF_SITE,
    DecisionRow,
    ProgrammeFacts,
    records_at,
    standing_at,
    within,
)
from readiness.dashboards.board.scope import Scope, shifted
from readiness.dashboards.programmes import programme_address
from readiness.dashboards.waivers import week_words
from readiness.explain import cap_words
from readiness.models import ChecklistItem, GateReview, Hazard, Waiver
from readiness.models.safety import COLLISION_PREFIX, WAIVED_CAP
from rollout.choices import PilotOutcome, Stage

# How far ahead a go/no-go meeting or a priority review is asked for.
SOON = timedelta(days=30)
BEFORE_TECHNICAL = (Stage.NOT_STARTED, Stage.PREPARING)
BEFORE_LIVE = (*BEFORE_TECHNICAL, Stage.TECHNICAL_LIVE)


class Kind(TextChoices):
    """What sort of record waits."""

    WAIVER = "waiver", gettext_lazy("Waiver")
    PILOT = "pilot", gettext_lazy("Pilot that ended")
    HAZARD = "hazard", gettext_lazy("Hazard")
    GATE = "gate", gettext_lazy("Go/no-go")
    REVIEW = "review", gettext_lazy("Priority review")
    DECISION = "decision", gettext_lazy("Decision")


@dataclass(frozen=True)
class Asked:
    """One decision that waits.

    `on` is the day since which it waits, or, where `due`, by which it should be taken. `waits` says what for. `record`
    is the page of what waits, or of the records it is one of, "" where there is none, and `anchor` its place on
    it; `href` that of its site or programme.
    """

    kind: Kind
    what: str
    waits: str
    where: str
    programme: str
    on: date
    due: bool
    href: str
    record: str = ""
    anchor: str = ""


def decisions_asked(
    scope: Scope,
    *,
    hazard_limit: int,
    pilots: Sequence[Mapping[str, Any]],
    decisions: Sequence[DecisionRow],
    facts: Sequence[ProgrammeFacts],
    scored: Mapping[int, str],
) -> list[Asked]:
    """Everything that waits for a decision on the day, the oldest first. Three queries beside the records given.

    `scored` is the code of one scored site of each programme: the pilots of the programme are read there.
    """
    found = [
        *_waivers(scope),
        *_pilots(scope, pilots, scored),
        *_hazards(scope, hazard_limit),
        *_gates(scope),
        *_reviews(scope, facts),
        *_decisions(scope, decisions),
    ]
    return sorted(found, key=lambda each: (each.on, each.kind, each.where, each.what))


def _waivers(scope: Scope) -> Iterator[Asked]:
    items = ChecklistItem.objects.filter(deployment=OuterRef("deployment"), code=OuterRef("subject"))
    open_then = Q(decided_on=None, state=WaiverState.ASKED) | Q(decided_on__gt=scope.day)
    rows = (
        Waiver.objects.filter(open_then, deployment__in=scope.deployments, retired_at=None, asked_on__lte=scope.day)
        .annotate(item=Subquery(items.values("template_item__text")[:1]))
        .values("subject", "item", "asked_on", "until_on", *OF_DEPLOYMENT)
    )
    for row in rows:
        yield Asked(
            kind=Kind.WAIVER,
            what=waived(row["subject"], row["item"]),
            waits=gettext("Approve or deny it"),
            on=row["asked_on"],
            due=False,
            record=_page("waiver-list", row["programme__code"], row["deployment__site__code"]),
            **standing_at(row),
        )


def waived(subject: str, item: str | None) -> str:
    """What a waiver is of: an item, the cap of an agreement, or a week in which changes collide."""
    if subject.startswith(COLLISION_PREFIX):
        return gettext("Changes that collide in the %(week)s") % {"week": week_words(subject)}
    if subject == WAIVED_CAP:
        return cap_words(WAIVED_CAP).capitalize()
    return item or subject


def _pilots(scope: Scope, pilots: Iterable[Mapping[str, Any]], scored: Mapping[int, str]) -> Iterator[Asked]:
    for row in pilots:
        if row["ends_on"] is None or row["ends_on"] >= scope.day or row["outcome"] != PilotOutcome.UNDECIDED:
            continue
        yield Asked(
            kind=Kind.PILOT,
            what=row["question"] or row["code"],
            waits=gettext("Scale, iterate or stop"),
            on=row["ends_on"],
            due=False,
            record=records_at(scored.get(row["programme_id"]), row["programme__code"], "pilots.outcome"),
            **standing_at(row, "site"),
        )


def _hazards(scope: Scope, limit: int) -> Iterator[Asked]:
    still_open = Q(closed_on=None) | Q(closed_on__gt=scope.day)
    not_accepted = Q(accepted_on=None) | Q(accepted_on__gt=scope.day)
    rows = Hazard.objects.filter(
        still_open,
        not_accepted,
        within(scope),
        programme__in=scope.programmes,
        retired_at=None,
        raised_on__lte=scope.day,
        rating__gte=limit,
    )
    for row in rows.values("code", "text", "rating", "raised_on", *OF_DEPLOYMENT):
        address = {"programme": row["programme__code"], "hazard": row["code"]}
        yield Asked(
            kind=Kind.HAZARD,
            what=gettext("%(text)s (rated %(rating)s)") % {"text": row["text"].rstrip("."), "rating": row["rating"]},
            waits=gettext("Close or accept it"),
            on=row["raised_on"],
            due=False,
            record=reverse("readiness:hazard-detail", kwargs=address),
            **standing_at(row),
        )


def _gates(scope: Scope) -> Iterator[Asked]:
    """Go/no-go meetings without an outcome, of sites that are not live yet: under way, due within 30 days, overdue."""
    reviews = GateReview.objects.filter(
        gate=OuterRef("gate_id"), deployment=OuterRef("pk"), held_on__lte=scope.day, retired_at=None
    )
    held, under_way = reviews.exclude(outcome=""), reviews.filter(outcome="", pack__isnull=False)
    near = Q(due_on__range=(date.min, shifted(scope.day, SOON)))
    rows = (
        scope.deployments.filter(
            Q(programme__gates__kind=GateKind.TECHNICAL)
            & _not_yet("actual_technical_go_live_on", BEFORE_TECHNICAL, scope.day)
            | Q(programme__gates__kind=GateKind.GO_LIVE) & _not_yet("actual_go_live_on", BEFORE_LIVE, scope.day),
            programme__gates__retired_at=None,
        )
        .annotate(
            gate_id=F("programme__gates__pk"),
            gate_code=F("programme__gates__code"),
            gate_name=F("programme__gates__name"),
            due_on=Func(
                Coalesce("actual_go_live_on", "go_live_on"),
                F("programme__gates__due_days"),
                template="(%(expressions)s)",
                arg_joiner=" - ",
                output_field=DateField(),
            ),
        )
        .filter(~Exists(held), near | Q(due_on__range=(date.min, date.max)) & Exists(under_way))
    )
    columns = ("gate_code", "gate_name", "due_on", *OF_SITE)
    for row in rows.order_by().values(*columns):
        yield Asked(
            kind=Kind.GATE,
            what=row["gate_name"],
            waits=gettext("Go, go with conditions, no go or defer"),
            on=row["due_on"],
            due=True,
            record=_page("gate-detail", row["programme__code"], row["site__code"], gate=row["gate_code"]),
            **standing_at(row, "site"),
        )


def _page(name: str, programme: str, site: str, **more: str) -> str:
    """A page of a site."""
    return reverse(f"readiness:{name}", kwargs={"programme": programme, "site": site, **more})


def _not_yet(actual: str, stages: tuple[str, ...], day: date) -> Q:
    """Deployments at which a go-live had not happened on the day."""
    return Q(**{f"{actual}__gt": day}) | Q(**{actual: None, "stage__in": stages})


def _reviews(scope: Scope, facts: Iterable[ProgrammeFacts]) -> Iterator[Asked]:
    for each in facts:
        if each.review_on and each.review_on <= shifted(scope.day, SOON):
            row = {"programme__code": each.programme.code, "programme__name": each.programme.name}
            yield Asked(
                kind=Kind.REVIEW,
                what=gettext("Does the programme go on?"),
                waits=gettext("Continue, pause or stop"),
                on=each.review_on,
                due=True,
                record=programme_address(each.programme),
                anchor="#priority",
                **standing_at(row),
            )


def _decisions(scope: Scope, decisions: Iterable[DecisionRow]) -> Iterator[Asked]:
    """Decisions that somebody asked for and nobody has taken."""
    for each in decisions:
        if each.asked_on and each.asked_on <= scope.day and not each.taken(scope.day):
            yield Asked(
                kind=Kind.DECISION,
                what=each.what,
                waits=each.waits_for or gettext("Decide"),
                where=each.where,
                programme=each.programme,
                on=each.asked_on,
                due=False,
                href=each.href,
            )
