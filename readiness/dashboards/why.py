"""Why this number: the shown with what stands behind each line, and training and log-in tests on two bases."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext

from readiness.choices import Assurance, ItemState
from readiness.dashboards.deployment import Behind, IndicatorLine, LeftOut, Scored, figure, scored
from readiness.dashboards.few import FEW, is_few
from readiness.dashboards.head import Head
from readiness.dashboards.judged import models_of
from readiness.explain import Evidence, present_readings, readings_of
from readiness.explain.evidence import CHECKLIST
from readiness.indicators import Age, absent_staff, ages_of, units_behind
from readiness.models import ChecklistEvent
from readiness.scoring import CODES, Model, Reading, State
from rollout.choices import DecisionKind
from rollout.models import Decision, Deployment


@dataclass(frozen=True)
class TwoBases:
    """One indicator over all staff, as the score uses it, and over those not on recorded absence from go-live."""

    line: IndicatorLine
    present: Reading
    hidden: bool

    @property
    def everybody(self) -> Fraction | None:
        """The share over all staff, 0–1, before the target."""
        return _share(self.line.row.numerator, self.line.row.denominator)

    @property
    def present_share(self) -> Fraction | None:
        """The share over those who are there."""
        return _share(self.present.numerator, self.present.denominator)

    @property
    def present_counts(self) -> str:
        """The counts of those who are there, "160 of 195"."""
        return gettext("%(part)s of %(whole)s") % {
            "part": figure(self.present.numerator),
            "whole": figure(self.present.denominator),
        }


@dataclass(frozen=True)
class WhyPage:
    """A score with everything behind it. `bases` are empty without a go-live date, whose first and last day they name.

    `differing` are the indicators that would read otherwise if the day were worked out again now.
    """

    shown: Scored
    bases: tuple[TwoBases, ...]
    first: date | None
    last: date | None
    differing: tuple[str, ...]


def why_page(deployment: Deployment, head: Head, *, few: bool, names: bool, records: Mapping[str, str]) -> WhyPage:
    """The page of a score. `few`: counts of fewer than 5 people may be shown; `names`: who left something out.

    `records` are the addresses of the records of each indicator. Eight queries, whatever stands behind the score; a
    deployment that is not scored any more has no evidence left to show.
    """
    score = head.score
    model = models_of([score])[score.model_id]
    try:
        evidence = units_behind(model, deployment.pk, day=score.day)
    except LookupError:
        told = {code: Behind(href="") for code in CODES}
        return WhyPage(scored(deployment, head, few=few, behind=told), (), None, None, ())
    ages = ages_of(model, deployment.pk, day=score.day)
    left_out = left_out_of(deployment, score.day, names=names)
    told = {code: _behind(code, records[code], evidence, ages, left_out) for code in CODES}
    shown = scored(deployment, head, few=few, behind=told)
    now = readings_of(evidence, model)
    differing = [str(line.words.name) for line in shown.lines if _differs(line, now[line.row.code])]
    go_live_on = deployment.go_live
    if go_live_on is None:
        return WhyPage(shown, (), None, None, tuple(differing))
    last = go_live_on + timedelta(days=model.windows["cover_days"] - 1)
    absent = absent_staff(model, deployment.pk, day=score.day)
    return WhyPage(shown, _bases(shown, evidence, absent, model, few=few), go_live_on, last, tuple(differing))


def _behind(
    code: str, href: str, evidence: Evidence, ages: Mapping[str, Age], left_out: Mapping[str, tuple[LeftOut, ...]]
) -> Behind:
    levels = Counter(unit.facts["assurance"] for unit in evidence.of(code)) if code.startswith(CHECKLIST) else Counter()
    vouched = tuple((str(level.label).lower(), levels[level]) for level in Assurance if levels[level])
    return Behind(href, ages.get(code), vouched, left_out.get(code, ()))


def _differs(line: IndicatorLine, now: Reading) -> bool:
    row = line.row
    return (row.state, row.numerator, row.denominator) != (now.state, now.numerator, now.denominator)


def _bases(
    shown: Scored, evidence: Evidence, absent: frozenset[int], model: Model, *, few: bool
) -> tuple[TwoBases, ...]:
    lines = {line.row.code: line for line in shown.lines}
    present = present_readings(evidence, absent, model)
    found = [(lines[code], reading) for code, reading in present.items() if lines[code].row.state is State.KNOWN]
    hidden = not few and any(line.hidden or _tells_of_few(line, reading) for line, reading in found)
    return tuple(TwoBases(line, reading, hidden) for line, reading in found)


def _tells_of_few(line: IndicatorLine, present: Reading) -> bool:
    """Whether those present, or those absent by subtraction, are fewer than 5 in any count."""
    row = line.row
    counted, total = row.numerator - present.numerator, row.denominator - present.denominator
    return is_few(present) or any(0 < abs(Fraction(part)) < FEW for part in (counted, total, total - counted))


def left_out_of(deployment: Deployment, day: date, *, names: bool) -> dict[str, tuple[LeftOut, ...]]:
    """By indicator what was left out of it by the day: the indicator itself by decision, items marked not applicable.

    Two queries.
    """
    found: dict[str, list[LeftOut]] = {}
    excluded = deployment.programme.not_applicable
    decisions = Decision.objects.filter(
        Q(from_on=None) | Q(from_on__lte=day),
        programme=deployment.programme,
        kind=DecisionKind.NOT_APPLICABLE,
        retired_at=None,
    )
    decided = list(decisions.select_related("by__user").order_by("-from_on", "-pk"))
    for code in excluded:
        named = [decision for decision in decided if code in decision.text] or decided[:1]
        found[code] = [_by_decision(decision, names=names) for decision in named[:1]] or [LeftOut("", None, "", "")]
    for event in _items_left_out(deployment, day):
        item = event.item.template_item
        on = event.at.astimezone(ZoneInfo(deployment.site.time_zone)).date()
        who = str(event.by) if names and event.by_id else ""
        found.setdefault(f"{CHECKLIST}{item.domain}", []).append(LeftOut(item.text, on, who, event.reason))
    return {code: tuple(out) for code, out in found.items()}


def _by_decision(decision: Decision, *, names: bool) -> LeftOut:
    who = str(decision.by) if names and decision.by_id else ""
    return LeftOut("", decision.from_on, who, decision.reason)


def _items_left_out(deployment: Deployment, day: date) -> list[ChecklistEvent]:
    """The events that made an item not applicable, of those whose state that is on the day."""
    ends_at = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(deployment.site.time_zone))
    states = ChecklistEvent.objects.filter(
        deployment=deployment, item__retired_at=None, retired_at=None, at__lt=ends_at
    ).exclude(state="")
    latest = states.order_by("item_id", "-at").distinct("item_id").select_related("item__template_item", "by__user")
    return [event for event in latest if event.state == ItemState.NOT_APPLICABLE]


def _share(part: Fraction | int, whole: int) -> Fraction | None:
    return Fraction(part) / whole if whole else None
