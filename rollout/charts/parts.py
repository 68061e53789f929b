"""What a chart is made of. Values are plain numbers; None where there is no value, which leaves a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString

from rollout.downloads import Column, Table
from rollout.templatetags.formats import MINUS
from rollout.templatetags.formats import day as day_words
from rollout.templatetags.formats import exact as written

Number = int | float | Decimal | Fraction
NUMERIC = ("whole", "number", "percent")
MOST_ROWS = 60
Points = Sequence[tuple[date, Number | None]]

# How a kind of line is drawn: colour, dashes and width. Kinds differ by their dashes, so they can be told in print.
INK = "#212b32"
QUIET = "#4c6272"
BLUE = "#0077a3"
ORANGE = "#b35300"
PURPLE = "#6b3fa0"
PAPER = "#fff"
GRID = "#d8dde0"
TINT = "#dcebf2"
LINES: dict[str, tuple[str, str, float]] = {
    "actual": (BLUE, "", 2.5),
    "expected": (QUIET, "7 4", 2),
    "planned": (QUIET, "10 3 2 3", 2),
    "forecast": (BLUE, "4 3", 2),
    "target": (INK, "2 4", 2),
    "mean": (QUIET, "", 1.5),
    "limit": (QUIET, "7 4", 1.5),
}
# Several measured lines in one chart differ by colour and by the shape of their points.
ACTUALS = ((BLUE, "circle"), (INK, "square"), (QUIET, "triangle"), (PURPLE, "diamond"))


@dataclass(frozen=True)
class Line:
    """One line, labelled at its end.

    `kind` is actual, expected, planned, forecast or target. A target may be one point: it is drawn over the whole
    width. `gap` is the longest distance in days between two points that are still joined (None: any).
    """

    label: str
    points: Points
    kind: str = "actual"
    gap: int | None = None


@dataclass(frozen=True)
class Area:
    """A band between two values a day: `points` are (day, low, high). Kinds: range (tinted), dip (hatched)."""

    label: str
    points: Sequence[tuple[date, Number | None, Number | None]]
    kind: str = "range"


@dataclass(frozen=True)
class Mark:
    """Something that happened, or will, on a day: a vertical line with its words."""

    day: date
    label: str


@dataclass(frozen=True)
class Event:
    """A mark as the list below the chart tells it, beside the number that stands for it in the picture."""

    day: date
    label: str
    number: int


@dataclass(frozen=True)
class Key:
    """One entry of the key below the chart: a small picture and its words."""

    swatch: SafeString
    label: str


@dataclass(frozen=True)
class Chart:
    """A finished chart, for components/chart.html.

    `wide` and `narrow` are the same chart for a desk and for a phone, complete SVG documents; both are empty and
    `empty` says why where there is nothing to draw. `rows` are plain values in the order of `columns`. `events` are
    told below where a picture has numbers for them; `events_narrow` where only the one for a phone has. `guide` and
    `guide_keys` say how the chart is worked out and what its icons may be.
    """

    name: str
    title: str
    description: str
    wide: str = ""
    narrow: str = ""
    empty: str = ""
    note: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    icons: tuple[Key, ...] = ()
    keys: tuple[Key, ...] = ()
    events: tuple[Event, ...] = ()
    events_narrow: bool = False
    guide: tuple[str, ...] = ()
    guide_keys: tuple[Key, ...] = ()

    @property
    def table(self) -> Table:
        """The values behind the picture, for a file: `download_answer(request, {chart.name: lambda: chart.table})`."""
        return Table(self.name, self.title, self.columns, self.rows)

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The columns as components/table.html takes them."""
        return [{"label": column.label, "numeric": column.kind in NUMERIC} for column in self.columns]

    @property
    def shown(self) -> list[list[tuple[str, bool]]]:
        """The rows as words: (words, whether it is a number), and no words where there is no value.

        A page shows at most MOST_ROWS of many days, the last of each week or month; a file has them all.
        """
        kinds = [column.kind for column in self.columns]
        rows = some(self.rows)
        return [
            [(spoken(value, kind), kind in NUMERIC) for value, kind in zip(row, kinds, strict=True)] for row in rows
        ]

    @property
    def shortened(self) -> bool:
        """Whether the page's table leaves days out that the file has."""
        return len(some(self.rows)) < len(self.rows)


def some(rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    """Return at most MOST_ROWS rows: of each week, or else of each month, of each year, the last."""
    for part in (lambda day: day.isocalendar()[:2], lambda day: (day.year, day.month), lambda day: day.year):
        if len(rows) > MOST_ROWS and isinstance(rows[0][0], date):
            rows = list({part(row[0]): row for row in rows}.values())
    return rows


def spoken(value: Any, kind: str) -> str:
    """Return a value as the page writes it: "14 March 2026", "1,280", "82.5%", "2.75"; nothing for None."""
    if value is None:
        return ""
    if kind == "day":
        return day_words(value)
    return decimal_words(value, kind, 2) if kind in NUMERIC else str(value)


def brief(value: Number, kind: str) -> str:
    """Return a value as a label in a picture writes it: to about three digits."""
    size = abs(written(value)) * (100 if kind == "percent" else 1)
    return decimal_words(value, kind, 0 if size >= 100 else 1 if size >= 10 or kind == "percent" else 2)


def decimal_words(value: Number, kind: str, places: int) -> str:
    """Return a number to so many places, halves up, without zeros at its end."""
    number = written(value) * (100 if kind == "percent" else 1)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).normalize()
    text = number_format(abs(rounded), max(0, -int(rounded.as_tuple().exponent)), use_l10n=True, force_grouping=True)
    return f"{MINUS if rounded < 0 else ''}{text}{'%' if kind == 'percent' else ''}"
