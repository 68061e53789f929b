"""A site with something to do in every part of its page, as large as a test asks for."""

from datetime import timedelta
from typing import Any

from readiness.models import ReadinessScore, TemplateItem
from readiness.services.scores import score_deployments
from rollout.models import Deployment, Person, Seat, SeatRole
from tests.readiness.records import DAY, World, local

YESTERDAY = DAY - timedelta(days=1)


def busy_world(number: int = 1, *, staff: int = 12, **deployment: Any) -> tuple[World, Deployment]:
    """So many wards, each with its staff, items, slots, and as many hazards, promises, agreements and waivers."""
    world = World(name="One record")
    here = world.site(wards=number, **deployment)
    course = world.course()
    world.course(for_champions=True)
    world.pattern(7, 15)
    for place, ward in enumerate(world.wards(here)):
        people = [world.person(ward, line_manager=n < 6) for n in range(staff)]
        for person in people[: staff // 2]:
            world.attended(person, course, YESTERDAY)
            world.check(person, local(here.site, YESTERDAY, 9))
        for domain in ("continuity", "technical"):
            world.template_item(domain, text=f"Practise {domain} {place}", evidence_needed=True)
        world.template_item("governance", text=f"Safety case {place}", blocking=True, due_days=30)
        world.template_item("leadership", text=f"Waived {place}", blocking=True, due_days=30)
        world.hazard(here, 4, 5)
        world.hazard(None, accepted_on=YESTERDAY)
        world.commitment(here, DAY)
        world.agreement(here, YESTERDAY, None)
        world.target(world.measure(), here, None)
        world.pilot()
    for template, item in zip(world.of(TemplateItem), world.checklist(here), strict=True):
        if template.domain == "leadership":
            world.waiver(here, item.code, until_on=DAY + timedelta(days=5))
    return world, here


def scored(world: World, deployment: Deployment) -> ReadinessScore:
    """Everything written, and the day's score as the nightly run would store it."""
    world.save()
    assert score_deployments(ids=[deployment.pk], day=DAY).failed == []
    return ReadinessScore.objects.current().get(deployment=deployment, day=DAY)


def seated(deployment: Deployment, code: str, name: str | None, *, programme: bool = False, **dates: Any) -> Seat:
    """A seat of the site (or of its whole programme), held by somebody of that name, or by nobody."""
    person = Person.objects.get_or_create(label=name)[0] if name else None
    return Seat.objects.create(
        programme=deployment.programme,
        site=None if programme else deployment.site,
        role=SeatRole.objects.get_or_create(code=code)[0],
        person=person,
        **dates,
    )
