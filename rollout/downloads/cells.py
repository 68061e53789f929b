"""What stands in a cell of a file: harmless text, exact numbers, days and moments that a program can read."""

import re
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from rollout.downloads.tables import Kind

# What a spreadsheet takes for a formula, also in its wide forms; and characters that no spreadsheet file can hold.
FORMULA = re.compile(
    r"[=+\-@\t\r\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}]"
)
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DIGITS = 12  # after the point, for a ratio that never ends


def harmless(text: str) -> str:
    """Text that no spreadsheet runs: what begins like a formula gets an apostrophe in front."""
    text = UNWRITABLE.sub("", text)
    return f"'{text}" if FORMULA.match(text) else text


def exact(value: Any) -> int | Decimal:
    """A number as decimals write it; a ratio that never ends to 12 of them."""
    if isinstance(value, int):
        return value
    if isinstance(value, Fraction):
        value = round(Decimal(value.numerator) / Decimal(value.denominator), DIGITS)
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else number.normalize()


def local(value: datetime) -> datetime:
    """The moment on the reader's clock."""
    return timezone.localtime(value)


def words(value: Any, kind: Kind) -> str:
    """A cell of a CSV file. Days and moments are ISO 8601, percentages numbers of 0–100."""
    if value is None:
        return ""
    if kind == "text":
        return harmless(str(value))
    if kind == "yes_no":
        return gettext("yes") if value else gettext("no")
    if kind == "day":
        return str(value.isoformat())
    if kind == "moment":
        return local(value).isoformat(timespec="seconds")
    number = exact(value)
    return format(Decimal(number * 100 if kind == "percent" else number).normalize(), "f")
