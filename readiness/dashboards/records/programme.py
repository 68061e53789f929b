"""Records of a handful each: measures, commitments, pilots, hazards. They name no staff, so everybody reads them."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.records.listing import Listing, Listings, Place, Row, only
from readiness.models import Hazard
from readiness.scoring import Unit
from rollout.choices import PilotOutcome
from rollout.downloads import Column
from rollout.models import Commitment, Measure, Pilot, SiteTarget

CODE = Column("code", _("Code"))
TARGETS = (
    CODE,
    Column("measure", _("Measure")),
    Column("unit", _("Unit")),
    Column("programme_target", _("Programme's target"), "number"),
    Column("target", _("Site's target"), "number"),
    Column("agreed", _("Agreed on"), "day"),
)
COMMITMENTS = (
    CODE,
    Column("what", _("What")),
    Column("partner", _("Partner")),
    Column("due", _("Due"), "day"),
    Column("delivered", _("Delivered"), "day"),
)
PILOTS = (
    CODE,
    Column("question", _("Question")),
    Column("ended", _("Ended"), "day"),
    Column("outcome", _("Outcome")),
    Column("decided", _("Decided on"), "day"),
    Column("secured", _("Resources secured"), "day"),
)
HAZARDS = (
    CODE,
    Column("what", _("What could happen")),
    Column("rating", _("Rating, 1 to 25"), "whole"),
    Column("raised", _("Raised"), "day"),
    Column("closed", _("Closed"), "day"),
    Column("accepted", _("Accepted"), "day"),
)


def _ids(units: Sequence[Unit]) -> list[Any]:
    return [unit.key[0] for unit in units]


def list_targets(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row for each measure of the programme."""
    measures = Measure.objects.in_bulk(_ids(units))
    agreed = SiteTarget.objects.filter(deployment=place.deployment, measure__in=list(measures), retired_at=None)
    targets = {target.measure_id: target for target in agreed}
    rows = []
    for unit in units:
        measure, target = measures[unit.key[0]], targets.get(unit.key[0])
        agreed_on = place.known(target.agreed_on) if target else None
        cells = (
            measure.code,
            measure.name,
            measure.unit or None,
            measure.target,
            target.target if target and agreed_on else None,
            agreed_on,
        )
        why = "" if unit.credit else gettext("this site has agreed no target of its own")
        rows.append(Row(cells, unit.weight, unit.credit, why))
    return only(Listing("records", _("Measures"), TARGETS, rows))


def list_commitments(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row for each commitment due by go-live, or by the day shown where that is later."""
    commitments = Commitment.objects.select_related("partner").in_bulk(_ids(units))
    rows = []
    for unit in units:
        commitment = commitments[unit.key[0]]
        cells = (
            commitment.code,
            commitment.text,
            commitment.partner.name,
            commitment.due_on,
            place.known(commitment.delivered_on),
        )
        late = commitment.due_on is not None and commitment.due_on < place.day
        why = "" if unit.credit else gettext("overdue") if late else gettext("not delivered yet")
        rows.append(Row(cells, unit.weight, unit.credit, why))
    return only(Listing("records", _("Commitments"), COMMITMENTS, rows))


def list_pilots(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row for each pilot of the programme that has ended."""
    pilots = Pilot.objects.in_bulk(_ids(units))
    rows = []
    for unit in units:
        pilot = pilots[unit.key[0]]
        decided, secured = place.known(pilot.decided_on), place.known(pilot.secured_on)
        outcome = PilotOutcome(pilot.outcome) if decided else PilotOutcome.UNDECIDED
        cells = (pilot.code, pilot.question or None, pilot.ends_on, str(outcome.label), decided, secured)
        rows.append(Row(cells, unit.weight, unit.credit, _why_not(outcome, secured=secured is not None)))
    return only(Listing("records", _("Pilots that have ended"), PILOTS, rows, weighed=True))


def _why_not(outcome: PilotOutcome, *, secured: bool) -> str:
    reasons = {
        PilotOutcome.UNDECIDED: gettext("nothing is decided"),
        PilotOutcome.ITERATE: gettext("it is to be tried again"),
        PilotOutcome.STOP: gettext("it was stopped"),
        PilotOutcome.SCALE: "",
    }
    lacking = [reasons[outcome], "" if secured else gettext("its resources are not secured")]
    return ", ".join(reason for reason in lacking if reason)


def list_hazards(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """A row for each hazard of the site or its programme raised by the day."""
    hazards = Hazard.objects.in_bulk(_ids(units))
    rows = []
    for unit in units:
        hazard = hazards[unit.key[0]]
        cells = (
            hazard.code,
            hazard.text,
            hazard.rating,
            hazard.raised_on,
            place.known(hazard.closed_on),
            place.known(hazard.accepted_on),
        )
        severe = hazard.rating >= place.model.hazard_limit
        open_words = gettext("open, and rated too high to go on with") if severe else gettext("open")
        parts = {"programme": place.deployment.programme.code, "hazard": hazard.code}
        href = reverse("readiness:hazard-detail", kwargs=parts)
        rows.append(Row(cells, unit.weight, unit.credit, "" if unit.credit else open_words, href))
    return only(Listing("records", _("Hazards"), HAZARDS, rows))
