"""Champions at all sites of a programme, those with gaps first; the figures are those of stored scores."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.cover import COVER, RATIO
from readiness.dashboards.judged import model_in_use
from readiness.dashboards.standings import Standing, in_order_of, standings, table_of_sites
from readiness.indicators.slots import slots_ahead
from readiness.scoring import State
from rollout.downloads import Column, Table
from rollout.models import Programme
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import count, day_short

DEFAULT_SORT = "first"
SOON = timedelta(days=42)
# A go-live that nobody knows comes after every other.
NEVER = date.max


class RotaLine(NamedTuple):
    """One site's champions as its newest score keeps them. Figures are None where there are none, or none to be shown.

    `filled` of `slots` are those of the whole fortnight, `gaps` of `ahead` those that are not over: past slots are
    history.
    """

    standing: Standing
    filled: int | None
    slots: int | None
    gaps: int | None
    ahead: int | None

    @property
    def champions(self) -> Fraction | None:
        """The share of staff whose area has the champions it needs, 0–1."""
        ratio = None if self.standing.hidden else _known(self.standing, RATIO)
        return Fraction(ratio[0]) / ratio[1] if ratio else None

    @property
    def covered(self) -> Fraction | None:
        """The share of slots that are filled, 0–1."""
        return Fraction(self.filled, self.slots) if self.filled is not None and self.slots else None

    @property
    def over(self) -> bool:
        """Whether there are slots and all are over."""
        return self.ahead == 0

    @property
    def open(self) -> bool:
        """Whether there are gaps that can still be filled."""
        return bool(self.gaps) and not (self.standing.paused or self.standing.embedded)

    @property
    def place(self) -> tuple[bool, date, int]:
        """Where it stands in the list: gaps that can still be filled first, of these those that go live soonest."""
        return (not self.open, (self.standing.go_live or NEVER), -(self.gaps or 0))

    @property
    def words(self) -> str:
        """How the rota stands."""
        at = self.standing
        if at.day is None:
            return gettext("Not scored once embedded") if at.embedded else gettext("Nothing recorded yet")
        if at.go_live is None:
            return gettext("No go-live planned")
        if self.gaps is None:
            return gettext("No slots: shift patterns or staff are missing")
        if at.paused or at.embedded:
            return at.stage_words
        if self.over:
            return gettext("The fortnight is over")
        if not self.gaps:
            return gettext("No gaps")
        return gettext("Nothing planned yet") if self.gaps == self.slots else gettext("Gaps to fill")


SORTS: Mapping[str, Callable[[RotaLine], Any]] = {
    "first": lambda line: line.place,
    "site": lambda line: line.standing.name.lower(),
    "gaps": lambda line: line.gaps,
    "covered": lambda line: line.covered,
    "champions": lambda line: line.champions,
    "days": lambda line: line.standing.days_to_go,
    "wave": lambda line: line.standing.wave,
}


def rota_lines(
    programme: Programme, deployments: QuerySet, user: Somebody, *, day: date | None = None
) -> list[RotaLine]:
    """Every deployment given, in the order of names. Five queries at most, whatever their number."""
    rows = standings(deployments, {COVER, RATIO}, user, day)
    begun = _begun(programme, rows, day)
    return [_line(standing, begun.get(standing.pk)) for standing in rows]


def _line(standing: Standing, ahead: tuple[int, int] | None) -> RotaLine:
    """A site's line; `ahead` are the gaps and slots still to come where its fortnight has begun."""
    cover = _known(standing, COVER)
    if cover is None:
        return RotaLine(standing, None, None, None, None)
    filled, slots = int(cover[0]), cover[1]
    return RotaLine(standing, filled, slots, *(ahead or (slots - filled, slots)))


def _begun(programme: Programme, rows: Sequence[Standing], day: date | None) -> dict[int, tuple[int, int]]:
    """Gaps and slots still to come of each site whose fortnight has begun, (0, 0) where it is over.

    Only those within it are counted afresh, on the newest of their days: the score of any other says it already.
    """
    model = model_in_use(programme.pk)
    found: dict[int, tuple[int, int]] = {}
    within: dict[int, date] = {}
    days = {zone: day or timezone.localdate(timezone=ZoneInfo(zone)) for zone in {row.zone for row in rows}}
    for row in rows:
        today = days[row.zone]
        if model and row.day and row.go_live and row.go_live <= today:
            found[row.pk] = (0, 0)
            # The night of the last day ends on the day after.
            if today <= row.go_live + timedelta(days=model.windows["cover_days"]):
                within[row.pk] = row.day
    if model and within:
        newest, whole = max(within.values()), day is not None
        found |= slots_ahead(model, list(within), day=newest, now=timezone.now(), whole_day=whole)
    return found


def _known(standing: Standing, code: str) -> tuple[str, int] | None:
    """Numerator and denominator of an indicator that has records, as Reading.from_json reads them."""
    figures = standing.figures(code)
    return (figures[1], figures[2]) if figures and figures[0] == State.KNOWN and figures[2] else None


def ordered(lines: Iterable[RotaLine], sort: str) -> list[RotaLine]:
    """Lines in the order of `?sort=`; an unknown one is the default: gaps first."""
    if sort.removeprefix("-") not in SORTS:
        sort = DEFAULT_SORT
    return in_order_of(lines, SORTS[sort.removeprefix("-")], backwards=sort.startswith("-"))


def sentences(lines: list[RotaLine]) -> list[str]:
    """How many of the sites that are about to go live, or just did, have gaps, and which comes first."""
    ahead = [line for line in lines if line.ahead and not (line.standing.paused or line.standing.embedded)]
    if not ahead:
        return [gettext("No site has a rota ahead of it yet.")]
    soon = [line for line in ahead if (line.standing.days_to_go or 0) <= SOON.days]
    if not soon:
        return [gettext("No site goes live in the next 6 weeks.")]
    gaps = ordered([line for line in soon if line.gaps], DEFAULT_SORT)
    if not gaps:
        return [gettext("No site that goes live in the next 6 weeks, or just did, has gaps to fill.")]
    words = ngettext(
        "%(gaps)s of %(all)s site that goes live in the next 6 weeks, or just did, has gaps to fill.",
        "%(gaps)s of %(all)s sites that go live in the next 6 weeks, or just did, have gaps to fill.",
        len(soon),
    )
    first = gaps[0]
    soonest = ngettext(
        "The first: %(site)s, go-live on %(day)s, %(n)s gap.",
        "The first: %(site)s, go-live on %(day)s, %(n)s gaps.",
        first.gaps or 0,
    )
    numbers = {"gaps": count(len(gaps)), "all": count(len(soon))}
    about = {"site": first.standing.name, "day": day_short(first.standing.go_live), "n": count(first.gaps)}
    return [words % numbers, soonest % about]


def table_of(lines: Iterable[RotaLine]) -> Table:
    """The list as a file."""
    columns = (
        Column("gaps", _("Gaps from now on"), "whole"),
        Column("slots_to_come", _("Slots to come"), "whole"),
        Column("slots", _("Slots of the fortnight"), "whole"),
        Column("covered", _("Share of the fortnight covered"), "percent"),
        Column("champions", _("Champions for every area"), "percent"),
        Column("state", _("State")),
    )
    return table_of_sites(
        "rota",
        _("Champions by site"),
        columns,
        lines,
        lambda line: (line.gaps, line.ahead, line.slots, line.covered, line.champions, line.words),
    )
