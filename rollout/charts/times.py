"""Charts of values over days: what was measured, what was expected or planned, what is aimed at."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext

from rollout.charts.parts import ACTUALS, INK, LINES, Area, Chart, Event, Line, Mark, Number
from rollout.charts.plot import SIZES, Flag, Plot, Size
from rollout.charts.scales import Scale, exact, scale
from rollout.charts.svg import Point
from rollout.downloads import Column

NAME = re.compile(r"[a-z][a-z0-9-]*")
KINDS = ("whole", "number", "percent")
# Points of a measured line get shapes as long as they stand this far apart, in units of the picture.
APART = 15


def time_chart(
    *,
    name: str,
    title: str,
    description: str = "",
    lines: Sequence[Line] = (),
    areas: Sequence[Area] = (),
    marks: Iterable[Mark] = (),
    today: date | None = None,
    low: Number | None = None,
    high: Number | None = None,
    first: date | None = None,
    last: date | None = None,
    unit: str = "",
    kind: str = "number",
    empty: str = "",
    note: str = "",
) -> Chart:
    """Draw lines and bands over days.

    `name` is the chart's id on the page and the name of its table ([a-z0-9-]); `title` is the message as a sentence.
    `kind` says how values are written: whole (counts, axis from zero), number, percent (values are shares of 0–1).
    `unit` stands above the axis. `low` and `high` widen the axis, `first` and `last` set the days shown. `empty` is
    the sentence where nothing has a value. Raises ValueError for a name or kind that does not fit.
    """
    if not NAME.fullmatch(name) or kind not in KINDS or any(line.kind not in LINES for line in lines):
        raise ValueError(f"chart {name!r}: unknown name or kind")
    told = merged(marks)
    chart_table = table(lines, areas, told, kind)
    days = shown_days(lines, areas, first, last)
    if not days:
        nothing = empty or gettext("There are no values to draw yet.")
        return Chart(name=name, title=title, description=description, empty=nothing, note=note)
    if first is None or last is None:
        days += [mark.day for mark in told] + ([today] if today else [])
    start, end = first or min(days), last or max(days)
    values = value_scale(lines, areas, low, high, kind)
    described = description or describe(lines, start, end)
    pictures = []
    numbered = False
    flags = [Flag(mark.day, mark.label) for mark in told if start <= mark.day <= end]
    if today and start <= today <= end:
        flags = sorted([*flags, Flag(today, gettext("Today"), today=True)], key=lambda flag: flag.day)
    for size in SIZES:
        plot = drawn(size, values, start, end, lines, areas, flags, name=name, kind=kind, unit=unit)
        numbered = numbered or plot.numbered
        pictures.append(plot.picture(title, described))
    shown = [mark for mark in told if start <= mark.day <= end]
    return Chart(
        name=name,
        title=title,
        description=described,
        wide=pictures[0],
        narrow=pictures[1],
        note=note,
        columns=chart_table[0],
        rows=chart_table[1],
        events=tuple(Event(mark.day, mark.label, place) for place, mark in enumerate(shown, 1)) if numbered else (),
    )


def merged(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks by day, those of one day as one."""
    found: dict[date, list[str]] = {}
    for mark in marks:
        found.setdefault(mark.day, []).append(mark.label)
    return [Mark(day, "; ".join(labels)) for day, labels in sorted(found.items())]


def shown_days(lines: Sequence[Line], areas: Sequence[Area], first: date | None, last: date | None) -> list[date]:
    """Return the days that have a value, within those asked for."""
    days = [day for line in lines for day, value in line.points if exact(value) is not None]
    days += [
        day for area in areas for day, low, high in area.points if exact(low) is not None and exact(high) is not None
    ]
    return [day for day in days if (first is None or day >= first) and (last is None or day <= last)]


def value_scale(
    lines: Sequence[Line], areas: Sequence[Area], low: Number | None, high: Number | None, kind: str
) -> Scale:
    """Return an axis that holds every value; counts and shares begin at zero."""
    given: list[Number | None] = [value for line in lines for _, value in line.points]
    given += [value for area in areas for point in area.points for value in point[1:]]
    given += [low, high, 0 if kind != "number" else None]
    known = [value for value in map(exact, given) if value is not None]
    return scale(min(known), max(known), whole=kind == "whole")


def drawn(
    size: Size,
    values: Scale,
    start: date,
    end: date,
    lines: Sequence[Line],
    areas: Sequence[Area],
    flags: Sequence[Flag],
    *,
    name: str,
    kind: str,
    unit: str,
) -> Plot:
    """Draw the chart in one size."""
    plot = Plot(size, values, start, end, name=name, kind=kind, unit=unit)
    plot.make_room([part.label for part in (*lines, *areas) if part.label], flags)
    plot.axes()
    for area in areas:
        for band in stretches([(day, exact(low), exact(high)) for day, low, high in area.points], start, end):
            plot.area(band, hatched=area.kind == "dip")
        if middle := last_middle(area, start, end):
            plot.end(area.label, plot.y(middle))
    plot.draw_flags()
    actuals = iter(ACTUALS * 9)
    for line in lines:
        draw_line(plot, line, start, end, next(actuals) if line.kind == "actual" else (LINES[line.kind][0], ""))
    plot.draw_ends()
    return plot


def draw_line(plot: Plot, line: Line, start: date, end: date, look: tuple[str, str]) -> None:
    """Draw one line, its points if it was measured, and its label."""
    colour, dot = look
    pieces = [plot.points(piece) for piece in joined(line, start, end)]
    if not pieces:
        return
    if line.kind == "target" and sum(map(len, pieces)) == 1:
        y = pieces[0][0][1]
        pieces = [[(plot.left, y), (plot.right, y)]]
    plot.line(pieces, colour, LINES[line.kind][1], LINES[line.kind][2])
    if dot:
        plot.dots(spaced([point for piece in pieces for point in piece]), dot, colour)
    if line.label:
        plot.end(line.label, pieces[-1][-1][1], INK if line.kind == "target" else colour)


def joined(line: Line, start: date, end: date) -> list[list[tuple[date, Fraction]]]:
    """Return the stretches of a line between its gaps, within the days shown."""
    found: list[list[tuple[date, Fraction]]] = [[]]
    for day, given in sorted(line.points, key=lambda point: point[0]):
        value = exact(given)
        if value is None or not start <= day <= end:
            found.append([])
            continue
        if found[-1] and line.gap is not None and (day - found[-1][-1][0]).days > line.gap:
            found.append([])
        found[-1].append((day, value))
    return [piece for piece in found if piece]


def stretches(
    points: Iterable[tuple[date, Fraction | None, Fraction | None]], start: date, end: date
) -> list[list[tuple[date, Fraction, Fraction]]]:
    """Return the stretches of an area between its gaps, within the days shown."""
    found: list[list[tuple[date, Fraction, Fraction]]] = [[]]
    for day, low, high in sorted(points, key=lambda point: point[0]):
        if low is None or high is None or not start <= day <= end:
            found.append([])
        else:
            found[-1].append((day, low, high))
    return [piece for piece in found if piece]


def last_middle(area: Area, start: date, end: date) -> Fraction | None:
    """Return the value at which an area is labelled: half way up its right edge."""
    bands = stretches([(day, exact(low), exact(high)) for day, low, high in area.points], start, end)
    return (bands[-1][-1][1] + bands[-1][-1][2]) / 2 if bands and area.label else None


def spaced(points: Sequence[Point]) -> list[Point]:
    """Return points far enough apart to be told from one another, the last one among them."""
    found: list[Point] = []
    for point in reversed(points):
        if not found or found[-1][0] - point[0] >= APART:
            found.append(point)
    return found[::-1]


def describe(lines: Sequence[Line], start: date, end: date) -> str:
    """Return what the picture shows in words, where the caller has none."""
    told = [gettext("Line chart from %(first)s to %(last)s.") % {"first": named(start), "last": named(end)}]
    told += [gettext("Lines: %(names)s.") % {"names": ", ".join(line.label for line in lines if line.label)}]
    return " ".join(told)


def named(day: date) -> str:
    """Return "14 March 2026"."""
    return date_format(day, "j F Y")


def table(
    lines: Sequence[Line], areas: Sequence[Area], marks: Sequence[Mark], kind: str
) -> tuple[tuple[Column, ...], tuple[tuple[object, ...], ...]]:
    """Return columns and rows of what the chart shows: a row a day, a column a line, two an area, one for marks."""
    columns = [Column("day", gettext("Day"), "day")]
    series: list[dict[date, object]] = []
    for number, line in enumerate(lines, 1):
        columns.append(Column(f"line_{number}", line.label, kind))
        series.append({day: value for day, value in line.points if exact(value) is not None})
    for number, area in enumerate(areas, 1):
        lowest = gettext("%(name)s: low") % {"name": area.label}
        highest = gettext("%(name)s: high") % {"name": area.label}
        columns += [Column(f"area_{number}_low", lowest, kind), Column(f"area_{number}_high", highest, kind)]
        series.append({day: low for day, low, _ in area.points if exact(low) is not None})
        series.append({day: high for day, _, high in area.points if exact(high) is not None})
    if marks:
        columns.append(Column("event", gettext("Event"), "text"))
        series.append({mark.day: mark.label for mark in marks})
    days = sorted({day for values in series for day in values})
    for line, values in zip(lines, series, strict=False):
        if line.kind == "target" and len(values) == 1:
            values.update(dict.fromkeys(days, next(iter(values.values()))))
    return tuple(columns), tuple((day, *(values.get(day) for values in series)) for day in days)
