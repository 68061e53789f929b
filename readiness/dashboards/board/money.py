"""Money after go-live: where the funding of a programme has a gap when sites are already live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from readiness.dashboards.board.scope import Scope, shifted
from readiness.dashboards.board.survey import Survey
from rollout.models import FundingLine, Programme

NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gap:
    """A funding line that ends, after a go-live, before another takes its place.

    `next` is the first line that begins later, and `days` how long there is nothing between them; both None where no
    line follows. `live` is how many sites are live by the end of the line.
    """

    programme: str
    text: str
    ends_on: date
    next: str
    next_on: date | None
    next_secured: bool
    days: int | None
    live: int


@dataclass(frozen=True)
class Money:
    """The gaps, and whether any funding is recorded at all (`lines`, of which `secured` are secured)."""

    gaps: list[Gap]
    lines: int
    secured: int


def money_of(scope: Scope, survey: Survey) -> Money:
    """The funding of the programmes, the earliest gap first. One query."""
    lines = FundingLine.objects.filter(programme__in=scope.programmes, retired_at=None).order_by("from_on", "pk")
    of_programme: dict[int, list[FundingLine]] = {}
    for line in lines:
        of_programme.setdefault(line.programme_id, []).append(line)
    gaps = [
        gap
        for programme in scope.programmes
        for gap in gaps_of(programme, of_programme.get(programme.pk, []), sorted(survey.go_lives.get(programme.pk, [])))
    ]
    every = [line for found in of_programme.values() for line in found]
    secured = sum(1 for line in every if line.secured_on and line.secured_on <= scope.day)
    return Money(sorted(gaps, key=lambda gap: (gap.ends_on, gap.programme, gap.text)), len(every), secured)


def gaps_of(programme: Programme, lines: Sequence[FundingLine], live: Sequence[date]) -> list[Gap]:
    """The lines that end after the first go-live, and not long after the last, with a gap behind them.

    A line is followed if another one that began later goes on beyond it. What ends later than the programme's refresher
    courses after the last go-live is no gap: the rollout is over by then.
    """
    if not live:
        return []
    over = shifted(live[-1], timedelta(days=programme.refresher_days))
    found = (_gap(programme, line, line.to_on, lines, live) for line in lines if line.to_on and line.to_on < over)
    return [gap for gap in found if gap and gap.live]


def _gap(
    programme: Programme, line: FundingLine, ends_on: date, lines: Sequence[FundingLine], live: Sequence[date]
) -> Gap | None:
    began = line.from_on or date.min
    later = [
        (each.from_on, each.pk, each)
        for each in lines
        if each.from_on and each.from_on > began and (each.to_on is None or each.to_on > ends_on)
    ]
    next_on, _pk, following = min(later, default=(None, 0, None))
    if next_on and next_on <= shifted(ends_on, NEXT_DAY):
        return None
    return Gap(
        programme=programme.name,
        text=line.text,
        ends_on=ends_on,
        next=following.text if following else "",
        next_on=next_on,
        next_secured=bool(following and following.secured_on),
        days=(next_on - ends_on).days - 1 if next_on else None,
        live=sum(day <= ends_on for day in live),
    )
