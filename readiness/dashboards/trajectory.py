"""How a site comes along in training: where it is, what was planned, what it needs; the figures are the score's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext

from readiness.choices import Band
from readiness.dashboards.curve import (
    FOUR_WEEKS,
    Pace,
    PlannedCurve,
    needed_a_week,
    pace_of,
    planned_curve,
    target_day,
)
from readiness.dashboards.few import hidden_rows, hides, some_few
from readiness.dashboards.judged import models_of
from readiness.dashboards.series import Stored, series_of
from readiness.indicators.training_parts import Count, Lapse, Part, Parts, Turnover, lapses, training_parts, turnover
from readiness.models import ReadinessScore
from rollout.models import Deployment
from training.choices import CourseMode
from training.models import TrainingPlanPoint, TrainingSession

COMPLETION = "training.completion"
# After go-live refreshers are looked for so many days ahead.
AHEAD = timedelta(days=84)


@dataclass(frozen=True)
class Row:
    """One part of a table. `hidden`: its counts, or what follows from them, are of fewer than 5 people."""

    part: Part
    hidden: bool

    @property
    def mode(self) -> str:
        """How the course is taught."""
        return str(CourseMode(self.part.mode).label) if self.part.mode else ""

    @property
    def count(self) -> Count:
        """The pairs of the part."""
        return self.part.count

    @property
    def name(self) -> str:
        """What the part is called."""
        return self.part.name or self.part.code or gettext("No staff group")


@dataclass(frozen=True)
class Rows:
    """The parts of a table, those with the lowest share first. `both` bases are shown, or all staff alone."""

    rows: tuple[Row, ...]
    both: bool

    @property
    def some_hidden(self) -> bool:
        """Whether a row keeps its counts back."""
        return any(row.hidden for row in self.rows)


def telling(count: Count) -> tuple[int, ...]:
    """Every count of people that the figures of a part give, or from which it follows."""
    return (count.people, count.started, count.unfinished, count.required, count.completed, count.missing)


def telling_apart(count: Count) -> tuple[int, ...]:
    """The same of those who are away: all staff less the staff who are not."""
    required, completed = count.required - count.required_present, count.completed - count.completed_present
    return (count.away, required, completed, required - completed)


def ranked(parts: Iterable[Part], *, few: bool) -> Rows:
    """The parts in the order of their share, the lowest first. Without `few`, what counts of few people is hidden.

    What is hidden comes last, by name: a place between two others would tell its share. The second basis goes as a
    whole as soon as the two together tell of few who are away.
    """
    found = sorted(parts, key=lambda part: (part.count.share, part.name, part.code))
    hidden = frozenset[int]() if few else hidden_rows([telling(part.count) for part in found])
    away = [telling_apart(part.count) for part in found]
    both = few or not any(some_few(counts) for counts in [*away, [sum(column) for column in zip(*away, strict=True)]])
    rows = [Row(part, place in hidden) for place, part in enumerate(found)]
    last = sorted((row for row in rows if row.hidden), key=lambda row: (row.name, row.part.code))
    return Rows((*(row for row in rows if not row.hidden), *last), both)


@dataclass(frozen=True)
class Trajectory:
    """A site's training on a day. `hidden`: no figure about people may be shown; the parts are then empty.

    `split`: the whole may be shown in parts; without, only the whole is known.
    """

    day: date
    go_live: date | None
    paused: bool
    embedded: bool
    target: Fraction
    stored: Count | None
    parts: Parts
    turnover: Turnover
    lapses: Sequence[Lapse]
    lapses_until: date
    curve: PlannedCurve | None
    plan_words: str
    series: Sequence[Stored]
    pace: Pace | None
    few: bool
    hidden: bool
    split: bool

    @property
    def whole(self) -> Count:
        """All pairs."""
        return self.parts.whole

    @property
    def trained(self) -> int:
        """People who have completed every course they need."""
        return self.whole.people - self.whole.unfinished

    @property
    def share(self) -> Fraction | None:
        """The share completed, 0–1; None where nothing is required of anybody, or where it is not to be shown."""
        return None if self.hidden else self.whole.share

    @property
    def late(self) -> bool:
        """Whether the stored score counted otherwise, since records came in after it."""
        stored = (self.stored.completed, self.stored.required) if self.stored else None
        return (
            not self.hidden and not self.embedded and stored not in (None, (self.whole.completed, self.whole.required))
        )

    @property
    def planned(self) -> Fraction | None:
        """The share planned for the day, 0–1."""
        return self.curve.share_on(self.day) if self.curve else None

    @property
    def days_to_go(self) -> int | None:
        """Days until go-live, negative after it."""
        return (self.go_live - self.day).days if self.go_live else None

    @property
    def by(self) -> date | None:
        """The day by which the target is to be reached."""
        return target_day(self.go_live)

    @property
    def behind(self) -> Fraction:
        """How far the share is behind the plan, 0–1; 0 where it is not, or cannot be compared."""
        return self._behind(self.share, self.day) if not self.paused else Fraction(0)

    @property
    def four_weeks_before(self) -> Stored | None:
        """How it stood four weeks before go-live, if that day is past and was stored, or the week before it."""
        if self.go_live is None or self.hidden:
            return None
        then = self.go_live - FOUR_WEEKS
        known = [each for each in self.series if then - timedelta(days=6) <= each.day <= then < self.day]
        return known[-1] if known else None

    @property
    def behind_then(self) -> Fraction:
        """How far it was behind four weeks before go-live, 0–1."""
        then = self.four_weeks_before
        return self._behind(then.share, then.day) if then and not self.paused else Fraction(0)

    def _behind(self, share: Fraction | None, day: date) -> Fraction:
        planned = self.curve.share_on(day) if self.curve else None
        return max(planned - share, Fraction(0)) if planned is not None and share is not None else Fraction(0)

    @property
    def needed(self) -> int | None:
        """Completions a week that reach the target in time; 0 where it is reached, None where the time is over."""
        if self.by is None:
            return None
        whole = self.whole
        return needed_a_week(
            required=whole.required, completed=whole.completed, target=self.target, day=self.day, by=self.by
        )

    @property
    def wards(self) -> Rows:
        """The wards, the lowest first."""
        return ranked(self.parts.wards, few=self.few)

    @property
    def groups(self) -> Rows:
        """The staff groups, the lowest first."""
        return ranked(self.parts.groups, few=self.few)

    @property
    def courses(self) -> Rows:
        """The courses, the lowest first, e-learning after the others."""
        rows = ranked(self.parts.courses, few=self.few)
        apart = sorted(rows.rows, key=lambda row: (row.part.mode == CourseMode.E_LEARNING, row.hidden))
        return Rows(tuple(apart), rows.both)

    @property
    def managers(self) -> Row | None:
        """Line managers; None where nothing is required of any. Hidden where they, or the others, tell of few."""
        managers, others = self.parts.managers, self.parts.others
        if not managers.required:
            return None
        return Row(Part("", "", "", managers), not self.few and bool(hidden_rows([telling(managers), telling(others)])))


def trajectory(deployment: Deployment, score: ReadinessScore, *, few: bool, split: bool = True) -> Trajectory:
    """The training of a site on the day of a stored score, on the records as they are known now.

    `few`: counts of fewer than 5 people may be shown; `split`: training may be told by ward, group and course. At most
    seven queries, whatever the size of the site.
    """
    model, day, go_live = models_of([score])[score.model_id], score.day, deployment.go_live
    parts = training_parts(model, deployment.pk, day=day)
    hidden = not few and tells_of_few(score, parts)
    until = go_live if go_live and go_live > day else day + AHEAD
    lapsing = lapses(model, deployment.pk, day=day, until=until)
    series = series_of(deployment, COMPLETION, until=day, few=few)
    target = model.target(COMPLETION)
    points, plan_words = own_plan(deployment)
    figures = score.indicators.get(COMPLETION)
    return Trajectory(
        day=day,
        go_live=go_live,
        paused=score.band == Band.PAUSED,
        embedded=deployment.stage == "embedded",
        target=target,
        stored=Count(required=figures[2], completed=int(figures[1])) if figures else None,
        parts=Parts() if hidden else parts if split else Parts(whole=parts.whole),
        turnover=turnover(model, deployment.pk, day=day),
        lapses=() if hidden or not split else lapsing,
        lapses_until=until,
        curve=planned_curve(
            points,
            first_session_on=first_session_on(deployment),
            go_live=go_live,
            target=target,
        ),
        plan_words=plan_words,
        series=series,
        pace=pace_of(
            ((each.day, int(each.reading.numerator)) for each in series), day=day, completed=parts.whole.completed
        ),
        few=few,
        hidden=hidden,
        split=split,
    )


def tells_of_few(score: ReadinessScore, parts: Parts) -> bool:
    """Whether no figure about people may be shown to those who may read no count of fewer than 5.

    Records may have come in since the score was stored: what they tell is judged like what the score tells.
    """
    return hides(score.indicators) or some_few(telling(parts.whole)) or some_few(telling(parts.managers))


def own_plan(deployment: Deployment) -> tuple[list[tuple[date, Fraction]], str]:
    """The points of the site's own training plan, and what it says it rests on; no points without one."""
    points = TrainingPlanPoint.objects.filter(plan__deployment=deployment, plan__retired_at=None, retired_at=None)
    rows = list(points.order_by("on").values_list("on", "share", "plan__words"))
    return [(on, Fraction(share)) for on, share, _words in rows], rows[0][2] if rows else ""


def first_session_on(deployment: Deployment) -> date | None:
    """The site's local day of the first session held there; of the first over a link where none is."""
    site = deployment.site
    sessions = TrainingSession.objects.filter(
        Q(site=site) | Q(site=None), programme=deployment.programme, retired_at=None, course__for_champions=False
    )
    starts_at = sessions.order_by("site_id", "starts_at").values_list("starts_at", flat=True).first()
    return starts_at.astimezone(ZoneInfo(site.time_zone)).date() if starts_at else None
