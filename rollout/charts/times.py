"""Charts of values over days: what was measured, what was expected or planned, what is aimed at."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from rollout.charts.annotations import End, Flag, Standing, draw_ends, draw_flags, make_room
from rollout.charts.parts import ACTUALS, INK, LINES, NUMERIC, Area, Chart, Event, Line, Mark, Number
from rollout.charts.plot import SIZES, Plot
from rollout.charts.scales import exact, scale
from rollout.charts.series import area_rows, drawn_values, known_days, lasting, line_parts, line_rows, stretches
from rollout.charts.svg import Point
from rollout.downloads import Column, Kind

NAME = re.compile(r"[a-z][a-z0-9-]*")
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
    kind: Kind = "number",
    empty: str = "",
    note: str = "",
) -> Chart:
    """Draw lines and bands over days.

    `name` is the chart's id on the page and the name of its table ([a-z0-9-]); `title` is the message as a sentence.
    `kind` says how values are written: whole (counts, axis from zero), number, percent (values are shares of 0–1).
    `unit` stands above the axis. `low` and `high` widen the axis, `first` and `last` set the days shown. `empty` is
    the sentence where nothing has a value. Raises ValueError for a name or kind that does not fit.
    """
    checked(name, kind, *(line.kind for line in lines))
    # Labels may be lazy translations; from here on they are words.
    lines = [replace(line, label=str(line.label)) for line in lines]
    areas = [replace(area, label=str(area.label)) for area in areas]
    told = merged(marks)
    columns, rows = table(lines, areas, told, kind)
    days = days_known(lines, areas)
    if days:
        days += [mark.day for mark in told] + ([today] if today else [])
        span = first or min(days), last or max(days)
        known = drawn_values([line for line in lines if not lasting(line)], areas, *span)
    if not days or not known:
        nothing = empty or gettext("There are no values to draw yet.")
        return Chart(name=name, title=title, description=str(description), empty=nothing, note=note)
    shown = [mark for mark in told if span[0] <= mark.day <= span[1]]
    known += drawn_values(lines, (), *span)
    known += [value for value in map(exact, (low, high, None if kind == "number" else 0)) if value is not None]
    values = scale(min(known), max(known), whole=kind == "whole")
    described = description or describe(lines, *span)
    pictures, numbered = [], []
    for size in SIZES:
        plot = Plot(size, values, *span, name=name, kind=kind, unit=unit)
        standing = make_room(plot, room_for(lines, areas, *span), flags(shown, today, *span))
        draw(plot, lines, areas, standing)
        numbered.append(any(each.numbered for each in standing))
        pictures.append(plot.picture(title, described))
    return Chart(
        name=name,
        title=title,
        description=described,
        wide=pictures[0],
        narrow=pictures[1],
        note=note,
        columns=columns,
        rows=rows,
        events=tuple(Event(mark.day, mark.label, place) for place, mark in enumerate(shown, 1))
        if any(numbered)
        else (),
        events_narrow=numbered == [False, True],
    )


def checked(name: str, kind: str, *looks: str) -> None:
    """Raise ValueError for a name that is no id, or for a kind of value or line that there is not."""
    if not NAME.fullmatch(name) or kind not in NUMERIC or not set(looks) <= set(LINES):
        raise ValueError(f"chart {name!r}: unknown name or kind")


def merged(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks by day, those of one day as one."""
    found: dict[date, list[str]] = {}
    for mark in marks:
        found.setdefault(mark.day, []).append(str(mark.label))
    return [Mark(day, "; ".join(labels)) for day, labels in sorted(found.items())]


def flags(marks: Iterable[Mark], today: date | None, start: date, end: date) -> list[Flag]:
    """Return the marks and today, as far as they are shown, by day."""
    found = [Flag(mark.day, mark.label) for mark in marks]
    if today and start <= today <= end:
        found.append(Flag(today, gettext("Today"), today=True))
    return sorted(found, key=lambda flag: flag.day)


def days_known(lines: Sequence[Line], areas: Sequence[Area]) -> list[date]:
    """Return the days that have a value; those of lasting targets do not count."""
    days = [day for line in lines if not lasting(line) for day in known_days(line_rows(line))]
    return days + [day for area in areas for day in known_days(area_rows(area))]


def room_for(lines: Sequence[Line], areas: Sequence[Area], start: date, end: date) -> list[End]:
    """Return the words of each line and area with the day where it ends."""
    found = [End(line.label, parts[-1][-1][0]) for line in lines if (parts := line_parts(line, start, end))]
    return found + [
        End(area.label, parts[-1][-1][0]) for area in areas if (parts := stretches(area_rows(area), start, end))
    ]


def draw(plot: Plot, lines: Sequence[Line], areas: Sequence[Area], standing: Sequence[Standing]) -> None:
    """Draw areas, marks and lines over the axes, and last the words at their ends."""
    plot.axes()
    ends = [end for area in areas for end in draw_area(plot, area)]
    draw_flags(plot, standing)
    looks = iter(ACTUALS * len(lines))
    for line in lines:
        ends += draw_line(plot, line, next(looks) if line.kind == "actual" else (LINES[line.kind][0], ""))
    draw_ends(plot, ends)


def draw_area(plot: Plot, area: Area) -> list[End]:
    """Draw one area; returns its words, half way up its right edge."""
    parts = stretches(area_rows(area), plot.first, plot.last)
    for part in parts:
        plot.area(part, hatched=area.kind == "dip")
    return [
        End(area.label, day, plot.y((values[0] + values[1]) / 2)) for day, values in [part[-1] for part in parts[-1:]]
    ]


def draw_line(plot: Plot, line: Line, look: tuple[str, str]) -> list[End]:
    """Draw one line, and its points if it was measured; returns its words."""
    colour, dot = look
    parts = line_parts(line, plot.first, plot.last)
    if not parts:
        return []
    pieces = [plot.points(part) for part in parts]
    if lasting(line):
        pieces = [[(plot.left, pieces[0][0][1]), (plot.right, pieces[0][0][1])]]
    plot.line(pieces, colour, LINES[line.kind][1], LINES[line.kind][2])
    if dot:
        measured = set(known_days(line_rows(line)))
        plot.dots(spaced(plot.points([row for part in parts for row in part if row[0] in measured])), dot, colour)
    return [End(line.label, parts[-1][-1][0], pieces[-1][-1][1], INK if line.kind == "target" else colour)]


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
    lines: Sequence[Line], areas: Sequence[Area], marks: Sequence[Mark], kind: Kind
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
    # A lasting target holds on every day of the others and adds none of its own.
    held = {number for number, line in enumerate(lines) if lasting(line)}
    if marks:
        columns.append(Column("event", gettext("Event"), "text"))
        series.append({mark.day: mark.label for mark in marks})
    days = sorted({day for number, values in enumerate(series) for day in values if number not in held})
    for line, values in zip(lines, series, strict=False):
        if lasting(line) and values:
            values.update(dict.fromkeys(days, *values.values()))
    return tuple(columns), tuple((day, *(values.get(day) for values in series)) for day in days)
