"""Where words fit: their width, their breaks, and places where they do not run into one another."""

from collections.abc import Sequence
from dataclasses import dataclass

# Widths of Arial in shares of its size; a little generous, since other faces may take its place.
NARROW = set("iljtfrI.,:;'|!()[] ·-")
WIDE = set("mwMW@%")


def width(text: str, size: float) -> float:
    """Return about how wide a text runs."""
    shares = (
        0.34 if sign in NARROW else 0.9 if sign in WIDE else 0.72 if sign.isupper() or ord(sign) > 0x2FF else 0.57
        for sign in text
    )
    return size * sum(shares)


def wrap(text: str, size: float, room: float) -> list[str]:
    """Break a text into lines that fit: between words, and inside a word only where it is longer than a line."""
    lines: list[str] = []
    for word in (piece for whole in text.split() for piece in pieces(whole, size, room)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def pieces(word: str, size: float, room: float) -> list[str]:
    """Cut a word that is longer than a line into parts that fit."""
    found = [""]
    for sign in word:
        if found[-1] and width(found[-1] + sign, size) > room:
            found.append("")
        found[-1] += sign
    return found


def spread(wanted: Sequence[tuple[float, float]], low: float, high: float) -> list[float]:
    """Move boxes apart that would overlap. Boxes are (middle, height); returns their new middles, in order.

    All stay between `low` and `high` as long as they fit there together.
    """
    order = sorted(range(len(wanted)), key=lambda number: wanted[number][0])
    tops: dict[int, float] = {}
    edge = low
    for number in order:
        middle, height = wanted[number]
        tops[number] = max(middle - height / 2, edge)
        edge = tops[number] + height
    edge = high
    for number in reversed(order):
        tops[number] = max(low, min(tops[number], edge - wanted[number][1]))
        edge = tops[number]
    return [tops[number] + height / 2 for number, (_, height) in enumerate(wanted)]


@dataclass(frozen=True)
class Place:
    """Where the words of a mark stand: their left edge, width and row above the plot (0 is the lowest)."""

    left: float
    width: float
    row: int


def stack(
    marks: Sequence[tuple[float, float]], low: float, high: float, rows: int, gap: float = 6
) -> list[Place | None]:
    """Find a row for the words of each mark so that no words touch others, nor the line of another mark.

    Marks are (x, width of the words); the words begin at x, or end at `high` where they would go beyond it. None where
    there is no room. The rightmost mark is placed first: lines of marks further left pass its words by.
    """
    places: dict[int, Place] = {}
    for number in sorted(range(len(marks)), key=lambda number: -marks[number][0]):
        x, wide = marks[number]
        if wide > high - low:
            continue
        left = max(low, min(x, high - wide))
        for row in range(rows):
            if all(apart(Place(left, wide, row), x, other, marks[key][0], gap) for key, other in places.items()):
                places[number] = Place(left, wide, row)
                break
    return [places.get(number) for number in range(len(marks))]


def apart(here: Place, x: float, there: Place, other_x: float, gap: float) -> bool:
    """Whether two marks leave each other alone: words from words, and each one's line from the other's words."""
    if here.row == there.row:
        return here.left + here.width + gap <= there.left or there.left + there.width + gap <= here.left
    if here.row > there.row:
        return not there.left - 2 <= x <= there.left + there.width + 2
    return not here.left - 2 <= other_x <= here.left + here.width + 2


@dataclass(frozen=True)
class Box:
    """A rectangle; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether two rectangles share any room."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: "Box") -> bool:
        """Whether this rectangle lies inside another."""
        return (
            other.left <= self.left
            and other.top <= self.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


def beside(x: float, y: float, wide: float, high: float, room: Box, taken: Sequence[Box], gap: float = 9) -> Box:
    """Return a place for words near a point: right of it, else above, below or left of it, else further up or down."""
    near = [
        (x + gap, y - high / 2),
        (x - wide / 2, y - gap - high),
        (x - wide / 2, y + gap),
        (x - gap - wide, y - high / 2),
    ]
    further = [
        (left, y + step * high / 2) for step in (1, -3, 2, -4, 3, -5, 4, -6) for left in (x + gap, x - gap - wide)
    ]
    boxes = [Box(side, top, side + wide, top + high) for side, top in near + further]
    free = (box for box in boxes if box.within(room) and not any(box.overlaps(other) for other in taken))
    kept = min(max(x + gap, room.left), room.right - wide)
    return next(free, Box(kept, y - high / 2, kept + wide, y + high / 2))
