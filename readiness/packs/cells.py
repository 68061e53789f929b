"""How a cell is read: each kind turns what stands there into what PostgreSQL's COPY takes, or says what is wrong."""

import re
from collections.abc import Collection
from datetime import date, time, timedelta
from typing import ClassVar
from uuid import UUID
from zoneinfo import available_timezones

from readiness.reading.letters import composed
from rollout.models.constraints import CODE_PATTERN

NULL = r"\N"
CELL_LENGTH = 131_072
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"(\d{2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?", re.ASCII
)
_WHOLE = re.compile(r"-?\d{1,30}", re.ASCII)
_DECIMAL = re.compile(r"-?(\d{1,30})(?:\.(\d{1,30}))?", re.ASCII)
_CODE = re.compile(CODE_PATTERN.rstrip("$") + r"\Z", re.ASCII)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", re.ASCII)
# Days outside these years are taken, with a warning: mostly a slip of the keyboard.
LIKELY_YEARS = ("1950", "2100")

INVISIBLE_WORDS = "invisible characters left out"
NHS_WORDS = "something that looks like an NHS number: a pack holds no patient data"
YEAR_WORDS = "a year far from now"


class Wrong(ValueError):
    """A cell that cannot be read; the message says what is wrong with it."""


def escaped(text: str) -> str:
    """Text as COPY's text format wants it."""
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def clean(value: str) -> tuple[str, str]:
    """The text in composed letters without invisible characters, and a remark where some were left out."""
    if value.isascii() and value.isprintable():
        return value, ""
    if any("\ud800" <= mark <= "\udfff" for mark in value):
        raise Wrong("not UTF-8")
    if "\x00" in value:
        raise Wrong("a NUL character")
    text, left_out = composed(value)
    return text, INVISIBLE_WORDS if left_out else ""


class Kind:
    """A kind of cell. `staged` are the columns it fills in the staging table: a suffix and an SQL type each."""

    staged: ClassVar[tuple[tuple[str, str], ...]] = (("", "text"),)

    def read(self, value: str) -> tuple[str, str]:
        """What COPY takes for a cell that is not empty, and a remark or nothing. Raises Wrong."""
        raise NotImplementedError


class Text(Kind):
    """Words, as they were written."""

    def __init__(self, length: int | None = None, *, free: bool = False) -> None:
        self.length = length or CELL_LENGTH
        self.free = free

    def read(self, value: str) -> tuple[str, str]:
        text, remark = clean(value)
        if len(text) > self.length:
            raise Wrong(f"longer than {self.length} characters")
        if self.free and any(_is_nhs_number(found) for found in _TEN_DIGITS.findall(text)):
            remark = NHS_WORDS
        return escaped(text), remark


class Label(Kind):
    """A word or a person's address or name, without the blanks around it."""

    def __init__(self, length: int) -> None:
        self.length = length

    def read(self, value: str) -> tuple[str, str]:
        text, remark = clean(value)
        text = text.strip()
        if len(text) > self.length:
            raise Wrong(f"longer than {self.length} characters")
        return escaped(text), remark


class Code(Kind):
    """A code people use: letters, digits, '-', '_' and '.', at most 40 of them."""

    def read(self, value: str) -> tuple[str, str]:
        if not _CODE.match(value):
            raise Wrong("not a code: letters, digits, '-', '_' and '.', at most 40 of them")
        return value, ""


class Choice(Kind):
    """One word of a closed list."""

    def __init__(self, values: Collection[str]) -> None:
        self.values = tuple(values)

    def read(self, value: str) -> tuple[str, str]:
        if value not in self.values:
            raise Wrong(f"not one of {', '.join(self.values)}")
        return value, ""


class Flag(Kind):
    """`true` or `false`."""

    staged = (("", "boolean"),)

    def read(self, value: str) -> tuple[str, str]:
        if value not in ("true", "false"):
            raise Wrong("not true or false")
        return value, ""


class Whole(Kind):
    """A whole number between two others, both included. The outer limits are the column's."""

    staged = (("", "bigint"),)

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def read(self, value: str) -> tuple[str, str]:
        if not _WHOLE.fullmatch(value):
            raise Wrong("not a whole number")
        if not self.low <= int(value) <= self.high:
            raise Wrong(f"not a number between {self.low} and {self.high}")
        return value, ""


class Decimal(Kind):
    """A number with a point and at most so many decimals."""

    staged = (("", "numeric"),)

    def __init__(self, digits: int, places: int, low: int | None = None, high: int | None = None) -> None:
        self.whole, self.places, self.low, self.high = digits - places, places, low, high

    def read(self, value: str) -> tuple[str, str]:
        found = _DECIMAL.fullmatch(value)
        if not found:
            raise Wrong("not a number such as 1234.5")
        if len(found[1].lstrip("0")) > self.whole:
            raise Wrong(f"a number of more than {self.whole} digits before the point")
        if len((found[2] or "").rstrip("0")) > self.places:
            raise Wrong(f"more than {self.places} decimals")
        number = float(value)
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise Wrong(f"below {self.low}" if self.high is None else f"not between {self.low} and {self.high}")
        return value, ""


class Day(Kind):
    """A date such as 2026-03-29."""

    staged = (("", "date"),)

    def read(self, value: str) -> tuple[str, str]:
        _day(value)
        return value, _remark_on_year(value)


class DueDay(Kind):
    """A date, or `default`: counted from the go-live again. Fills a date and a flag."""

    staged = (("", "date"), ("_default", "boolean"))

    def read(self, value: str) -> tuple[str, str]:
        if value == "default":
            return f"{NULL}\ttrue", ""
        _day(value)
        return f"{value}\tfalse", _remark_on_year(value)


class Clock(Kind):
    """A time of day such as 07:00."""

    staged = (("", "time"),)

    def read(self, value: str) -> tuple[str, str]:
        found = _CLOCK.fullmatch(value)
        if not found:
            raise Wrong("not a time such as 07:00")
        _clock(found[1], found[2], found[3] or "00")
        return value, ""


class Moment(Kind):
    """A date and time, with its offset or by the site's clock. Fills a moment, or a local time to be placed later."""

    staged = (("", "timestamptz"), ("_local", "timestamp"))

    def read(self, value: str) -> tuple[str, str]:
        found = _MOMENT.fullmatch(value)
        if not found:
            raise Wrong("not a date and time such as 2026-03-29T07:00")
        day, hour, minute, second, rest, offset = found[1], found[2], found[3], found[4] or "00", found[5], found[6]
        if (hour, minute, second) == ("24", "00", "00"):
            # The end of a day is the start of the next.
            day, hour = (_day(day) + timedelta(1)).isoformat(), "00"
        _day(day)
        _clock(hour, minute, second)
        written = f"{day} {hour}:{minute}:{second}{rest or ''}"
        return (f"{written}{offset}\t{NULL}" if offset else f"{NULL}\t{written}"), _remark_on_year(day)


class Uuid(Kind):
    """A number made on a device: 32 hexadecimal digits in five groups."""

    staged = (("", "uuid"),)

    def read(self, value: str) -> tuple[str, str]:
        try:
            number = str(UUID(value))
        except ValueError:
            raise Wrong("not a UUID such as 6f1f3f0e-5a49-4d43-8a3f-000000000001") from None
        if number != value.lower():
            raise Wrong("not a UUID such as 6f1f3f0e-5a49-4d43-8a3f-000000000001")
        return number, ""


class Zone(Kind):
    """The IANA name of a time zone."""

    def read(self, value: str) -> tuple[str, str]:
        if value not in available_timezones():
            raise Wrong("not a time zone such as Europe/London")
        return value, ""


class Items(Kind):
    """Several cells of one kind, separated by ';'. Empty ones and blanks around them are left out."""

    staged = (("", "text[]"),)

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def read(self, value: str) -> tuple[str, str]:
        items, remark = [], ""
        for item in filter(None, map(str.strip, value.split(";"))):
            _, said = self.kind.read(item)
            items.append(clean(item)[0])
            remark = remark or said
        quoted = ('"' + item.replace("\\", r"\\").replace('"', r"\"") + '"' for item in items)
        return escaped("{" + ",".join(quoted) + "}"), remark


def _day(value: str) -> date:
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong("not a date")


def _clock(hour: str, minute: str, second: str) -> None:
    try:
        time(int(hour), int(minute), int(second))
    except ValueError:
        raise Wrong("not a time") from None


def _remark_on_year(day: str) -> str:
    return "" if LIKELY_YEARS[0] <= day[:4] <= LIKELY_YEARS[1] else YEAR_WORDS


def _is_nhs_number(text: str) -> bool:
    digits = [int(mark) for mark in text if mark.isdigit()]
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return len(set(digits)) > 1 and check % 11 == digits[9]
