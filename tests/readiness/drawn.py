"""Worlds of records out of a string of bytes, with the edges that scores turn on: expiries, moves, zones, waivers."""

from datetime import date, timedelta

from readiness.models import ChecklistItem
from readiness.scoring import CODES, DOMAINS
from rollout.models import Deployment, DeploymentWard, Site, Ward
from tests.readiness.draws import Draws
from tests.readiness.records import World, local
from training.models import Course, StaffMember

SIZE = 1500  # choices that fill a world
ZONES = ("Europe/London", "Pacific/Auckland", "America/New_York", "Pacific/Honolulu")
PATTERNS = ((7, 15, 1), (21, 7, 2))  # start hour, end hour, champions needed; the second one ends the next day
LASTING = (None, 400, 10)  # days a completion lasts; the last one runs out before go-live
STATES = ("done", "done", "blocked", "in_progress", "not_applicable", "not_started", "")
ASSURANCES = ("", "declared", "seen", "proved")


class Drawn(World):
    """A programme at one or two sites with records on both sides of the day: half of its work done, or nearly all."""

    def __init__(self, draw: Draws, day: date) -> None:
        super().__init__(day, not_applicable=[code for code in CODES if draw.once_in(20)])
        self.draw = draw
        self.well = draw.once_in(2)
        self._sites()
        self._courses()
        for deployment in self.of(Deployment):
            for _number in range(draw.one_of([3, 1, 4, 2, 0])):
                self._member(deployment)
        self._checklists()
        for deployment in self.of(Deployment):
            self._around(deployment)
        self._shared()

    def near(self, *offsets: int) -> date:
        """A day so many days from the day of the world."""
        return self.day + timedelta(days=self.draw.one_of(offsets))

    def maybe(self, *offsets: int) -> date | None:
        """The same, or no day."""
        return None if self.draw.once_in(2) else self.near(*offsets)

    def goes_well(self) -> bool:
        """True for half of the work, or for nearly all of it."""
        return not self.draw.once_in(12) if self.well else self.draw.once_in(2)

    def _sites(self) -> None:
        draw = self.draw
        for _number in range(1 + draw.below(2)):
            go_live = self.near(21, 5, -3) if not draw.once_in(6) else None
            here = self.site(draw.one_of(ZONES), wards=1 + draw.below(2), go_live_on=go_live)
            if go_live and draw.once_in(2):
                here.technical_go_live_on = go_live - timedelta(days=7)
            if draw.once_in(3):
                self.add(DeploymentWard, deployment=here, ward=self.wards(here)[0])

    def _courses(self) -> None:
        draw = self.draw
        for number in range(2 + draw.below(2)):
            self.course(
                *self.groups[: draw.below(2)],
                valid_days=draw.one_of(LASTING),
                assessed=draw.once_in(2),
                for_champions=number == 0,
                active=not draw.once_in(8),
            )
        for starts, ends, minimum in PATTERNS[: draw.below(3)]:
            self.pattern(starts, ends, minimum)

    def _member(self, deployment: Deployment) -> None:
        draw = self.draw
        ward = draw.one_of(self.wards(deployment))
        person = self.person(group=draw.one_of([*self.groups, None]), line_manager=draw.once_in(3))
        self.posted(person, ward, to_on=self.near(-1, 0, -8) if draw.once_in(5) else None)
        if draw.once_in(4):
            self.posted(person, draw.one_of(self.of(Ward)), from_on=self.near(-30, 0, -3, 1))
        for course in self.of(Course):
            self._training(person, course)
        for offset in (-20, -1, 0, 1):
            if draw.once_in(2):
                at = local(deployment.site, self.day + timedelta(days=offset), draw.one_of([1, 12, 23]))
                self.check(person, at, passed=self.goes_well())
        if self.goes_well():
            self.champion(person, from_on=self.near(-10, 0, 1), to_on=self.maybe(30, 10, 3))
            self._shifts(person, deployment, ward)

    def _training(self, person: StaffMember, course: Course) -> None:
        draw = self.draw
        if self.goes_well() and not (course.for_champions and draw.once_in(3)):
            self.attended(person, course, self.day - timedelta(days=4))
        for offset in (-380, -6, 0, 2):
            if draw.once_in(3):
                self.attended(
                    person,
                    course,
                    self.day + timedelta(days=offset - draw.below(2)),
                    state=draw.one_of(["attended", "attended", "did_not_attend"]),
                    passed=draw.one_of([True, False, None]),
                )

    def _shifts(self, person: StaffMember, deployment: Deployment, ward: Ward) -> None:
        """At most one shift a day, and never longer than the rest of the day: nobody has two at once."""
        draw = self.draw
        if deployment.go_live_on is None:
            return
        for number in range(-1, 15):
            if self.goes_well():
                starts_at = local(
                    deployment.site, deployment.go_live_on + timedelta(days=number), draw.one_of([7, 11, 21])
                )
                state = draw.one_of(["planned", "confirmed", "worked", "planned", "cancelled", "missed"])
                ended = state in ("cancelled", "missed")
                self.shift(
                    person,
                    draw.one_of(self.of(Ward)) if draw.once_in(8) else ward,
                    starts_at,
                    draw.one_of([8, 4, 9]),
                    state=state,
                    planned_on=self.near(-20, -1, 0, 1),
                    ended_on=self.maybe(-1, 0, 1) if ended else None,
                )

    def _checklists(self) -> None:
        draw = self.draw
        if draw.once_in(8):
            return
        for domain in DOMAINS:
            for _number in range(draw.below(3)):
                self.template_item(
                    domain,
                    weight=1 + draw.below(5),
                    blocking=draw.once_in(3),
                    due_days=draw.one_of([None, 30, 5, 21]),
                    valid_days=draw.one_of([None, None, 7]),
                    evidence_needed=draw.once_in(2),
                    golive=draw.one_of(["user", "technical"]),
                )
        if self.template is None:
            return
        for deployment in self.of(Deployment):
            if not draw.once_in(6):
                for item in self.checklist(deployment):
                    self._events(item)

    def _events(self, item: ChecklistItem) -> None:
        draw = self.draw
        if self.goes_well():
            self.event(item, self.day - timedelta(days=3), "done", assurance=draw.one_of(ASSURANCES))
        for offset in (-40, -8, -7, -1, 0, 1):
            if draw.once_in(12 if self.well else 3):
                back_to_default = draw.once_in(6)
                self.event(
                    item,
                    self.day + timedelta(days=offset),
                    draw.one_of(STATES),
                    hour=draw.one_of([0, 10, 22]),
                    assurance=draw.one_of(ASSURANCES),
                    due_on=None if back_to_default else self.maybe(-1, 0, 30),
                    due_default=back_to_default,
                )
        if draw.once_in(4):
            state = draw.one_of(["approved", "approved", "asked", "denied", "revoked"])
            self.waiver(
                item.deployment,
                item.code,
                state=state,
                decided_on=self.near(-10, 0, 1),
                revoked_on=self.near(-1, 0, 1) if state == "revoked" else None,
                from_on=self.maybe(-10, 0, 1),
                until_on=self.near(5, 1),
            )

    def _around(self, deployment: Deployment) -> None:
        """What belongs to one deployment beside its people and its checklist."""
        draw = self.draw
        for _number in range(draw.below(8)):
            self.answer(deployment, self.near(-60, -59, -10, 0, 1), 1 + draw.below(5))
        for _number in range(draw.below(3)):
            self.agreement(deployment, *(self.maybe(-10, 0, 1) for _organisation in range(draw.below(3))))
        if draw.once_in(5):
            self.waiver(deployment, "agreement_unsigned")
        if draw.once_in(2):
            self.commitment(deployment, self.maybe(-5, 0, 21, 30), self.maybe(-6, 0, 1))
        if self.goes_well():
            self._hazard(deployment)

    def _shared(self) -> None:
        """What belongs to the whole programme, and what names several sites."""
        draw = self.draw
        sites: list[Site] = self.of(Site)
        deployments = self.of(Deployment)
        for _number in range(draw.below(3)):
            measure = self.measure()
            for deployment in deployments:
                if self.goes_well():
                    self.target(measure, deployment, self.maybe(-5, 0, 1))
        for _number in range(draw.below(3)):
            self.engagement(
                self.near(-3, -91, -90, -89, 0, 1), sites[: 1 + draw.below(2)], self.groups[: 2 - draw.below(3)]
            )
        if self.goes_well():
            self.commitment(None, self.day, self.day)
        if draw.once_in(2):
            self.commitment(None, self.maybe(-5, 0, 21, 30), self.maybe(-6, 0, 1))
        for _number in range(draw.below(3)):
            self.pilot(
                ends_on=self.near(-40, 0, 1),
                outcome=draw.one_of(["scale", "undecided", "iterate", "stop"]),
                decided_on=self.day if self.goes_well() else self.maybe(-5, 0, 1),
                secured_on=self.maybe(-5, 0, 1),
            )
        for _number in range(draw.below(3)):
            self._hazard(None)

    def _hazard(self, deployment: Deployment | None) -> None:
        self.hazard(
            deployment,
            1 + self.draw.below(5),
            1 + self.draw.below(5),
            raised_on=self.near(-30, -1, 0, 1),
            closed_on=self.day if self.goes_well() else self.maybe(-1, 0, 1),
            accepted_on=self.maybe(-1, 0, 1),
        )
