"""What stands around the rows of a planned curve: where it starts from, how it looks, what it does not reach."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext

from readiness.dashboards.curve import PlannedCurve, planned_curve, target_day, weekly
from readiness.dashboards.judged import model_in_use
from readiness.dashboards.series import Stored, series_of
from readiness.dashboards.trajectory import COMPLETION, first_session_on
from rollout.charts import Chart, Line, Mark, time_chart
from rollout.models import Deployment
from rollout.services.deployments import today_at
from rollout.templatetags.formats import day, percent
from training.services.plans import DrawnPlan, Point

# Weekly points of half a year; a longer line is proposed in steps of more weeks.
MOST_PROPOSED = 27


@dataclass(frozen=True)
class Drawing:
    """A site's own curve as it stands, and all that a new one is drawn beside.

    `target` is the share to be reached, 0–1; `line` the straight line of a site without a curve of its own, None where
    there is neither a first session nor a go-live to draw it between.
    """

    plan: DrawnPlan
    today: date
    go_live: date | None
    target: Fraction
    line: PlannedCurve | None
    series: Sequence[Stored]

    @property
    def by(self) -> date | None:
        """The day by which the target is to be reached."""
        return target_day(self.go_live)

    @property
    def proposed(self) -> tuple[Point, ...]:
        """The points to start from: the site's own, else the straight line, else one from today on."""
        if self.plan.own:
            return self.plan.points
        line = self.line
        if line is None and self.by is not None and self.by > self.today:
            line = PlannedCurve(((self.today, Fraction(0)), (self.by, self.target)), own=False)
        shares = weekly(line, most=MOST_PROPOSED) if line else []
        return tuple(Point(on, Decimal(share.numerator) / share.denominator) for on, share in shares)

    def missed(self, points: Sequence[Point]) -> str:
        """What the curve through these points does not reach in time, "" where it reaches the target."""
        by, share = self.by, share_by(points, self.by)
        if by is None:
            return gettext("No go-live is planned yet, so nothing says by when the target must be reached.")
        if share is not None and share >= self.target:
            return ""
        return gettext("The curve reaches %(share)s by %(day)s, a week before go-live. The target is %(target)s.") % {
            "share": percent(share or Fraction(0)),
            "day": day(by),
            "target": percent(self.target),
        }

    def chart(self, points: Sequence[Point]) -> Chart:
        """The curve through these points beside what came so far and the target; the form's rows are its table."""
        lines = [Line(gettext("Completed"), [(each.day, each.share) for each in self.series if each.share])]
        lines.append(Line(gettext("Planned"), [(on, Fraction(share)) for on, share in points], "planned"))
        target = gettext("Target %(percent)s") % {"percent": percent(self.target)}
        lines.append(Line(target, [(self.by or self.today, self.target)], "target"))
        marks = []
        if self.go_live and self.by:
            marks = [Mark(self.by, gettext("A week before")), Mark(self.go_live, gettext("Go-live"))]
        chart = time_chart(
            name="plan",
            title=gettext("The planned curve, and what came so far"),
            lines=lines,
            marks=marks,
            today=self.today,
            low=0,
            high=1,
            kind="percent",
            unit=gettext("Share of required courses completed"),
        )
        return replace(chart, rows=())


def share_by(points: Sequence[Point], by: date | None) -> Fraction | None:
    """The share that a curve through these points plans for a day; None without a day, or before its first point."""
    curve = PlannedCurve(tuple((on, Fraction(share)) for on, share in points), own=True)
    return curve.share_on(by) if by and points else None


def drawing(deployment: Deployment, plan: DrawnPlan) -> Drawing:
    """What the page of a site's planned curve needs. At most four queries.

    Of whom the shares are of few is not asked: only those who keep the site's plan come here.
    """
    today, go_live = today_at(deployment), deployment.go_live
    model = model_in_use(deployment.programme_id)
    target = model.target(COMPLETION) if model else Fraction(1)
    first = first_session_on(deployment)
    return Drawing(
        plan=plan,
        today=today,
        go_live=go_live,
        target=target,
        line=planned_curve((), first_session_on=first, go_live=go_live, target=target),
        series=series_of(deployment, COMPLETION, until=today, few=True),
    )
