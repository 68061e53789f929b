"""A champion gives a shift back with a reason; whoever keeps the rota is told, and may plan it again."""

from datetime import timedelta

import pytest
from django.test import Client

from rollout.choices import Role
from rollout.models import User
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.rota_world import NOON, TODAY, RotaWorld, client_of
from training.models import Absence, ChampionShift
from training.services.rota import Clash, NotAChampion, TooLate, cancel_shift, decline_shift, take_up_shift

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> FrozenClock:
    frozen_clock.move_to(NOON)
    return frozen_clock


@pytest.fixture
def world() -> RotaWorld:
    return RotaWorld()


@pytest.fixture
def shift(world: RotaWorld) -> ChampionShift:
    person = world.champion()
    person.user = make.make_user(name="Ana Diaz")
    person.save(update_fields=["user"])
    return world.shift(person, TOMORROW, world.early)


def own(shift: ChampionShift) -> Client:
    user = shift.staff.user
    assert user is not None
    return client_of(user)


def test_champion_gives_a_shift_back_and_the_manager_sees_why_until_it_is_filled(
    world: RotaWorld, shift: ChampionShift
):
    champion, manager, address = own(shift), world.manager(), f"/shifts/{shift.pk}/decline/"

    assert address in champion.get("/shifts/").text
    assert "Say in a few words why" in words(champion.post(address, {"reason": " "}).text)
    for _twice in range(2):
        assert champion.post(address, {"reason": "On another shift"})["Location"] == "/shifts/"

    shift.refresh_from_db()
    assert (shift.state, shift.ended_on, shift.notes) == ("cancelled", TODAY, "On another shift")
    row = table(manager.get("/").text, "waiting-table")[0]
    assert row[0].startswith("15 March 2026, 7am to 3pm, Elder ward Shift that its champion declined.")
    assert row[0].endswith("On another shift")
    assert "Declined: On another shift" in words(manager.get(world.address("shifts/")).text)
    world.shift(world.champion("Bea Fox"), TOMORROW, world.early)
    assert not table(manager.get("/").text, "waiting-table")
    assert client_of(make.make_member(Role.WARD_MANAGER, ward=world.near)).get(address).status_code == 404


def test_shift_that_has_begun_or_is_logged_is_not_given_back(world: RotaWorld, shift: ChampionShift):
    by = shift.staff.user
    assert by is not None
    begun = world.shift(shift.staff, TODAY, world.early)
    logged = world.shift(shift.staff, TOMORROW + timedelta(days=1), world.early, state="worked")

    for each in (begun, logged):
        with pytest.raises(TooLate):
            decline_shift(shift_id=each.pk, reason="No", by=by)
        each.refresh_from_db()
        assert each.notes == ""


def test_cancelled_shift_is_planned_again_as_it_was_on_the_same_day(world: RotaWorld, shift: ChampionShift):
    manager, address = world.manager(), world.address(f"shifts/{shift.pk}/restore/")
    manager.post(world.address(f"shifts/{shift.pk}/cancel/"))
    assert "Plan it again" in words(manager.get(world.address("shifts/")).text)

    for _twice in range(2):
        assert manager.post(address).status_code == 302

    rows = ChampionShift.objects.values_list("pk", "state", "ended_on", "planned_on")
    assert list(rows) == [(shift.pk, "planned", None, shift.planned_on)]


def test_cancelled_on_a_day_before_it_is_planned_anew_so_that_the_past_stands(
    world: RotaWorld, shift: ChampionShift, clock: FrozenClock
):
    by = keeper(world)
    cancel_shift(shift_id=shift.pk, by=by)
    clock.forward(hours=14)

    take_up_shift(shift_id=shift.pk, by=by)

    rows = ChampionShift.objects.order_by("pk").values_list("state", "ended_on", "planned_on")
    assert list(rows) == [("cancelled", TODAY, shift.planned_on), ("planned", None, TOMORROW)]
    with pytest.raises(Clash):
        take_up_shift(shift_id=shift.pk, by=by)


def keeper(world: RotaWorld) -> User:
    return make.make_member(Role.WARD_MANAGER, ward=world.ward)


def test_taking_up_is_refused_as_planning_is(world: RotaWorld, shift: ChampionShift, clock: FrozenClock):
    by, manager = keeper(world), world.manager()
    cancel_shift(shift_id=shift.pk, by=by)
    other = world.shift(shift.staff, TOMORROW, world.early, ward=world.near)
    refused = manager.post(world.address(f"shifts/{shift.pk}/restore/"))
    assert refused.status_code == 422
    assert "Already on the early shift in Fern ward until 3pm." in words(refused.text)

    cancel_shift(shift_id=other.pk, by=by)
    Absence.objects.create(staff=shift.staff, from_on=TODAY)
    refusals: list[type[Refused]] = [NotAChampion, TooLate]
    for refusal in refusals:
        with pytest.raises(refusal):
            take_up_shift(shift_id=shift.pk, by=by)
        clock.forward(days=2)
    shift.refresh_from_db()
    assert shift.state == "cancelled"
