"""What came after a gate, to be read beside what was decided at it: dates, conditions, adoption, issues, reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext

from readiness.choices import GateKind
from readiness.dashboards.board.headline import Headline, measured
from readiness.dashboards.board.scope import Scope, Whose
from readiness.dashboards.few import FEW
from readiness.dashboards.gate import GateRow
from readiness.dashboards.programmes import amount
from readiness.gates import GateFacts
from readiness.models import Condition, GateReview
from rollout.choices import ChangeWhat, Direction, IssueCategory
from rollout.models import Deployment, DeploymentChange, DeploymentWard, Measure, SiteTarget, SupportIssue, Ward
from training.models import Posting

HUNDRED = 100


@dataclass(frozen=True)
class Adopted:
    """One measure at the site since its go-live: target and newest value in its unit, "" where there is none."""

    name: str
    target: str
    value: str
    period: str
    starts_on: date | None
    met: bool | None


@dataclass(frozen=True)
class Issues:
    """Support issues of a category since go-live; `per_hundred` staff to one decimal, "" where it must not be told."""

    category: str
    count: int
    open: int
    per_hundred: str


@dataclass(frozen=True)
class Hindsight:
    """What came. `planned_on` is the go-live as it was planned at the meeting; `reviews` are the reviews after it."""

    conditions: int
    met: int
    late: int
    planned_on: date | None
    live_on: date | None
    measures: tuple[Adopted, ...]
    issues: tuple[Issues, ...]
    staff: int | None
    reviews: tuple[GateRow, ...]

    @property
    def days_late(self) -> int | None:
        """Days from the planned to the actual go-live, below 0 where it came earlier; None while one is missing."""
        return None if self.planned_on is None or self.live_on is None else (self.live_on - self.planned_on).days

    @property
    def all_issues(self) -> int:
        """Issues of every category."""
        return sum(each.count for each in self.issues)


def hindsight_of(
    review: GateReview,
    deployment: Deployment,
    conditions: Sequence[Condition],
    gates: Sequence[GateRow],
    *,
    today: date,
    few: bool,
) -> Hindsight:
    """What came after a review that has its outcome. At most seven queries, two before the site is live.

    `few`: the reader may know counts of fewer than 5 people.
    """
    live_on = deployment.actual_go_live_on
    open_ones = [each for each in conditions if each.done_on is None]
    staff = staff_of(deployment, today) if live_on else None
    return Hindsight(
        conditions=len(conditions),
        met=len(conditions) - len(open_ones),
        late=sum(each.due_on is not None and each.due_on < today for each in open_ones),
        planned_on=_planned_at(review, deployment),
        live_on=live_on,
        measures=tuple(_measures(deployment, live_on, today)) if live_on else (),
        issues=tuple(_issues(deployment, live_on, staff, few=few)) if live_on else (),
        staff=staff if few or not staff or staff >= FEW else None,
        reviews=tuple(row for row in gates if row.gate.kind == GateKind.REVIEW and row.gate.pk != review.gate_id),
    )


def _planned_at(review: GateReview, deployment: Deployment) -> date | None:
    """The go-live planned at the meeting: what the pack says, else what later changes of the date began from."""
    if review.pack:
        facts = GateFacts.from_json(review.pack)
        return None if facts.days_to_go is None else facts.day + timedelta(days=facts.days_to_go)
    zone = ZoneInfo(deployment.site.time_zone)
    ended = datetime.combine(review.held_on + timedelta(days=1), time.min, zone)
    changes = DeploymentChange.objects.filter(
        deployment=deployment, what=ChangeWhat.GO_LIVE, at__gte=ended, retired_at=None
    )
    before = changes.order_by("at").values_list("before", flat=True).first()
    try:
        return deployment.go_live_on if before is None else date.fromisoformat(before)
    except ValueError:
        return None  # there was none, or an import wrote it in words


def staff_of(deployment: Deployment, day: date) -> int:
    """How many people are posted to the wards in scope on a day. One query."""
    scope = DeploymentWard.objects.filter(deployment=deployment)
    wards = Ward.objects.filter(
        ~Exists(scope) | Exists(scope.filter(ward=OuterRef("pk"))), site=deployment.site_id, retired_at=None
    )
    current = Q(to_on=None) | Q(to_on__gte=day)
    posted = Posting.objects.filter(
        current, from_on__lte=day, ward__in=wards.values("pk"), retired_at=None, staff__retired_at=None
    )
    return posted.aggregate(people=Count("staff", distinct=True))["people"] or 0


def _measures(deployment: Deployment, live_on: date, today: date) -> list[Adopted]:
    """Every measure that the site has observed since it went live, or has a target for, the headline first."""
    here = Deployment.objects.filter(pk=deployment.pk)
    scope = Scope([deployment.programme], here, Whose.SOME, as_of=None, day=today, since=live_on)
    target = SiteTarget.objects.filter(deployment=deployment, measure=OuterRef("pk"), retired_at=None)
    measures = list(
        Measure.objects.filter(programme=deployment.programme_id, retired_at=None)
        .annotate(agreed=Exists(target), site_target=Subquery(target.values("target")[:1]))
        .order_by("-headline", "name", "pk")
    )
    found = []
    for each in measured(scope, measures, {deployment.programme_id: 1}):
        latest = each.latest if each.latest and each.latest.starts_on >= live_on else None
        agreed, wanted = vars(each.measure)["agreed"], vars(each.measure)["site_target"]
        if latest or agreed:
            found.append(_adopted(each, wanted, latest))
    return found


def _adopted(found: Headline, target: Any, latest: Any) -> Adopted:
    measure = found.measure
    wanted = measure.target if target is None else target
    met = None
    if latest is not None and wanted is not None:
        up = measure.direction == Direction.UP
        met = latest.value >= Fraction(wanted) if up else latest.value <= Fraction(wanted)
    return Adopted(
        name=measure.name,
        target="" if wanted is None else amount(wanted, measure.unit),
        value=found.value if latest else "",
        period=found.period if latest else "",
        starts_on=latest.starts_on if latest else None,
        met=met,
    )


def _issues(deployment: Deployment, live_on: date, staff: int | None, *, few: bool) -> list[Issues]:
    """Issues raised since the go-live by category, the most first; those without a category last. One query."""
    begins = datetime.combine(live_on, time.min, ZoneInfo(deployment.site.time_zone))
    raised = SupportIssue.objects.filter(
        deployment=deployment, raised_at__gte=begins, raised_at__lte=timezone.now(), retired_at=None
    )
    rows = (
        raised.order_by()
        .values_list("category")
        .annotate(raised=Count("pk"), still=Count("pk", filter=Q(resolved_at=None)))
    )
    told = bool(staff) and (few or (staff or 0) >= FEW)
    return [
        Issues(
            category=str(IssueCategory(code).label) if code else gettext("Without a category"),
            count=count,
            open=still,
            per_hundred=_per_hundred(count, staff) if told and staff else "",
        )
        for code, count, still in sorted(rows, key=lambda row: (row[0] == "", -row[1], row[0]))
    ]


def _per_hundred(count: int, staff: int) -> str:
    return number_format(round(count * HUNDRED / staff, 1), use_l10n=True, force_grouping=True)
