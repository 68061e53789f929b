"""Markup of a picture: elements with presentation attributes, paths, shapes. No inline style, no script."""

import re
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

Point = tuple[float, float]
# Signs that XML does not know: a picture with one of them would not open at all.
UNKNOWN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def number(value: float) -> str:
    """Return a coordinate to one decimal, as short as it can be written."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def text_of(words: object) -> SafeString:
    """Return words that are safe in markup."""
    return escape(UNKNOWN.sub("", str(words)))


def element(name: str, *children: str, **attributes: object) -> SafeString:
    """Return one element. Attributes None are left out; `_` in their names stands for `-`; `class_` for class.

    Children are markup; words go through `text_of` first.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{number(value) if isinstance(value, float) else text_of(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    return SafeString(f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>")


def label(words: Iterable[str], x: float, y: float, leading: float, **attributes: object) -> SafeString:
    """Return lines of text below one another; `y` is the first base line."""
    lines = list(words)
    if len(lines) == 1:
        return element("text", text_of(lines[0]), x=x, y=y, **attributes)
    spans = [element("tspan", text_of(line), x=x, y=y + row * leading) for row, line in enumerate(lines)]
    return element("text", *spans, **attributes)


def polyline(points: Sequence[Point]) -> str:
    """Return path data through points; one point alone is a dot that round ends show."""
    if len(points) == 1:
        return f"M{number(points[0][0])} {number(points[0][1])}h.1"
    return "M" + " ".join(f"{number(x)} {number(y)}" for x, y in points)


def closed(points: Sequence[Point]) -> str:
    """Return path data around points."""
    return polyline(points) + "z"


def shape(kind: str, x: float, y: float, size: float = 4) -> str:
    """Return path data of a point's shape: circle, square, triangle, diamond."""
    s = size
    n = number
    if kind == "triangle":
        return f"M{n(x)} {n(y - 1.25 * s)}l{n(1.2 * s)} {n(2.1 * s)}h{n(-2.4 * s)}z"
    if kind == "diamond":
        d, back = n(1.35 * s), n(-1.35 * s)
        return f"M{n(x)} {n(y - 1.35 * s)}l{d} {d} {back} {d} {back} {back}z"
    if kind == "square":
        return f"M{n(x - s)} {n(y - s)}h{n(2 * s)}v{n(2 * s)}h{n(-2 * s)}z"
    return f"M{n(x - s)} {n(y)}a{n(s)} {n(s)} 0 1 0 {n(2 * s)} 0 {n(s)} {n(s)} 0 1 0 {n(-2 * s)} 0z"


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """Return fewer points that look the same: none inside a straight run, then each stretch by its extremes."""
    kept = straightened(points)
    if len(kept) <= most:
        return kept
    stretches = max(1, most // 4)
    first, last = kept[0][0], kept[-1][0]
    found: dict[int, list[Point]] = {}
    for point in kept:
        found.setdefault(min(stretches - 1, int((point[0] - first) / ((last - first) or 1) * stretches)), []).append(
            point
        )
    thin: list[Point] = []
    for group in found.values():
        wanted = {
            group.index(min(group, key=lambda point: point[1])),
            group.index(max(group, key=lambda point: point[1])),
        }
        thin += [group[number] for number in sorted({0, len(group) - 1, *wanted})]
    return thin


def straightened(points: Sequence[Point], within: float = 0.3) -> list[Point]:
    """Return the points without those that the line through the others passes by at most `within` units."""
    if not points:
        return []
    kept = {0, len(points) - 1}
    open_ends = [(0, len(points) - 1)]
    while open_ends:
        start, end = open_ends.pop()
        off = [(beside(points[start], points[each], points[end]), each) for each in range(start + 1, end)]
        if off and max(off)[0] > within:
            middle = max(off)[1]
            kept.add(middle)
            open_ends += [(start, middle), (middle, end)]
    return [points[each] for each in sorted(kept)]


def beside(start: Point, middle: Point, end: Point) -> float:
    """How far above or below the line between two points a third one lies."""
    if end[0] == start[0]:
        return abs(middle[1] - start[1])
    share = (middle[0] - start[0]) / (end[0] - start[0])
    return abs(start[1] + share * (end[1] - start[1]) - middle[1])
