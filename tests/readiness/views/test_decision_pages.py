"""The decision log: what waits and for what, the log with its filters, writing a decision down."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import SignOff, Waiver
from rollout.choices import Role
from rollout.models import Decision, Deployment, Pilot, PriorityReview, SeatRole, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words
from tests.readiness.desk import DAY, NOW, alder, lead, manager, page, person, review

LOG, NEW = "/p/EPR/decisions/", "/p/EPR/decisions/new/"


@pytest.fixture(autouse=True)
def today(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOW)


@pytest.fixture
def deployment(db: None) -> Deployment:
    return alder()


def decide(of: Deployment, code: str, **fields: Any) -> Decision:
    described = {"kind": "standard", "text": f"Text of {code}", "from_on": DAY, "programme": of.programme}
    return Decision.objects.create(code=code, **{**described, **fields})


def code_of(text: str) -> str:
    """The code below the words of a decision."""
    return re.findall(r"\bD[0-9]\b", text)[-1]


def lines_of(file: Any) -> list[str]:
    return file.getvalue().decode("utf-8-sig").splitlines()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_waits_says_how_long_and_for_what(deployment: Deployment):
    programme = deployment.programme
    Deployment.objects.filter(pk=deployment.pk).update(go_live_on=DAY + timedelta(days=200))
    sro, ig = SeatRole.objects.create(code="sro"), SeatRole.objects.create(code="ig_lead")
    held, complete = (review(deployment, sro, ig, held_on=DAY - timedelta(days=n)) for n in (3, 1))
    SignOff.objects.create(review=held, seat_role=ig, answer="yes")
    for seat in (sro, ig):
        SignOff.objects.create(review=complete, seat_role=seat, answer="yes")
    Waiver.objects.create(
        programme=programme, deployment=deployment, code="W1", subject="agreement_unsigned", asked_on=DAY, until_on=DAY
    )
    Pilot.objects.create(programme=programme, code="P1", question="Does it help?", ends_on=DAY - timedelta(days=23))
    PriorityReview.objects.create(programme=programme, due_on=DAY - timedelta(days=9))
    PriorityReview.objects.create(programme=make.make_programme(), due_on=DAY - timedelta(days=9))
    decide(deployment, "D1", from_on=None, asked_on=DAY - timedelta(days=5), waits_for="The contract")
    user = manager(deployment)

    text = page(user, LOG)

    assert [row[2:] for row in table(text, "undecided-table")] == [
        ["Scale, iterate or stop", "19 February 2026 23 days ago"],
        ["Continue, pause or stop", "5 March 2026 9 days ago"],
        ["The contract", "9 March 2026 5 days ago"],
        ["The answer of SRO", "11 March 2026 3 days ago"],
        ["The outcome: every seat has answered", "13 March 2026 yesterday"],
        ["Approve or deny it", "14 March 2026 today"],
    ]
    assert "6 decisions wait, the oldest since 19 February 2026." in words(text)
    file = lines_of(client_of(user).get(f"{LOG}?download=csv&table=undecided"))
    assert (len(file), file[1].split(",")[-2:]) == (7, ["2026-02-19", "23"])


@pytest.fixture
def log(deployment: Deployment) -> Deployment:
    other = make.make_deployment(
        programme=deployment.programme, site=make.make_site(code="BIR", name="Birch Clinic"), go_live_on=None
    )
    by = person(make.make_user(name="Ana Silva"))
    decide(deployment, "D1", by=by, reason="Two confuse", from_on=DAY - timedelta(days=9))
    decide(deployment, "D2", deployment=deployment, kind="go", from_on=DAY)
    decide(deployment, "D3", deployment=other, kind="defer", from_on=DAY - timedelta(days=2))
    return deployment


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["D2", "D3", "D1"]),
        ("?sort=from", ["D1", "D3", "D2"]),
        ("?sort=site", ["D2", "D3", "D1"]),
        ("?sort=-kind", ["D1", "D2", "D3"]),
        ("?sort=nonsense", ["D2", "D3", "D1"]),
        ("?q=confuse", ["D1"]),
        ("?q=d2", ["D2"]),
        ("?kind=defer", ["D3"]),
        ("?kind=nonsense", ["D2", "D3", "D1"]),
        ("?site=birch", ["D3", "D1"]),
        ("?site=ALD", ["D2", "D1"]),
        ("?first=2026-03-06", ["D2", "D3"]),
        ("?first=2026-03-06&last=2026-03-12", ["D3"]),
        ("?first=soon", ["D2", "D3", "D1"]),
        ("?as_of=2026-03-12", ["D3", "D1"]),
        ("?q=nothing+like+it", []),
    ],
)
def test_log_is_filtered_and_put_in_order(log: Deployment, query: str, expected: list[str]):
    user = manager(log)
    found = [code_of(text) for text in column(page(user, LOG + query), "decision-table")]
    part = client_of(user).get(LOG + query, headers={"HX-Request": "true"})
    file = client_of(user).get(f"{LOG}{query}{'&' if query else '?'}download=csv&table=decisions")

    assert found == expected
    assert [code_of(text) for text in column(part.text, "decision-table")] == expected
    assert "<h1" not in part.text
    assert [line.split(",")[0] for line in lines_of(file)[1:]] == expected


@pytest.mark.parametrize(
    ("role", "scope", "codes", "who"),
    [
        (Role.PROGRAMME_MANAGER, "programme", ["D2", "D3", "D1"], "Ana Silva"),
        (Role.SITE_LEAD, "site", ["D2", "D1"], "Ana Silva"),
        (Role.BOARD_MEMBER, "programme", ["D2", "D3", "D1"], "Somebody whose role is not recorded"),
        (Role.SIGNATORY, "programme", ["D2", "D3", "D1"], "Somebody whose role is not recorded"),
        (Role.TRAINER, "programme", ["D2", "D3", "D1"], "Somebody whose role is not recorded"),
    ],
)
def test_each_role_reads_the_decisions_of_its_sites(log: Deployment, role: str, scope: str, codes: list[str], who: str):
    places = {"programme": log.programme, "site": log.site}
    text = page(make.make_member(role, **{scope: places[scope]}), LOG)

    assert [code_of(row[0]) for row in table(text, "decision-table")] == codes
    assert [row[5] for row in table(text, "decision-table")][-1] == who
    assert ("Record a decision" in text) == (role == Role.PROGRAMME_MANAGER)


def test_empty_log_says_what_belongs_there(deployment: Deployment):
    text = words(page(manager(deployment), LOG))

    assert "No decision waits." in text
    assert "No decision is recorded" in text


VALID = {"text": "One card only", "reason": "Two confuse", "from_on": "2026-05-01", "where": "all"}


@pytest.mark.parametrize(
    ("said", "where", "sentence"),
    [
        ({}, ["All sites"], "The decision is written down for all sites."),
        ({"where": "wave"}, ["Alder Hospital"], "The decision is written down for 1 site."),
        (
            {"where": "sites", "sites": "BIR, ALD\nALD"},
            ["Alder Hospital", "Birch Clinic"],
            "The decision is written down for 2 sites.",
        ),
    ],
)
def test_decision_is_written_down_once_and_shown_at_each_site(
    deployment: Deployment, said: dict[str, str], where: list[str], sentence: str
):
    wave = make.make_wave(programme=deployment.programme, number=1)
    Deployment.objects.filter(pk=deployment.pk).update(wave=wave)
    birch = make.make_deployment(
        programme=deployment.programme, site=make.make_site(code="BIR", name="Birch Clinic"), go_live_on=None
    )
    client = client_of(manager(deployment))
    form = {**VALID, "wave": wave.pk, **said, "once": "3f1b2c1e-0000-4000-8000-000000000001"}

    first = client.post(NEW, form)
    text = client.get(LOG).text
    again = client.post(NEW, form)
    other_words = client.post(NEW, {**form, "text": "Two cards"})

    assert (first.status_code, again.status_code, other_words.status_code) == (302, 302, 422)
    assert table(client.get(LOG).text, "decision-table") == table(text, "decision-table")
    assert sentence in words(text)
    assert sorted(row[3] for row in table(text, "decision-table")) == where
    for site in (deployment, birch):
        told = words(client.get(f"/p/EPR/s/{site.site.code}/").text)
        held = site.site.name in where or where == ["All sites"]
        assert ("One card only Holds from 1 May 2026" in told) == held


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"text": ""}, "Enter what is decided"),
        ({"reason": " "}, "Enter the reason"),
        ({"from_on": "31/02/2026"}, "Enter a date like 2026-03-14"),
        ({"from_on": "0026-03-14"}, "Enter a day of this century"),
        ({"where": ""}, "Select for which sites it holds"),
        ({"where": "wave"}, "Select a wave"),
        ({"where": "wave", "wave": "999"}, "Select one of the waves"),
        ({"where": "sites"}, "Enter the code of at least one site"),
        ({"where": "sites", "sites": "ALD NOPE"}, "There is no site NOPE in this programme"),
        (
            {"where": "sites", "sites": "A B C D E F G"},
            "There are no sites A, B, C, D, E in this programme, and 2 more",
        ),
        ({"reason": "About 943 476 5919"}, "This looks like an NHS number."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    deployment: Deployment, said: dict[str, str], error: str
):
    answer = client_of(manager(deployment)).post(NEW, {**VALID, **said})

    assert (answer.status_code, Decision.objects.count()) == (422, 0)
    assert "<title>Error: Record a decision" in answer.text
    assert answer.text.count(error) >= 2
    assert said.get("text") == "" or "One card only" in answer.text


def test_only_those_who_manage_the_programme_record(deployment: Deployment):
    client = client_of(lead(deployment))

    assert [client.get(NEW).status_code, client.post(NEW, VALID).status_code] == [403, 403]


def test_queries_do_not_grow_with_decisions(deployment: Deployment):
    client, counts = client_of(manager(deployment)), []
    client.get(LOG)
    sro = SeatRole.objects.create(code="sro")
    for number in (1, 3):
        for n in range(number):
            held = review(deployment, sro, held_on=DAY - timedelta(days=n))
            SignOff.objects.create(review=held, seat_role=sro)
            by = person(make.make_user())
            decide(deployment, f"D{number}-{n}", deployment=deployment, by=by)
        with CaptureQueriesContext(connection) as queries:
            client.get(LOG)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25


def test_thousands_of_decisions_are_paged(deployment: Deployment):
    Decision.objects.bulk_create(
        Decision(
            programme=deployment.programme,
            code=f"D{n}",
            kind="standard",
            text=f"Text {n}",
            from_on=DAY,
        )
        for n in range(5_000)
    )

    text = page(manager(deployment), f"{LOG}?page=100")

    assert len(table(text, "decision-table")) == 50
    assert len(text) < 60_000
