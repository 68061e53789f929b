"""Words in a chart: at the ends of lines and above the marks, placed so that none runs into another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rollout.charts import words
from rollout.charts.parts import INK, PAPER
from rollout.charts.plot import Plot
from rollout.charts.svg import element, label, polyline

# A line that ends before this share of the width is labelled inside the plot.
INSIDE = 0.88


@dataclass(frozen=True)
class End:
    """Words for a line or area that ends on a day at a height of the picture; without height they only take room."""

    words: str
    day: date
    y: float = 0
    colour: str = INK


@dataclass(frozen=True)
class Flag:
    """A vertical line: its day, its words, and whether it is today."""

    day: date
    words: str
    today: bool = False


@dataclass(frozen=True)
class Standing:
    """A flag with what is written at its head, and where; no place where there was no room even for a number."""

    flag: Flag
    text: str
    place: words.Place | None

    @property
    def numbered(self) -> bool:
        """Whether a number stands for the words."""
        return self.text != self.flag.words


def make_room(plot: Plot, ends: Sequence[End], flags: Sequence[Flag]) -> list[Standing]:
    """Give room beside the plot to the words of lines that end there, and above it to those of the marks."""
    size = plot.size
    texts = [end.words for end in ends if end.words.strip() and reaches_end(plot, end.day)]
    if texts:
        longest = max(words.width(line, size.text) for text in texts for line in folded(plot, text))
        plot.right = size.width - min(longest, size.side * 1.4) - 12
    standing = placed(plot, flags)
    used = [each.place.row + 1 for each in standing if each.place]
    plot.lower(max(used, default=0) * size.leading + (4 if used else 0))
    return standing


def reaches_end(plot: Plot, day: date) -> bool:
    """Whether what ends on a day is labelled beside the plot; other things are labelled inside it."""
    return plot.share(day) > INSIDE


def folded(plot: Plot, text: str) -> list[str]:
    """Return the words of a line's end in short lines."""
    return words.wrap(text, plot.size.text, plot.size.side)


def placed(plot: Plot, flags: Sequence[Flag]) -> list[Standing]:
    """Return each mark with its words; where not all words find room, all but today with numbers.

    Where not even the numbers find room, marks close together share one: "2–4" stands at the first of them.
    """
    numbers = iter(range(1, len(flags) + 1))
    counted = ["" if flag.today else str(next(numbers)) for flag in flags]
    for texts in ([flag.words for flag in flags], counted, grouped(plot, flags, counted)):
        shown = [flag.words if flag.today else text for flag, text in zip(flags, texts, strict=True)]
        places = rows_for(plot, flags, shown)
        if all(place or not text for place, text in zip(places, shown, strict=True)):
            break
    return [Standing(*each) for each in zip(flags, shown, places, strict=True)]


def grouped(plot: Plot, flags: Sequence[Flag], numbers: Sequence[str]) -> list[str]:
    """Return numbers for marks, one for those that stand close together, at the first of them."""
    texts = [""] * len(flags)
    first: int | None = None
    for here, flag in enumerate(flags):
        if flag.today:
            continue
        if first is None or plot.x(flag.day) - plot.x(flags[first].day) > 2 * plot.size.text:
            first = here
        texts[first] = numbers[here] if first == here else f"{numbers[first]}–{numbers[here]}"
    return texts


def rows_for(plot: Plot, flags: Sequence[Flag], texts: Sequence[str]) -> list[words.Place | None]:
    """Return the places of words above the plot."""
    told = [number for number, text in enumerate(texts) if text]
    wanted = [(plot.x(flags[number].day), words.width(texts[number], plot.size.text) + 4) for number in told]
    found = dict(zip(told, words.stack(wanted, 2, plot.size.width - 2, plot.size.rows), strict=True))
    return [found.get(number) for number in range(len(texts))]


def draw_flags(plot: Plot, standing: Sequence[Standing]) -> None:
    """Draw the marks: dotted lines through the plot, today's whole, words or numbers above."""
    for each in standing:
        x = plot.x(each.flag.day)
        base = plot.top - 4 - (each.place.row * plot.size.leading if each.place else 0)
        line = polyline([(x, base), (x, plot.bottom)])
        plot.add(
            element("path", d=line, stroke=INK, stroke_width=1.5, stroke_dasharray=None if each.flag.today else "2 3")
        )
        if each.place:
            weight = "bold" if each.flag.today or each.numbered else None
            plot.add(label([each.text], each.place.left + 2, base - 3, 0, fill=INK, font_weight=weight))


def draw_ends(plot: Plot, ends: Sequence[End]) -> None:
    """Write the words at the lines' ends."""
    told = [end for end in ends if end.words.strip()]
    ends_beside(plot, [end for end in told if reaches_end(plot, end.day)])
    ends_inside(plot, [end for end in told if not reaches_end(plot, end.day)])


def ends_beside(plot: Plot, ends: Sequence[End]) -> None:
    """Write words right of the plot, moved apart where they would overlap, each with a stroke to its line."""
    size = plot.size
    lines = [folded(plot, end.words) for end in ends]
    boxes = [(end.y, len(each) * size.leading + 2) for end, each in zip(ends, lines, strict=True)]
    middles = words.spread(boxes, plot.top - 4, plot.bottom + size.leading)
    for end, each, middle in zip(ends, lines, middles, strict=True):
        base = middle - (len(each) - 1) * size.leading / 2 + size.text * 0.35
        stroke = polyline([(plot.x(end.day) + 2, end.y), (plot.right + 8, middle)])
        plot.add(element("path", d=stroke, stroke=end.colour))
        plot.add(label(each, plot.right + 11, base, size.leading, fill=end.colour))


def ends_inside(plot: Plot, ends: Sequence[End]) -> None:
    """Write words inside the plot where their line ends, on a ground of their own so that lines do not cross them."""
    size = plot.size
    room = words.Box(plot.left, plot.top, plot.right, plot.bottom)
    ground = {"stroke": PAPER, "stroke_width": 4, "stroke_linejoin": "round", "paint_order": "stroke"}
    taken = [words.Box(x - 5, y - 5, x + 5, y + 5) for x, y in plot.points_drawn]
    for end in ends:
        lines = folded(plot, end.words)
        wide, high = max(words.width(line, size.text) for line in lines), len(lines) * size.leading
        box = words.beside(plot.x(end.day), end.y, wide, high, room, taken)
        taken.append(box)
        plot.add(label(lines, box.left, box.top + size.text, size.leading, fill=end.colour, **ground))
