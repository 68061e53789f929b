"""What a programme pack must hold to, checked over its CSV files alone. It shares nothing with the product."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.readiness.sample.pack_files import Pack, listed
from tests.readiness.sample.pack_shape import CODES, FLAGS, KEYS, LISTS, MOMENTS, NUMBERS, ORDERED, REFERENCES

CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def keys_of(pack: Pack, table: str, columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns.split()) for row in pack[table]]


def find_faults(pack: Pack) -> Iterator[str]:
    """Each thing that is wrong with a pack, in words."""
    for (table, column), allowed in CODES.items():
        for value in {row[column] for row in pack[table]} - {"", *allowed.split()}:
            yield f"{table}.{column} holds {value}"
    for table, columns in FLAGS.items():
        for column in columns.split():
            for value in {row[column] for row in pack[table]} - {"", "true", "false"}:
                yield f"{table}.{column} holds {value}"
    for (table, column), (low, high) in NUMBERS.items():
        for row in pack[table]:
            if row[column] and not low <= float(row[column]) <= high:
                yield f"{table}.{column} holds {row[column]}"
    for table, key in KEYS.items():
        for repeated in (key for key, count in Counter(keys_of(pack, table, key)).items() if count > 1):
            yield f"{table} has {repeated} twice"
        if key == "code":
            for (code,) in keys_of(pack, table, key):
                if not CODE.fullmatch(code):
                    yield f"{table}: {code} is no code"
    yield from find_dangling(pack)
    for table, first, last in ORDERED:
        for row in pack[table]:
            if row[first] and row[last] and row[last] < row[first][: len(row[last])]:
                yield f"{table}: {row[last]} before {row[first]}"


def find_dangling(pack: Pack) -> Iterator[str]:
    for table, columns, other, key in REFERENCES:
        known = set(keys_of(pack, other, key))
        for named in set(keys_of(pack, table, columns)) - known:
            if "" not in named:
                yield f"{table} names {named}, which {other} has not"
    for table, column, other, key in LISTS:
        known = {row[key] for row in pack[other]}
        for row in pack[table]:
            for named in set(listed(row[column])) - known:
                yield f"{table}.{column} names {named}"
    wards = set(keys_of(pack, "wards", "site code"))
    for table in ("deployments", "pilots"):
        for row in pack[table]:
            for ward in listed(row["wards"]):
                if (row["site"], ward) not in wards:
                    yield f"{table} names the ward {ward} of {row['site']}"


def moments(pack: Pack) -> Iterator[tuple[str, datetime, ZoneInfo]]:
    """Every written moment with where it stands and the zone of its site."""
    for table, column in MOMENTS:
        for row in pack[table]:
            if row[column]:
                yield f"{table}.{column}", datetime.fromisoformat(row[column]), pack.zones[row["site"]]


def overlapping(packs: list[Pack]) -> list[tuple]:
    """Two live shifts of one person at the same time, in whichever programme."""
    by_person: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    for pack in packs:
        for row in pack["shifts"]:
            if row["state"] in ("planned", "confirmed", "worked"):
                times = datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["ends_at"])
                by_person.setdefault((row["organisation"], row["number"]), []).append(times)
    found = []
    for who, shifts in by_person.items():
        shifts.sort()
        found += [(who, first, second) for first, second in itertools.pairwise(shifts) if second[0] < first[1]]
    return found


def collisions(packs: list[Pack]) -> set[tuple[str, int, int]]:
    """Sites and ISO weeks whose loads add up to 4 or more: a go-live is 3 from seven days before to 13 after."""
    loads: dict[tuple[str, int, int], dict[str, int]] = {}
    for number, pack in enumerate(packs):
        windows = []
        for row in pack["deployments"]:
            go = row["actual_go_live"] or row["go_live"]
            if go and row["stage"] not in ("deferred", "stopped"):
                day = date.fromisoformat(go).toordinal()
                windows.append((row["site"], day - 7, day + 13, 3, f"go-live {number}"))
        windows += [
            (
                row["site"],
                *(date.fromisoformat(row[end]).toordinal() for end in ("from", "to")),
                int(row["load"]),
                row["text"],
            )
            for row in pack["other_changes"]
        ]
        for site, first, last, load, what in windows:
            for day in range(first, last + 1):
                loads.setdefault((site, *date.fromordinal(day).isocalendar()[:2]), {})[what] = load
    return {week for week, found in loads.items() if sum(found.values()) >= 4}
