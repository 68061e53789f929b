"""Who is there when: pure functions over shifts. Nobody has two shifts at once, so shifts count people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from training.hours import Span


@dataclass(frozen=True)
class Alone:
    """A stretch of time for which exactly one person is there: if they do not come, nobody is."""

    who: int
    span: Span


def least_there(spans: Sequence[Span], during: Span) -> int:
    """The fewest shifts that run at any moment of a time."""
    return min(len(running) for _part, running in parts_of([(0, span) for span in spans], during))


def alone_during(shifts: Iterable[tuple[int, Span]], during: Span) -> list[Alone]:
    """The stretches of a time with exactly one shift, in order; `who` comes from the shift's pair."""
    found: list[Alone] = []
    for part, running in parts_of(list(shifts), during):
        if len(running) != 1:
            continue
        (who,) = running
        if found and found[-1].who == who and found[-1].span.ends_at == part.starts_at:
            found[-1] = Alone(who, Span(found[-1].span.starts_at, part.ends_at))
        else:
            found.append(Alone(who, part))
    return found


def parts_of(shifts: Sequence[tuple[int, Span]], during: Span) -> Iterator[tuple[Span, list[int]]]:
    """A time cut wherever a shift begins or ends, with those whose shifts run in each part."""
    moments = {during.starts_at, during.ends_at}
    moments |= {at for _who, span in shifts for at in (span.starts_at, span.ends_at)}
    inside = sorted(at for at in moments if during.starts_at <= at <= during.ends_at)
    for begins, ends in pairwise(inside):
        yield Span(begins, ends), [who for who, span in shifts if span.starts_at <= begins and span.ends_at >= ends]
