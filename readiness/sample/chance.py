"""Repeatable chance, and the curves along which a site gets ready. Every draw comes from a named stream."""

import math
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo


def stream(seed: int, *words: str) -> Random:
    """A source of chance of its own for one subject, so that a change in one does not shift the others."""
    return Random(f"{seed}/{'/'.join(words)}")


def client_id(rng: Random) -> str:
    """A version 4 UUID, as a device would make it."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def days(count: float) -> timedelta:
    """A whole number of days."""
    return timedelta(days=round(count))


def moment(day: date, clock: time, zone: str) -> datetime:
    """The local time on the day at the site, with its offset."""
    return datetime.combine(day, clock, ZoneInfo(zone))


def working_time(rng: Random, day: date, zone: str) -> datetime:
    """Some moment between 8am and 6pm local time."""
    return moment(day, time(rng.randrange(8, 18), rng.randrange(60), rng.randrange(60)), zone)


def weekday_on_or_after(day: date, wanted: tuple[int, ...] = (0, 1, 2, 3, 4)) -> date:
    """The first day from `day` on that falls on one of the wanted weekdays (Monday is 0)."""
    while day.weekday() not in wanted:
        day += timedelta(days=1)
    return day


def days_before(share: float, *, middle: float, spread: float) -> float:
    """How many days before go-live an S-curve reaches `share` (0–1); `middle` is where it reaches a half."""
    share = min(max(share, 0.0005), 0.9995)
    return middle - spread * math.log(share / (1 - share))
