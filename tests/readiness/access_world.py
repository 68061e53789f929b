"""Sites whose people test their log-ins, and the pages that tell of it."""

from datetime import timedelta

from rollout.models import Site, Ward
from tests.readiness.records import DAY, World, local
from tests.readiness.training_world import scored
from training.models import AccessCheck, StaffMember

PAGE, LIST = "/p/PROG/s/S1/access/", "/p/PROG/access/"
PEOPLE, DRILL = f"{PAGE}people/", f"{PAGE}drill/"


def tried(
    world: World, person: StaffMember, ward: Ward | None, *, days: int = 5, reason: str = "", **more: object
) -> None:
    """A try so many days ago at 9 o'clock: it passed, or the reason why not."""
    at = local(world.of(Site)[0], DAY - timedelta(days=days), 9)
    fields = {"device": "Cart 1", "ward": ward, "checked_at": at, "passed": not reason, "reason": reason, **more}
    world.add(AccessCheck, staff=person, programme=world.programme, **fields)


def a_drill(size: int = 6) -> World:
    """Two wards of so many people each, with tests on their own ward, elsewhere, failed, tried again, and none.

    On the first ward: passed; passed after a failure; failed after a pass; passed on the other ward; passed, nobody
    said where; not tested. On the second everybody passed on the same cart, written in two ways, but the last.
    """
    world = World()
    here = world.site(wards=2)
    one, two = world.wards(here)
    first = [world.person(one, name=f"Ann {number}") for number in range(size)]
    second = [world.person(two, name=f"Bo {number}") for number in range(size)]
    tried(world, first[0], one)
    tried(world, first[1], one, days=9, reason="no_account")
    tried(world, first[1], one, days=3)
    tried(world, first[2], one, days=9)
    tried(world, first[2], one, days=3, reason="card", device="cart 1")
    tried(world, first[3], two)
    tried(world, first[4], None, device="")
    for person in second[:-1]:
        tried(world, person, two, device="  Cart   2" if person is second[0] else "cart 2")
    tried(world, second[-1], two, reason="device", device="cart 2")
    return scored(world, 7)
