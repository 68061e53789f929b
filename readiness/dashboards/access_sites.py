"""Log-in tests at all sites of a programme, those with the most to do a day first; the figures are those of scores."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.access import ACCESS
from readiness.dashboards.standings import Standing, in_order_of, standings, table_of_sites
from readiness.scoring import State
from rollout.downloads import Column, Table
from rollout.models import Programme
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import count, percent

DEFAULT_SORT = "-pace"


class AccessLine(NamedTuple):
    """One site's log-in tests as its newest score keeps them; None where there are none, or none to be shown."""

    standing: Standing
    passed: int | None = None
    people: int | None = None

    @property
    def share(self) -> Fraction | None:
        """The share whose latest test passed, 0–1."""
        return Fraction(self.passed, self.people) if self.passed is not None and self.people else None

    @property
    def left(self) -> int | None:
        """Those without a passed test."""
        return None if self.passed is None or self.people is None else self.people - self.passed

    @property
    def pace(self) -> int | None:
        """How many a day are done before go-live; None where that is over, or not asked of the site."""
        at = self.standing
        days = at.days_to_go
        if self.left is None or days is None or days <= 0 or at.paused or at.embedded:
            return None
        return -(-self.left // days)

    @property
    def overdue(self) -> bool:
        """Whether it is live and somebody still has no passed test."""
        at = self.standing
        return bool(self.left) and at.days_to_go is not None and at.days_to_go <= 0 and not (at.paused or at.embedded)

    @property
    def words(self) -> str:
        """How it stands."""
        at = self.standing
        if at.day is None:
            return gettext("Not scored once embedded") if at.embedded else gettext("Nothing recorded yet")
        if at.hidden:
            return gettext("Not shown: fewer than 5 people")
        if at.paused or at.embedded:
            return at.stage_words
        if self.share is None:
            return gettext("Nobody posted yet")
        if not self.left:
            return gettext("Everybody has passed")
        if self.overdue:
            return gettext("Live with people left")
        return gettext("Testing") if self.passed else gettext("Not begun")


SORTS: Mapping[str, Callable[[AccessLine], Any]] = {
    # Where the day is past, everybody who is left comes first.
    "pace": lambda line: (1, line.left) if line.overdue else None if line.pace is None else (0, line.pace),
    "site": lambda line: line.standing.name.lower(),
    "share": lambda line: line.share,
    "left": lambda line: line.left,
    "days": lambda line: line.standing.days_to_go,
    "wave": lambda line: line.standing.wave,
}


def access_lines(
    programme: Programme, deployments: QuerySet, user: Somebody, *, day: date | None = None
) -> list[AccessLine]:
    """Every deployment given, in the order of names. One query, whatever their number."""
    return [_line(standing) for standing in standings(deployments, {ACCESS}, user, day)]


def _line(standing: Standing) -> AccessLine:
    figures = standing.figures(ACCESS)
    if not figures or standing.hidden or figures[0] != State.KNOWN:
        return AccessLine(standing)
    return AccessLine(standing, int(figures[1]), figures[2])


def ordered(lines: Iterable[AccessLine], sort: str) -> list[AccessLine]:
    """Lines in the order of `?sort=`; an unknown one is the default: the most a day first."""
    if sort.removeprefix("-") not in SORTS:
        sort = DEFAULT_SORT
    return in_order_of(lines, SORTS[sort.removeprefix("-")], backwards=sort.startswith("-"))


def sentences(lines: list[AccessLine]) -> list[str]:
    """How many have passed at all sites together, how many are live with people left, and of how many is untold."""
    told = [line for line in lines if line.share is not None]
    if not told:
        return [gettext("No log-in test can be counted yet.")]
    passed, people = sum(line.passed or 0 for line in told), sum(line.people or 0 for line in told)
    found = [
        gettext("%(part)s of %(whole)s have passed a log-in test (%(percent)s).")
        % {"part": count(passed), "whole": count(people), "percent": percent(Fraction(passed, people))}
    ]
    if overdue := sum(line.overdue for line in lines):
        words = ngettext(
            "%(n)s site is live with people who have not.", "%(n)s sites are live with people who have not.", overdue
        )
        found.append(words % {"n": count(overdue)})
    if hidden := sum(line.standing.hidden for line in lines):
        words = ngettext(
            "Of %(n)s site it is not told: fewer than 5 people.",
            "Of %(n)s sites it is not told: fewer than 5 people.",
            hidden,
        )
        found.append(words % {"n": count(hidden)})
    return found


def table_of(lines: Iterable[AccessLine]) -> Table:
    """The list as a file."""
    columns = (
        Column("state", _("Log-in tests")),
        Column("passed", _("Passed"), "whole"),
        Column("people", _("People"), "whole"),
        Column("share", _("Share passed"), "percent"),
        Column("left", _("Left"), "whole"),
        Column("pace", _("Needed a day"), "whole"),
    )
    return table_of_sites(
        "access",
        _("Sites with their log-in tests"),
        columns,
        lines,
        lambda line: [line.words, line.passed, line.people, line.share, line.left, line.pace],
    )
