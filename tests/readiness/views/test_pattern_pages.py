"""Shift patterns of a programme: added once, changed, taken out and brought back by whoever manages it."""

from uuid import uuid4

import pytest

from rollout.choices import Role
from tests import factories as make
from tests.pages import column, words
from tests.readiness.rota_world import RotaWorld, client_of
from training.models import ShiftPattern

pytestmark = pytest.mark.django_db
NEW = {"name": "twilight", "starts": "18:00", "ends": "02:00", "minimum": "2"}


@pytest.fixture
def world() -> RotaWorld:
    return RotaWorld()


def test_shift_is_added_once_taken_out_and_brought_back(world: RotaWorld):
    client = client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme))
    page = f"/p/{world.programme.code}/settings/shifts/"
    sent = {**NEW, "once": str(uuid4())}

    answers = [client.post(f"{page}new/", sent).status_code for _ in range(2)]
    pattern = ShiftPattern.objects.get(name="twilight")
    shown = client.get(page).text
    taken = client.post(f"{page}{pattern.pk}/retire/", follow=True).text
    back = client.post(f"{page}new/", {**NEW, "minimum": "3"}).status_code

    assert answers == [302, 302]
    assert column(shown, "pattern-table", 0) == ["Early", "Late", "Twilight", "Night"]
    assert column(shown, "pattern-table", 2)[2] == "2am the next day"
    assert "twilight is taken out" in words(taken)
    assert "Twilight" not in column(taken, "pattern-table", 0)
    assert back == 302
    pattern.refresh_from_db()
    assert (pattern.retired_at, pattern.minimum) == (None, 3)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": "EARLY"}, "There is a shift called EARLY already."),
        ({"starts": "25:00"}, "Enter a time like 07:00"),
        ({"minimum": "0"}, "Enter a whole number from 1 to 50"),
    ],
)
def test_shift_that_is_not_whole_is_mended_at_its_field(world: RotaWorld, changed: dict[str, str], said: str):
    client = client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme))

    answer = client.post(f"/p/{world.programme.code}/settings/shifts/new/", {**NEW, **changed})

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert ShiftPattern.objects.count() == 3


def test_later_of_two_changes_is_told(world: RotaWorld):
    client = client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme))
    page = f"/p/{world.programme.code}/settings/shifts/{world.early.pk}/"
    mark = client.get(page).context["form"].initial["mark"]
    ShiftPattern.objects.filter(pk=world.early.pk).update(minimum=2)
    sent = {"mark": mark, "name": "early", "starts": "07:00", "ends": "15:00", "minimum": "4"}

    late = client.post(page, sent)
    again = client.post(page, {**sent, "mark": late.context["form"]["mark"].value()})

    assert (late.status_code, again.status_code) == (409, 302)
    assert ShiftPattern.objects.get(pk=world.early.pk).minimum == 4
