"""Changing a site's plan in the browser: who may, what is refused in words, saves that meet, no live without a gate."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from readiness.choices import GateKind, GateOutcome
from readiness.models import Gate, GateReview, RescoreMark
from rollout.choices import Role, Stage
from rollout.models import Decision, Deployment, DeploymentChange, Programme
from rollout.services.deployments import plan_mark
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
SITE = "/p/EPR/s/ALD/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NOW)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme) -> Deployment:
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))


@pytest.fixture
def manager(site: Deployment, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))
    return client


def send(client: Client, step: str, *, mark: str = "", **said: Any) -> Any:
    """A form sent from the page as it stands, or from an older one."""
    mark = mark or plan_mark(Deployment.objects.get())
    return client.post(f"{SITE}plan/{step}/", {"mark": mark, **said}, follow=True)


@pytest.mark.parametrize("step", ["status", "dates", "stage", "defer", "stop"])
def test_step_opens_with_how_the_site_stands(site: Deployment, manager: Client, step: str):
    text = manager.get(f"{SITE}plan/{step}/").text

    assert "Back" in words(text)
    assert re.search(rf'name="mark" value="{plan_mark(site)}"', text)


def test_dates_stand_in_the_form_as_a_browser_reads_them(site: Deployment, manager: Client):
    Deployment.objects.update(technical_go_live_on=date(2026, 4, 10))

    text = manager.get(f"{SITE}plan/dates/").text

    assert re.findall(r'type="date" name="(\w+)" value="([^"]*)"', text) == [
        ("technical_go_live_on", "2026-04-10"),
        ("go_live_on", "2026-04-24"),
    ]


def test_declared_status_is_on_the_site_page_afterwards(site: Deployment, manager: Client):
    make.make_score(site, share=20)

    answer = send(manager, "status", status="green", words="All well")

    assert answer.redirect_chain == [(SITE, 302)]
    assert "The status is declared." in words(answer.text)
    assert "Declared green on 15 March (today)" in words(answer.text)


def test_deferral_is_told_on_the_site_page_and_re_scores_it(site: Deployment, manager: Client):
    RescoreMark.objects.all().delete()

    answer = send(manager, "defer", reason="No Wi-Fi", go_live_on="2026-07-23")

    assert "The go-live is deferred." in words(answer.text)
    assert Deployment.objects.get().stage == Stage.DEFERRED
    assert Decision.objects.get().reason == "No Wi-Fi"
    assert RescoreMark.objects.filter(deployment=site).exists()


@pytest.mark.parametrize(
    ("step", "said", "error"),
    [
        ("status", {"status": "green", "words": ""}, "Say what the colour rests on"),
        ("status", {"status": "blue", "words": "Well"}, "Select a valid choice"),
        ("dates", {"go_live_on": "2026-05-01"}, "Say why the date changes"),
        ("dates", {"go_live_on": ""}, "Say why the date changes"),
        ("dates", {"go_live_on": "2026-04-24", "technical_go_live_on": "2026-04-25"}, "must not be after the go-live"),
        ("dates", {"go_live_on": "2026-04-24", "wave_id": "999"}, "Select a valid choice"),
        ("dates", {"go_live_on": "31/02/2026"}, "Enter a date like 2026-03-14"),
        ("stage", {"to": "technical_live", "happened_on": "2026-03-16"}, "The day must not be in the future."),
        ("stage", {"to": "embedded", "happened_on": "2026-03-15"}, "cannot go there"),
        ("stop", {"reason": " "}, "Say why, so that others can follow it"),
        ("stop", {"reason": "Merged", "mark": "no mark"}, "Enter a valid value"),
    ],
)
def test_wrong_form_is_refused_in_words_and_changes_nothing(
    site: Deployment, manager: Client, step: str, said: dict, error: str
):
    answer = send(manager, step, **said)

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert not DeploymentChange.objects.exists()


def test_later_of_two_saves_sees_both_versions(site: Deployment, manager: Client):
    old = plan_mark(site)
    send(manager, "status", status="amber", words="Short of trainers")

    answer = send(manager, "status", mark=old, status="green", words="All well")
    text = words(answer.text)

    assert answer.status_code == 409
    assert "How do you declare the site? Saved meanwhile: Amber Yours: Green" in text
    assert "In words Saved meanwhile: Short of trainers Yours: All well" in text
    assert Deployment.objects.get().declared_status == "amber"
    fresh = re.search(r'name="mark" value="([0-9a-f]{16})"', answer.text)
    assert fresh is not None
    assert send(manager, "status", mark=fresh[1], status="green", words="All well").status_code == 200
    assert Deployment.objects.get().declared_status == "green"


def test_nothing_goes_live_before_a_gate_said_go(site: Deployment, manager: Client):
    Deployment.objects.update(stage=Stage.TECHNICAL_LIVE)
    refused = send(manager, "stage", to="live", happened_on="2026-03-15")
    gate = Gate.objects.create(programme=site.programme, code="GO", name="Go/no-go", kind=GateKind.GO_LIVE)
    GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 3, 1), outcome=GateOutcome.GO)
    GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 3, 8), outcome=GateOutcome.NO_GO)
    refused_again = send(manager, "stage", to="live", happened_on="2026-03-15")
    GateReview.objects.create(
        gate=gate, deployment=site, held_on=date(2026, 3, 14), outcome=GateOutcome.GO_WITH_CONDITIONS
    )
    done = send(manager, "stage", to="live", happened_on="2026-03-15")

    assert (refused.status_code, refused_again.status_code, done.status_code) == (422, 422, 200)
    assert "No go/no-go gate has said go yet, so the site cannot go live." in words(refused.text)
    assert Deployment.objects.get().actual_go_live_on == date(2026, 3, 15)


def test_stage_sent_twice_is_taken_once(site: Deployment, manager: Client):
    mark = plan_mark(site)
    answers = [send(manager, "stage", mark=mark, to="technical_live", happened_on="2026-03-15") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Deployment.objects.get().stage == Stage.TECHNICAL_LIVE
    assert DeploymentChange.objects.count() == 1


@pytest.mark.parametrize(("stage", "step"), [("preparing", "again"), ("embedded", "stage"), ("live", "defer")])
def test_step_that_makes_no_sense_now_says_so(site: Deployment, manager: Client, stage: str, step: str):
    Deployment.objects.update(stage=stage)

    assert "This cannot be done now" in words(manager.get(f"{SITE}plan/{step}/").text)


def test_site_lead_plans_and_does_not_decide(site: Deployment):
    lead = Client()
    lead.force_login(make.make_member(Role.SITE_LEAD, site=site.site))

    answers = {
        step: lead.get(f"{SITE}plan/{step}/").status_code for step in ("status", "dates", "stage", "defer", "stop")
    }

    assert answers == {"status": 200, "dates": 200, "stage": 200, "defer": 403, "stop": 403}


def test_site_page_offers_the_steps_that_the_reader_may_take_now(site: Deployment, manager: Client):
    reader = Client()
    reader.force_login(make.make_member(Role.BOARD_MEMBER, programme=site.programme))

    offered = words(manager.get(SITE).text)

    assert (
        "Change the plan Declare the status Plan the dates Take the next stage Defer the go-live Stop at this site"
        in offered
    )
    assert "Change the plan" not in words(reader.get(SITE).text)
    assert "Change the plan" not in words(manager.get(f"{SITE}?as_of=2026-03-14").text)


def test_unknown_step_is_not_found(manager: Client):
    assert manager.get(f"{SITE}plan/delete/").status_code == 404


HTMX = {"HX-Request": "true"}


def test_status_is_declared_in_place_and_cancelled(site: Deployment, manager: Client):
    make.make_score(site, share=20)
    page = manager.get(SITE).text
    opened = manager.get(f"{SITE}plan/status/", headers=HTMX).text
    cancelled = manager.get(f"{SITE}plan/status/?row=on", headers=HTMX).text
    said = {"mark": plan_mark(site), "status": "green", "words": "All well"}

    empty = manager.post(f"{SITE}plan/status/", {**said, "words": ""}, headers=HTMX)
    saved = manager.post(f"{SITE}plan/status/", said, headers=HTMX)

    assert f'<a href="{SITE}plan/status/" hx-get="{SITE}plan/status/" hx-target="#declared"' in page
    assert ("<html" in opened, 'name="words"' in opened, "data-focus" in opened) == (False, True, True)
    assert ("<form" in cancelled, "data-focus" in cancelled) == (False, True)
    assert (empty.status_code, "There is a problem" in empty.text) == (422, True)
    assert saved.status_code == 200
    assert "Declared green on 15 March (today)" in words(saved.text)
    assert re.search(r'id="declared-words" hx-swap-oob="innerHTML">All well<', saved.text)
    assert "The status is declared." in saved.text
    assert re.search(rf'action="/p/EPR/undo/[^"]+/".*name="back" value="{SITE}"', saved.text)
    assert "HX-Request" in saved.headers["Vary"]


def test_status_declared_meanwhile_stands_beside_what_was_typed_in_place(site: Deployment, manager: Client):
    make.make_score(site, share=20)
    before = plan_mark(site)
    send(manager, "status", status="amber", words="Short of trainers")

    late = manager.post(f"{SITE}plan/status/", {"mark": before, "status": "red", "words": "No Wi-Fi"}, headers=HTMX)

    assert (late.status_code, "<html" in late.text) == (409, False)
    assert "Short of trainers" in words(late.text)
    assert "No Wi-Fi" in words(late.text)
    assert Deployment.objects.get().declared_status == "amber"
    assert f'name="mark" value="{plan_mark(Deployment.objects.get())}"' in late.text


def test_only_who_plans_the_site_declares_in_place_and_only_today(site: Deployment, manager: Client):
    make.make_score(site, share=20)
    reader = Client()
    reader.force_login(make.make_member(Role.WARD_MANAGER, ward=make.make_ward(site=site.site)))

    pages = [reader.get(SITE).text, manager.get(f"{SITE}?as_of=2026-03-14").text]

    assert [page.count('hx-target="#declared"') for page in pages] == [0, 0]
    assert all('id="declared"' in page for page in pages)
    assert reader.get(f"{SITE}plan/status/", headers=HTMX).status_code == 403
