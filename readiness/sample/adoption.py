"""Measures, the target each site agreed to, and what was observed before and after go-live, with its dips."""

from dataclasses import dataclass
from datetime import date
from random import Random

from readiness.sample.chance import days
from readiness.sample.plan import Scene, SitePlan


@dataclass(frozen=True)
class MeasurePlan:
    """A measure in its unit: a site starts at `before` and settles at `after` within some `weeks`.

    `noise` is the spread from one week to the next. With a `count` it is observed as a share of about so many a week.
    """

    code: str
    name: str
    unit: str
    portfolio: str
    direction: str
    baseline: float
    target: float
    before: float
    after: float
    noise: float
    weeks: float
    count: int | None
    headline: bool = False
    dip_depth: float | None = None
    dip_weeks: int | None = None


MEASURES = {
    "EPR": (
        MeasurePlan(
            "NOTES",
            "Clinical notes written in the record",
            "%",
            "Clinicians",
            "up",
            5,
            90,
            4,
            91,
            1.6,
            3.5,
            900,
            headline=True,
            dip_depth=20,
            dip_weeks=6,
        ),
        MeasurePlan(
            "DOSES",
            "Doses missed without a reason",
            "%",
            "Patients",
            "down",
            7.5,
            4,
            7.4,
            4.4,
            0.5,
            9,
            1400,
            dip_depth=1.5,
            dip_weeks=4,
        ),
        MeasurePlan(
            "FIND",
            "Minutes to find what is needed at admission",
            "minutes",
            "Clinicians",
            "down",
            11,
            5,
            11,
            5.4,
            0.6,
            8,
            None,
            dip_depth=4,
            dip_weeks=5,
        ),
        MeasurePlan(
            "LETTERS",
            "Days until the discharge letter is sent",
            "days",
            "Patients",
            "down",
            9,
            3,
            8.8,
            3.9,
            0.7,
            10,
            None,
            dip_depth=2,
            dip_weeks=4,
        ),
        MeasurePlan(
            "LOGINS",
            "Log-in problems for each 100 staff a week",
            "per 100",
            "Support staff",
            "down",
            6,
            2,
            5.8,
            2.6,
            0.6,
            6,
            None,
            dip_depth=12,
            dip_weeks=3,
        ),
    ),
    "VIDEO": (
        MeasurePlan(
            "DIGITAL",
            "Outpatient visits that are digital",
            "%",
            "Patients",
            "up",
            2,
            30,
            2,
            29,
            1.4,
            8,
            260,
            headline=True,
            dip_depth=3,
            dip_weeks=3,
        ),
        MeasurePlan("MISSED", "Visits missed by the patient", "%", "Patients", "down", 11, 7, 11, 7.4, 0.8, 8, 260),
        MeasurePlan("WAIT", "Days until the first visit", "days", "Patients", "down", 42, 30, 41, 33, 2.0, 12, None),
    ),
}
WEEKS_OF_HISTORY = 26
# The story of a dip in use: from this week after go-live notes go back to paper.
DIP_WEEK, DIP_SHARE = 4, 0.62


def add_adoption(scene: Scene) -> None:
    """Write measures.csv, site_targets.csv and observations.csv."""
    measures = MEASURES[scene.plan.code]
    for measure in measures:
        scene.pack.add(
            "measures",
            code=measure.code,
            name=measure.name,
            unit=measure.unit,
            portfolio=measure.portfolio,
            direction=measure.direction,
            baseline=measure.baseline,
            target=measure.target,
            target_date=scene.day(scene.plan.target_days),
            headline=measure.headline,
            dip_depth=measure.dip_depth,
            dip_weeks=measure.dip_weeks,
        )
    for plan in scene.active_sites():
        if plan.stage != "stopped":
            agree_targets(scene, plan, measures)
            observe(scene, plan, measures)


def agree_targets(scene: Scene, plan: SitePlan, measures: tuple[MeasurePlan, ...]) -> None:
    """Sites agree to their targets long before go-live, the headline first; each fits its own work."""
    rng = scene.rng("targets", plan.site)
    for place, measure in enumerate(measures):
        agreed = scene.before_go_live(plan, rng.uniform(120, 230) - 14 * place + plan.pace)
        if agreed <= scene.last_day:
            target = round(measure.target * rng.uniform(0.94, 1.05), 1 if measure.target < 20 else 0)
            scene.pack.add("site_targets", measure=measure.code, site=plan.site, target=target, agreed_on=agreed)


def observe(scene: Scene, plan: SitePlan, measures: tuple[MeasurePlan, ...]) -> None:
    """Weekly figures of the site, by ward too for the headline of live sites, daily ones in the first fortnight."""
    if plan.go is None:
        return
    monday = scene.today - days(scene.today.weekday() + 7)
    go = scene.before_go_live(plan, 0)
    for measure in measures:
        rng = scene.rng("observed", plan.site, measure.code)
        # Before go-live a site looks at its measures for the last months only.
        earliest = max(monday - days(7 * WEEKS_OF_HISTORY), go - days(110))
        week = earliest - days(earliest.weekday())
        while week <= monday:
            add_observation(scene, plan, measure, rng, week, "week", "")
            if measure.headline and plan.is_live and week + days(6) >= go:
                for ward in scene.sites[plan.site].wards:
                    add_observation(scene, plan, measure, rng, week, "week", ward.code)
            week += days(7)
        if measure.headline and plan.is_live:
            for offset in range(14):
                if go + days(offset) <= scene.last_day:
                    add_observation(scene, plan, measure, rng, go + days(offset), "day", "")
    month = scene.rng("observed", plan.site, "month")
    if plan.is_live:
        first = (go - days(75)).replace(day=1)
        while (following := (first + days(32)).replace(day=1)) <= scene.today:
            add_observation(scene, plan, measures[-1], month, first, "month", "")
            first = following


def add_observation(
    scene: Scene, plan: SitePlan, measure: MeasurePlan, rng: Random, start: date, period: str, ward: str
) -> None:
    length = {"day": 1, "week": 7, "month": 30}[period]
    value = level(plan, measure, (start - scene.before_go_live(plan, 0)).days + length / 2)
    value = max(value + rng.gauss(0, measure.noise * (2 if ward or period == "day" else 1)), 0.1)
    numerator = denominator = None
    if measure.count:
        size = measure.count * len(scene.sites[plan.site].wards) // (7 if not ward else 40) * length // 7
        denominator = max(round(size * rng.uniform(0.9, 1.1)), 5)
        numerator = min(round(denominator * value / 100), denominator)
    scene.pack.add(
        "observations",
        measure=measure.code,
        site=plan.site,
        ward=ward,
        period_start=start,
        period=period,
        numerator=numerator,
        denominator=denominator,
        value=None if measure.count else round(value, 2),
    )


def level(plan: SitePlan, measure: MeasurePlan, days_after: float) -> float:
    """Where the measure stands so many days after go-live: it settles slowly, after a dip of its own."""
    if days_after < 0:
        return measure.before
    weeks = days_after / 7
    settled = measure.after + (measure.before - measure.after) * 0.5 ** (weeks / measure.weeks * 1.6)
    dip = 0.0
    if measure.dip_depth and measure.dip_weeks and weeks < measure.dip_weeks:
        dip = 0.4 * measure.dip_depth * (1 - weeks / measure.dip_weeks)
    value = settled - dip if measure.direction == "up" else settled + dip
    if plan.story == "dip_in_use" and measure.headline and weeks >= DIP_WEEK:
        value *= DIP_SHARE
    return value
