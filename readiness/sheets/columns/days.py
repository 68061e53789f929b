"""One written date: what it may mean."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from readiness.sheets.columns.readings import Wrong

YEARS = (1900, 2100)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/ .,]*([a-z]{3,9})\.?[-/ .,]*(\d{4}|\d{2})", re.I | re.ASCII)
_MONTH_DAY = re.compile(
    r"([a-z]{3,9})\.?[-/ .]*(\d{1,2})(?:st|nd|rd|th)?(?:[-/ .]*, *|[-/ .]+)(\d{4}|\d{2})", re.I | re.ASCII
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]? +(?=\S)", re.I | re.ASCII)
# Spreadsheets agree on their numbers of days from here on: before it, one of them has a day that never was.
_FIRST_SERIAL, _SERIAL_ZERO = 61, date(1899, 12, 30)
_LAST_SERIAL = (date(YEARS[1], 12, 31) - _SERIAL_ZERO).days


@dataclass(frozen=True)
class Written:
    """A date as somebody wrote it: two numbers and a year, in a clear order or in one that only the column can tell."""

    first: int
    second: int
    year: int
    short_year: bool = False
    # Whether the order of day and month is open. Where it is not, `first` is the day.
    open: bool = False

    def day(self, *, day_first: bool) -> date:
        """The day. Raises Wrong where there is none, or it is far from now."""
        day, month = (self.first, self.second) if day_first or not self.open else (self.second, self.first)
        try:
            return checked(date(self.year, month, day))
        except Wrong:
            raise
        except ValueError:
            raise Wrong(not_a_date()) from None

    def orders(self) -> set[bool]:
        """With which orders it is a day at all: True for the day first."""
        return {order for order in (True, False) if _is_day(self, day_first=order)}


def _is_day(written: Written, *, day_first: bool) -> bool:
    try:
        written.day(day_first=day_first)
    except Wrong:
        return False
    return True


def checked(day: date) -> date:
    """The day, if its year is one that people plan with. Raises Wrong."""
    if not YEARS[0] <= day.year <= YEARS[1]:
        words = _("The year %(year)s is far from now. Enter a date like 2026-03-14.")
        raise Wrong(words % {"year": f"{day.year:04}"})
    return day


def not_a_date() -> str:
    """What to say of what is no date."""
    return _("Not a date. Enter a date like 2026-03-14.")


def written_date(text: str) -> Written:
    """What a text says. Raises Wrong where it is no date in any way of writing that is known here."""
    text = _WEEKDAY.sub("", " ".join(text.split()), count=1)
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return Written(int(found.groups()[-1]), int(found.groups()[-2]), int(found[1]))
    if found := _NUMBERS.fullmatch(text):
        year, short = _year(found[4])
        return Written(int(found[1]), int(found[3]), year, short, open=True)
    if found := _DAY_MONTH.fullmatch(text):
        return _named(found[1], found[2], found[3])
    if found := _MONTH_DAY.fullmatch(text):
        return _named(found[2], found[1], found[3])
    if text.isdecimal():
        raise Wrong(serial_words(int(text)))
    raise Wrong(not_a_date())


def _named(day: str, month: str, year: str) -> Written:
    number = _MONTHS.get(month.lower())
    if number is None:
        raise Wrong(not_a_date())
    whole, short = _year(year)
    return Written(int(day), number, whole, short)


def _year(text: str) -> tuple[int, bool]:
    return (2000 + int(text), True) if len(text) == 2 else (int(text), False)


def serial_words(number: float) -> str:
    """What to say of a number where a date should be: which day spreadsheets mean by it, but never that day itself."""
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return not_a_date()
    words = _(
        "Not a date, but perhaps %(day)s: a spreadsheet counts days. Format the column as a date in the spreadsheet."
    )
    return words % {"day": (_SERIAL_ZERO + timedelta(int(number))).isoformat()}
