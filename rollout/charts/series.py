"""From given points to stretches that can be drawn: sorted, exact, cut at the days shown, broken at gaps."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from rollout.charts.parts import Area, Line, Number
from rollout.charts.scales import exact

Row = tuple[date, tuple[Fraction, ...]]


def line_rows(line: Line) -> list[tuple[date, tuple[Number | None, ...]]]:
    """Return a line's points as rows of a day and one value."""
    return [(day, (value,)) for day, value in line.points]


def line_parts(line: Line, start: date, end: date) -> list[list[Row]]:
    """Return the stretches of a line between two days; a lasting target reaches from one to the other."""
    if not lasting(line):
        return stretches(line_rows(line), start, end, line.gap)
    value = exact(line.points[0][1])
    return [] if value is None else [[(start, (value,)), (end, (value,))]]


def area_rows(area: Area) -> list[tuple[date, tuple[Number | None, ...]]]:
    """Return an area's points as rows of a day and two values."""
    return [(day, (low, high)) for day, low, high in area.points]


def known_days(rows: Iterable[tuple[date, tuple[Number | None, ...]]]) -> list[date]:
    """Return the days of rows that have all their values."""
    return [day for day, values in rows if all(exact(value) is not None for value in values)]


def stretches(
    rows: Iterable[tuple[date, tuple[Number | None, ...]]], start: date, end: date, gap: int | None = None
) -> list[list[Row]]:
    """Return the stretches of rows between gaps, cut at two days.

    A gap is a row without a value, or more than `gap` days between two rows. What runs across the first or last day
    shown is cut there, at the value it has on that day.
    """
    found: list[list[Row]] = [[]]
    for day, given in sorted(rows, key=lambda row: row[0]):
        values = tuple(value for value in map(exact, given) if value is not None)
        if len(values) < len(given):
            found.append([])
            continue
        if found[-1] and gap is not None and (day - found[-1][-1][0]).days > gap:
            found.append([])
        found[-1].append((day, values))
    return [piece for part in found if (piece := cut(part, start, end))]


def cut(rows: Sequence[Row], start: date, end: date) -> list[Row]:
    """Return what lies between two days, with the values where rows run across them; nothing if they are reversed."""
    if start > end:
        return []
    kept: list[Row] = []
    for number, row in enumerate(rows):
        before = rows[number - 1] if number else None
        if before:
            kept += [between(before, row, edge) for edge in sorted({start, end}) if before[0] < edge < row[0]]
        if start <= row[0] <= end:
            kept.append(row)
    return kept


def between(before: Row, after: Row, day: date) -> Row:
    """Return the row of a day on the straight way between two others."""
    share = Fraction((day - before[0]).days, (after[0] - before[0]).days)
    return day, tuple(low + share * (high - low) for low, high in zip(before[1], after[1], strict=True))


def lasting(line: Line) -> bool:
    """Whether a line has one value that holds over the whole width: a target."""
    return line.kind == "target" and len(line.points) == 1


def drawn_values(lines: Iterable[Line], areas: Iterable[Area], start: date, end: date) -> list[Fraction]:
    """Return every value that lines and areas have between two days."""
    parts = [part for line in lines for part in line_parts(line, start, end)]
    parts += [part for area in areas for part in stretches(area_rows(area), start, end)]
    return [value for part in parts for _, values in part for value in values]
