"""Control charts (XmR): what rollout.xmr says about a series, drawn with its marks, limits and words."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from rollout.charts.annotations import End, draw_ends, draw_flags, make_room
from rollout.charts.icons import MARKS, all_keys, assurance_key, point_key, variation_key
from rollout.charts.parts import INK, LINES, QUIET, Area, Chart, Event, Key, Line, Mark, Number, Points, brief, spoken
from rollout.charts.plot import SIZES, Plot
from rollout.charts.scales import Scale, scale
from rollout.charts.series import drawn_values
from rollout.charts.times import checked, draw_area, draw_line, flags, merged, room_for
from rollout.downloads import Column, Kind
from rollout.templatetags.formats import day_range
from rollout.xmr import RUN_CHART, TRIAL, Base, Dip, Judged, Meaning, Segment, assurance, judge, variation

DRAWN = 36
MOST_TOLD = 3


def xmr_chart(
    *,
    name: str,
    title: str,
    points: Points,
    better: str = "",
    bases: Iterable[Base] = (),
    target: Number | None = None,
    trajectory: Points = (),
    dips: Sequence[Dip] = (),
    marks: Iterable[Mark] = (),
    today: date | None = None,
    label: str = "",
    unit: str = "",
    kind: Kind = "number",
    description: str = "",
    empty: str = "",
) -> Chart:
    """Draw a control chart of the last 36 points.

    `better` is "up", "down" or "" (rollout.choices.Direction). `bases` are the go-live and the recorded decisions from
    which limits are worked out anew; `dips` are the times when worse is expected. `trajectory` is the way agreed to
    the target. The table has the points drawn, each with its limits and the rule that fired; the note names the rules.
    """
    checked(name, kind)
    bases = list(bases)
    segments = judge(points, better=better, bases=bases, dips=dips)
    if not segments:
        return Chart(
            name=name, title=title, description=description, empty=empty or gettext("There are no figures yet.")
        )
    shown = last_points(segments)
    first, last = shown[0][1][0].day, shown[-1][1][-1].day
    areas = [
        Area(gettext("Expected dip"), [(day, dip.of, dip.to) for day in (dip.first, dip.last)], "dip") for dip in dips
    ]
    lines = guides(target, trajectory, kind)
    told = merged([*marks, *(Mark(base.day, base.label) for base in bases)])
    told = [mark for mark in told if first <= mark.day <= last]
    note = " ".join([*signal_words(shown), *state_words(segments[-1])])
    described = description or describe(shown, note, kind)
    pictures, numbered = [], []
    for size in SIZES:
        values = value_scale(shown, lines, areas, first, last, kind)
        plot = Plot(size, values, first, last, name=name, kind=kind, unit=unit)
        words = limit_ends(segments[-1], last, kind)
        standing = make_room(plot, [*words, *room_for(lines, areas, first, last)], flags(told, today, first, last))
        plot.axes()
        ends = [end for area in areas for end in draw_area(plot, area)]
        draw_flags(plot, standing)
        ends += [end for line in lines for end in draw_line(plot, line, (LINES[line.kind][0], ""))]
        for segment, part in shown:
            draw_segment(plot, segment, part, kind)
        draw_ends(plot, [*ends, *limit_ends(segments[-1], last, kind, plot)])
        pictures.append(plot.picture(title, described))
        numbered.append(any(each.numbered for each in standing))
    columns, rows = table(shown, target, label or gettext("Value"), kind)
    return Chart(
        name=name,
        title=title,
        description=described,
        wide=pictures[0],
        narrow=pictures[1],
        note=note,
        columns=columns,
        rows=rows,
        icons=icons(segments, target, better),
        keys=keys(shown),
        guide=guide(segments[-1]),
        guide_keys=all_keys(better, target=target is not None) if segments[-1].state == "settled" else (),
        events=tuple(Event(mark.day, mark.label, place) for place, mark in enumerate(told, 1)) if any(numbered) else (),
        events_narrow=numbered == [False, True],
    )


Part = tuple[Segment, tuple[Judged, ...]]


def last_points(segments: Sequence[Segment]) -> list[Part]:
    """Return the segments with those of their points that are drawn: the last 36 of the whole series."""
    left = DRAWN
    shown: list[Part] = []
    for segment in reversed(segments):
        if left > 0:
            shown.append((segment, segment.points[-left:]))
            left -= len(segment.points)
    return shown[::-1]


def guides(target: Number | None, trajectory: Points, kind: Kind) -> list[Line]:
    """Return the lines of what is aimed at, each with its words at its end."""
    lines = []
    if trajectory:
        lines.append(Line(gettext("Trajectory"), trajectory, "planned"))
    if target is not None:
        words = gettext("Target %(value)s") % {"value": brief(target, kind)}
        lines.append(Line(words, [(date.min, target)], "target"))
    return lines


def value_scale(
    shown: Sequence[Part], lines: Sequence[Line], areas: Sequence[Area], first: date, last: date, kind: Kind
) -> Scale:
    """Return an axis that holds points, limits and what is aimed at within the days shown."""
    known = [point.value for _, part in shown for point in part]
    known += [value for segment, _ in shown for value in (segment.middle, *drawn_limits(segment, kind))]
    known += drawn_values(lines, areas, first, last)
    known += [] if kind == "number" else [Fraction()]
    return scale(min(known), max(known), whole=kind == "whole")


def drawn_limits(segment: Segment, kind: Kind) -> list[Fraction]:
    """Return the limits, without those that no figure can reach: below zero, or above all."""
    never_negative = all(point.value >= 0 for point in segment.points)
    limits = [limit for limit in (segment.upper, segment.lower) if limit is not None]
    return [limit for limit in limits if not (limit < 0 and never_negative) and not (kind == "percent" and limit > 1)]


def draw_segment(plot: Plot, segment: Segment, part: Sequence[Judged], kind: Kind) -> None:
    """Draw the points of one segment with its mean and limits; nothing joins it to the segment before."""
    left, right = plot.x(part[0].day), plot.x(part[-1].day)
    if len(part) > 1:
        for look, values in (("mean", [segment.middle]), ("limit", drawn_limits(segment, kind))):
            plot.line([[(left, plot.y(value)), (right, plot.y(value))] for value in values], *LINES[look])
    places = [(plot.x(point.day), plot.y(point.value)) for point in part]
    plot.line([places], INK, "", 1.2)
    for meaning, (shape, colour) in MARKS.items():
        chosen = [place for place, point in zip(places, part, strict=True) if point.meaning == meaning]
        plot.dots(chosen, shape, colour, 4.5)


def limit_ends(segment: Segment, day: date, kind: Kind, plot: Plot | None = None) -> list[End]:
    """Return the words at the ends of the mean and the limits; with a plot, where they stand."""
    names = {"run_chart": gettext("Median %(value)s"), "trial": gettext("Trial mean %(value)s")}
    told = [(names.get(segment.state, gettext("Mean %(value)s")), segment.middle)]
    limit = gettext("Trial limit %(value)s") if segment.state == "trial" else gettext("Limit %(value)s")
    told += [(limit, value) for value in drawn_limits(segment, kind)]
    return [
        End(words % {"value": brief(value, kind)}, day, plot.y(value) if plot else 0, QUIET) for words, value in told
    ]


def rule_words(point: Judged) -> str:
    """Return the rule that fired at a point, in words."""
    high = point.signal.side == "high"
    return {
        "": "",
        "outside": gettext("above the upper limit") if high else gettext("below the lower limit"),
        "trend": gettext("7 or more in a row, each above the last")
        if high
        else gettext("7 or more in a row, each below the last"),
        "two_of_three": gettext("2 of 3 in a row close to the upper limit")
        if high
        else gettext("2 of 3 in a row close to the lower limit"),
        "run": gettext("7 or more in a row above the mean") if high else gettext("7 or more in a row below the mean"),
    }[point.signal.rule]


def meaning_words(meaning: Meaning) -> str:
    """Return what a point means as one word."""
    return {
        "common": gettext("as usual"),
        "improvement": gettext("improvement"),
        "concern": gettext("concern"),
        "neutral": gettext("change"),
        "expected": gettext("within the expected dip"),
    }[meaning]


def signal_words(shown: Sequence[Part]) -> list[str]:
    """Return a sentence for each row of points with the same signal, the latest MOST_TOLD of them."""
    told = []
    for _, part in shown:
        for (rule, meaning), group in groupby(part, key=lambda point: (rule_words(point), point.meaning)):
            points = list(group)
            if rule:
                days = day_range(points[0].day, points[-1].day)
                words = {"days": days, "rule": rule, "meaning": meaning_words(meaning)}
                told.append(gettext("%(days)s: %(rule)s (%(meaning)s).") % words)
    return [*([gettext("The latest signals:")] if len(told) > MOST_TOLD else []), *told[-MOST_TOLD:]]


def state_words(segment: Segment) -> list[str]:
    """Return what the number of points allows to say."""
    points = len(segment.points)
    if segment.state == "settled":
        fired = any(point.signal.rule for point in segment.points[-DRAWN:])
        return [] if fired else [gettext("No signals: the figures vary as usual.")]
    if segment.state == "trial":
        return [gettext("The limits are on trial: %(points)s of %(all)s points.") % {"points": points, "all": TRIAL}]
    return [gettext("Too few points for limits: %(points)s of %(all)s.") % {"points": points, "all": RUN_CHART}]


def describe(shown: Sequence[Part], note: str, kind: Kind) -> str:
    """Return what the picture shows in words."""
    first, latest = shown[0][1][0], shown[-1][1][-1]
    told = {
        "count": sum(len(part) for _, part in shown),
        "days": day_range(first.day, latest.day),
        "latest": spoken(latest.value, kind),
    }
    return gettext("Control chart of %(count)s points, %(days)s. The latest is %(latest)s.") % told + f" {note}"


def icons(segments: Sequence[Segment], target: Number | None, better: str) -> tuple[Key, ...]:
    """Return the two icons with their words; none while limits are not settled, one without a target."""
    signal = variation(segments)
    met = assurance(segments, target, better)
    shown = [] if signal is None else [variation_key(signal, segments[-1].latest.meaning)]
    return (*shown, *([assurance_key(met)] if met else []))


def guide(segment: Segment) -> tuple[str, ...]:
    """Return how a control chart is worked out, in words, as far as the segment has come."""
    if segment.state == "run_chart":
        return (gettext("The line in the middle is the median: half of the points lie on or above it."),)
    limits = gettext(
        "The limits lie 2.66 times the mean difference between neighbouring points above and below the mean. "
    ) + (
        gettext("Both are worked out over all points since: %(label)s.") % {"label": segment.label}
        if segment.label
        else gettext("Both are worked out over all points.")
    )
    if segment.state == "trial":
        return limits, gettext("From 13 points on the limits are settled, and signals and icons are shown.")
    signals = gettext(
        "A signal is a point outside the limits; 7 or more in a row, each above (or below) the last; 2 of 3 in a row "
        "close to a limit; or 7 or more in a row on one side of the mean. Where several hold, the first of these is "
        "named."
    )
    icons_told = gettext("The icons speak of the latest point, and of the target against the limits:")
    return limits, signals, icons_told


def keys(shown: Sequence[Part]) -> tuple[Key, ...]:
    """Return the shapes that stand in the picture with their words; none where all points are of one kind."""
    used = {point.meaning for _, part in shown for point in part}
    shapes = [meaning for meaning in MARKS if meaning in used and meaning != "expected"]
    return tuple(point_key(meaning) for meaning in shapes) if len(shapes) > 1 else ()


def table(
    shown: Sequence[Part], target: Number | None, label: str, kind: Kind
) -> tuple[tuple[Column, ...], tuple[tuple[Any, ...], ...]]:
    """Return columns and rows of the points drawn, with the limits each is judged by and the rule that fired."""
    middle = gettext("Mean") if all(part.state != "run_chart" for part, _ in shown) else gettext("Mean or median")
    columns = [
        Column("day", gettext("Day"), "day"),
        Column("value", label, kind),
        Column("mean", middle, "percent" if kind == "percent" else "number"),
        Column("lower_limit", gettext("Lower limit"), "percent" if kind == "percent" else "number"),
        Column("upper_limit", gettext("Upper limit"), "percent" if kind == "percent" else "number"),
        *([Column("target", gettext("Target"), kind)] if target is not None else []),
        Column("signal", gettext("Signal")),
        *([Column("since", gettext("Limits since"))] if len(shown) > 1 else []),
    ]
    rows = []
    for segment, part in shown:
        for point in part:
            rule = rule_words(point)
            nothing = gettext("No signal") if segment.state == "settled" else gettext("Not judged yet")
            words = f"{rule} ({meaning_words(point.meaning)})" if rule else nothing
            judged = (point.day, point.value, segment.middle, segment.lower, segment.upper)
            since = (segment.label or gettext("The beginning"),) if len(shown) > 1 else ()
            rows.append((*judged, *([target] if target is not None else []), words, *since))
    return tuple(columns), tuple(rows)
