"""Rounding parts so that what is shown adds up to what is shown of the whole."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from readiness.scoring.numbers import decimal_of, rounded


def shown(parts: Sequence[Fraction | int], places: int = 1, total: Decimal | None = None) -> list[Decimal]:
    """Each part with `places` decimals, adding up to `total`, or to the rounded sum where no total is given.

    By largest remainder: every part is rounded down and those cut most get the rest. A part that is exactly zero stays
    zero as long as another one is not. Raises ValueError if the total has more decimals, or nobody to take it.
    """
    unit = 10**places
    wanted = rounded(sum(parts, Fraction(0)), places) if total is None else total
    whole = Fraction(wanted) * unit
    if whole.denominator != 1:
        raise ValueError(f"{wanted} has more than {places} decimals")
    scaled = [Fraction(part) * unit for part in parts]
    floors = [part.numerator // part.denominator for part in scaled]
    takers = [place for place, part in enumerate(scaled) if part] or list(range(len(scaled)))
    rest = whole.numerator - sum(floors)
    if not takers:
        if rest:
            raise ValueError(f"{wanted} has no parts")
        return []
    each, extra = divmod(rest, len(takers))
    takers.sort(key=lambda place: floors[place] - scaled[place])
    for rank, place in enumerate(takers):
        floors[place] += each + (rank < extra)
    return [decimal_of(floor, places) for floor in floors]
