"""The tables of the pages that explain a score, as files."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.deployment import IndicatorLine
from readiness.dashboards.moved import Movement
from readiness.dashboards.why import TwoBases, WhyPage
from readiness.scoring import State, rounded
from rollout.downloads import Column, Table
from rollout.models import Deployment
from rollout.templatetags.formats import day

LEDGER = (
    Column("domain", _("Domain")),
    Column("code", _("Code")),
    Column("indicator", _("Indicator")),
    Column("state", _("State")),
    Column("numerator", _("Counted"), "number"),
    Column("denominator", _("Of"), "whole"),
    Column("target", _("Target"), "percent"),
    Column("value", _("Value"), "percent"),
    Column("contribution", _("Contribution"), "number"),
    Column("lost", _("Lost points"), "number"),
    Column("oldest", _("Oldest evidence"), "day"),
    Column("median", _("Half of it since"), "day"),
    Column("newest", _("Newest evidence"), "day"),
    Column("vouched", _("Vouched for")),
    Column("left_out", _("Left out")),
)
BASES = (
    Column("indicator", _("Indicator")),
    Column("numerator", _("All staff: counted"), "number"),
    Column("denominator", _("All staff: of"), "whole"),
    Column("share", _("All staff: share"), "percent"),
    Column("present_numerator", _("Without those absent: counted"), "number"),
    Column("present_denominator", _("Without those absent: of"), "whole"),
    Column("present_share", _("Without those absent: share"), "percent"),
)
CAUSES = (
    Column("group", _("Group")),
    Column("cause", _("Cause")),
    Column("about", _("About")),
    Column("points", _("Points"), "number"),
    Column("raw_points", _("Points before limits"), "number"),
)
STATES = {State.KNOWN: _("Known"), State.UNKNOWN: _("No evidence yet"), State.NOT_APPLICABLE: _("Not applicable")}


def why_files(page: WhyPage, deployment: Deployment) -> dict[str, Callable[[], Table]]:
    """The ledger, and the two bases where the page shows them."""
    score = page.shown.score
    about = [
        (gettext("Site"), deployment.site.name),
        (gettext("Day"), day(score.day)),
        (gettext("Revision"), score.revision),
        (gettext("Scoring model"), page.shown.judgement.model.version),
        *([] if page.shown.hidden else [(gettext("Score"), score.score), (gettext("Before limits"), score.raw)]),
    ]
    found: dict[str, Callable[[], Table]] = {
        "ledger": lambda: Table(
            "ledger",
            _("Why this number"),
            LEDGER,
            [_ledger_row(line, domain.name, page) for domain in page.shown.domains for line in domain.indicators],
            about,
        )
    }
    if page.bases:
        found["bases"] = lambda: Table("bases", _("Two bases"), BASES, [_base(base) for base in page.bases], about)
    return found


def _ledger_row(line: IndicatorLine, domain: str, page: WhyPage) -> list[Any]:
    row, behind = line.row, line.behind
    named = [domain, row.code, str(line.words.name)]
    if line.hidden:
        return [*named, gettext("Not shown: fewer than 5 people"), *[None] * (len(LEDGER) - len(named) - 1)]
    counts = [row.numerator, row.denominator] if row.denominator else [None, None]
    if line.few_answers:
        counts = [None, None]
    applies = row.state is not State.NOT_APPLICABLE
    places = 0 if page.shown.hidden else 2
    points = [rounded_decimal(row.shown_contribution, places), rounded_decimal(row.shown_lost, places)]
    age = behind.age if behind else None
    return [
        *named,
        str(STATES[row.state]),
        *counts,
        row.target,
        row.value if row.state is State.KNOWN else None,
        *(points if applies else [None, None]),
        *([age.oldest, age.median, age.newest] if age else [None, None, None]),
        ", ".join(f"{number} {words}" for words, number in behind.vouched) if behind else None,
        "; ".join(filter(None, (out.what or out.reason for out in behind.left_out))) if behind else None,
    ]


def rounded_decimal(points: Decimal, places: int) -> Decimal:
    """Points with so many decimals, as a page shows them."""
    return rounded(Fraction(points), places)


def _base(base: TwoBases) -> list[Any]:
    row, present = base.line.row, base.present
    if base.hidden:
        return [str(base.line.words.name), *[None] * (len(BASES) - 1)]
    return [
        str(base.line.words.name),
        row.numerator,
        row.denominator,
        base.everybody,
        present.numerator,
        present.denominator,
        base.present_share,
    ]


def moved_files(moved: Movement, deployment: Deployment) -> dict[str, Callable[[], Table]]:
    """The causes, with those that moved no point."""
    about = [
        (gettext("Site"), deployment.site.name),
        (gettext("From"), f"{day(moved.before.day)}: {moved.before.score}"),
        (gettext("To"), f"{day(moved.after.day)}: {moved.after.score}"),
    ]
    lines = [(group.name, line) for group in moved.groups for line in group.lines]
    rows = [
        [group, line.text, line.about or None, line.points, line.raw_points]
        for group, line in [*lines, *((gettext("Moved nothing"), line) for line in moved.still)]
    ]
    return {"causes": lambda: Table("causes", _("Why it moved"), CAUSES, rows, about)}
