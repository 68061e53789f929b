"""Local times that a clock change skips or repeats: said with the two moments that may have been meant."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def readings(local: str, zone: str) -> str:
    """What is wrong with a local time that names no moment, or two, and how to write either of them."""
    place = ZoneInfo(zone)
    written = datetime.fromisoformat(local)
    first, second = (
        written.replace(tzinfo=place, fold=fold).astimezone(UTC).astimezone(place).isoformat() for fold in (0, 1)
    )
    if datetime.fromisoformat(first).replace(tzinfo=None) == written:
        return f"the clocks of {zone} show this twice: write {first} (first) or {second} (second)"
    return f"the clocks of {zone} skip this time: write {second} or {first}"
