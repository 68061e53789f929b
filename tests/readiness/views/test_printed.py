"""On paper a table has no column of things to press."""

import re

import pytest
from django.test import Client

from rollout.choices import Role
from rollout.models import ReleaseBundle, Seat, SeatRole
from tests import factories as make

BASE = "/p/EPR/"
PAGES = (
    f"{BASE}waves/",
    f"{BASE}status/",
    f"{BASE}settings/measures/",
    f"{BASE}settings/seats/",
    f"{BASE}s/ALD/team/",
    f"{BASE}sites/views/",
    "/bundles/",
)
HEADS = re.compile(r'<th class="([^"]*)"[^>]*scope="col"[^>]*>(?:<span[^>]*>)?(?:Change|Order|Edit|Fill|Actions)<')
CELLS = re.compile(r'<td class="([^"]*)"[^>]*data-label="(?:Change|Order|Edit|Fill|Actions)"')


@pytest.fixture
def administrator(db: None, client: Client) -> Client:
    programme = make.make_programme(code="EPR")
    make.make_wave(programme=programme, number=1)
    make.make_deployment(programme=programme, site=make.make_site(code="ALD"))
    make.make_measure(programme=programme)
    Seat.objects.create(programme=programme, role=SeatRole.objects.get_or_create(code="sro")[0])
    ReleaseBundle.objects.create(code="SPRING", name="Spring").programmes.add(programme)
    user = make.make_member(Role.ADMINISTRATOR)
    make.make_view(programme=programme, owner=user)
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_column_of_actions_stays_off_paper(page: str, administrator: Client):
    text = administrator.get(page).text

    heads, cells = HEADS.findall(text), CELLS.findall(text)
    assert (len(heads), bool(cells)) == (1, True)
    assert [each for each in [*heads, *cells] if "app-screen-only" not in each] == []
