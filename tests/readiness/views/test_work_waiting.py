"""Your work: what waits for whom."""

from datetime import timedelta

import pytest

from readiness.models import ChecklistEvent, ChecklistItem, Hazard, SignOff, Waiver
from rollout.choices import Role
from rollout.models import Decision, Deployment, Pilot, PriorityReview, SeatRole
from tests import factories as make
from tests.clock import FrozenClock
from tests.readiness.desk import DAY, NOW, WHERE, alder, lead, manager, page, person, review, shown


@pytest.fixture(autouse=True)
def today(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOW)


@pytest.fixture
def deployment(db: None) -> Deployment:
    return alder()


def test_gate_waits_for_each_seat_and_then_for_the_outcome(deployment: Deployment):
    sro, safety = (SeatRole.objects.create(code=code) for code in ("sro", "clinical_safety_officer"))
    programme = deployment.programme
    signing = make.make_member(Role.SIGNATORY, programme=programme, seat_role=sro)
    also = make.make_member(Role.SIGNATORY, site=deployment.site, seat_role=safety)
    elsewhere = make.make_member(Role.SIGNATORY, programme=make.make_programme(), seat_role=sro)
    runs = manager(deployment)
    held = review(deployment, sro, safety)
    review(deployment, sro, pack=None, frozen_at=None)
    review(deployment, sro, outcome="no_go")

    def waits() -> list[list[str]]:
        return [[row[0] for row in shown(each, "waiting")] for each in (signing, also, elsewhere, runs)]

    asked = waits()
    SignOff.objects.create(review=held, seat_role=sro, answer="yes", signed_on=DAY)
    one_answered = waits()
    SignOff.objects.create(review=held, seat_role=safety, answer="no", signed_on=DAY)

    assert asked == [["Sign"], ["Sign"], [], []]
    assert one_answered == [[], ["Sign"], [], []]
    assert waits() == [[], [], [], ["Record the outcome"]]


def test_waiver_waits_for_those_who_decide_and_did_not_ask(deployment: Deployment):
    sro, ig = SeatRole.objects.create(code="sro"), SeatRole.objects.create(code="ig_lead")
    asking, deciding = manager(deployment), manager(deployment)
    decisive = make.make_member(Role.SIGNATORY, programme=deployment.programme, seat_role=sro)
    other = make.make_member(Role.SIGNATORY, programme=deployment.programme, seat_role=ig)
    Waiver.objects.create(
        programme=deployment.programme, deployment=deployment, code="W1", subject="agreement_unsigned",
        asked_by=person(asking), asked_on=DAY, until_on=DAY, reason="They sign in May",
    )  # fmt: skip

    found = [[row[0] for row in shown(each, "waiting")] for each in (asking, deciding, decisive, other)]

    assert found == [[], ["Approve or deny"], ["Approve or deny"], []]


def test_manager_is_asked_for_dates_reviews_pilots_and_questions(deployment: Deployment):
    programme, user = deployment.programme, manager(deployment)
    Deployment.objects.filter(pk=deployment.pk).update(go_live_on=None)
    PriorityReview.objects.create(programme=programme, due_on=DAY - timedelta(days=3))
    PriorityReview.objects.create(programme=programme, due_on=DAY)
    Pilot.objects.create(programme=programme, code="P1", question="Does it help?", ends_on=DAY - timedelta(days=2))
    Decision.objects.create(programme=programme, code="D1", kind="standard", text="Which cards?", asked_on=DAY)
    other = make.make_member(Role.PROGRAMME_MANAGER, programme=make.make_programme())

    assert shown(other, "waiting") == []
    assert shown(user, "waiting") == [
        ("Hold it", "Does the programme go on? Priority review, overdue", "One record"),
        ("Decide", "Does it help? Pilot that ended without an outcome", "One record"),
        ("Decide", "Which cards? Question that waits", "One record"),
        ("Plan the dates", "Alder Hospital Site without a go-live date", WHERE),
    ]


def test_lead_declares_again_after_two_weeks(deployment: Deployment):
    user = lead(deployment)
    found = []
    for days in (14, 15):
        Deployment.objects.filter(pk=deployment.pk).update(declared_on=DAY - timedelta(days=days))
        found.append([row[0] for row in shown(user, "waiting")])

    assert found == [[], ["Declare the status"]]


def test_safety_officer_sees_open_hazards_the_worst_first(deployment: Deployment):
    safety = SeatRole.objects.create(code="clinical_safety_officer")
    user = make.make_member(Role.SIGNATORY, programme=deployment.programme, seat_role=safety)
    at_the_site = make.make_member(Role.SIGNATORY, site=deployment.site, seat_role=safety)
    other = make.make_member(Role.SIGNATORY, programme=deployment.programme)
    everywhere = {"deployment": None, "severity": 3}
    for number, fields in enumerate(({}, {"severity": 5}, {"accepted_on": DAY}, {"closed_on": DAY}, everywhere)):
        Hazard.objects.create(
            programme=deployment.programme, code=f"H{number}", text=f"Hazard {number}",
            likelihood=2, raised_on=DAY, **{"deployment": deployment, "severity": 1, **fields},
        )  # fmt: skip

    found = [[row[1:] for row in shown(each, "waiting")] for each in (user, at_the_site, other)]

    worst, least = (
        (f"Hazard {number} Hazard, not accepted. Rated {rating}", WHERE) for number, rating in ((1, 10), (0, 2))
    )
    assert found == [
        [worst, ("Hazard 4 Hazard, not accepted. Rated 6", "One record"), least],
        [worst, least],
        [],
    ]
    assert "/p/EPR/hazards/H1/" in page(user)


def test_evidence_waits_for_a_second_person(deployment: Deployment):
    user, managing = lead(deployment), manager(deployment)
    item = make.make_blocker(deployment, text="Downtime plan", evidence_needed=True)
    ChecklistItem.objects.filter(pk=item.pk).update(state="done", assurance="declared", done_on=DAY)
    event = ChecklistEvent.objects.create(item=item, deployment=deployment, at=NOW, state="done", assurance="declared")

    def waits() -> list[list[tuple[str, ...]]]:
        return [[row[:2] for row in shown(each, "waiting")] for each in (user, managing)]

    unnamed = waits()
    ChecklistEvent.objects.filter(pk=event.pk).update(by=person(user))
    declared_by_lead = waits()
    ChecklistEvent.objects.filter(pk=event.pk).update(by=person(managing))

    kind = "Evidence that a second person has to see"
    item_row, site_row = ("Confirm", f"Downtime plan {kind}"), ("Confirm", f"1 item declared done {kind}")
    assert unnamed == [[item_row], []]
    assert declared_by_lead == [[], [site_row]]
    assert waits() == [[item_row], []]
