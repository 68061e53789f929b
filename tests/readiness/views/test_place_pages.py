"""Sites come into a programme, known ones and new ones; what part of each is in scope."""

import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import Checklist, ReadinessScore, RescoreMark
from readiness.services.rescoring import rescore_marked
from rollout.choices import Role
from rollout.models import Decision, Deployment, Membership, Organisation, Programme, Site, User, Ward
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused
from rollout.services.scope import add_deployments, scope_mark, set_scope
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
ADD, NEW, SCOPE = "/p/EPR/sites/new/", "/p/EPR/sites/new/site/", "/p/EPR/s/ALD/scope/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def trust() -> Organisation:
    return make.make_organisation(code="ALD", name="Alder Trust")


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NOW)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme, trust: Organisation) -> Deployment:
    place = make.make_site(code="ALD", name="Alder Hospital", organisation=trust)
    deployment = make.make_deployment(programme=programme, site=place)
    make.make_blocker(deployment, code="PLAN")
    return deployment


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(programme: Programme) -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))


def hidden(text: str, name: str) -> str:
    """The value of a hidden field of a page."""
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def new_site(**said: str) -> dict[str, str]:
    entered = {"organisation": "+", "organisation_code": "OAK", "organisation_name": "Oak Trust"}
    place = {"code": "OAK-1", "name": "Oak Hospital", "kind": "hospital", "time_zone": "Europe/London"}
    return {**entered, **place, "wards": "A1, Acute unit\nB2, Surgery", **said}


def test_known_sites_come_several_at_once_with_checklists(site: Deployment, trust: Organisation, manager: Client):
    wave = make.make_wave(programme=site.programme, number=2)
    others = [make.make_site(name=f"Alder {n}", organisation=trust) for n in (1, 2)]
    make.make_site(name="Foreign Hospital")
    page = manager.get(ADD)
    said = {"sites": [str(each.pk) for each in others], "interest_on": "2026-02-01", "wave_id": str(wave.pk)}
    RescoreMark.objects.all().delete()

    answer = manager.post(ADD, {**said, "once": hidden(page.text, "once")}, follow=True)
    again = manager.post(ADD, {**said, "once": hidden(page.text, "once")})

    added = Deployment.objects.filter(site__in=others).order_by("site__name")
    assert "Foreign" not in page.text
    assert "The sites are added." in words(answer.text)
    assert (again.status_code, len(added)) == (302, 2)
    assert [(row.wave, row.interest_on, row.stage) for row in added] == [(wave, date(2026, 2, 1), "not_started")] * 2
    assert [row.checklist.items.count() for row in added] == [1, 1]
    assert RescoreMark.objects.filter(deployment__in=added).values("deployment").distinct().count() == 2


def test_site_of_strangers_is_not_added(site: Deployment, manager: Client):
    stranger = make.make_site(name="Foreign Hospital")

    answer = manager.post(ADD, {"sites": str(stranger.pk)})

    assert answer.status_code == 422
    assert "Select a site of the list" in words(answer.text)
    assert not Deployment.objects.filter(site=stranger).exists()


def test_search_narrows_the_sites_and_what_was_ticked_stays(site: Deployment, trust: Organisation, manager: Client):
    near, far = (make.make_site(name=name, organisation=trust) for name in ("Nearby Clinic", "Far Clinic"))

    found = words(manager.get(f"{ADD}?q=nearby").text)
    none = words(manager.get(f"{ADD}?q=zebra").text)
    wrong = manager.post(f"{ADD}?q=nearby", {"sites": str(far.pk), "interest_on": "soon"})

    assert (near.name in found, far.name in found) == (True, False)
    assert "No sites match" in none
    assert wrong.status_code == 422
    assert f'value="{far.pk}" checked' in wrong.text


def test_new_site_is_made_with_its_wards_and_checklist(site: Deployment, manager: Client):
    answer = manager.post(NEW, new_site(interest_on="2026-01-05"), follow=True)

    made = Deployment.objects.get(site__code="OAK-1")
    assert answer.redirect_chain == [("/p/EPR/s/OAK-1/", 302)]
    assert made.site.organisation.name == "Oak Trust"
    assert list(made.site.wards.values_list("code", "name")) == [("A1", "Acute unit"), ("B2", "Surgery")]
    assert Checklist.objects.filter(deployment=made).exists()
    assert rescore_marked(time.monotonic() + 60)
    assert ReadinessScore.objects.get(deployment=made).band == "unscheduled"


def test_first_site_of_an_empty_installation(programme: Programme, manager: Client):
    page = words(manager.get(ADD).text)

    manager.post(NEW, new_site(wards=""))

    assert "No other sites are known" in page
    assert "No checklist template is published yet." in page
    assert Deployment.objects.get().site.name == "Oak Hospital"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"code": "ald"}, "There is a site with the code ald already."),
        ({"organisation_code": "ald"}, "There is an organisation with the code ald already."),
        ({"organisation": ""}, "Select an organisation"),
        ({"organisation_name": ""}, "Enter the name of the organisation"),
        ({"kind": "castle"}, "Select the kind of site"),
        ({"time_zone": "Mars"}, "Enter a time zone such as Europe/London."),
        ({"wards": "Acute unit"}, "Write a code without spaces, a comma and a name, not “Acute unit”"),
        ({"wards": "A1, One\na1, Two"}, "Write each code once: a1"),
        ({"wave_id": "987654"}, "Select a wave of this programme"),
    ],
)
def test_wrong_entry_says_how_to_mend_it(site: Deployment, manager: Client, said: dict, error: str):
    answer = manager.post(NEW, new_site(**said))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert (Site.objects.count(), Organisation.objects.count()) == (1, 1)


def test_site_taken_out_comes_back_and_a_wave_of_others_is_refused(site: Deployment):
    by = make.make_user()
    Deployment.objects.filter(pk=site.pk).update(retired_at=NOW)
    said = {"programme_id": site.programme_id, "site_ids": [site.site_id], "interest_on": None, "by": by}

    with pytest.raises(Refused):
        add_deployments(**said, wave_id=make.make_wave().pk)
    before = Decision.objects.count()
    back = add_deployments(**said, wave_id=None)

    assert [(row.pk, row.retired_at) for row in back] == [(site.pk, None)]
    assert (before, [row.text for row in Decision.objects.filter(deployment=site)]) == (
        0,
        ["Put back into the programme"],
    )


def test_scope_is_wards_modules_and_dual_running(site: Deployment, manager: Client):
    wards = [make.make_ward(site=site.site, name=name) for name in ("Ash", "Beech")]
    mark = hidden(manager.get(SCOPE).text, "mark")
    said = {
        "mark": mark,
        "ward_ids": str(wards[0].pk),
        "modules": "Notes\nOrders",
        "dual_running_until_on": "2026-06-01",
    }
    RescoreMark.objects.all().delete()

    answer = manager.post(SCOPE, said, follow=True)
    site.refresh_from_db()

    assert "The scope is saved." in words(answer.text)
    assert list(site.wards.all()) == [wards[0]]
    assert (site.modules, site.dual_running_until_on) == (["Notes", "Orders"], date(2026, 6, 1))
    assert RescoreMark.objects.filter(deployment=site).exists()


def test_scope_changed_by_two_is_told(site: Deployment, manager: Client):
    wards = [make.make_ward(site=site.site, name=name) for name in ("Ash", "Beech")]
    mark = hidden(manager.get(SCOPE).text, "mark")
    manager.post(SCOPE, {"mark": mark, "ward_ids": str(wards[0].pk)})

    late = manager.post(SCOPE, {"mark": mark, "ward_ids": str(wards[1].pk)})
    with pytest.raises(RecordChanged):
        set_scope(
            deployment_id=site.pk, mark=mark, ward_ids=[], modules=[], dual_running_until_on=None, by=make.make_user()
        )
    with pytest.raises(Refused):
        stranger = [make.make_ward().pk]
        given = {"mark": scope_mark(site), "modules": [], "dual_running_until_on": None, "by": make.make_user()}
        set_scope(deployment_id=site.pk, ward_ids=stranger, **given)

    assert late.status_code == 409
    assert f"Saved meanwhile: Ash ({wards[0].code}) Yours: Beech ({wards[1].code})" in words(late.text)
    assert list(site.wards.all()) == [wards[0]]


def test_wards_are_added_and_renamed(site: Deployment, manager: Client):
    make.make_ward(site=site.site, code="A1", name="Ash")
    added = manager.post(f"{SCOPE}wards/new/", {"wards": "A1, Ash\nB2, Beech"}, follow=True)
    taken = manager.post(f"{SCOPE}wards/new/", {"wards": "a1, Other"})
    page = f"{SCOPE}wards/{Ward.objects.get(code='B2').pk}/"
    mark = hidden(manager.get(page).text, "mark")
    renamed = manager.post(page, {"mark": mark, "name": "Birch", "specialty": "Surgery"}, follow=True)
    late = manager.post(page, {"mark": mark, "name": "Box", "specialty": ""})

    assert "The wards are added." in words(added.text)
    assert (taken.status_code, late.status_code) == (422, 409)
    assert "These codes are in use already: a1." in words(taken.text)
    assert "B2 – Birch, Surgery" in words(renamed.text)
    assert Ward.objects.count() == 2


def test_lead_sets_the_scope_and_adds_no_site(site: Deployment, manager: Client):
    lead = client_of(make.make_member(Role.SITE_LEAD, site=site.site))
    board = client_of(make.make_member(Role.BOARD_MEMBER, programme=site.programme))

    answers = [client.get(page).status_code for client in (lead, board) for page in (SCOPE, ADD, NEW)]
    Membership.objects.filter(role=Role.PROGRAMME_MANAGER).update(ended_at=NOW)
    gone = manager.post(NEW, new_site()).status_code

    assert (answers, gone) == ([200, 403, 403, 403, 403, 403], 404)


@pytest.mark.parametrize("page", [ADD, SCOPE])
def test_queries_do_not_grow_with_sites_and_wards(site: Deployment, trust: Organisation, manager: Client, page: str):
    counts = []
    for _number in (1, 2, 3):
        make.make_site(organisation=trust)
        make.make_ward(site=site.site)
        manager.get(page)
        with CaptureQueriesContext(connection) as queries:
            manager.get(page)
        counts.append(len(queries))

    assert counts[0] == counts[2] <= 25
