"""How a cell travels from the process that reads to the one that asked: as JSON, with a sign before what JSON lacks."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

# The sign before a value that JSON has no kind for.
DAY, MOMENT, TIME, BROKEN = "d", "m", "t", "e"
# What is said of a formula that nobody worked out, in place of an error's words.
NO_VALUE = "formula"
_HALF_SECOND = timedelta(seconds=0.5)
_DAY_LENGTH = timedelta(days=1)

Sent = str | int | float | bool | list[str]


def sent(value: Any) -> Sent:
    """A cell as JSON has it. Times are to the second: a spreadsheet's fractions of a day are not exact."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime):
        return [MOMENT, (value + _HALF_SECOND).replace(microsecond=0).isoformat()]
    if isinstance(value, date):
        return [DAY, value.isoformat()]
    if isinstance(value, time):
        return [TIME, value.replace(microsecond=0).isoformat()]
    if isinstance(value, timedelta):
        return _length(value)
    return str(value)


def _length(value: timedelta) -> Sent:
    """A length of time: as a time of day below 24 hours, else in words such as 30:15:00."""
    if timedelta(0) <= value < _DAY_LENGTH:
        return [TIME, time(value.seconds // 3600, value.seconds // 60 % 60, value.seconds % 60).isoformat()]
    seconds = round(abs(value).total_seconds())
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def received(cell: Sent) -> str | int | float | bool | date | datetime | time | tuple[str, str]:
    """The value that was sent; what was broken as a pair of the sign and its words."""
    if not isinstance(cell, list):
        return cell
    sign, text = cell
    if sign == DAY:
        return date.fromisoformat(text)
    if sign == MOMENT:
        return datetime.fromisoformat(text)
    if sign == TIME:
        return time.fromisoformat(text)
    return BROKEN, text


def is_blank(cell: Sent) -> bool:
    """Whether nothing stands in a cell."""
    return isinstance(cell, str) and not cell.strip()


def shown(cell: Sent) -> str:
    """A cell as a sample shows it."""
    if cell == [BROKEN, NO_VALUE]:
        return "="
    if isinstance(cell, list):
        return cell[1].replace("T", " ").removesuffix(" 00:00:00") if cell[0] == MOMENT else cell[1]
    return {True: "true", False: "false"}[cell] if isinstance(cell, bool) else str(cell)


def filled(cells: Sequence[Sent]) -> int:
    """How many of some cells hold something."""
    return sum(not is_blank(cell) for cell in cells)
