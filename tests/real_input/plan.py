"""When each site goes live, and the invented checklist: waves by region, stages, a template, sparse events."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .places import REGIONS, Site

ZONE = ZoneInfo("Europe/London")
WAVE_DAYS = 60
# The first wave starts so many days before the day of the pack.
FIRST_WAVE_BEFORE = 120
# The technical go-live comes so many days before the go-live; hypercare starts so many days after it.
TECHNICAL_BEFORE = 30
HYPERCARE_AFTER = 14

# code, domain, text, weight, blocking, due days before go-live, shelf life in days, evidence, golive, state in turn.
_ITEMS = (
    ("LEAD-1", "leadership", "An executive answers for this site", 3, False, 120, None, False, "user"),
    ("GOAL-1", "goals", "The site has agreed its targets", 2, False, 90, None, False, "user"),
    ("ENGA-1", "engagement", "Every staff group has seen a demonstration", 2, False, 60, None, False, "user"),
    ("TRAI-1", "training", "Rooms and trainers are booked", 2, False, 60, None, False, "user"),
    ("CHAM-1", "champions", "Champions have protected hours", 3, False, 60, None, True, "user"),
    ("GOVE-1", "governance", "The clinical safety case is signed", 5, True, 30, None, True, "user"),
    ("TECH-1", "technical", "The wireless network was surveyed", 3, False, 14, 180, True, "technical"),
    ("TECH-2", "technical", "Devices are in place and tested", 4, True, 7, 90, True, "technical"),
    ("CONT-1", "continuity", "Paper procedures were rehearsed", 4, False, 21, 120, True, "user"),
    ("PART-1", "partnerships", "Neighbouring sites know the date", 1, False, 30, None, False, "user"),
    ("RESO-1", "resourcing", "Extra staff for the first fortnight are paid for", 3, False, 45, None, False, "user"),
    ("PILO-1", "pilots", "Lessons of earlier sites were read", 1, False, 60, None, False, "user"),
)
ITEM_CODES = tuple(item[0] for item in _ITEMS)


@dataclass(frozen=True)
class Deployment:
    """One site's place in the programme; dates are empty where nothing is planned."""

    site: str
    wave: int
    stage: str
    go_live: date | None
    technical_go_live: date | None


def nearest_clock_change(day: date) -> date:
    """The Sunday nearest to a day on which the clocks of ZONE change; the earlier of two as near."""
    for distance in range(366):
        for near in (day - timedelta(distance), day + timedelta(distance)):
            if _offset(near) != _offset(near + timedelta(1)):
                return near
    raise ValueError(f"no clock change within a year of {day}")


def _offset(day: date) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).utcoffset()


def wave_starts(day: date) -> dict[str, date]:
    """The first day of each region's wave, in the order of REGIONS."""
    first = day - timedelta(FIRST_WAVE_BEFORE)
    return {region: first + timedelta(WAVE_DAYS * rank) for rank, region in enumerate(REGIONS.values())}


def plan_deployments(sites: Iterable[Site], day: date, fixed: dict[str, date]) -> list[Deployment]:
    """A deployment for each site, by code. Dates are Mondays, evenly over the wave, unless fixed for a site."""
    starts = wave_starts(day)
    waves = {region: number for number, region in enumerate(starts, start=1)}
    of_region: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        of_region[site.region].append(site)
    planned = []
    for region, here in of_region.items():
        for rank, site in enumerate(here):
            even = starts[region] + timedelta(rank * (WAVE_DAYS - 7) // len(here))
            go_live = fixed.get(site.code, even + timedelta(-even.weekday() % 7))
            planned.append(_deployment(site, waves[region], go_live, day))
    return sorted(planned, key=lambda deployment: deployment.site)


def _deployment(site: Site, wave: int, go_live: date, day: date) -> Deployment:
    for nothing, stage in ((site.closed, "stopped"), (site.empty, "deferred"), (site.unscheduled, "not_started")):
        if nothing:
            return Deployment(site.code, wave, stage, None, None)
    technical = go_live - timedelta(TECHNICAL_BEFORE)
    return Deployment(site.code, wave, _stage(technical, go_live, day), go_live, technical)


def _stage(technical: date, go_live: date, day: date) -> str:
    if go_live + timedelta(HYPERCARE_AFTER) <= day:
        return "hypercare"
    if go_live <= day:
        return "live"
    if technical <= day:
        return "technical_live"
    return "preparing" if go_live <= day + timedelta(120) else "not_started"


def template_rows() -> list[dict[str, str]]:
    """The invented template, one item or two for each domain."""
    columns = ["code", "domain", "text", "weight", "blocking", "due_days", "valid_days", "evidence", "golive"]
    return [{column: _cell(value) for column, value in zip(columns, item, strict=True)} for item in _ITEMS]


def _cell(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def checklist_rows(staffed: Sequence[str], day: date) -> list[dict[str, str]]:
    """Every fourth item of each staffed site has been touched, in the 60 days up to the day, at 09:15 local time.

    Of these every second is done (and every second of those seen by someone else), the others in progress, blocked
    or not applicable.
    """
    rows = []
    for rank, site in enumerate(staffed):
        for index, item in enumerate(ITEM_CODES):
            if (rank + index) % 4:
                continue
            turn = rank + index // 4
            state = ("done", "in_progress", "done", "blocked", "done", "not_applicable")[turn % 6]
            on = day - timedelta((rank * 7 + index * 11) % 60)
            rows.append(
                {
                    "site": site,
                    "item": item,
                    "at": f"{on.isoformat()}T09:15:00",
                    "state": state,
                    "assurance": ("declared", "seen")[turn // 2 % 2] if state == "done" else "",
                    "reason": "invented for the real input" if state in ("blocked", "not_applicable") else "",
                }
            )
    return rows
