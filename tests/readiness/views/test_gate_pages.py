"""Gates in the browser: from the figures before the meeting to the record after, for managers, seats and readers."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import GateKind, GateOutcome
from readiness.models import Condition, Gate, GateReview, SignOff
from rollout.choices import Role, Stage
from rollout.models import Decision, Deployment, Person, Programme, Seat, SeatRole
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words

NOW = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 4, 20)
LIST = "/p/EPR/s/ALD/gates/"
GATE = f"{LIST}GO/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NOW)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme) -> Deployment:
    site = make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))
    make.make_score(site, day=TODAY, share=100)
    return site


@pytest.fixture
def gate(site: Deployment) -> Gate:
    gate = Gate.objects.create(programme=site.programme, code="GO", name="Go/no-go", kind=GateKind.GO_LIVE, due_days=3)
    gate.seats.set(SeatRole.objects.get_or_create(code=code)[0] for code in ("sro", "ccio"))
    return gate


def client_of(role: str, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


@pytest.fixture
def manager(site: Deployment) -> Client:
    return client_of(Role.PROGRAMME_MANAGER, programme=site.programme)


def seat_client(site: Deployment, code: str) -> Client:
    role = SeatRole.objects.get(code=code)
    return client_of(Role.SIGNATORY, programme=site.programme, seat_role=role)


def freeze(manager: Client) -> None:
    assert manager.post(GATE, {"action": "freeze", "sure": "yes"}).status_code == 302


def test_list_shows_each_gate_with_its_day_and_what_came(site: Deployment, gate: Gate, manager: Client):
    Gate.objects.create(programme=site.programme, code="D30", name="Day 30", kind=GateKind.REVIEW, due_days=-30)
    GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 4, 1), outcome=GateOutcome.NO_GO)

    assert table(manager.get(LIST).text, "gates") == [
        ["Go/no-go", "21 April 2026", "1 April 2026", "No go"],
        ["Day 30 Review", "24 May 2026 due in 34 days", "Not held yet", "None yet"],
    ]


def test_list_without_gates_says_what_a_gate_is(site: Deployment, manager: Client):
    assert "A gate is a meeting that every site passes" in words(manager.get(LIST).text)


def test_before_the_meeting_each_criterion_stands_with_what_is_asked(gate: Gate, manager: Client):
    text = manager.get(GATE).text

    assert "Not held yet. Due on 21 April 2026 (due in 1 day). " in words(text)
    assert "If every seat says yes, it can end in: go, go with conditions, no go or defer." in words(text)
    assert table(text, "criteria") == [
        ["What holds the score", "Nothing", "Nothing", "Met"],
        ["Collisions with other changes", "None", "None", "Met"],
        ["Score", "100, ready", "90 or more", "Met"],
        ["Training", "100% (100 of 100)", "80% or more", "Met"],
        ["Log-in tests passed", "100% (100 of 100)", "98% or more", "Met"],
        ["Open hazards", "None", "None", "Met"],
        ["Champion cover, first week", "No evidence yet", "Every slot", "Warns"],
        ["Declared and computed", "Nothing declared", "They agree", "Not known"],
        ["Evidence about to go out of date", "None", "None", "Met"],
    ]
    assert table(text, "seats") == [
        ["CCIO", "No answer yet", "None", "Not signed"],
        ["SRO", "No answer yet", "None", "Not signed"],
    ]


def test_freezing_asks_once_more_and_then_keeps_the_figures(site: Deployment, gate: Gate, manager: Client):
    asked = manager.post(GATE, {"action": "freeze"})
    assert not GateReview.objects.exists()
    freeze(manager)
    make.make_score(site, day=date(2026, 4, 21), share=10)

    text = manager.get(GATE).text

    assert "Freeze the pack?" in words(asked.text)
    assert "Under way. The pack was frozen at 10am on 20 April 2026." in words(text)
    assert ["Score", "100, ready", "90 or more", "Met"] in table(text, "criteria")


def test_whole_meeting_with_dissent_ends_in_go_with_conditions(site: Deployment, gate: Gate, manager: Client):
    freeze(manager)
    sro, ccio = seat_client(site, "sro"), seat_client(site, "ccio")
    assert sro.post(GATE, {"action": "sign", "sign-seat": "sro", "sign-answer": "yes"}).status_code == 302
    signed = ccio.post(
        GATE, {"action": "sign", "sign-seat": "ccio", "sign-answer": "no", "sign-words": "Printers"}, follow=True
    )
    go = {"action": "outcome", "outcome-outcome": "go", "sure": "yes"}
    unsure = manager.post(GATE, {"action": "outcome", "outcome-outcome": "go"})
    refused = manager.post(GATE, go)
    too_soon = manager.post(GATE, {**go, "outcome-outcome": "go_with_conditions"})
    condition = {"condition-text": "Mend the printers", "condition-owner": "bo@example.org"}
    manager.post(GATE, {"action": "condition", **condition, "condition-due_on": "2026-04-23"})
    asked = manager.post(GATE, {"action": "outcome", "outcome-outcome": "go_with_conditions", "outcome-words": "On"})
    done = manager.post(GATE, {**go, "outcome-outcome": "go_with_conditions", "outcome-words": "On"}, follow=True)
    met = manager.post(GATE, {"action": "met", "condition": str(Condition.objects.get().pk)}, follow=True)
    Deployment.objects.filter(pk=site.pk).update(stage=Stage.TECHNICAL_LIVE)
    then, theirs = manager.get(GATE).text, sro.get(GATE).text

    assert "Your answer is in the record." in words(signed.text)
    assert unsure.status_code == refused.status_code == too_soon.status_code == 422
    told = "The gate does not allow this outcome. As it stands it can end in: go with conditions, no go, defer."
    assert (told in words(unsure.text), told in words(refused.text)) == (True, True)
    assert "Write down the conditions first" in words(too_soon.text)
    assert "Record: Go with conditions?" in words(asked.text)
    assert "Go with conditions, decided on 20 April 2026." in words(done.text)
    assert ["CCIO", "No", "Printers", "20 April 2026"] in [
        [row[0].split()[0], *row[1:]] for row in table(done.text, "seats")
    ]
    assert table(met.text, "conditions") == [["Mend the printers", "bo@example.org", "23 April 2026", "20 April 2026"]]
    assert Decision.objects.get().text == "Go/no-go: Go with conditions"
    stage = 'href="/p/EPR/s/ALD/plan/stage/"'
    assert [stage in each for each in (done.text, then, theirs)] == [False, True, False]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"action": "sign", "sign-seat": "sro"}, "Select your answer"),
        ({"action": "sign", "sign-seat": "ccio", "sign-answer": "yes"}, "Select a valid choice"),
        ({"action": "sign", "sign-seat": "sro", "sign-answer": "no"}, "Say which conditions, or why not"),
        ({"action": "sign", "sign-seat": "sro", "sign-answer": "maybe"}, "Select a valid choice"),
    ],
)
def test_answer_that_cannot_be_taken_is_refused_in_words(
    site: Deployment, gate: Gate, manager: Client, said: dict, error: str
):
    freeze(manager)

    answer = seat_client(site, "sro").post(GATE, said)

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert not SignOff.objects.exists()


def test_nothing_is_signed_before_the_pack_is_frozen_or_twice(site: Deployment, gate: Gate, manager: Client):
    sro = seat_client(site, "sro")
    said = {"action": "sign", "sign-seat": "sro", "sign-answer": "yes"}
    early = sro.post(GATE, said)
    freeze(manager)
    sro.post(GATE, said)
    again = sro.post(GATE, {**said, "sign-answer": "no", "sign-words": "No"})

    assert early.status_code == again.status_code == 422
    assert "Freeze the pack first" in words(early.text)
    assert "This seat has answered." in words(again.text)
    assert "Sign" not in [line.strip() for line in sro.get(GATE).text.splitlines()]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"outcome-outcome": "defer"}, "Say why the go-live is deferred"),
        ({"outcome-outcome": "no_go", "outcome-go_live_on": "2026-06-01"}, "Only a deferral has new dates"),
        ({"outcome-outcome": "perhaps"}, "Select a valid choice"),
        (
            {"outcome-outcome": "defer", "outcome-words": "W", "outcome-go_live_on": "June"},
            "Enter a date like 2026-03-14",
        ),
    ],
)
def test_outcome_form_says_what_is_wrong(gate: Gate, manager: Client, said: dict, error: str):
    freeze(manager)

    answer = manager.post(GATE, {"action": "outcome", **said})

    assert answer.status_code == 422
    assert error in words(answer.text)


def test_deferral_moves_the_site_to_its_new_dates(site: Deployment, gate: Gate, manager: Client):
    freeze(manager)
    said = {"outcome-outcome": "defer", "outcome-words": "No Wi-Fi", "outcome-go_live_on": "2026-06-01"}

    manager.post(GATE, {"action": "outcome", "sure": "yes", **said})

    found = Deployment.objects.get()
    assert (found.stage, found.go_live_on) == ("deferred", date(2026, 6, 1))


def test_gate_is_held_again_and_the_earlier_review_stays(site: Deployment, gate: Gate, manager: Client):
    GateReview.objects.create(
        gate=gate, deployment=site, held_on=date(2026, 4, 1), outcome=GateOutcome.NO_GO, words="Too early"
    )
    freeze(manager)

    now, then = manager.get(GATE), manager.get(f"{GATE}?review=2026-04-01")

    assert "Under way." in words(now.text)
    assert "No go, decided on 1 April 2026. Too early" in words(then.text)
    assert manager.get(f"{GATE}?review=2026-04-02").status_code == 404


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.TRAINER])
def test_readers_read_and_see_no_names(site: Deployment, gate: Gate, manager: Client, role: str):
    freeze(manager)
    seat_client(site, "sro").post(GATE, {"action": "sign", "sign-seat": "sro", "sign-answer": "yes"})
    manager.post(
        GATE,
        {
            "action": "condition",
            "condition-text": "Mend",
            "condition-owner": "Bo Ek",
            "condition-due_on": "2026-04-23",
        },
    )
    reader = client_of(role, programme=site.programme)
    name = str(SignOff.objects.get().person)

    text = reader.get(GATE).text

    assert name in manager.get(GATE).text
    assert name not in text
    assert "Bo Ek" not in text
    for action in ("freeze", "sign", "condition", "met", "outcome", "nothing"):
        assert reader.post(GATE, {"action": action}).status_code == 403


def test_board_member_reads_no_count_of_few_not_even_by_subtraction(site: Deployment, gate: Gate, manager: Client):
    few = {"technical.access": make.reading("technical.access", 218, 220)}
    make.make_score(site, day=TODAY + timedelta(days=1), readings=few)
    board = client_of(Role.BOARD_MEMBER, programme=site.programme)
    as_of = f"{GATE}?as_of={TODAY + timedelta(days=1)}"

    told = {row[0]: row[1] for row in table(board.get(as_of).text, "criteria")}
    managers = {row[0]: row[1] for row in table(manager.get(as_of).text, "criteria")}

    assert told["Training"] == told["Log-in tests passed"] == "Not shown: fewer than 5 people"
    assert managers["Log-in tests passed"] == "99% (218 of 220)"


def test_signatory_may_sign_and_not_decide(site: Deployment, gate: Gate, manager: Client):
    freeze(manager)
    sro = seat_client(site, "sro")

    assert sro.post(GATE, {"action": "outcome", "outcome-outcome": "go"}).status_code == 403
    assert sro.post(GATE, {"action": "freeze"}).status_code == 403
    assert sro.post(GATE, {"action": "nothing"}).status_code == 422


def test_condition_that_is_not_of_this_gate_is_refused(site: Deployment, gate: Gate, manager: Client):
    freeze(manager)
    other = make.make_deployment(programme=site.programme)
    review = GateReview.objects.create(gate=gate, deployment=other, held_on=TODAY)
    condition = Condition.objects.create(review=review, code="C1", text="Mend")

    answer = manager.post(GATE, {"action": "met", "condition": str(condition.pk)})

    assert answer.status_code == 422
    assert Condition.objects.get().done_on is None


def test_queries_do_not_depend_on_seats_conditions_or_reviews(site: Deployment, gate: Gate, manager: Client):
    freeze(manager)
    review = GateReview.objects.get()
    manager.get(GATE)
    with CaptureQueriesContext(connection) as few:
        manager.get(GATE)
    for number in range(5):
        gate.seats.add(SeatRole.objects.create(code=f"seat_{number}"))
        Condition.objects.create(review=review, code=f"X{number}", text="Mend")
        GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 4, number + 1), outcome="no_go")
    with CaptureQueriesContext(connection) as many:
        manager.get(GATE)

    assert len(many) == len(few) <= 25


def test_unknown_gate_and_gate_of_another_programme_are_not_found(site: Deployment, manager: Client):
    Gate.objects.create(programme=make.make_programme(), code="GO", name="Other")

    assert [manager.get(f"{LIST}{code}/").status_code for code in ("GO", "NONE")] == [404, 404]


def test_who_runs_the_gate_reads_for_which_seats_nobody_can_sign(site: Deployment, gate: Gate, manager: Client):
    before = words(manager.get(GATE).text)
    sro = seat_client(site, "sro")
    after, theirs = words(manager.get(GATE).text), words(sro.get(GATE).text)
    client_of(Role.SIGNATORY, site=site.site, seat_role=SeatRole.objects.get(code="ccio"))
    full = words(manager.get(GATE).text)

    assert "Nobody can sign for these seats yet. Add a person who signs for CCIO , SRO ." in before
    assert "Nobody can sign for this seat yet. Add a person who signs for CCIO ." in after
    assert ("Nobody can sign" in theirs, "Nobody can sign" in full) == (False, False)


def test_seat_without_a_signature_leads_to_its_holder_and_back(site: Deployment, gate: Gate, manager: Client):
    ccio = SeatRole.objects.get(code="ccio")
    Seat.objects.create(
        programme=site.programme, site=site.site, role=ccio, person=Person.objects.create(label="ida@example.org")
    )
    href = re.findall(r'<a href="(/admin/people/new/[^"]*)">CCIO</a>', manager.get(GATE).text)[0].replace("&amp;", "&")
    form = manager.get(href).text
    said = {"email": "ida@example.org", "name": "Ida", "seat_role": "CCIO", "programme": site.programme_id}
    added = manager.post(href, {**said, "site": site.site.code}, follow=True)
    for_sro = manager.post(href, {**said, "site": "", "seat_role": "SRO"})

    values = re.findall(r'name="(email|seat_role|site)"[^>]*? value="([^"]*)"', form)
    assert sorted(values) == [("email", "ida@example.org"), ("seat_role", "CCIO"), ("site", site.site.code)]
    assert f'value="{site.programme_id}" selected' in form
    assert f'<a class="nhsuk-button" href="{GATE}">Go back to where you were</a>' in added.text
    assert (for_sro.status_code, for_sro.url) == (302, GATE)


@pytest.mark.parametrize("asked", ["programme=OTHER&seat=ccio", "programme=&site=ALD", "next=//example.com/"])
def test_address_of_the_form_tells_nothing_of_others(site: Deployment, gate: Gate, manager: Client, asked: str):
    other = make.make_programme(code="OTHER")
    person = Person.objects.create(label="eve@example.org")
    Seat.objects.create(programme=other, role=SeatRole.objects.get(code="ccio"), person=person)

    form = manager.get(f"/admin/people/new/?role=signatory&{asked}").text

    assert ("eve@" in form, '" selected' in form.replace('"" selected', ""), 'href="//' in form) == (False,) * 3


def test_criteria_lead_to_their_records_of_the_day(site: Deployment, gate: Gate, manager: Client):
    hrefs = re.findall(r'rowheader"><a href="([^"]*)">', manager.get(GATE).text.split('id="seats"')[0])
    answers = [manager.get(href).status_code for href in hrefs]
    later = manager.get(f"{GATE}?as_of=2026-01-05").text

    assert (len(hrefs), set(answers)) == (9, {200})
    assert "/why/technical.access/?as_of=2026-01-05" in later
