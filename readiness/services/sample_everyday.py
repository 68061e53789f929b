"""The sample's readiness groups, honest starting points, counts on wards, resource plan and training curves.

They agree with its checklists: where an item was recorded as proved, the records show it, and where it was not, they do
not. So the system checks of the items find what the packs say, and no score differs from that of the packs alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from readiness.choices import ItemState
from readiness.models import ChecklistItem
from readiness.sample.chance import stream
from readiness.sample.everyday import ACTIONS, LEVELS, MEETINGS, NEEDS_OF_PROGRAMME, NEEDS_OF_SITE, Need
from readiness.services.sample_curves import add_curves
from rollout.choices import Infrastructure, ReadinessDomain
from rollout.models import (
    BaselineAssessment,
    Deployment,
    GroupAction,
    GroupMeeting,
    Programme,
    ReadinessGroup,
    ResourceNeed,
    Seat,
    SeatRole,
    Ward,
    WardCount,
)
from rollout.services.resources import WEEK, monday
from training.models import TrainingPlan

SEED = 2026
BETWEEN_MEETINGS = timedelta(days=14)
# Sites whose go-live is as near as this have people planned week by week.
PLANNED_WITHIN = timedelta(days=45)
CHAIRS, START, CURVE = "chairs_named", "baseline_recorded", "curve_planned"
# By which item's state a kind is counted; no item of the standard template asks where people can log in.
COUNTS: Mapping[Infrastructure, str] = {
    Infrastructure.DEVICES: "devices_counted",
    Infrastructure.SIGN_IN: "devices_counted",
    Infrastructure.WIFI: "wifi_counted",
    Infrastructure.PRINTERS: "printers_counted",
}
# From how many to how many of a kind a ward needs; people log in on every device.
NEEDED: Mapping[Infrastructure, tuple[int, int]] = {
    Infrastructure.DEVICES: (8, 24),
    Infrastructure.WIFI: (10, 20),
    Infrastructure.PRINTERS: (1, 3),
}


@dataclass(frozen=True)
class Place:
    """A site of the sample: what its items say by the check that proves them, and who sits in its seats, by role."""

    deployment: Deployment
    items: Mapping[str, ChecklistItem]
    seats: Mapping[str, int]

    def proved_on(self, check: str) -> date | None:
        """The day on which the item of a check was done; None where it is not."""
        item = self.items.get(check)
        return item.done_on if item and item.state == ItemState.DONE else None

    def begun(self, check: str) -> bool:
        """Whether somebody works on the item of a check."""
        return check in self.items and self.items[check].state in (ItemState.IN_PROGRESS, ItemState.DONE)


def add_everyday(day: date, programmes: Iterable[Programme]) -> None:
    """Add to the sample programmes those of them of which there are none yet. To be called inside a transaction."""
    for programme in programmes:
        places = list(places_of(programme))
        here = {"deployment__programme": programme}
        if not ReadinessGroup.objects.filter(**here).exists():
            add_groups(day, places)
        if not BaselineAssessment.objects.filter(**here).exists():
            add_starting_points(day, places)
        if not WardCount.objects.filter(**here).exists():
            add_counts(day, places)
        if not ResourceNeed.objects.filter(programme=programme).exists():
            add_needs(day, programme, places)
        if not TrainingPlan.objects.filter(**here).exists():
            add_curves(place.deployment for place in places if place.proved_on(CURVE))


def places_of(programme: Programme) -> Iterator[Place]:
    """The sites of a programme, in order. Three queries."""
    items: dict[int, dict[str, ChecklistItem]] = defaultdict(dict)
    checked = ChecklistItem.objects.current().filter(deployment__programme=programme)
    for item in checked.exclude(template_item__check_code="").select_related("template_item"):
        items[item.deployment_id][item.template_item.check_code] = item
    seats: dict[int, dict[str, int]] = defaultdict(dict)
    held = Seat.objects.filter(programme=programme, site__isnull=False, to_on=None, retired_at=None)
    for site, role, person in held.filter(person__isnull=False).values_list("site", "role__code", "person"):
        seats[site][role] = person
    for deployment in programme.deployments.select_related("site", "programme").order_by("site__code"):
        yield Place(deployment, items[deployment.pk], seats[deployment.site_id])


def add_groups(day: date, places: Iterable[Place]) -> None:
    """A readiness group where work on its item began: both chairs where that is done, else one. Its meetings."""
    groups = []
    for place in (place for place in places if place.begun(CHAIRS)):
        operational = place.seats.get("operational_lead")
        others = [place.seats[role] for role in ("clinical_lead", "ccio", "sro") if role in place.seats]
        clinical = next((person for person in others if person != operational), None)
        if place.proved_on(CHAIRS) is None:
            clinical = None
        groups.append(
            (
                place,
                ReadinessGroup(
                    deployment=place.deployment, clinical_chair_id=clinical, operational_chair_id=operational
                ),
            )
        )
    ReadinessGroup.objects.bulk_create(group for _place, group in groups)
    add_meetings(day, [(place, group) for place, group in groups if group.clinical_chair_id])


def add_meetings(day: date, groups: Iterable[tuple[Place, ReadinessGroup]]) -> None:
    """Every two weeks, each with who came and one action; those of the newest two meetings are open."""
    meetings, came, actions = [], [], []
    for place, group in groups:
        shift = stream(SEED, "meetings", place.deployment.site.code).randrange(10)
        for number, words in enumerate(MEETINGS):
            ago = BETWEEN_MEETINGS * (len(MEETINGS) - 1 - number) + timedelta(days=shift + 1)
            meeting = GroupMeeting(group=group, held_on=day - ago, words=words)
            meetings.append(meeting)
            everybody = sorted(set(place.seats.values()))
            missed = everybody[(shift + number) % len(everybody)]
            chairs = {group.clinical_chair_id, group.operational_chair_id}
            came.append((meeting, {person for person in everybody if person != missed or person in chairs}))
            due = meeting.held_on + BETWEEN_MEETINGS
            done = due - timedelta(days=2) if number < len(MEETINGS) - 2 else None
            owner = group.operational_chair_id if number % 2 else group.clinical_chair_id
            actions.append((meeting, GroupAction(text=ACTIONS[number], owner_id=owner, due_on=due, done_on=done)))
    GroupMeeting.objects.bulk_create(meetings)
    through = GroupMeeting.came.through
    through.objects.bulk_create(
        through(groupmeeting_id=meeting.pk, person_id=person) for meeting, people in came for person in sorted(people)
    )
    for meeting, action in actions:
        action.group_id, action.meeting_id = meeting.group_id, meeting.pk
    GroupAction.objects.bulk_create(action for _meeting, action in actions)


def add_starting_points(day: date, places: Iterable[Place]) -> None:
    """How each domain stood at the start, where that was assessed; half of the domains where it is under way."""
    rows = []
    for place in (place for place in places if place.begun(START)):
        rng = stream(SEED, "start", place.deployment.programme.code, place.deployment.site.code)
        done_on = place.proved_on(START)
        domains = list(ReadinessDomain) if done_on else list(ReadinessDomain)[: len(ReadinessDomain) // 2]
        for domain in domains:
            level = rng.choice((1, 1, 2, 2, 2, 3, 3, 4))
            rows.append(
                BaselineAssessment(
                    deployment=place.deployment,
                    domain=domain,
                    level=level,
                    words=rng.choice(LEVELS[level]),
                    assessed_on=done_on or day - timedelta(days=3),
                    by_id=place.seats.get("operational_lead"),
                )
            )
    BaselineAssessment.objects.bulk_create(rows)


def add_counts(day: date, places: Iterable[Place]) -> None:
    """What was counted on each ward: all is there where the item was proved, else one ward is short, one uncounted."""
    rows, wards = [], wards_of(places := list(places))
    for place in places:
        rng = stream(SEED, "counts", place.deployment.programme.code, place.deployment.site.code)
        here = wards[place.deployment.pk]
        wanted = {ward.pk: {kind: rng.randint(*span) for kind, span in NEEDED.items()} for ward in here}
        for kind, check in COUNTS.items():
            done_on = place.proved_on(check)
            if not place.begun(check) or (done_on is None and len(here) < 2):
                continue
            for number, ward in enumerate(here if done_on else here[:-1]):
                needed = wanted[ward.pk][Infrastructure.DEVICES if kind == Infrastructure.SIGN_IN else kind]
                rows.append(
                    WardCount(
                        deployment=place.deployment,
                        ward=ward,
                        kind=kind,
                        needed=needed,
                        ready=needed if done_on or number else needed - 1,
                        counted_on=done_on or day - timedelta(days=rng.randrange(2, 12)),
                        by_id=place.seats.get("operational_lead"),
                    )
                )
    WardCount.objects.bulk_create(rows)


def wards_of(places: Iterable[Place]) -> dict[int, list[Ward]]:
    """The wards in scope of each deployment, in the order of their codes. Two queries."""
    deployments = {place.deployment.pk: place.deployment for place in places}
    every: dict[int, list[Ward]] = defaultdict(list)
    sites = {deployment.site_id for deployment in deployments.values()}
    for ward in Ward.objects.current().filter(site__in=sites).order_by("code", "pk"):
        every[ward.site_id].append(ward)
    scope: dict[int, set[int]] = defaultdict(set)
    chosen = Deployment.wards.through.objects.filter(deployment__in=deployments)
    for deployment_id, ward_id in chosen.values_list("deployment", "ward"):
        scope[deployment_id].add(ward_id)
    return {
        pk: [ward for ward in every[deployment.site_id] if not scope[pk] or ward.pk in scope[pk]]
        for pk, deployment in deployments.items()
    }


def add_needs(day: date, programme: Programme, places: Iterable[Place]) -> None:
    """The resource plan: of the programme from today's week on, of the sites that go live next around their day."""
    roles = dict(SeatRole.objects.values_list("code", "pk"))
    asked: list[tuple[int | None, date, Need]] = [
        (None, monday(day), need) for need in NEEDS_OF_PROGRAMME.get(programme.code, ())
    ]
    for place in places:
        go_live = place.deployment.go_live_on
        if go_live and timedelta(0) <= go_live - day <= PLANNED_WITHIN:
            asked += [(place.deployment.site_id, monday(go_live), need) for need in NEEDS_OF_SITE]
    ResourceNeed.objects.bulk_create(
        ResourceNeed(
            programme=programme, site_id=site, role_id=roles[need.role], week_on=week, people=Decimal(need.people)
        )
        for site, first, need in asked
        if need.role in roles
        for week in weeks_of(first, need)
    )


def weeks_of(first: date, need: Need) -> Iterator[date]:
    """The Mondays of a need that is counted from a week."""
    return (first + WEEK * number for number in range(need.first, need.last + 1))
