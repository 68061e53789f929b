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
from rollout.charts.svg import Point, closed, element, label, number, polyline, shape, text_of, thinned

Shares = tuple[float, float]
UNITS = ((10**12, "trillions"), (10**9, "billions"), (10**6, "millions"))


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


@dataclass(frozen=True)
class Flag:
    """A vertical line: its day, its words, and whether it is today."""

    day: date
    words: str
    today: bool = False


@dataclass(frozen=True)
class End:
    """Words at a line's end."""

    words: str
    y: float
    colour: str


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
        self.ends: list[End] = []
        self.layers: list[SafeString] = []
        self.defs: list[SafeString] = []
        self.flags: list[tuple[Flag, str, words.Place | None]] = []
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

    # Room first: what stands beside and above the plot decides how large it is.

    def make_room(self, labels: Sequence[str], flags: Sequence[Flag]) -> None:
        """Give room on the right to the words at the lines' ends, and above to those of the marks."""
        if labels:
            longest = max(words.width(line, self.size.text) for each in labels for line in self.folded(each))
            self.right = self.size.width - min(longest, self.size.side * 1.4) - 12
        self.flags = self.placed(flags)
        used = [place.row for _, _, place in self.flags if place]
        self.top += (max(used) + 1) * self.size.leading + 4 if used else 0
        self.bottom = self.top + self.size.height

    def folded(self, text: str) -> list[str]:
        """Return the words of a line's end in short lines."""
        return words.wrap(text, self.size.text, self.size.side)

    def placed(self, flags: Sequence[Flag]) -> list[tuple[Flag, str, words.Place | None]]:
        """Return each mark with its words, or its number where not all words find room."""
        named = [flag.words for flag in flags]
        found = self.rows_for(flags, named)
        if None in found:
            counted = iter(range(1, len(flags) + 1))
            named = [flag.words if flag.today else str(next(counted)) for flag in flags]
            found = self.rows_for(flags, named)
        return list(zip(flags, named, found, strict=True))

    def rows_for(self, flags: Sequence[Flag], named: Sequence[str]) -> list[words.Place | None]:
        """Return the places of words above the plot."""
        wanted = [
            (self.x(flag.day), words.width(text, self.size.text) + 4) for flag, text in zip(flags, named, strict=True)
        ]
        return words.stack(wanted, 2, self.size.width - 2, self.size.rows)

    @property
    def numbered(self) -> bool:
        """Whether the marks carry numbers, so that a list below must tell what they are."""
        return any(text != flag.words for flag, text, _ in self.flags)

    # From days and values to places.

    def x(self, day: date) -> float:
        """Return where a day stands."""
        return self.left + (day.toordinal() - self.start) / self.days * (self.right - self.left)

    def y(self, value: Fraction) -> float:
        """Return where a value stands; beyond the axis it is held at its end."""
        return self.bottom - min(1.0, max(0.0, self.values.share(value))) * (self.bottom - self.top)

    def points(self, pairs: Sequence[tuple[date, Fraction]]) -> list[Point]:
        """Return places of days and values."""
        return [(self.x(day), self.y(value)) for day, value in pairs]

    # Layers, in the order they are called.

    def axes(self) -> None:
        """Draw the ticks of both axes."""
        size = self.size
        grid = "".join(f"M{number(self.left)} {number(self.y(tick))}H{number(self.right)}" for tick, _ in self.ticks)
        self.add(element("path", d=grid, stroke=GRID, stroke_width=1))
        for tick, text in self.ticks:
            self.add(label([text], self.left - 6, self.y(tick) + size.text * 0.35, 0, text_anchor="end", fill=QUIET))
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
        for day in ticks:
            text = date_format(day, "j M")
            half = words.width(text, size.text) / 2
            middle = min(max(self.x(day), half + 2), size.width - half - 2)
            if middle - half < edge:
                continue
            edge = middle + half + 4
            lines_of = [text] if day.year == year else [text, str(day.year)]
            year = day.year
            self.add(label(lines_of, middle, base + size.text * 1.4, size.leading, text_anchor="middle", fill=QUIET))

    def area(self, pairs: Sequence[tuple[date, Fraction, Fraction]], *, hatched: bool) -> None:
        """Fill between two values a day, with thin edges that show without the fill."""
        upper = thinned(self.points([(day, high) for day, _, high in pairs]), 60)
        lower = thinned(self.points([(day, low) for day, low, _ in pairs]), 60)
        fill = f"url(#{self.hatch()})" if hatched else TINT
        self.add(element("path", d=closed([*upper, *reversed(lower)]), fill=fill))
        edges = polyline(upper) + polyline(lower)
        self.add(element("path", d=edges, stroke=QUIET, stroke_width=1))

    def hatch(self) -> str:
        """Return the id of the pattern of slanted lines; it is defined once."""
        name = f"{self.prefix}-hatch"
        if not self.defs:
            line = element("path", d="M-2 10L10-2M6 10L10 6M-2 2L2-2", stroke=QUIET, stroke_width=1)
            self.defs.append(element("pattern", line, id=name, width=8, height=8, patternUnits="userSpaceOnUse"))
        return name

    def line(self, pieces: Sequence[Sequence[Point]], colour: str, dashes: str, thick: float) -> None:
        """Draw a line in pieces, one for each stretch without a gap."""
        path = "".join(polyline(thinned(piece, 120)) for piece in pieces)
        self.add(element("path", d=path, stroke=colour, stroke_width=thick, stroke_dasharray=dashes or None))

    def dots(self, points: Sequence[Point], kind: str, colour: str, size: float = 4) -> None:
        """Draw points in a shape with a dark outline."""
        if points:
            path = "".join(shape(kind, x, y, size) for x, y in points)
            self.add(element("path", d=path, fill=colour, stroke=INK, stroke_width=1))

    def end(self, text: str, y: float, colour: str = INK) -> None:
        """Label a line at its end; the words are placed when all are known."""
        self.ends.append(End(text, y, colour))

    def draw_ends(self) -> None:
        """Write the words at the lines' ends, moved apart where they would overlap."""
        size = self.size
        folded = [self.folded(end.words) for end in self.ends]
        boxes = [(end.y, len(lines) * size.leading + 2) for end, lines in zip(self.ends, folded, strict=True)]
        middles = words.spread(boxes, self.top - size.leading, self.bottom + size.leading)
        for end, lines, middle in zip(self.ends, folded, middles, strict=True):
            base = middle - (len(lines) - 1) * size.leading / 2 + size.text * 0.35
            self.add(
                element("path", d=polyline([(self.right + 2, end.y), (self.right + 8, middle)]), stroke=end.colour)
            )
            self.add(label(lines, self.right + 11, base, size.leading, fill=end.colour))

    def draw_flags(self) -> None:
        """Draw the marks: lines through the plot, words or numbers above it."""
        size = self.size
        for flag, text, place in self.flags:
            x = self.x(flag.day)
            base = self.top - 4 - (place.row * size.leading if place else 0)
            dashes, thick = (None, 1.5) if flag.today else ("2 3", 1.5)
            line = polyline([(x, base), (x, self.bottom)])
            self.add(element("path", d=line, stroke=INK, stroke_width=thick, stroke_dasharray=dashes))
            if place:
                weight = "bold" if flag.today or text != flag.words else None
                left = place.left + 2
                self.add(label([text], left, base - 3, 0, fill=INK, font_weight=weight))

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
            element("defs", *self.defs) if self.defs else "",
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
    if kind != "percent":
        for divisor, word in UNITS:
            if largest >= divisor:
                return divisor, {"trillions": gettext("trillions"), "billions": gettext("billions")}.get(
                    word, gettext("millions")
                )
    return 1, ""
