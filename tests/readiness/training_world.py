"""People who learn at the sites of a programme, and the pages that tell of it."""

from datetime import date, timedelta

from readiness.services.scores import score_deployments
from rollout.models import Deployment
from tests.readiness.records import DAY, World, local
from training.models import Course, TrainingSession

PAGE, LIST = "/p/PROG/s/S1/training/", "/p/PROG/training/"


def crowd(world: World, here: Deployment, ward: int, size: int, trained: int, course: Course, **fields: object) -> None:
    """So many people on a ward, the first of them trained ten days ago."""
    for number in range(size):
        person = world.person(world.wards(here)[ward], **fields)
        if number < trained:
            world.attended(person, course, DAY - timedelta(days=10))


def scored(world: World, *days: int) -> World:
    """Write the world, and work out the scores of today and of so many days ago."""
    world.save()
    ids = [deployment.pk for deployment in world.of(Deployment)]
    for back in (*days, 0):
        score_deployments(ids=ids, day=DAY - timedelta(days=back))
    return world


def two_wards() -> World:
    """Two wards of 20 and 10 nurses who need one course: 12 and 9 have it. The first session was 21 days ago."""
    world = World()
    here = world.site(wards=2)
    course = world.course()
    crowd(world, here, 0, 20, 12, course)
    crowd(world, here, 1, 10, 9, course)
    scored(world)
    session(world, DAY - timedelta(days=7))
    return world


def session(world: World, day: date, **fields: object) -> TrainingSession:
    """A session of the first course at the first site, from 9 to 11."""
    site = world.of(Deployment)[0].site
    described = {
        "programme": world.programme,
        "course": world.of(Course)[0],
        "site": site,
        "code": f"T{TrainingSession.objects.count() + 1}",
        "starts_at": local(site, day, 9),
        "ends_at": local(site, day, 11),
    }
    return TrainingSession.objects.create(**{**described, **fields})
