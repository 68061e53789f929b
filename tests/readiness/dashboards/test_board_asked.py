"""Decisions asked of the board: each kind of record that waits, and nothing that does not."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from readiness.choices import GateKind, WaiverState
from readiness.dashboards.board.asked import Asked, Kind, decisions_asked, waived
from readiness.dashboards.board.records import decisions_of, facts_of, pilots_of
from readiness.dashboards.board.scope import Scope, scope_of
from readiness.models import Gate, GateReview, Hazard, Waiver
from rollout.choices import DecisionKind, PilotOutcome, Role, Stage
from rollout.models import Decision, Deployment, Pilot, PriorityReview, Programme, User
from tests import factories as make
from tests.factories import DAY

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=1)


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme) -> Deployment:
    """Goes live more than 60 days after DAY, so that no gate of its own is near."""
    place = make.make_site(code="ALD", name="Alder Hospital")
    return make.make_deployment(programme=programme, site=place, go_live_on=DAY + timedelta(days=90))


def scope(programme: Programme, user: User | None = None, as_of: date | None = None) -> Scope:
    user = user or make.make_member(Role.ADMINISTRATOR)
    return scope_of(user, [programme], today=DAY, as_of=as_of, since=None)


def asked(programme: Programme, user: User | None = None, as_of: date | None = None) -> list[Asked]:
    here = scope(programme, user, as_of)
    known = {"pilots": pilots_of(here), "decisions": decisions_of(here), "facts": facts_of(here)}
    return decisions_asked(here, hazard_limit=15, scored={programme.pk: "BIR"}, **known)


def told(found: list[Asked]) -> list[tuple[Any, ...]]:
    return [(each.kind, each.what, each.where, each.on, each.due) for each in found]


def make_waiver(site: Deployment, code: str, **fields: Any) -> Waiver:
    described = {"subject": "agreement_unsigned", "asked_on": DAY, "until_on": DAY + timedelta(days=30), **fields}
    return Waiver.objects.create(programme=site.programme, deployment=site, code=code, **described)


def test_nothing_recorded_asks_nothing(site: Deployment):
    assert asked(site.programme) == []


def test_waiver_that_nobody_decided_is_asked(site: Deployment):
    item = make.make_blocker(site, text="Test the downtime plan")
    make_waiver(site, "W1", subject=item.code, asked_on=DAY - timedelta(days=5))
    make_waiver(site, "W2", asked_on=LATER)
    for number, state in enumerate((WaiverState.APPROVED, WaiverState.DENIED, WaiverState.REVOKED), start=3):
        make_waiver(site, f"W{number}", state=state, decided_on=DAY)
    make_waiver(site, "W6", retired_at=timezone.now())

    assert asked(site.programme) == [
        Asked(
            kind=Kind.WAIVER,
            what="Test the downtime plan",
            waits="Approve or deny it",
            where="Alder Hospital",
            programme="One record",
            on=DAY - timedelta(days=5),
            due=False,
            href="/p/EPR/s/ALD/",
            record="/p/EPR/s/ALD/waivers/",
        )
    ]


@pytest.mark.parametrize(
    ("subject", "item", "words"),
    [
        ("collision:2026-W14", None, "Changes that collide in the week of 30 March 2026"),
        ("agreement_unsigned", None, "An agreement is not signed"),
        ("I1", "Test the downtime plan", "Test the downtime plan"),
        ("I9", None, "I9"),
    ],
)
def test_waiver_says_what_it_is_of(subject: str, item: str | None, words: str):
    assert waived(subject, item) == words


def test_waiver_decided_later_was_asked_on_a_past_day(site: Deployment):
    make_waiver(site, "W1", asked_on=DAY - timedelta(days=9), state=WaiverState.APPROVED, decided_on=DAY)

    assert [each.on for each in asked(site.programme, as_of=DAY - timedelta(days=1))] == [DAY - timedelta(days=9)]
    assert asked(site.programme, as_of=DAY) == []


def test_pilot_that_ended_without_a_decision_is_asked(site: Deployment):
    for code, fields in {
        "ENDED": {"ends_on": DAY - timedelta(days=23), "question": "Is it quicker?"},
        "RUNNING": {"ends_on": DAY},
        "OPEN": {"ends_on": None},
        "DECIDED": {"ends_on": DAY - timedelta(days=40), "outcome": PilotOutcome.STOP, "decided_on": DAY},
        "LATER": {"ends_on": DAY - timedelta(days=30), "outcome": PilotOutcome.SCALE, "decided_on": LATER},
    }.items():
        Pilot.objects.create(programme=site.programme, site=site.site, code=code, **fields)

    assert told(asked(site.programme)) == [
        (Kind.PILOT, "LATER", "Alder Hospital", DAY - timedelta(days=30), False),
        (Kind.PILOT, "Is it quicker?", "Alder Hospital", DAY - timedelta(days=23), False),
    ]
    assert asked(site.programme)[0].record == "/p/EPR/s/BIR/why/pilots.outcome/"


def test_hazard_of_15_or_more_is_asked_until_it_is_closed_or_accepted(site: Deployment):
    for code, fields in {
        "OPEN": {"likelihood": 3, "severity": 5, "text": "Doses are rounded"},
        "LOW": {"likelihood": 2, "severity": 5},
        "CLOSED": {"likelihood": 5, "severity": 5, "closed_on": DAY},
        "ACCEPTED": {"likelihood": 5, "severity": 5, "accepted_on": DAY},
        "FUTURE": {"likelihood": 5, "severity": 5, "raised_on": LATER},
    }.items():
        described = {"text": code, "raised_on": DAY - timedelta(days=20), **fields}
        Hazard.objects.create(programme=site.programme, deployment=site, code=code, **described)
    Hazard.objects.create(
        programme=site.programme, code="WHOLE", text="Labels mixed up", likelihood=4, severity=4, raised_on=DAY
    )

    assert told(asked(site.programme)) == [
        (Kind.HAZARD, "Doses are rounded (rated 15)", "Alder Hospital", DAY - timedelta(days=20), False),
        (Kind.HAZARD, "Labels mixed up (rated 16)", "Whole programme", DAY, False),
    ]
    assert [each.href for each in asked(site.programme)] == ["/p/EPR/s/ALD/", "/p/EPR/"]
    assert [each.record for each in asked(site.programme)] == [
        "/p/EPR/hazards/OPEN/",
        "/p/EPR/hazards/WHOLE/",
    ]


@pytest.fixture
def gates(programme: Programme) -> dict[str, Gate]:
    return {
        code: Gate.objects.create(programme=programme, code=code, name=code, kind=kind, due_days=due_days)
        for code, kind, due_days in (
            ("T-30", GateKind.CHECKPOINT, 30),
            ("TECHNICAL", GateKind.TECHNICAL, 16),
            ("GO-LIVE", GateKind.GO_LIVE, 3),
            ("DAY-30", GateKind.REVIEW, -30),
        )
    }


def going_live(programme: Programme, name: str, days: int, **fields: Any) -> Deployment:
    fields = {"go_live_on": DAY + timedelta(days=days), **fields}
    return make.make_deployment(programme=programme, site=make.make_site(name=name), **fields)


def test_go_no_go_within_30_days_is_asked_until_it_has_an_outcome(programme: Programme, gates: dict[str, Gate]):
    going_live(programme, "Far", 47)
    going_live(programme, "Near", 33)
    held = going_live(programme, "Held", 20)
    meeting = going_live(programme, "Met without outcome", 19)
    for stage in (Stage.DEFERRED, Stage.STOPPED, Stage.LIVE, Stage.HYPERCARE, Stage.EMBEDDED):
        going_live(programme, stage, 5, stage=stage)
    going_live(programme, "No date", 0, go_live_on=None)
    GateReview.objects.create(gate=gates["TECHNICAL"], deployment=held, held_on=DAY, outcome="go")
    GateReview.objects.create(gate=gates["TECHNICAL"], deployment=meeting, held_on=DAY)

    assert told(asked(programme)) == [
        (Kind.GATE, "TECHNICAL", "Met without outcome", DAY + timedelta(days=3), True),
        (Kind.GATE, "GO-LIVE", "Met without outcome", DAY + timedelta(days=16), True),
        (Kind.GATE, "GO-LIVE", "Held", DAY + timedelta(days=17), True),
        (Kind.GATE, "TECHNICAL", "Near", DAY + timedelta(days=17), True),
        (Kind.GATE, "GO-LIVE", "Near", DAY + timedelta(days=30), True),
    ]


def test_go_no_go_that_is_overdue_is_asked_first(programme: Programme, gates: dict[str, Gate]):
    going_live(programme, "Late", 2, stage=Stage.TECHNICAL_LIVE)

    assert told(asked(programme)) == [(Kind.GATE, "GO-LIVE", "Late", DAY - timedelta(days=1), True)]


def test_go_no_go_under_way_is_asked_however_early(programme: Programme, gates: dict[str, Gate]):
    early = going_live(programme, "Early", 200)
    GateReview.objects.create(
        gate=gates["GO-LIVE"], deployment=early, held_on=DAY, pack={"day": "2026-03-14"}, frozen_at=timezone.now()
    )

    assert told(asked(programme)) == [(Kind.GATE, "GO-LIVE", "Early", DAY + timedelta(days=197), True)]


def test_go_no_go_of_a_past_day_knows_no_later_outcome(programme: Programme, gates: dict[str, Gate]):
    live = going_live(programme, "Live", 0, stage=Stage.LIVE, actual_go_live_on=DAY, actual_technical_go_live_on=DAY)
    for code, held_on in (("TECHNICAL", DAY - timedelta(days=16)), ("GO-LIVE", DAY - timedelta(days=3))):
        GateReview.objects.create(gate=gates[code], deployment=live, held_on=held_on, outcome="go")

    assert told(asked(programme, as_of=DAY - timedelta(days=10))) == [
        (Kind.GATE, "GO-LIVE", "Live", DAY - timedelta(days=3), True)
    ]


def test_priority_review_is_asked_when_it_is_due_within_30_days(programme: Programme):
    for due_on, held_on in ((DAY - timedelta(days=40), DAY), (DAY + timedelta(days=30), None)):
        PriorityReview.objects.create(programme=programme, due_on=due_on, held_on=held_on)
    PriorityReview.objects.create(programme=make.make_programme(), due_on=DAY)

    assert told(asked(programme)) == [
        (Kind.REVIEW, "Does the programme go on?", "Whole programme", DAY + timedelta(days=30), True)
    ]


def test_priority_review_further_ahead_is_not_asked_yet(programme: Programme):
    PriorityReview.objects.create(programme=programme, due_on=DAY + timedelta(days=31))

    assert asked(programme) == []


def test_decision_asked_and_not_taken_waits(site: Deployment):
    for code, fields in {
        "OPEN": {"asked_on": DAY - timedelta(days=60), "text": "Close the old system", "waits_for": "The last export"},
        "TAKEN": {"asked_on": DAY - timedelta(days=60), "from_on": DAY},
        "NEVER ASKED": {"from_on": None},
    }.items():
        described = {"kind": DecisionKind.STANDARD, "text": code, **fields}
        Decision.objects.create(programme=site.programme, code=code.replace(" ", "-"), **described)

    [found] = asked(site.programme)

    assert (found.kind, found.what, found.waits, found.on) == (
        Kind.DECISION,
        "Close the old system",
        "The last export",
        DAY - timedelta(days=60),
    )


def test_oldest_comes_first_over_all_kinds(site: Deployment, gates: dict[str, Gate]):
    make_waiver(site, "W1", asked_on=DAY - timedelta(days=2))
    Pilot.objects.create(programme=site.programme, code="P1", ends_on=DAY - timedelta(days=3))
    Hazard.objects.create(
        programme=site.programme, code="H1", text="H", likelihood=5, severity=5, raised_on=DAY - timedelta(days=1)
    )
    PriorityReview.objects.create(programme=site.programme, due_on=DAY - timedelta(days=4))
    going_live(site.programme, "Near", 3, stage=Stage.TECHNICAL_LIVE)

    assert [each.kind for each in asked(site.programme)] == [
        Kind.REVIEW,
        Kind.PILOT,
        Kind.WAIVER,
        Kind.HAZARD,
        Kind.GATE,
    ]


def test_board_of_an_organisation_is_asked_about_its_own_sites_and_the_whole_programme(site: Deployment):
    elsewhere = going_live(site.programme, "Elsewhere", 90)
    for place, number in ((site, 1), (elsewhere, 2)):
        make_waiver(place, f"W{number}")
        Pilot.objects.create(programme=site.programme, site=place.site, code=f"P{number}", ends_on=DAY - timedelta(1))
        described = {"text": "H", "likelihood": 5, "severity": 5, "raised_on": DAY}
        Hazard.objects.create(programme=site.programme, deployment=place, code=f"H{number}", **described)
        described = {"kind": DecisionKind.STANDARD, "text": "D", "asked_on": DAY}
        Decision.objects.create(programme=site.programme, deployment=place, code=f"D{number}", **described)
    PriorityReview.objects.create(programme=site.programme, due_on=DAY)
    member = make.make_member(Role.BOARD_MEMBER, organisation=site.site.organisation)

    found = asked(site.programme, member)

    assert [(each.kind, each.where) for each in found] == [
        (Kind.PILOT, "Alder Hospital"),
        (Kind.DECISION, "Alder Hospital"),
        (Kind.HAZARD, "Alder Hospital"),
        (Kind.REVIEW, "Whole programme"),
        (Kind.WAIVER, "Alder Hospital"),
    ]
