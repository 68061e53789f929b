"""A site with records behind every indicator, scored on two days, for the pages that explain its score."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.test import Client

from readiness.models import ReadinessScore
from readiness.services.scores import score_deployments
from rollout.choices import Role
from rollout.models import Deployment
from tests import factories as make
from tests.clock import FrozenClock
from tests.readiness.records import DAY, World, local
from training.models import Absence, StaffMember

BEFORE = DAY - timedelta(days=7)
YESTERDAY = DAY - timedelta(days=1)
NEXT_MORNING = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
WHY = "/p/PROG/s/S1/why/"


@dataclass
class Explained:
    """The site, its records, and its scores of BEFORE and DAY."""

    world: World
    here: Deployment
    first: ReadinessScore
    last: ReadinessScore

    def client(self, role: str, **scope: object) -> Client:
        """A browser of somebody with one role here."""
        places = {
            Role.PROGRAMME_MANAGER: {"programme": self.here.programme},
            Role.TRAINER: {"programme": self.here.programme},
            Role.SIGNATORY: {"programme": self.here.programme},
            Role.BOARD_MEMBER: {"programme": self.here.programme},
            Role.SITE_LEAD: {"site": self.here.site},
            Role.WARD_MANAGER: {"ward": self.world.wards(self.here)[0]},
            Role.ADMINISTRATOR: {},
        }
        client = Client()
        client.force_login(make.make_member(role, **(scope or places[Role(role)])))
        return client


def newcomer(site: Explained, ward: int = 0) -> StaffMember:
    """One more member of staff, posted to a ward since 2025."""
    return make.make_staff(site.world.wards(site.here)[ward], number=f"N{StaffMember.objects.count()}")


def score(here: Deployment, day: date) -> ReadinessScore:
    """The current score of a day, worked out now."""
    assert score_deployments(ids=[here.pk], day=day).failed == []
    return ReadinessScore.objects.current().get(deployment=here, day=day)


def explained_site(clock: FrozenClock, *, large: int = 1, **deployment: object) -> Explained:
    """Two wards with staff, some of them trained, tested, champions; every other kind of record; `large` times all."""
    clock.move_to(NEXT_MORNING)
    world = World()
    here = world.site(wards=2, **deployment)
    absent = _people(world, here, large)
    _checklist(world, here, large)
    for _times in range(large):
        _records(world, here)
    world.agreement(here, YESTERDAY, None)
    world.save()
    for person in absent:
        Absence.objects.create(staff=person, from_on=here.go_live_on, to_on=here.go_live_on + timedelta(days=20))
    return Explained(world, here, score(here, BEFORE), score(here, DAY))


def _people(world: World, here: Deployment, large: int) -> list[StaffMember]:
    """Those who are away from go-live on."""
    first, second = world.wards(here)
    basics = world.course(assessed=True, valid_days=400)
    nursing = world.course(world.groups[0])
    advanced = world.course(for_champions=True)
    staff = [
        world.person(
            ward,
            name=f"Nobody {ward.code}-{number}",
            group=world.groups[number % 2],
            line_manager=number < 6,
        )
        for ward, many in ((first, 16), (second, 14))
        for number in range(many * large)
    ]
    for number, person in enumerate(staff):
        if number % 3 == 0:
            world.attended(person, basics, BEFORE - timedelta(days=number % 20))
        if number % 5 == 0:
            world.attended(person, nursing, YESTERDAY)
        if number % 7 == 1:
            world.attended(person, basics, YESTERDAY, passed=False)
        if number % 4 == 0:
            world.check(person, local(here.site, BEFORE if number % 8 else YESTERDAY, 9))
    world.check(staff[1], local(here.site, YESTERDAY, 9), passed=False)
    for person in (staff[0], staff[1], staff[17]):
        world.champion(person)
    world.attended(staff[0], advanced, BEFORE)
    world.attended(staff[17], advanced, YESTERDAY)
    world.pattern(7, 15, minimum=2)
    world.pattern(21, 7)
    for day in range(3):
        world.shift(staff[0], first, local(here.site, here.go_live_on + timedelta(days=day), 21), hours=10)
    return staff[3:12]


def _checklist(world: World, here: Deployment, large: int) -> None:
    kinds = (
        {},
        {"valid_days": 7},
        {"evidence_needed": True, "weight": 3},
        {"evidence_needed": True, "weight": 5},
        {"blocking": True, "due_days": 30},
        {"blocking": True},
    )
    for number in range(large):
        for fields in kinds:
            world.template_item("continuity", **fields)
        world.template_item("goals" if number else "leadership")
        world.template_item("resourcing")
    items = world.checklist(here)
    for start in range(0, len(items), 8):
        _open, stale, declared, seen, waived, blocked, done, left_out = items[start : start + 8]
        world.event(stale, DAY - timedelta(days=9), "done")
        world.event(declared, YESTERDAY, "done", assurance="declared")
        world.event(seen, BEFORE, "done", assurance="seen")
        world.event(blocked, YESTERDAY, "blocked")
        world.event(done, BEFORE, "done", assurance="proved")
        world.event(left_out, BEFORE, "not_applicable", reason="There is no such department here.")
        world.waiver(here, waived.code)


def _records(world: World, here: Deployment) -> None:
    world.engagement(YESTERDAY, [here.site], [world.groups[0]])
    for number in range(12):
        answer = world.answer(here, YESTERDAY, 2 + number % 4)
        answer.group = world.groups[number % 2]
    world.target(world.measure(), here, YESTERDAY)
    world.measure()
    world.commitment(here, DAY, YESTERDAY)
    world.commitment(None, DAY - timedelta(days=2))
    world.pilot()
    world.pilot(outcome="scale", decided_on=YESTERDAY, secured_on=YESTERDAY)
    world.pilot(outcome="iterate", decided_on=BEFORE)
    world.hazard(here, 3, 4)
    world.hazard(None, accepted_on=YESTERDAY)
    world.hazard(here, 2, 2, closed_on=BEFORE)
