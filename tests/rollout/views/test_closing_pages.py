"""Organisations, sites and wards closed with a reason, refused while a programme is under way, and opened again."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from rollout.choices import Role, Stage
from rollout.models import AuditEntry, Deployment, DeploymentWard, Organisation, Site, User, Ward
from rollout.services.closing import close_organisation, close_site, close_ward
from rollout.services.places import add_wards, make_site
from rollout.services.refusals import Refused
from rollout.services.scope import add_deployments
from tests import factories as make
from tests.pages import table, words

LIST = "/admin/organisations/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client, ada = Client(), make.make_member(Role.ADMINISTRATOR)
    User.objects.filter(pk=ada.pk).update(name="Ada Lund")
    client.force_login(ada)
    return client


@pytest.fixture
def ward() -> Ward:
    oak = make.make_organisation(code="OAK", name="Oak Trust")
    return make.make_ward(
        site=make.make_site(organisation=oak, code="OAK-1", name="Oak Hospital"), code="A1", name="Ash"
    )


def pages(ward: Ward) -> tuple[str, str, str]:
    """Where the ward, its site and its organisation are closed."""
    site = ward.site
    return (
        f"/admin/wards/{ward.pk}/close/",
        f"/admin/sites/{site.pk}/close/",
        f"{LIST}{site.organisation_id}/close/",
    )


def test_ward_site_and_organisation_are_closed_with_a_reason_and_opened_again(admin: Client, ward: Ward) -> None:
    ways, site = pages(ward), ward.site

    silent = admin.post(ways[0], {"reason": " "})
    asked = admin.get(ways[0])
    closed = [admin.post(way, {"reason": "Moved to Elm"}, follow=True) for way in ways]
    twice = admin.post(ways[0], {"reason": "Another"})

    ward.refresh_from_db()
    assert (silent.status_code, asked.status_code, twice.status_code) == (422, 200, 200)
    assert "Say why" in silent.text
    assert ["Ash is closed." in words(closed[0].text), "Oak Trust is closed." in words(closed[2].text)] == [True, True]
    assert "<s>A1 – Ash</s>" in closed[0].text
    assert "<s>Oak Hospital</s>" in closed[1].text
    assert (str(ward.retired_by), ward.retired_reason) == ("Ada Lund", "Moved to Elm")
    assert "by Ada Lund. Why: Moved to Elm" in words(admin.get(ways[0]).text)
    assert "Oak Trust" not in closed[2].text.split("<main")[1].split("is closed.")[1]
    assert table(admin.get(f"{LIST}?closed=1").text, "organisations") == [["Oak Trust", "OAK", "0"]]
    assert admin.get(f"/admin/sites/{site.pk}/").status_code == 404
    early = [admin.post(way, {"action": "open"}) for way in ways[:2]]
    assert [each.status_code for each in early] == [422, 422]
    assert "Its site is closed. Open that first." in words(early[0].text)
    opened = [admin.post(way, {"action": "open"}, follow=True) for way in reversed(ways)]
    assert "Oak Hospital is open again." in words(opened[1].text)
    assert not any(model.objects.filter(retired_at__isnull=False).exists() for model in (Ward, Site, Organisation))
    assert set(AuditEntry.objects.filter(reason__contains="ward").values_list("reason", flat=True)) >= {
        "ward closed",
        "ward opened again",
    }


def test_nothing_is_closed_while_a_programme_is_under_way(admin: Client, ward: Ward) -> None:
    epr = make.make_deployment(programme=make.make_programme(name="One record"), site=ward.site, stage=Stage.HYPERCARE)
    other = make.make_ward(site=ward.site, code="B2", name="Birch")
    ways = pages(ward)

    refused = [admin.post(way, {"reason": "Moved"}) for way in ways]

    assert [each.status_code for each in refused] == [422] * 3
    assert "It is in the scope of One record. Take it out of the scope first." in words(refused[0].text)
    assert "One record is under way here. Stop it or take the site out first." in words(refused[1].text)
    assert "1 site of it is open. Close it first." in words(refused[2].text)
    assert "Moved" in refused[0].text
    DeploymentWard.objects.create(deployment=epr, ward=other)
    assert admin.post(ways[0], {"reason": "Moved"}).status_code == 302
    with pytest.raises(Refused, match="scope of One record"):
        close_ward(ward_id=other.pk, reason="x", by=make.make_user())
    Deployment.objects.filter(pk=epr.pk).update(stage=Stage.EMBEDDED)
    assert [admin.post(way, {"reason": "Moved"}).status_code for way in ways[1:]] == [302, 302]


def test_nothing_is_added_to_what_is_closed(ward: Ward) -> None:
    by, site = make.make_user(), ward.site
    close_site(site_id=site.pk, reason="Moved", by=by)
    close_organisation(organisation_id=site.organisation_id, reason="Moved", by=by)
    new: dict[str, Any] = {
        "code": "OAK-2",
        "name": "x",
        "kind": "clinic",
        "postcode": "",
        "time_zone": "Europe/London",
        "wards": (),
    }

    with pytest.raises(Refused, match="The site is closed"):
        add_wards(site_id=site.pk, wards=[("B2", "Birch")], by=by)
    with pytest.raises(Refused, match="The organisation is closed"):
        make_site(organisation_id=site.organisation_id, by=by, **new)


@pytest.mark.django_db(transaction=True)
def test_site_is_not_closed_and_brought_into_a_programme_at_once() -> None:
    site, programme, by = make.make_site(), make.make_programme(), make.make_user()
    together, came = threading.Barrier(2), []

    def close() -> None:
        together.wait()
        try:
            close_site(site_id=site.pk, reason="x", by=by)
            came.append("closed")
        except Refused:
            came.append("refused")
        finally:
            connection.close()

    def add() -> None:
        together.wait()
        try:
            added = add_deployments(
                programme_id=programme.pk, site_ids=[site.pk], interest_on=None, wave_id=None, by=by
            )
            came.append(f"added {len(added)}")
        finally:
            connection.close()

    threads = [threading.Thread(target=each) for each in (close, add)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(came) in (["added 0", "closed"], ["added 1", "refused"])
