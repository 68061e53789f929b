"""Wards, shifts and champions, and the scores that count them."""

from datetime import date, timedelta

from readiness.services.scores import score_deployments
from rollout.models import Deployment
from tests.readiness.records import DAY, GO_LIVE, World, local
from training.models import ChampionShift, StaffMember

PAGE = "/p/PROG/s/S1/rota/"
LIST = "/p/PROG/rota/"
DAYS = [GO_LIVE + timedelta(days=number) for number in range(14)]


def scored(world: World) -> World:
    world.save()
    score_deployments(ids=[deployment.pk for deployment in world.of(Deployment)], day=DAY)
    return world


def early(world: World, person: StaffMember, day: date, *, ward: int = 0, **fields: object) -> ChampionShift:
    """A shift from 7 to 15 at the first site."""
    here = world.of(Deployment)[0]
    return world.shift(person, world.wards(here)[ward], local(here.site, day, 7), **fields)


def rota(**site: object) -> World:
    """Two wards, early (one needed) and night (two needed). Ana has every early but the first; two have one night."""
    world = World()
    here = world.site(wards=2, **site)
    world.pattern(7, 15)
    world.pattern(21, 7, minimum=2)
    one, two = world.wards(here)
    ana, ben, kim = (world.person(one, name=name) for name in ("Ana", "Ben", "Kim"))
    world.person(two, name="Lee")
    course = world.course(for_champions=True)
    for person in (ana, ben, kim):
        world.champion(person)
    world.attended(ana, course, DAY)
    for day in DAYS[1:]:
        early(world, ana, day)
    for person in (ben, kim):
        world.shift(person, one, local(here.site, DAYS[0], 21), hours=10)
    return world
