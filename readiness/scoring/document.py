"""Reading the numbers of a scoring model's JSON document, each checked by name, and writing them back."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from readiness.scoring.defaults import CAPS, CODES, Json


class ModelError(ValueError):
    """A scoring model's document is not one; the message names the key and what is wrong with it."""


def plain(value: Any) -> Any:
    """A model's value as JSON holds it."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Fraction):
        return number_text(value)
    return value


def number_text(value: Fraction) -> int | str:
    """A whole number as it is, a decimal as "0.95", and what no decimal can hold as "1/3"."""
    if value.denominator == 1:
        return value.numerator
    for places in range(1, 13):
        scaled = value * 10**places
        if scaled.denominator == 1:
            return f"{scaled.numerator // 10**places}.{scaled.numerator % 10**places:0{places}d}"
    return str(value)


def same_keys(name: str, found: Any, wanted: Collection[str]) -> None:
    """Refuse anything but a table with exactly these keys."""
    if not isinstance(found, Mapping):
        raise ModelError(f"{name}: a table is needed")
    for key in sorted(set(wanted) - set(found)):
        raise ModelError(f"{name}: {key} is missing")
    for key in sorted(set(found) - set(wanted)):
        raise ModelError(f"{name}: {key} is not known")


def table(document: Json, name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """The table under `name`, its rows in the order of `keys`."""
    same_keys(name, document[name], keys)
    return {key: document[name][key] for key in keys}


def number(name: str, value: Any, *, low: int = 0, high: int | None = None, above: bool = False) -> Fraction:
    """An exact number from low (or, with `above`, over it) to high. A float is refused: it is not what was written."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ModelError(f"{name}: a whole number, or a decimal written as text, is needed")
    try:
        exact = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ModelError(f"{name}: {value!r} is not a number") from None
    if exact < low or (above and exact == low) or (high is not None and exact > high):
        raise ModelError(f"{name}: {value} is out of range")
    return exact


def numbers(
    document: Json, name: str, keys: tuple[str, ...], *, low: int = 0, high: int | None = None, above: bool = False
) -> dict[str, Fraction]:
    """A table of numbers, one for each of `keys`."""
    return {
        key: number(f"{name}.{key}", value, low=low, high=high, above=above)
        for key, value in table(document, name, keys).items()
    }


def count(name: str, value: Any) -> int:
    """A whole number of at least 1."""
    whole = number(name, value, low=1)
    if whole.denominator != 1:
        raise ModelError(f"{name}: a whole number is needed")
    return int(whole)


def targets(document: Json) -> dict[str, Fraction]:
    """Targets of some of the indicators, above 0 and at most 1."""
    found = document["targets"]
    if not isinstance(found, Mapping):
        raise ModelError("targets: a table is needed")
    for code in sorted(set(found) - set(CODES)):
        raise ModelError(f"targets: {code} is not known")
    return {code: number(f"targets.{code}", target, high=1, above=True) for code, target in found.items()}


def off_track_caps(document: Json) -> tuple[str, ...]:
    """Some of the caps, each once."""
    found = document["off_track_caps"]
    known = isinstance(found, list) and all(cap in CAPS for cap in found)
    if not known or len(set(found)) != len(found):
        raise ModelError("off_track_caps: a list of different caps is needed")
    return tuple(found)


def curve(document: Json) -> tuple[tuple[int, Fraction], ...]:
    """Points (days, expected), days falling from point to point."""
    found = document["expected_curve"]
    if not isinstance(found, list) or not found:
        raise ModelError("expected_curve: a list of [days, expected] is needed")
    points = []
    for point in found:
        if not isinstance(point, list) or len(point) != 2 or type(point[0]) is not int:
            raise ModelError("expected_curve: each point is [days, expected]")
        points.append((point[0], number("expected_curve", point[1], high=100)))
    if any(far[0] <= near[0] for far, near in pairwise(points)):
        raise ModelError("expected_curve: days must fall from point to point")
    return tuple(points)
