"""Records that make each system check hold at a site where nothing else is recorded."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from readiness.models import Checklist, ChecklistItem, ChecklistTemplate, Hazard, TemplateItem
from rollout.choices import Infrastructure, ReadinessDomain, Tier
from rollout.models import (
    Agreement,
    BaselineAssessment,
    CommandRota,
    Decision,
    Deployment,
    Discipline,
    FundingLine,
    Observation,
    Person,
    Programme,
    ReadinessGroup,
    Seat,
    SeatRole,
    Signature,
    SiteTarget,
    StaffGroup,
    Ward,
    WardCount,
)
from tests import factories as make
from training.models import (
    AccessCheck,
    Attendance,
    Champion,
    ChampionShift,
    Course,
    ShiftPattern,
    StaffMember,
    TrainingPlan,
    TrainingPlanPoint,
)

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TODAY = make.DAY


def with_items(*codes: str, programme: Programme | None = None, sites: int = 1, **fields: object) -> list[Deployment]:
    """Sites of a programme whose checklist has an item for each of these checks, under the check's own name."""
    programme = programme or make.make_programme()
    template = ChecklistTemplate.objects.create(programme=programme, version=1)
    role = SeatRole.objects.get_or_create(code="sro")[0]
    items = TemplateItem.objects.bulk_create(
        TemplateItem(
            **{
                "template": template,
                "code": code,
                "domain": "governance",
                "text": code,
                "check_code": code,
                "seat_role": role,
                **fields,
            }
        )
        for code in codes
    )
    ChecklistTemplate.objects.filter(pk=template.pk).update(published_at=timezone.now())
    found = []
    for _ in range(sites):
        site = make.make_deployment(programme=programme)
        checklist = Checklist.objects.create(deployment=site, template=template)
        ChecklistItem.objects.bulk_create(
            ChecklistItem(checklist=checklist, deployment=site, template_item=item, code=item.code) for item in items
        )
        found.append(site)
    return found


def person(label: str = "Ana") -> Person:
    return Person.objects.get_or_create(label=label)[0]


def seated(site: Deployment, **fields: object) -> Seat:
    role = SeatRole.objects.get(code="sro")
    return Seat.objects.create(
        programme=site.programme, **{"site": site.site, "role": role, "person": person(), **fields}
    )


def ward_of(site: Deployment) -> Ward:
    return Ward.objects.filter(site=site.site).first() or make.make_ward(site=site.site)


def trained_manager(site: Deployment) -> StaffMember:
    group = StaffGroup.objects.get_or_create(code="nurse")[0]
    staff = make.make_staff(ward_of(site), line_manager=True, group=group)
    course = Course.objects.create(programme=site.programme, code="C", name="C")
    course.groups.add(group)
    Attendance.objects.create(course=course, staff=staff, on=TODAY, state="attended", passed=True)
    return staff


def champion(site: Deployment) -> StaffMember:
    staff = make.make_staff(ward_of(site))
    Champion.objects.create(programme=site.programme, staff=staff, from_on=TODAY)
    return staff


def rota(site: Deployment) -> None:
    staff = champion(site)
    ShiftPattern.objects.create(programme=site.programme, name="Early", starts=time(7), ends=time(15), minimum=1)
    for number in range(14):
        starts_at = datetime.combine(make.GO_LIVE + timedelta(days=number), time(6), UTC)
        ChampionShift.objects.create(
            client_id=uuid4(), programme=site.programme, staff=staff, ward=ward_of(site), starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=8), planned_on=TODAY,
        )  # fmt: skip


def command(site: Deployment) -> None:
    starts_at = datetime.combine(make.GO_LIVE, time(0), UTC) - timedelta(days=1)
    for tier in Tier:
        CommandRota.objects.create(
            deployment=site, tier=tier, person=person(), starts_at=starts_at, ends_at=starts_at + timedelta(days=16)
        )


def signed(site: Deployment) -> None:
    agreement = Agreement.objects.create(programme=site.programme, deployment=site, code="A")
    Signature.objects.create(agreement=agreement, organisation=site.site.organisation, signed_on=TODAY)


def funded(site: Deployment, **fields: object) -> FundingLine:
    described = {"from_on": TODAY, "to_on": make.GO_LIVE + timedelta(days=364), "secured_on": TODAY}
    return FundingLine.objects.create(programme=site.programme, code="F", text="Support", **{**described, **fields})


def curve(site: Deployment) -> None:
    plan = TrainingPlan.objects.create(deployment=site)
    TrainingPlanPoint.objects.create(plan=plan, on=TODAY, share="0.5")


def logged_in(site: Deployment) -> None:
    staff = make.make_staff(ward_of(site))
    AccessCheck.objects.create(staff=staff, programme=site.programme, checked_at=NOW, passed=True)


def observed(site: Deployment) -> None:
    Observation.objects.create(
        measure=make.make_measure(programme=site.programme),
        deployment=site,
        period_starts_on=TODAY,
        period="week",
        value=3,
    )


def target(site: Deployment) -> None:
    SiteTarget.objects.create(measure=make.make_measure(programme=site.programme), deployment=site, agreed_on=TODAY)


def assessed(site: Deployment) -> None:
    BaselineAssessment.objects.bulk_create(
        BaselineAssessment(deployment=site, domain=domain, level=2, assessed_on=TODAY) for domain in ReadinessDomain
    )


def group(site: Deployment) -> None:
    ReadinessGroup.objects.create(deployment=site, clinical_chair=person(), operational_chair=person("Bo"))


def two_dates(site: Deployment) -> None:
    Deployment.objects.filter(pk=site.pk).update(technical_go_live_on=make.GO_LIVE - timedelta(days=14))


def counted(kind: Infrastructure) -> Callable[[Deployment], object]:
    """Everything of the kind is there on the site's only ward."""

    def count(site: Deployment) -> None:
        WardCount.objects.create(deployment=site, ward=ward_of(site), kind=kind, needed=3, ready=3, counted_on=TODAY)

    return count


def standard(site: Deployment) -> None:
    Decision.objects.create(programme=site.programme, code="D", kind="standard", text="Only here", from_on=TODAY)


def hazard(site: Deployment) -> None:
    Hazard.objects.create(programme=site.programme, code="H", text="H", likelihood=1, severity=1, raised_on=TODAY)


def discipline(site: Deployment) -> None:
    seated(site, discipline=Discipline.objects.get_or_create(code="nursing")[0])


# What makes each check hold at a site where nothing is recorded.
PROVING: dict[str, Callable[[Deployment], object]] = {
    "seat_filled": seated,
    "chairs_named": group,
    "disciplines_covered": discipline,
    "standard_decided": standard,
    "targets_agreed": target,
    "baseline_recorded": assessed,
    "measures_observed": observed,
    "curve_planned": curve,
    "champions_named": champion,
    "rota_filled": rota,
    "hazard_log_kept": hazard,
    "agreements_signed": signed,
    "two_dates": two_dates,
    "log_in_tests": logged_in,
    "command_rota": command,
    "funding_past_go_live": funded,
    "managers_trained": trained_manager,
    **{f"{kind}_counted": counted(kind) for kind in Infrastructure},
}
