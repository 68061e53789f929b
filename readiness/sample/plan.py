"""What a sample programme is made from: the plan of each site, and the scene that the builders share."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random

from readiness.sample.chance import stream
from readiness.sample.people import Member
from readiness.sample.places import Site
from readiness.sample.tables import Pack, Value

TECHNICAL_LEAD_DAYS = 14


@dataclass(frozen=True)
class SitePlan:
    """One site's way through a programme. All times are whole days.

    `go` is the planned go-live, counted from today (negative: it was). `pace` is how many days everything but training
    runs ahead (+) or behind (-) the usual; `training_pace` the same for training; `trained` the share of staff
    (0–1) that will have done their courses by go-live. `wards` are those in scope (none: all). `story` is a key of
    `stories.STORIES`, which the builders ask for.
    """

    site: str
    wave: int | None
    go: int | None
    stage: str = "preparing"
    pace: int = 0
    training_pace: int = 0
    trained: float = 0.985
    declared: str = "green"
    story: str = ""
    wards: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.stage in ("live", "hypercare", "embedded")

    @property
    def is_empty(self) -> bool:
        """Nobody has recorded anything about it yet."""
        return self.story == "nothing_recorded"

    @property
    def work_days(self) -> int:
        """Days from today to the go-live that the work runs towards; a site without a date works as if far off."""
        return 230 if self.go is None else self.go


@dataclass(frozen=True)
class CoursePlan:
    """A course, whom it is for (empty: everybody) and how many days before go-live half of them have done it."""

    code: str
    name: str
    mode: str
    groups: tuple[str, ...] = ()
    valid_days: int | None = None
    mandatory: bool = True
    for_champions: bool = False
    assessed: bool = False
    active: bool = True
    hours: float = 2
    middle: float = 50
    spread: float = 14


@dataclass(frozen=True)
class PatternPlan:
    """A shift of the rota by local times: `07:30`; an end before the start is on the next day."""

    name: str
    starts: str
    ends: str
    minimum: int = 1


@dataclass(frozen=True)
class ProgrammePlan:
    """One programme: what it is called, its courses and patterns, and the plan of each of its sites."""

    code: str
    columns: dict[str, Value]
    target_days: int
    waves: tuple[str, ...]
    sites: tuple[SitePlan, ...]
    courses: tuple[CoursePlan, ...]
    patterns: tuple[PatternPlan, ...]
    modules: tuple[str, ...]
    manager: str

    @property
    def site_codes(self) -> list[str]:
        return [plan.site for plan in self.sites]


@dataclass
class Scene:
    """Everything the builders of one programme share. `busy` holds every champion's shifts, in all programmes."""

    today: date
    seed: int
    plan: ProgrammePlan
    sites: dict[str, Site]
    members: list[Member]
    busy: dict[str, list[tuple[datetime, datetime]]]
    pack: Pack = field(default_factory=Pack)

    @property
    def last_day(self) -> date:
        """The last day with records: yesterday. Today is for whoever looks at it."""
        return self.today - timedelta(days=1)

    def rng(self, *words: str) -> Random:
        """The chance of one subject in this programme."""
        return stream(self.seed, self.plan.code, *words)

    def day(self, count: float) -> date:
        """The day that many days after today (negative: before)."""
        return self.today + timedelta(days=round(count))

    def before_go_live(self, plan: SitePlan, count: float) -> date:
        """The day that many days before the site's go-live."""
        return self.day(plan.work_days - count)

    def active_sites(self) -> list[SitePlan]:
        """The sites about which something was recorded."""
        return [plan for plan in self.plan.sites if not plan.is_empty]

    @cached_property
    def staff_of(self) -> dict[str, list[Member]]:
        """Everybody who works, worked or will work at a site, by site code."""
        staff = defaultdict(list)
        for member in self.members:
            for site in dict.fromkeys(posting.site for posting in member.postings):
                staff[site].append(member)
        return staff

    def staff_in_scope(self, plan: SitePlan) -> list[tuple[Member, str]]:
        """Members posted to a ward in scope on the last day with records, each with the code of that ward."""
        posted = [(member, member.ward_on(plan.site, self.last_day)) for member in self.staff_of[plan.site]]
        return [(member, ward) for member, ward in posted if ward and (not plan.wards or ward in plan.wards)]
