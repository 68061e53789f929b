"""What of a rota hangs on a wall: the sheet of a ward with names, and its poster with a QR code."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from readiness.services.scores import score_deployments
from rollout.models import Programme
from rollout.qr import qr_picture
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.rota_world import TODAY, RotaWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(frozen_clock: FrozenClock) -> RotaWorld:
    frozen_clock.move_to(datetime(2026, 3, 14, 12, 0, tzinfo=UTC))
    return RotaWorld()


def test_sheet_has_the_names_of_ones_own_wards(world: RotaWorld):
    day = world.here.go_live_on
    world.shift(world.champion("Ana Diaz"), day, world.early)
    world.shift(world.champion("Near By", ward=world.near), day, world.late, world.near)
    score_deployments(ids=[world.here.pk], day=TODAY)

    page = world.manager().get(world.address("print/"))

    rows = table(page.text, f"rota-{world.ward.pk}")
    assert len(rows) == 14
    assert rows[0][1:] == ["Ana Diaz", "Nobody", "Nobody"]
    assert "Near By" not in page.text
    assert table(world.manager().get(world.address("print/?ward=0")).text, f"rota-{world.ward.pk}") == []


def test_sheet_before_the_first_score_says_what_is_missing(world: RotaWorld):
    assert "No rota yet" in words(world.manager().get(world.address("print/")).text)


def test_poster_carries_the_wards_address_and_names_nobody(world: RotaWorld):
    world.champion("Ana Diaz")
    Programme.objects.update(support_number="0300 555 0142")
    client = world.manager()

    page = client.get(world.address(f"poster/{world.ward.pk}/"))

    address = f"http://localhost:8000{reverse('training:log-at-ward', kwargs={'ward': world.ward.pk})}"
    assert page.context["address"] == address
    assert f'<path d="{qr_picture(address).path}"' in page.text
    assert "0300 555 0142" in words(page.text)
    assert "Ana" not in page.text
    assert client.get(world.address(f"poster/{world.near.pk}/")).status_code == 403
