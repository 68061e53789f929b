"""Waivers: asked by one, decided by another, in force until they lapse, and the cap they lift."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from readiness.choices import WaiverState
from readiness.models import RescoreMark, Waiver
from readiness.services.waivers import ask_waiver, decide_waiver, revoke_waiver
from rollout.choices import Role
from rollout.models import Deployment, Programme, SeatRole, User
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 15)
PAGE = "/p/EPR/s/ALD/waivers/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NOW)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme) -> Deployment:
    site = make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))
    make.make_blocker(site, code="PLAN", text="Downtime plan on paper")
    return site


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lead(site: Deployment) -> Client:
    return client_of(make.make_member(Role.SITE_LEAD, site=site.site))


@pytest.fixture
def manager(site: Deployment) -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))


def asking(**said: str) -> dict[str, str]:
    return {"action": "ask", "subject": "PLAN", "reason": "Printed on Monday", "until_on": "2026-03-20", **said}


def test_waiver_is_asked_by_one_and_approved_by_another(site: Deployment, lead: Client, manager: Client):
    asked = lead.post(PAGE, asking(), follow=True)
    waiver = Waiver.objects.get()
    RescoreMark.objects.all().delete()
    approved = manager.post(PAGE, {"action": "approve", "waiver": str(waiver.pk)}, follow=True)

    assert "The waiver is asked for. Somebody else decides." in words(asked.text)
    assert table(asked.text, "waivers")[0][:4] == [
        "Downtime plan on paper Comments",
        "Asked",
        "20 March 2026",
        "Printed on Monday",
    ]
    assert table(approved.text, "waivers")[0][1] == "Approved"
    assert (waiver.code, Waiver.objects.get().decided_on) == ("WAIVER-1", TODAY)
    assert RescoreMark.objects.filter(deployment=site).exists()


def test_who_asked_does_not_decide(site: Deployment, manager: Client):
    manager.post(PAGE, asking())
    page = manager.get(PAGE).text

    answer = manager.post(PAGE, {"action": "approve", "waiver": str(Waiver.objects.get().pk)})

    assert ("You asked, so somebody else decides." in page, 'value="approve"' in page) == (True, False)
    assert answer.status_code == 422
    assert "You asked for this waiver yourself. Somebody else has to decide." in words(answer.text)
    assert Waiver.objects.get().state == WaiverState.ASKED


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"subject": "NONE"}, "Select a valid choice"),
        ({"reason": " "}, "Say why the site can go on without it"),
        ({"until_on": "2026-03-14"}, "The last day must not be in the past."),
        ({"until_on": "2027-06-01"}, "A waiver lasts a year at most."),
        ({"until_on": "Friday"}, "Enter a date like 2026-03-14"),
    ],
)
def test_what_cannot_be_waived_is_refused_in_words(site: Deployment, lead: Client, said: dict, error: str):
    answer = lead.post(PAGE, asking(**said))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert not Waiver.objects.exists()


def test_approved_waiver_is_revoked_and_lapses_by_itself(site: Deployment, lead: Client, frozen_clock: FrozenClock):
    asker, decider = make.make_user(), make.make_user()
    sro = make.make_member(
        Role.SIGNATORY, programme=site.programme, seat_role=SeatRole.objects.get_or_create(code="sro")[0]
    )
    until = TODAY + timedelta(days=5)
    first = ask_waiver(deployment=site, subject="PLAN", reason="Printed", until_on=until, by=asker)
    decide_waiver(waiver_id=first.pk, approve=True, by=decider)
    revoked = client_of(sro).post(PAGE, {"action": "revoke", "waiver": str(first.pk)}, follow=True)
    signatory, managing = table(revoked.text, "waivers")[0][4], client_of(decider)
    make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme, user=decider)
    named = table(managing.get(PAGE).text, "waivers")[0][4]
    second = ask_waiver(deployment=site, subject="PLAN", reason="Again", until_on=until, by=asker)
    decide_waiver(waiver_id=second.pk, approve=True, by=decider)
    frozen_clock.move_to(NOW + timedelta(days=6))

    later = client_of(make.make_member(Role.ADMINISTRATOR)).get(PAGE)

    assert table(revoked.text, "waivers")[0][1] == "Revoked"
    assert "Revoked on 15 March" in signatory
    assert sro.email not in signatory
    assert f"Revoked on 15 March – {sro}" in named
    assert [row[1] for row in table(later.text, "waivers")] == ["Lapsed", "Revoked"]


def test_services_refuse_what_makes_no_sense_and_repeat_nothing(site: Deployment):
    asker, decider = make.make_user(), make.make_user()
    waivers = {ask_waiver(deployment=site, subject="PLAN", reason="Why", until_on=TODAY, by=asker).pk for _ in range(2)}
    (waiver,) = waivers
    with pytest.raises(Refused):
        revoke_waiver(waiver_id=waiver, by=decider)
    decide_waiver(waiver_id=waiver, approve=False, by=decider)
    decide_waiver(waiver_id=waiver, approve=False, by=decider)
    with pytest.raises(Refused):
        decide_waiver(waiver_id=waiver, approve=True, by=decider)
    with pytest.raises(Refused):
        ask_waiver(deployment=site, subject="collision:soon", reason="Why", until_on=TODAY, by=asker)

    assert Waiver.objects.get().state == WaiverState.DENIED


def test_lead_asks_and_does_not_decide_and_readers_only_read(site: Deployment, lead: Client):
    lead.post(PAGE, asking())
    pk = str(Waiver.objects.get().pk)
    board = client_of(make.make_member(Role.BOARD_MEMBER, programme=site.programme))

    answers = [
        lead.post(PAGE, {"action": "approve", "waiver": pk}).status_code,
        board.post(PAGE, asking()).status_code,
        board.post(PAGE, {"action": "deny", "waiver": pk}).status_code,
    ]

    assert answers == [403, 403, 403]
    assert str(Waiver.objects.get().asked_by) not in board.get(PAGE).text


def test_waiver_of_another_site_is_not_decided_here(site: Deployment, manager: Client):
    other = make.make_deployment(programme=site.programme)
    make.make_blocker(other, code="PLAN")
    waiver = ask_waiver(deployment=other, subject="PLAN", reason="Why", until_on=TODAY, by=make.make_user())

    answer = manager.post(PAGE, {"action": "approve", "waiver": str(waiver.pk)})

    assert answer.status_code == 422
    assert "There is no such waiver here." in words(answer.text)
    assert Waiver.objects.get().state == WaiverState.ASKED


def test_site_with_nothing_to_waive_says_so(programme: Programme):
    make.make_deployment(programme=programme, site=make.make_site(code="ALD"))
    manager = client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))

    text = words(manager.get(PAGE).text)

    assert "No waivers Nothing is waived at this site" in text
    assert "There is nothing to waive" in text


@pytest.mark.parametrize("page", ["", "checklist/"])
def test_waivers_of_a_site_are_reached_from_its_pages(page: str, site: Deployment, client: Client):
    make.make_score(site)
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=site.programme))
    base = f"/p/{site.programme.code}/s/{site.site.code}/"

    answer = client.get(base + page)

    assert f'href="{base}waivers/">Waivers of this site</a>' in answer.text
    assert "Waivers of this site" not in client.get(f"{base}{page}?as_of=2026-03-01").text
