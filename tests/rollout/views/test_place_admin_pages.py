"""Organisations, sites and wards as administrators keep them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from rollout.models import AuditEntry, Organisation, Site, Ward
from tests import factories as make
from tests.pages import table, words

PAGE = "/admin/organisations/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    return client


def hidden(text: str, name: str) -> str:
    """The value of a hidden field of a page."""
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def test_organisation_site_and_wards_are_made_and_described(admin: Client):
    empty = words(admin.get(PAGE).text)
    made = admin.post(f"{PAGE}new/", {"organisation_code": "OAK", "name": "Oak Trust"}, follow=True)
    oak = Organisation.objects.get()
    entered = {"code": "OAK-1", "name": "Oak Hospital", "kind": "hospital", "time_zone": "Europe/London"}
    admin.post(f"{PAGE}{oak.pk}/sites/new/", {**entered, "wards": "A1, Ash"})
    site = Site.objects.get()
    place = f"/admin/sites/{site.pk}/"
    mark = hidden(admin.get(place).text, "mark")
    said = {"mark": mark, "name": "Oak General", "kind": "clinic", "postcode": "OA1 1AA", "time_zone": "Europe/London"}
    saved = admin.post(place, said, follow=True)
    late = admin.post(place, {**said, "name": "Other"})
    admin.post(f"{place}wards/new/", {"wards": "B2, Beech"})
    ward = Ward.objects.get(code="B2")
    page = f"/admin/wards/{ward.pk}/"
    admin.post(page, {"mark": hidden(admin.get(page).text, "mark"), "name": "Birch", "specialty": ""})

    assert "No organisations yet" in empty
    assert "The organisation is added." in words(made.text)
    assert "The site is saved." in words(saved.text)
    assert late.status_code == 409
    assert "Saved meanwhile: Oak General Yours: Other" in words(late.text)
    assert table(admin.get(f"{PAGE}?q=general").text, "organisations") == [["Oak Trust", "OAK", "1"]]
    assert list(site.wards.values_list("code", "name")) == [("A1", "Ash"), ("B2", "Birch")]
    assert AuditEntry.objects.filter(table="rollout_site", reason="site described").exists()


def test_organisation_changed_by_two_is_told_and_codes_come_once(admin: Client):
    oak = make.make_organisation(code="OAK", name="Oak Trust")
    make.make_site(code="OAK-1")
    page = f"{PAGE}{oak.pk}/"
    mark = hidden(admin.get(page).text, "mark")
    admin.post(page, {"mark": mark, "name": "Oak and Ash"})

    late = admin.post(page, {"mark": mark, "name": "Oak and Elm"})
    taken = admin.post(f"{PAGE}new/", {"organisation_code": "oak", "name": "Another"})
    site = admin.post(
        f"{page}sites/new/", {"code": "oak-1", "name": "X", "kind": "clinic", "time_zone": "Europe/London"}
    )

    assert (late.status_code, taken.status_code, site.status_code) == (409, 422, 422)
    assert "There is an organisation with the code oak already." in words(taken.text)
    assert "There is a site with the code oak-1 already." in words(site.text)
    assert "No organisations match" in words(admin.get(f"{PAGE}?q=zebra").text)


@pytest.mark.parametrize("page", ["list", "organisation", "site"])
def test_queries_do_not_grow_with_rows(admin: Client, page: str):
    oak = make.make_organisation()
    site = make.make_site(organisation=oak)
    address = {"list": PAGE, "organisation": f"{PAGE}{oak.pk}/", "site": f"/admin/sites/{site.pk}/"}[page]
    counts = []
    for _number in (1, 2, 3):
        make.make_ward(site=site)
        make.make_site(organisation=oak)
        make.make_site()
        admin.get(address)
        with CaptureQueriesContext(connection) as queries:
            admin.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[2] <= 25
