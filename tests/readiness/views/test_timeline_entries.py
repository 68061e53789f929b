"""The timeline of a site: every kind of entry in words, and jumps in its score."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from readiness.models import ChecklistEvent, Gate, GateReview, ScoringModel, SignOff, Waiver
from rollout.choices import Role
from rollout.models import Decision, Deployment, Pilot, SeatRole, StaffGroup
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.readiness.timeline_world import NOW, PAGE, alder, change, entries, event, person, said, score_on


@pytest.fixture
def site(db: None, frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    return alder()


@pytest.fixture
def manager(site: Deployment, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))
    return client


RETIRED = {"retired_at": NOW}


# Every kind in words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "before", "after", "expected"),
    [
        ("stage", "preparing", "technical_live", "Stage: from Preparing to Technical live"),
        ("stage", "", "preparing", "Stage: Preparing"),
        ("go_live", "2026-04-24", "2026-05-08", "Go-live moved from 24 April 2026 to 8 May 2026"),
        ("go_live", "", "2026-05-08", "Go-live planned for 8 May 2026"),
        ("go_live", "2026-04-24", "", "Go-live on 24 April 2026 taken back"),
        ("technical_go_live", "2026-04-24", "soon", "Technical go-live moved from 24 April 2026 to soon"),
        ("wave", "1", "2", "Moved from wave 1 to wave 2"),
        ("wave", "1", "", "Taken out of wave 1"),
        ("declared_status", "green", "amber", "Declared amber, before that green"),
        ("declared_status", "", "red", "Declared red"),
    ],
)
def test_change_is_told_with_before_and_after(
    what: str, before: str, after: str, expected: str, site: Deployment, manager: Client
):
    change(site, what, before, after, reason="Because.", by=person("Ana Silva"))

    assert entries(manager) == [("2026-03-15", expected, "Because.", "Ana Silva")]


def test_dates_of_the_site_itself_are_told(site: Deployment, manager: Client):
    Deployment.objects.update(
        interest_on=date(2025, 1, 2), actual_technical_go_live_on=date(2026, 3, 1), actual_go_live_on=date(2026, 3, 14)
    )

    assert entries(manager, "&kind=dates") == [
        ("2026-03-14", "Went live", "", ""),
        ("2026-03-01", "Technical go-live happened", "", ""),
        ("2025-01-02", "Interest registered", "", ""),
    ]


def test_declared_status_without_a_change_is_told_once(site: Deployment, manager: Client):
    Deployment.objects.update(declared_status="amber", declared_on=date(2026, 3, 2), declared_words="Late.")
    alone = entries(manager)
    change(site, "declared_status", "green", "amber", datetime(2026, 3, 2, 10, tzinfo=UTC))

    assert alone == [("2026-03-02", "Declared amber", "Late.", "")]
    assert said(manager) == ["Declared amber, before that green"]


def test_decisions_of_the_site_and_of_all_sites_are_told(site: Deployment, manager: Client):
    def decide(code: str, text: str, **fields: Any) -> None:
        Decision.objects.create(**{"programme": site.programme, "code": code, "kind": "defer", "text": text, **fields})

    decide("A", "Wait.", deployment=site, from_on=date(2026, 3, 3), reason="Too early.")
    decide("B", "One place.", kind="standard", from_on=date(2026, 3, 2))
    decide("C", "Stop?", kind="stop", deployment=site, asked_on=date(2026, 3, 1), waits_for="the board")
    decide("D", "Elsewhere", deployment=make.make_deployment(programme=site.programme), from_on=date(2026, 3, 3))
    decide("E", "Another programme", programme=make.make_programme(), from_on=date(2026, 3, 3))
    decide("F", "Void", deployment=site, from_on=date(2026, 3, 3), **RETIRED)

    assert entries(manager) == [
        ("2026-03-03", "Decided (defer): Wait.", "Too early.", ""),
        ("2026-03-02", "Decided for all sites (standard): One place.", "", ""),
        ("2026-03-01", "Decision asked for (stop): Stop?. Waits for: the board", "", ""),
    ]


def test_gates_and_their_answers_are_told(site: Deployment, manager: Client):
    gate = Gate.objects.create(programme=site.programme, code="G", name="Go/no-go")
    review = GateReview.objects.create(
        gate=gate, deployment=site, held_on=date(2026, 3, 2), outcome="go_with_conditions", words="Nearly."
    )
    GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 3, 1))
    void = GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 2, 1), outcome="go", **RETIRED)
    for number, (where, answer, signed_on) in enumerate(
        ((review, "with_conditions", date(2026, 3, 3)), (review, "no", None), (review, "", None), (void, "yes", None))
    ):
        role = SeatRole.objects.create(code=f"ig_lead_{number}")
        SignOff.objects.create(
            review=where, seat_role=role, answer=answer, signed_on=signed_on, person=person("Ana Silva"), words="Hm."
        )

    assert entries(manager) == [
        ("2026-03-03", "IG lead 0 at gate “Go/no-go”: yes, with conditions", "Hm.", "Ana Silva"),
        ("2026-03-02", "Gate “Go/no-go” held: go with conditions", "Nearly.", ""),
        ("2026-03-02", "IG lead 1 at gate “Go/no-go”: no", "Hm.", "Ana Silva"),
        ("2026-03-01", "Gate “Go/no-go” held: no outcome recorded", "", ""),
    ]


def test_items_done_blocked_and_left_out_are_told(site: Deployment, manager: Client):
    item = make.make_blocker(site, text="Test the plan")
    for hour, (state, assurance, reason) in enumerate(
        (
            ("in_progress", "", ""),
            ("blocked", "", "No room."),
            ("not_applicable", "", "Not here."),
            ("done", "seen", ""),
            ("", "proved", ""),
            ("done", "", ""),
        )
    ):
        at = datetime(2026, 3, 2, hour, tzinfo=UTC)
        ChecklistEvent.objects.create(
            item=item, deployment=site, at=at, state=state, assurance=assurance, reason=reason, by=person("Ana Silva")
        )

    assert [(what, why) for _day, what, why, _who in entries(manager)] == [
        ("Item done: Test the plan", ""),
        ("Item done: Test the plan (seen by someone else)", ""),
        ("Item does not apply: Test the plan", "Not here."),
        ("Item blocked: Test the plan", "No room."),
    ]


def test_waivers_are_told_when_asked_decided_and_revoked(site: Deployment, manager: Client):
    item = make.make_blocker(site, text="Test the plan")
    days = {"until_on": date(2026, 4, 1), "asked_on": date(2026, 3, 1), "decided_on": date(2026, 3, 2)}
    for code, subject, state, more in (
        (
            "A",
            item.code,
            "revoked",
            {"revoked_on": date(2026, 3, 3), "revoked_by": person("Cy Ode"), "reason": "No rooms."},
        ),
        ("B", "agreement_unsigned", "denied", {}),
        ("C", "collision:2026-W14", "asked", {"decided_on": None}),
    ):
        Waiver.objects.create(
            programme=site.programme,
            deployment=site,
            code=code,
            subject=subject,
            state=state,
            **{**days, **more},
            asked_by=person("Ana Silva"),
            decided_by=person("Ben Ito"),
        )

    assert entries(manager) == [
        ("2026-03-03", "Waiver revoked: Test the plan", "No rooms.", "Cy Ode"),
        ("2026-03-02", "Waiver denied: agreements that are not signed", "", "Ben Ito"),
        ("2026-03-02", "Waiver approved: Test the plan, until 1 April 2026", "No rooms.", "Ben Ito"),
        (
            "2026-03-01",
            "Waiver asked for: change-load collision in the week of 30 March 2026, until 1 April 2026",
            "",
            "Ana Silva",
        ),
        ("2026-03-01", "Waiver asked for: agreements that are not signed, until 1 April 2026", "", "Ana Silva"),
        ("2026-03-01", "Waiver asked for: Test the plan, until 1 April 2026", "No rooms.", "Ana Silva"),
    ]


def test_pilots_at_the_site_are_told(site: Deployment, manager: Client):
    def pilot(code: str, **fields: Any) -> None:
        Pilot.objects.create(**{"programme": site.programme, "site": site.site, "code": code, **fields})

    pilot("BED", question="Does it help?", starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1),
          outcome="scale", decided_on=date(2026, 3, 1), reason="It does.")  # fmt: skip
    pilot("NEXT", starts_on=date(2026, 4, 1))
    pilot("ELSE", site=make.make_site(), starts_on=date(2026, 1, 1))
    pilot("OTHER", programme=make.make_programme(), starts_on=date(2026, 1, 1))

    assert entries(manager) == [
        ("2026-03-01", "Pilot BED decided: scale – Does it help?", "It does.", ""),
        ("2026-02-01", "Pilot BED ended – Does it help?", "", ""),
        ("2026-01-01", "Pilot BED began – Does it help?", "", ""),
    ]


def test_events_are_told_with_the_groups_they_reached(site: Deployment, manager: Client):
    reached = event(site, "A", 1280, words="Come and try.")
    for code in ("nurse", "allied_health"):
        reached.groups.add(StaffGroup.objects.create(code=code))
    event(site, "B", 1, held_on=date(2026, 3, 1), kind="floor_walk")
    event(site, "C", held_on=date(2026, 2, 1))
    event(site, "D", programme=make.make_programme())

    assert said(manager) == [
        "Workshop: Come and try, 1,280 people, reached allied health, nurse",
        "Floor walk, 1 person",
        "Workshop",
    ]


@pytest.mark.parametrize(("people", "shown"), [(0, "0 people"), (1, "few"), (4, "few"), (5, "5 people")])
def test_board_member_reads_no_count_under_five(people: int, shown: str, site: Deployment, client: Client):
    event(site, "A", people)
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=site.programme))
    expected = f"Workshop, {'fewer than 5 people' if shown == 'few' else shown}"

    assert (said(client), expected in words(client.get(PAGE).text)) == ([expected], True)


# Jumps in score ------------------------------------------------------------------------------------------------------


def test_jumps_of_five_points_from_one_day_to_the_next_are_told(site: Deployment, manager: Client):
    for day, score in ((1, "50.00"), (2, "54.99"), (3, "59.99"), (4, "54.00"), (6, "80.00"), (7, "75.01")):
        score_on(site, day, score)

    page = manager.get(PAGE).text

    assert entries(manager) == [
        ("2026-03-04", "Score fell from 59 to 54 (−6.0)", "", ""),
        ("2026-03-03", "Score rose from 54 to 59 (+5.0)", "", ""),
    ]
    assert 'href="/p/EPR/s/ALD/why/?since=2026-03-03&amp;as_of=2026-03-04"' in page


def test_superseded_scores_and_older_models_make_no_jump(site: Deployment, manager: Client):
    newer = ScoringModel.objects.create(version="2027.1", document=make.scoring_model().document)
    score_on(site, 1, "50.00")
    score_on(site, 2, "90.00", superseded_at=NOW)
    score_on(site, 2, "51.00", revision=2)
    score_on(site, 3, "90.00")
    score_on(site, 3, "52.00", model=newer)

    assert said(manager) == []
