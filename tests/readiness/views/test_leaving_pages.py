"""A site taken out of a programme where nothing was live: gone from every page, kept in the history, put back."""

import re
import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from readiness.models import ChecklistItem, Condition, Gate, GateReview, Hazard, RescoreMark, Waiver
from readiness.services.sites import put_site_back, take_site_out
from rollout.choices import PilotOutcome, Role, Stage
from rollout.models import Decision, Deployment, EngagementEvent, Person, Pilot, Programme, Site, Wave
from rollout.services.deployments import plan_mark
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused
from tests import factories as make
from tests.pages import words
from tests.readiness.template_world import published, sites_with_checklists

OUT, SITE = "/p/EPR/sites/out/", "/p/EPR/s/ALD/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme) -> Deployment:
    published(programme)
    wave = make.make_wave(programme=programme, number=1)
    here = make.make_deployment(
        programme=programme,
        site=make.make_site(code="ALD", name="Alderbrook"),
        stage=Stage.PREPARING,
        wave=wave,
        go_live_on=date(2026, 9, 1),
    )
    make.make_score(here)
    sites_with_checklists(programme, 1)
    return here


@pytest.fixture
def manager(programme: Programme) -> Client:
    client = Client()
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def mark(client: Client) -> str:
    found = re.search(r'name="mark" value="([^"]*)"', client.get(f"{SITE}out/").text)
    assert found
    return found.group(1)


def take(client: Client, **said: str) -> Any:
    return client.post(f"{SITE}out/", {"mark": mark(client), "reason": "Named twice", **said}, follow=True)


def pages_of_programme() -> list[str]:
    """Every page that needs nothing but the programme's code, and those of all programmes."""
    found = []
    for name in get_resolver("readiness.urls").reverse_dict:
        for address in ({"programme": "EPR"}, {}) if isinstance(name, str) else ():
            try:
                found.append(reverse(f"readiness:{name}", kwargs=address))
            except NoReverseMatch:
                continue
    return found


def test_site_taken_out_is_on_no_page_but_the_history(site: Deployment, manager: Client) -> None:
    by = Person.objects.create(label="ana@example.org")
    about = {"programme": site.programme, "deployment": site}
    Hazard.objects.create(
        **about, code="H1", text="Keys lost at Alderbrook", likelihood=5, severity=5, raised_on=date(2026, 1, 5)
    )
    Waiver.objects.create(
        **about, code="W1", subject="PLAN", reason="Alderbrook waits", asked_by=by, until_on=date(2027, 1, 1)
    )
    Decision.objects.create(
        **about, code="D1", kind="standard", text="Where does Alderbrook print?", asked_on=date(2026, 1, 5)
    )
    gate = Gate.objects.create(programme=site.programme, code="GO", name="Go/no-go", kind="go_live")
    held = GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 1, 5), outcome="defer", pack={})
    Condition.objects.create(review=held, code="C1", text="Alderbrook counts", owner=by, due_on=date(2026, 2, 1))
    EngagementEvent.objects.create(
        programme=site.programme, code="E1", kind="demo", held_on=date(2026, 1, 5), words="Shown"
    ).sites.add(site.site)
    RescoreMark.objects.all().delete()

    silent = take(manager, reason="")
    gone = take(manager)

    site.refresh_from_db()
    assert silent.status_code == 422
    assert "Alderbrook is taken out of the programme." in words(gone.text)
    assert "<s>Alderbrook</s>" in gone.text
    assert (site.retired_by_id, site.retired_reason) == (int(manager.session["_auth_user_id"]), "Named twice")
    assert ChecklistItem.objects.filter(deployment=site, retired_at=None).count() == 3
    assert set(RescoreMark.objects.values_list("deployment", flat=True)) == {site.pk}
    assert manager.get(SITE).status_code == manager.get(f"{SITE}checklist/").status_code == 404
    named = [page for page in pages_of_programme() if "Alderbrook" in manager.get(page).text]
    assert sorted(named) == ["/p/EPR/decisions/", "/p/EPR/recent/", OUT]
    assert "Plan of Alderbrook: Taken out of the programme" in words(manager.get("/p/EPR/recent/").text)
    log = manager.get("/p/EPR/decisions/").text
    assert "Taken out of the programme" in log
    assert "<s>Alderbrook</s>" in log
    assert SITE not in log


def test_site_put_back_is_as_it_was_without_a_wave_that_went(site: Deployment, manager: Client) -> None:
    take(manager)
    Wave.objects.filter(programme=site.programme).update(retired_at=timezone.now())

    back = manager.post(OUT, {"deployment": site.pk}, follow=True)
    again = manager.post(OUT, {"deployment": site.pk})

    site.refresh_from_db()
    assert "Alderbrook is in the programme again." in words(back.text)
    assert again.status_code == 422
    assert (site.retired_at, site.retired_by, site.retired_reason, site.wave) == (None, None, "", None)
    assert (site.stage, site.go_live_on) == (Stage.PREPARING, date(2026, 9, 1))
    assert manager.get(SITE).status_code == 200
    assert list(Decision.objects.order_by("pk").values_list("kind", "text", "reason")) == [
        ("stop", "Taken out of the programme", "Named twice"),
        ("standard", "Put back into the programme", ""),
    ]


@pytest.mark.parametrize(
    "live",
    [
        {"stage": Stage.TECHNICAL_LIVE},
        {"stage": Stage.EMBEDDED},
        {"stage": Stage.STOPPED, "stage_before": Stage.LIVE},
        {"stage": Stage.DEFERRED, "actual_technical_go_live_on": date(2026, 3, 1)},
    ],
)
def test_site_that_is_or_was_live_stays(site: Deployment, manager: Client, live: dict[str, Any]) -> None:
    Deployment.objects.filter(pk=site.pk).update(**live)

    refused = take(manager)

    site.refresh_from_db()
    assert (refused.status_code, site.retired_at) == (422, None)
    assert "Stop the site instead: its history stays." in words(refused.text)
    assert "Named twice" in refused.text
    assert f"{SITE}out/" not in manager.get(SITE).text


def test_open_meeting_running_pilot_and_closed_site_stand_in_the_way(site: Deployment) -> None:
    by = make.make_user()
    gate = Gate.objects.create(programme=site.programme, code="GO", name="Go/no-go", kind="go_live")
    review = GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 3, 1), pack={})

    def out() -> Deployment:
        return take_site_out(deployment_id=site.pk, mark=plan_mark(site), reason="x", by=by)

    with pytest.raises(Refused, match="The meeting of the gate Go/no-go is open here"):
        out()
    GateReview.objects.filter(pk=review.pk).update(outcome="no_go")
    pilot = Pilot.objects.create(programme=site.programme, site=site.site, code="P1", starts_on=date(2026, 1, 1))
    with pytest.raises(Refused, match="A pilot of the programme runs here"):
        out()
    Pilot.objects.filter(pk=pilot.pk).update(outcome=PilotOutcome.STOP)
    assert out() == out() == site
    Site.objects.filter(pk=site.site_id).update(retired_at=timezone.now())
    with pytest.raises(Refused, match="This site is closed"):
        put_site_back(deployment_id=site.pk, by=by)


def test_plan_changed_meanwhile_is_told_and_the_reason_kept(site: Deployment, manager: Client) -> None:
    seen = mark(manager)
    Deployment.objects.filter(pk=site.pk).update(go_live_on=date(2026, 10, 1))

    late = take(manager, mark=seen)

    assert late.status_code == 409
    assert "Somebody else changed this while you were here" in words(late.text)
    assert "1 October 2026" in late.text
    assert "Named twice" in late.text


def test_lead_takes_no_site_out_and_other_managers_put_none_back(site: Deployment, manager: Client) -> None:
    lead, other = Client(), Client()
    lead.force_login(make.make_member(Role.SITE_LEAD, site=site.site))
    other.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=make.make_programme()))

    assert [lead.get(page).status_code for page in (f"{SITE}out/", OUT)] == [403, 403]
    assert [other.get(page).status_code for page in (f"{SITE}out/", OUT)] == [404, 404]
    assert f"{SITE}out/" not in lead.get(SITE).text
    assert f"{SITE}out/" in manager.get(SITE).text


def test_queries_do_not_grow_with_the_sites_taken_out(programme: Programme, manager: Client) -> None:
    counts = []
    manager.get(OUT)
    for number in (1, 2):
        for each in (make.make_deployment(programme=programme) for _ in range(number)):
            take_site_out(deployment_id=each.pk, mark=plan_mark(each), reason="x", by=make.make_user())
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(OUT).text.count("<s>") == 2 * number - 1
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_site_out_at_once_do_it_once() -> None:
    site, by = make.make_deployment(), make.make_user()
    seen, together, came = plan_mark(site), threading.Barrier(2), []

    def out() -> None:
        try:
            together.wait()
            came.append(take_site_out(deployment_id=site.pk, mark=seen, reason="x", by=by))
        finally:
            connection.close()

    threads = [threading.Thread(target=out) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert came == [site, site]
    assert Decision.objects.filter(deployment=site).count() == 1


def test_plan_that_another_changed_is_not_taken_out_by_the_service(site: Deployment) -> None:
    with pytest.raises(RecordChanged):
        take_site_out(deployment_id=site.pk, mark="0" * 16, reason="x", by=make.make_user())
