"""Small programmes in the database, made of records: one drawn at random, one poor in everything a person can mend.

`World.add` keeps a record until `World.save` writes all of them, table by table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone

from readiness.models import (
    Checklist,
    ChecklistEvent,
    ChecklistItem,
    ChecklistTemplate,
    Hazard,
    ScoringModel,
    TemplateItem,
    Waiver,
)
from readiness.scoring import Model
from rollout.models import (
    Agreement,
    Commitment,
    Deployment,
    DeploymentWard,
    EngagementEvent,
    Measure,
    Organisation,
    Partner,
    Pilot,
    Programme,
    PulseResponse,
    Signature,
    Site,
    SiteTarget,
    StaffGroup,
    Ward,
)
from training.models import (
    AccessCheck,
    Attendance,
    Champion,
    ChampionShift,
    Course,
    Posting,
    ShiftPattern,
    StaffMember,
)

Row = TypeVar("Row", bound=models.Model)

DAY = date(2026, 3, 14)
GO_LIVE = date(2026, 4, 4)

# In the order in which rows point to one another.
MODELS: tuple[type[models.Model], ...] = (
    *(Organisation, Site, Ward, StaffGroup, Programme, Deployment, DeploymentWard, StaffMember, Posting),
    *(Course, Course.groups.through, Attendance, Champion, ShiftPattern, ChampionShift, AccessCheck),
    *(ChecklistTemplate, TemplateItem, Checklist, ChecklistItem, ChecklistEvent, Waiver, Hazard, Pilot),
    *(Measure, SiteTarget, EngagementEvent, EngagementEvent.sites.through, EngagementEvent.groups.through),
    *(PulseResponse, Partner, Commitment, Agreement, Signature),
)


@contextmanager
def forgotten() -> Iterator[None]:
    """Whatever happens inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def current_model() -> Model:
    """The scoring model that the product ships with, as the database holds it."""
    return Model.from_json(ScoringModel.objects.get(version="2026.1").document)


def local(site: Site, day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment by the site's clock."""
    return datetime.combine(day, time(hour, minute, second), ZoneInfo(site.time_zone))


class World:
    """One programme with its records. What a test does not say about a record is dull and valid."""

    def __init__(self, day: date = DAY, **programme: Any) -> None:
        self.day = day
        self.rows: dict[type[models.Model], list[Any]] = {model: [] for model in MODELS}
        self.organisation = self.add(Organisation, code="ORG", name="Trust")
        described = {"code": "PROG", "name": "Programme", "state": "rolling_out"}
        self.programme = self.add(Programme, **{**described, **programme})
        self.groups = [self.add(StaffGroup, code=code) for code in ("nurse", "doctor")]
        self.template: ChecklistTemplate | None = None

    def add(self, model: type[Row], **fields: Any) -> Row:
        """A row to be written by `save`."""
        row = model(**fields)
        self.rows[model].append(row)
        return row

    def of(self, model: type[Row]) -> list[Row]:
        """The rows of a table, in the order in which they were added."""
        return self.rows[model]

    def save(self) -> "World":
        """Write everything, and publish the checklist template."""
        for model in MODELS:
            model._default_manager.bulk_create(self.rows[model])
        if self.template is not None:
            self.template.published_at = timezone.now()
            self.template.save()
        return self

    # One record each -------------------------------------------------------------------------------------------------

    def site(self, zone: str = "Europe/London", wards: int = 1, **deployment: Any) -> Deployment:
        """A site with its wards, and the programme's deployment there."""
        number = len(self.of(Site)) + 1
        site = self.add(
            Site, organisation=self.organisation, code=f"S{number}", name=f"Hospital {number}", time_zone=zone
        )
        for ward in range(1, wards + 1):
            self.add(Ward, site=site, code=f"W{ward}", name=f"Ward {ward}")
        described = {"stage": "preparing", "go_live_on": GO_LIVE}
        return self.add(Deployment, programme=self.programme, site=site, **{**described, **deployment})

    def wards(self, deployment: Deployment) -> list[Ward]:
        """The wards of a deployment's site."""
        return [ward for ward in self.of(Ward) if ward.site is deployment.site]

    def person(self, ward: Ward | None = None, **fields: Any) -> StaffMember:
        """A nurse, posted to a ward a year ago."""
        number = str(len(self.of(StaffMember)) + 1)
        described = {"group": self.groups[0], "organisation": self.organisation, "number": number}
        person = self.add(StaffMember, **{**described, **fields})
        if ward is not None:
            self.posted(person, ward)
        return person

    def posted(self, person: StaffMember, ward: Ward, **fields: Any) -> Posting:
        return self.add(Posting, staff=person, ward=ward, **{"from_on": self.day - timedelta(days=365), **fields})

    def course(self, *groups: StaffGroup, **fields: Any) -> Course:
        """A course asked of these groups; of all without any."""
        code = f"C{len(self.of(Course)) + 1}"
        course = self.add(Course, programme=self.programme, code=code, name=code, **fields)
        for group in groups:
            self.add(Course.groups.through, course=course, staffgroup=group)
        return course

    def attended(self, person: StaffMember, course: Course, on: date, **fields: Any) -> Attendance:
        return self.add(
            Attendance, staff=person, course=course, on=on, **{"state": "attended", "passed": True, **fields}
        )

    def champion(self, person: StaffMember, **fields: Any) -> Champion:
        """A champion since ten days before the day."""
        described = {"from_on": self.day - timedelta(days=10)}
        return self.add(Champion, staff=person, programme=self.programme, **{**described, **fields})

    def pattern(self, starts: int, ends: int, minimum: int = 1) -> ShiftPattern:
        name = f"{starts}-{ends}"
        return self.add(
            ShiftPattern,
            programme=self.programme,
            name=name,
            starts=time(starts),
            ends=time(ends),
            minimum=minimum,
        )

    def shift(
        self, person: StaffMember, ward: Ward, starts_at: datetime, hours: int = 8, **fields: Any
    ) -> ChampionShift:
        """A planned shift, of whole hours of real time."""
        described = {
            "client_id": UUID(int=len(self.of(ChampionShift)) + 1),
            "ends_at": starts_at.astimezone(ZoneInfo("UTC")) + timedelta(hours=hours),
            "planned_on": self.day - timedelta(days=5),
        }
        return self.add(
            ChampionShift,
            programme=self.programme,
            staff=person,
            ward=ward,
            starts_at=starts_at,
            **{**described, **fields},
        )

    def check(self, person: StaffMember, at: datetime, passed: bool = True) -> AccessCheck:
        return self.add(AccessCheck, staff=person, programme=self.programme, checked_at=at, passed=passed)

    def template_item(self, domain: str, **fields: Any) -> TemplateItem:
        """An item of the checklist template, due ten days before the go-live."""
        if self.template is None:
            self.template = self.add(ChecklistTemplate, programme=self.programme, version=1)
        code = f"I{len(self.of(TemplateItem)) + 1}"
        described = {"code": code, "text": f"Item {code}", "due_days": 10, "weight": 1}
        return self.add(TemplateItem, template=self.template, domain=domain, **{**described, **fields})

    def checklist(self, deployment: Deployment) -> list[ChecklistItem]:
        """The deployment adopts every item of the template."""
        checklist = self.add(Checklist, deployment=deployment, template=self.template)
        return [
            self.add(ChecklistItem, checklist=checklist, deployment=deployment, template_item=item, code=item.code)
            for item in self.of(TemplateItem)
        ]

    def event(
        self, item: ChecklistItem, day: date, state: str = "", *, hour: int = 10, **fields: Any
    ) -> ChecklistEvent:
        """Something that happened to an item, at an hour by the site's clock."""
        at = local(item.deployment.site, day, hour)
        return self.add(ChecklistEvent, item=item, deployment=item.deployment, at=at, state=state, **fields)

    def waiver(self, deployment: Deployment, subject: str, **fields: Any) -> Waiver:
        """A waiver approved ten days before the day, for a month."""
        described = {
            "code": f"WV{len(self.of(Waiver)) + 1}",
            "state": "approved",
            "decided_on": self.day - timedelta(days=10),
            "until_on": self.day + timedelta(days=20),
        }
        return self.add(
            Waiver, programme=self.programme, deployment=deployment, subject=subject, **{**described, **fields}
        )

    def hazard(
        self, deployment: Deployment | None = None, likelihood: int = 1, severity: int = 1, **dates: Any
    ) -> Hazard:
        """A hazard raised thirty days before the day."""
        number = len(self.of(Hazard)) + 1
        return self.add(
            Hazard,
            programme=self.programme,
            deployment=deployment,
            code=f"HZ{number}",
            text=f"Hazard {number}",
            likelihood=likelihood,
            severity=severity,
            **{"raised_on": self.day - timedelta(days=30), **dates},
        )

    def pilot(self, **fields: Any) -> Pilot:
        """A pilot that ended forty days before the day."""
        described = {"code": f"PI{len(self.of(Pilot)) + 1}", "ends_on": self.day - timedelta(days=40)}
        return self.add(Pilot, programme=self.programme, **{**described, **fields})

    def measure(self) -> Measure:
        code = f"M{len(self.of(Measure)) + 1}"
        return self.add(Measure, programme=self.programme, code=code, name=code)

    def target(self, measure: Measure, deployment: Deployment, agreed_on: date | None) -> SiteTarget:
        return self.add(SiteTarget, measure=measure, deployment=deployment, agreed_on=agreed_on)

    def engagement(self, on: date, sites: list[Site], groups: list[StaffGroup]) -> EngagementEvent:
        code = f"EN{len(self.of(EngagementEvent)) + 1}"
        event = self.add(EngagementEvent, programme=self.programme, code=code, kind="workshop", held_on=on)
        for site in sites:
            self.add(EngagementEvent.sites.through, engagementevent=event, site=site)
        for group in groups:
            self.add(EngagementEvent.groups.through, engagementevent=event, staffgroup=group)
        return event

    def answer(self, deployment: Deployment, on: date, confidence: int) -> PulseResponse:
        code = f"PU{len(self.of(PulseResponse)) + 1}"
        return self.add(
            PulseResponse,
            programme=self.programme,
            deployment=deployment,
            code=code,
            answered_on=on,
            confidence=confidence,
        )

    def commitment(
        self, deployment: Deployment | None, due_on: date | None, delivered_on: date | None = None
    ) -> Commitment:
        if not self.of(Partner):
            self.add(Partner, code="PARTNER", name="Partner")
        return self.add(
            Commitment,
            programme=self.programme,
            deployment=deployment,
            partner=self.of(Partner)[0],
            code=f"CO{len(self.of(Commitment)) + 1}",
            text="Promise",
            due_on=due_on,
            delivered_on=delivered_on,
        )

    def agreement(self, deployment: Deployment, *signed_on: date | None) -> Agreement:
        """An agreement that so many organisations sign, each on its day or not yet."""
        code = f"AG{len(self.of(Agreement)) + 1}"
        agreement = self.add(Agreement, programme=self.programme, deployment=deployment, code=code)
        for number, day in enumerate(signed_on, start=1):
            organisation = self.add(Organisation, code=f"{code}-{number}", name=f"Signatory {number} of {code}")
            self.add(Signature, agreement=agreement, organisation=organisation, signed_on=day)
        return agreement
