"""The files of a pack, read with nothing but the csv module."""

import csv
from collections import defaultdict
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo


def read(folder: Path, table: str) -> list[dict[str, str]]:
    path = folder / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def by(day_text: str | None, until: date) -> bool:
    """There is a date, and it is not after `until`."""
    return bool(day_text) and day(day_text) <= until


def listed(text: str | None) -> list[str]:
    return [part for part in (text or "").split(";") if part]


class Pack:
    """The files of one pack, read once and grouped."""

    def __init__(self, folder: Path) -> None:
        self.tables = {path.stem: read(folder, path.stem) for path in folder.glob("*.csv")}
        self.programme = self["programme"][0]
        self.zones = {site["code"]: ZoneInfo(site["time_zone"] or "Europe/London") for site in self["sites"]}
        self.staff = {(row["organisation"], row["number"]): row for row in self["staff"]}

    def __getitem__(self, table: str) -> list[dict[str, str]]:
        return self.tables.get(table, [])

    def grouped(self, table: str, *columns: str) -> dict:
        rows = defaultdict(list)
        for row in self[table]:
            rows[tuple(row[column] for column in columns)].append(row)
        return rows

    @cached_property
    def postings(self):
        return self.grouped("postings", "site")

    @cached_property
    def attendance(self):
        return self.grouped("attendance", "organisation", "number", "course")

    @cached_property
    def checks(self):
        return self.grouped("access_checks", "organisation", "number")

    @cached_property
    def events(self):
        return self.grouped("checklist_events", "site", "item")

    @cached_property
    def shifts(self):
        return self.grouped("shifts", "site", "ward")

    @cached_property
    def champions(self):
        return self.grouped("champions", "organisation", "number")

    @cached_property
    def pulse(self):
        return self.grouped("pulse", "site")

    def moment(self, text: str, zone: ZoneInfo) -> datetime:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=zone)
