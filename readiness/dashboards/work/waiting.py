"""Waiting for you: what somebody else cannot go on without."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import WaiverState
from readiness.dashboards.waivers import subject_words
from readiness.dashboards.work.champions import from_champions
from readiness.dashboards.work.duties import (
    Duties,
    Duty,
    at_site,
    counted,
    of_place,
    put_together,
    shortened,
    under_way,
)
from readiness.dashboards.work.evidence import evidence_to_see
from readiness.dashboards.work.managing import waiting_for_managers
from readiness.gates.rules import DECISIVE
from readiness.models import ChecklistItem, GateReview, Hazard, SignOff, Waiver
from rollout.change_load import HALTED_STATES
from rollout.choices import Role, Stage
from rollout.models import Membership, User
from rollout.querysets.rights import rights_of

# A declared status older than this is asked for again.
DECLARED_FOR = timedelta(days=14)
BEFORE_LIVE = (Stage.NOT_STARTED, Stage.PREPARING, Stage.TECHNICAL_LIVE)
SAFETY = "clinical_safety_officer"
NOTHING = Duties((), 0)


def waiting_for(user: User, today: date, most: int, *, first: Duties = NOTHING) -> Duties:
    """What waits for the person, the most pressing kind first, each kind by age. At most ten queries, by role.

    `first` is what was found for them already, such as sessions of which nobody said who came.
    """
    return put_together([first, *_parts(user, today, most)], most, by_day=False)


def _parts(user: User, today: date, most: int) -> Iterator[Duties]:
    rights = rights_of(user)
    if Role.SIGNATORY in rights.roles:
        yield _signatures(user, most)
    if rights.managed:
        yield _outcomes(user, most)
    if rights.managed or Role.SIGNATORY in rights.roles:
        yield _waivers(user, most)
    if rights.managed:
        yield waiting_for_managers(rights.managed, today, most)
    if Role.SIGNATORY in rights.roles:
        yield _hazards(user, most)
    if rights.managed or rights.led or rights.wards:
        yield from_champions(user, most)
    if rights.managed or rights.led:
        yield _plans(user, today, most)
        yield evidence_to_see(user, most)


def signing_there(user: User, to: str = "deployment__") -> QuerySet:
    """The user's rights to sign at the deployment that `to` leads to from the row outside."""
    return Membership.objects.signing_for(OuterRef(f"{to}programme"), OuterRef(f"{to}site")).filter(user=user)


def open_reviews(user: User) -> QuerySet:
    """Gates that are being held: the pack is frozen and there is no outcome."""
    reviews = GateReview.objects.filter(pack__isnull=False, outcome="", retired_at=None, gate__retired_at=None)
    return reviews.filter(deployment__in=under_way(user).values("pk"))


def _signatures(user: User, most: int) -> Duties:
    """A row a gate and seat of the person's that has not answered."""
    answered = SignOff.objects.filter(review=OuterRef("pk"), seat_role=OuterRef("seat"), retired_at=None)
    asked = (
        open_reviews(user)
        .annotate(seat=F("gate__seats"))
        .filter(Exists(signing_there(user).filter(seat_role=OuterRef("seat"))), ~Exists(answered.exclude(answer="")))
    )
    columns = ("gate__name", "gate__code", "held_on", "gate__seats__code", "gate__seats__name", *of_place())
    rows, total = counted(asked.order_by("held_on", "pk", "seat").values(*columns), most)
    return Duties([_gate(row, _("Sign"), _("Gate to sign")) for row in rows], total)


def _outcomes(user: User, most: int) -> Duties:
    """A row a gate of the person's programmes at which every seat has answered."""
    given = (
        SignOff.objects.filter(review=OuterRef("pk"), retired_at=None).exclude(answer="").order_by().values("review")
    )
    reviews = open_reviews(user).filter(deployment__programme__in=rights_of(user).managed)
    complete = reviews.annotate(
        asked=Count("gate__seats"), given=Subquery(given.annotate(n=Count("pk")).values("n"))
    ).filter(Q(asked=0) | Q(given__gte=F("asked")))
    columns = ("gate__name", "gate__code", "held_on", *of_place())
    rows, total = counted(complete.order_by("held_on", "pk").values(*columns), most)
    kind = _("Gate whose seats have all answered")
    return Duties([_gate(row, _("Record the outcome"), kind) for row in rows], total)


def _gate(row: dict[str, Any], verb: Any, kind: Any) -> Duty:
    place = at_site(row, "gate-detail", gate=row["gate__code"])
    return Duty(verb=verb, what=row["gate__name"], kind=kind, on=row["held_on"], since=True, **place)


def _waivers(user: User, most: int) -> Duties:
    """Waivers that the person may decide and did not ask for."""
    decides = Q(deployment__programme__in=rights_of(user).managed)
    if Role.SIGNATORY in rights_of(user).roles:
        decides |= Q(Exists(signing_there(user).filter(seat_role__code__in=DECISIVE)))
    items = ChecklistItem.objects.filter(deployment=OuterRef("deployment"), code=OuterRef("subject"))
    asked = Waiver.objects.filter(
        decides, state=WaiverState.ASKED, retired_at=None, deployment__in=under_way(user).values("pk")
    ).exclude(asked_by__user=user)
    columns = ("subject", "item", "asked_on", "reason", *of_place())
    rows, total = counted(
        asked.annotate(item=Subquery(items.values("template_item__text")[:1]))
        .order_by("asked_on", "pk")
        .values(*columns),
        most,
    )
    return Duties(
        [
            Duty(
                verb=_("Approve or deny"),
                what=subject_words(row["subject"], {row["subject"]: row["item"] or row["subject"]}),
                kind=_("Waiver asked for"),
                on=row["asked_on"],
                since=True,
                note=shortened(row["reason"]),
                **at_site(row, "waiver-list"),
            )
            for row in rows
        ],
        total,
    )


def _hazards(user: User, most: int) -> Duties:
    """Open hazards that the person accepts or sees closed as clinical safety officer, the worst first."""
    at_sites = Q(Exists(signing_there(user).filter(seat_role__code=SAFETY))) & Q(
        deployment__in=under_way(user).values("pk")
    )
    of_programme = Membership.objects.current().filter(
        user=user, role=Role.SIGNATORY, seat_role__code=SAFETY, programme=OuterRef("programme"), site=None
    )
    everywhere = Q(Exists(of_programme), deployment=None, programme__retired_at=None)
    hazards = Hazard.objects.filter(at_sites | everywhere, closed_on=None, accepted_on=None, retired_at=None)
    open_ones = hazards.exclude(programme__state__in=HALTED_STATES)
    columns = ("code", "text", "rating", "raised_on", "programme__code", "programme__name", "deployment__site__name")
    rows, total = counted(open_ones.order_by("-rating", "raised_on", "pk").values(*columns), most)
    return Duties([_hazard(row) for row in rows], total)


def _hazard(row: dict[str, Any]) -> Duty:
    return Duty(
        verb=_("Accept or close"),
        what=row["text"],
        kind=_("Hazard, not accepted"),
        href=reverse("readiness:hazard-detail", kwargs={"programme": row["programme__code"], "hazard": row["code"]}),
        programme=row["programme__name"],
        site=row["deployment__site__name"] or "",
        on=row["raised_on"],
        since=True,
        note=gettext("Rated %(rating)s") % {"rating": row["rating"]},
    )


def _plans(user: User, today: date, most: int) -> Duties:
    """Sites without a go-live date, and those the person leads whose declared status is old."""
    rights = rights_of(user)
    own = Q(programme__in=rights.managed) | Q(site__in=rights.led)
    undated = Q(go_live_on=None, actual_go_live_on=None, stage__in=BEFORE_LIVE)
    old = Q(declared_on=None) | Q(declared_on__lt=today - DECLARED_FOR)
    silent = Q(site__in=rights.led) & old & ~Q(stage=Stage.NOT_STARTED)
    sites = under_way(user).filter(own, undated | silent).annotate(no_date=undated)
    columns = ("no_date", "declared_on", "interest_on", *of_place(""))
    rows, total = counted(
        sites.order_by("-no_date", F("declared_on").asc(nulls_first=True), "pk").values(*columns), most
    )
    return Duties([_plan(row) for row in rows], total)


def _plan(row: dict[str, Any]) -> Duty:
    step = "dates" if row["no_date"] else "status"
    return Duty(
        verb=_("Plan the dates") if row["no_date"] else _("Declare the status"),
        what=row["site__name"],
        kind=_("Site without a go-live date") if row["no_date"] else _("Declared status older than 14 days"),
        on=row["interest_on"] if row["no_date"] else row["declared_on"],
        since=True,
        **at_site(row, "deployment-plan", "", step=step),
    )
