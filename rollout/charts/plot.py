"""The drawing board of a chart over time: axes, lines, areas, marks and their words, in one of two sizes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from rollout.charts import words
from rollout.charts.parts import GRID, INK, PAPER, QUIET, TINT
from rollout.charts.scales import Scale, day_ticks
from rollout.charts.series import Row
from rollout.charts.svg import Point, closed, element, label, number, polyline, shape, text_of, thinned


@dataclass(frozen=True)
class Size:
    """One of the two forms of a chart; lengths in units of its view box."""

    name: str
    width: float
    height: float
    text: float
    side: float
    day_width: float
    rows: int

    @property
    def leading(self) -> float:
        """From one base line to the next."""
        return self.text * 1.2


WIDE = Size("wide", width=720, height=230, text=15, side=150, day_width=80, rows=4)
NARROW = Size("narrow", width=300, height=190, text=14, side=84, day_width=72, rows=3)
SIZES = (WIDE, NARROW)


class Plot:
    """Draws in layers and is put together at the end by `picture()`."""

    def __init__(self, size: Size, values: Scale, first: date, last: date, *, name: str, kind: str, unit: str) -> None:
        """Set the axes; `kind` (whole, number, percent) is how values are written."""
        self.size = size
        self.values = values
        self.prefix = f"{name}-{size.name}"
        self.kind = kind
        self.first, self.last = first, last
        self.start, self.days = first.toordinal(), (last - first).days
        if not self.days:
            self.start, self.days = self.start - 1, 2
        self.divisor, self.scale_word = magnitude(values, kind)
        self.unit = " ".join(filter(None, [unit, f"({self.scale_word})" if self.scale_word else ""]))
        self.ticks = [(tick, self.written(tick)) for tick in values.ticks]
        self.layers: list[SafeString] = []
        self.defs: dict[str, SafeString] = {}
        self.points_drawn: list[Point] = []
        self.left = max(words.width(text, size.text) for _, text in self.ticks) + 10
        self.right = size.width - 12
        self.top = size.text * 1.6 if self.unit else size.text * 0.7
        self.bottom = self.top + size.height

    def written(self, value: Fraction) -> str:
        """Return a value as the axis writes it: "1,280", "80%", "2.5"."""
        shown = value * 100 if self.kind == "percent" else value / self.divisor
        step = self.values.step * 100 if self.kind == "percent" else self.values.step / self.divisor
        places = 0
        while places < 9 and (step * 10**places).denominator != 1:
            places += 1
        text = number_format(f"{float(abs(shown)):.{places}f}", places, use_l10n=True, force_grouping=True)
        sign = "\N{MINUS SIGN}" if shown < 0 else ""
        return f"{sign}{text}%" if self.kind == "percent" else f"{sign}{text}"

    def lower(self, room: float) -> None:
        """Move the plot down, to give room above it."""
        self.top += room
        self.bottom += room

    # From days and values to places.

    def x(self, day: date) -> float:
        """Return where a day stands."""
        return self.left + self.share(day) * (self.right - self.left)

    def share(self, day: date) -> float:
        """Return how far along the axis a day stands: 0 at its start, 1 at its end."""
        return (day.toordinal() - self.start) / self.days

    def y(self, value: Fraction) -> float:
        """Return where a value stands; beyond the axis it is held at its end."""
        return self.bottom - min(1.0, max(0.0, self.values.share(value))) * (self.bottom - self.top)

    def points(self, rows: Sequence[Row], column: int = 0) -> list[Point]:
        """Return the places of one of the values of each row."""
        return [(self.x(day), self.y(values[column])) for day, values in rows]

    # Layers, in the order they are called.

    def axes(self) -> None:
        """Draw the ticks of both axes."""
        size = self.size
        grid = "".join(f"M{number(self.left)} {number(self.y(tick))}H{number(self.right)}" for tick, _ in self.ticks)
        self.add(element("path", d=grid, stroke=GRID))
        drop = size.text * 0.35
        heads = [label([text], self.left - 6, self.y(tick) + drop, 0) for tick, text in self.ticks]
        self.add(element("g", *heads, fill=QUIET, text_anchor="end"))
        if self.unit:
            self.add(label([self.unit], 2.0, size.text, 0, fill=QUIET))
        self.day_axis()

    def day_axis(self) -> None:
        """Draw the axis of time: "14 Mar", with the year below where it begins or changes."""
        size, base = self.size, self.bottom
        most = max(2, int((self.right - self.left) / size.day_width) + 1)
        ticks = day_ticks(self.first, self.last, most)
        lines = "".join(f"M{number(self.x(day))} {number(base)}v5" for day in ticks)
        self.add(element("path", d=f"M{number(self.left)} {number(base)}H{number(self.right)}{lines}", stroke=QUIET))
        edge = -1.0
        year = None
        feet = []
        for day in ticks:
            text = date_format(day, "j M")
            half = words.width(text, size.text) / 2
            middle = min(max(self.x(day), half + 2), size.width - half - 2)
            if middle - half < edge:
                continue
            edge = middle + half + 4
            lines_of = [text] if day.year == year else [text, str(day.year)]
            year = day.year
            feet.append(label(lines_of, middle, base + size.text * 1.4, size.leading))
        self.add(element("g", *feet, fill=QUIET, text_anchor="middle"))

    def area(self, rows: Sequence[Row], *, hatched: bool) -> None:
        """Fill between two values a day, with thin edges that show without the fill."""
        upper = thinned(self.points(rows, 1), 60)
        lower = thinned(self.points(rows, 0), 60)
        fill = f"url(#{self.hatch()})" if hatched else TINT
        self.add(element("path", d=closed([*upper, *reversed(lower)]), fill=fill))
        edges = polyline(upper) + polyline(lower)
        self.add(element("path", d=edges, stroke=QUIET))

    def hatch(self) -> str:
        """Return the id of the pattern of slanted lines; it is defined once."""
        name = f"{self.prefix}-hatch"
        line = element("path", d="M-2 10L10-2M6 10L10 6M-2 2L2-2", stroke=QUIET)
        self.define(name, element("pattern", line, id=name, width=8, height=8, patternUnits="userSpaceOnUse"))
        return name

    def line(self, pieces: Sequence[Sequence[Point]], colour: str, dashes: str, thick: float) -> None:
        """Draw a line in pieces, one for each stretch without a gap."""
        path = "".join(polyline(thinned(piece, 120)) for piece in pieces)
        self.add(element("path", d=path, stroke=colour, stroke_width=thick, stroke_dasharray=dashes or None))

    def dots(self, points: Sequence[Point], kind: str, colour: str, size: float = 4) -> None:
        """Draw points in a shape with a dark outline; words keep off them."""
        if not points:
            return
        name = self.marker(kind, colour, size)
        self.points_drawn += points
        self.add(element("path", d=polyline(points), marker_start=name, marker_mid=name, marker_end=name))

    def marker(self, kind: str, colour: str, size: float) -> str:
        """Return the reference to a point's shape, defined once for all points of its kind."""
        name = f"{self.prefix}-{kind}"
        wide = 4 * size
        drawn = element("path", d=shape(kind, wide / 2, wide / 2, size), fill=colour, stroke=INK)
        box = {"markerWidth": wide, "markerHeight": wide, "refX": wide / 2, "refY": wide / 2}
        self.define(name, element("marker", drawn, id=name, markerUnits="userSpaceOnUse", **box))
        return f"url(#{name})"

    def define(self, name: str, markup: SafeString) -> None:
        """Keep a definition under its id."""
        self.defs[name] = markup

    def add(self, markup: SafeString) -> None:
        """Put markup on top of what is drawn."""
        self.layers.append(markup)

    def picture(self, title: str, description: str) -> SafeString:
        """Return the whole picture, named for screen readers."""
        size = self.size
        height = self.bottom + size.text * 3
        title_id, desc_id = f"{self.prefix}-title", f"{self.prefix}-desc"
        drawn = element("g", *self.layers, fill="none", font_family="Arial, sans-serif", font_size=size.text)
        return element(
            "svg",
            element("title", text_of(title), id=title_id),
            element("desc", text_of(description), id=desc_id),
            element("defs", *self.defs.values()) if self.defs else "",
            element("rect", width=size.width, height=height, fill=PAPER),
            drawn,
            xmlns="http://www.w3.org/2000/svg",
            class_=f"app-chart__picture app-chart__picture--{size.name}",
            viewBox=f"0 0 {number(size.width)} {number(height)}",
            role="img",
            aria_labelledby=title_id,
            aria_describedby=desc_id,
        )


def magnitude(values: Scale, kind: str) -> tuple[int, str]:
    """Return what the axis divides by and its word, so that huge values stay short: (1000000, "millions")."""
    largest = max(abs(values.low), abs(values.high))
    if kind == "percent" or largest < 10**6:
        return 1, ""
    power = (len(str(int(largest))) - 1) // 3 * 3
    named = {6: gettext("millions"), 9: gettext("billions"), 12: gettext("trillions")}
    return 10**power, named.get(power, gettext("times 10 to the power of %(power)s") % {"power": power})
