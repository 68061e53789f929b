"""Invented staff: who they are, where they are posted from when to when, and their long absences."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from readiness.sample.chance import stream
from readiness.sample.names import FAMILY, GIVEN
from readiness.sample.places import Site, Ward, email_domain
from readiness.sample.tables import Pack

GROUPS = ("nurse", "doctor", "allied_health", "admin", "support", "pharmacist")
MIX = (50, 18, 13, 10, 7, 2)
MATERNITY_GROUPS = ("midwife", "nurse", "doctor", "admin", "support")
MATERNITY_MIX = (55, 15, 15, 8, 7)
STAFF_PER_WARD = (24, 41)
HISTORY_DAYS = 180

# People who log in to the demonstration, by role: the place where each of them works in the records.
DEMO_WARD = ("WIN-1", "W2")
DEMO_WARD_MANAGER = "ward.manager@example.org"
DEMO_CHAMPION = "champion@example.org"


@dataclass(frozen=True)
class Posting:
    """A ward and the days worked there, both included; `until` is empty while it lasts."""

    site: str
    ward: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass
class Member:
    """A member of staff. `number` is unique in the organisation, `email` everywhere."""

    organisation: str
    number: str
    name: str
    email: str
    group: str
    line_manager: bool
    postings: list[Posting]
    absences: list[tuple[date, date | None, str]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.organisation}/{self.number}"

    @property
    def first_day(self) -> date:
        return self.postings[0].since

    def ward_on(self, site: str, day: date) -> str:
        """The ward of the site where they count on the day: of two at once the one begun last. Empty: none."""
        held = [
            (posting.since, posting.ward) for posting in self.postings if posting.site == site and posting.holds(day)
        ]
        return max(held)[1] if held else ""


class Recruiter:
    """Makes members one by one, with numbers that run through each organisation."""

    def __init__(self, seed: int, today: date) -> None:
        self.seed = seed
        self.today = today
        self.last_number: dict[str, int] = {}

    def recruit(self, rng: Random, organisation: str, group: str, line_manager: bool) -> Member:
        number = self.last_number.get(organisation, 100000) + rng.randrange(1, 9)
        self.last_number[organisation] = number
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        email = f"{given}.{family}.{number}@{email_domain(organisation)}".lower()
        return Member(organisation, str(number), f"{given} {family}", email, group, line_manager, [])

    def staff_ward(self, site: Site, ward: Ward) -> list[Member]:
        """The people of one ward over the last years and the next weeks: a manager, a deputy, and the others."""
        rng = stream(self.seed, "staff", site.code, ward.code)
        maternity = ward.specialty == "Maternity"
        groups, mix = (MATERNITY_GROUPS, MATERNITY_MIX) if maternity else (GROUPS, MIX)
        low, high = STAFF_PER_WARD if site.kind == "hospital" else (10, 18)
        chosen = ["manager", groups[0], *rng.choices(groups, mix, k=rng.randrange(low, high) - 2)]
        members = []
        for place, group in enumerate(chosen):
            member = self.recruit(rng, site.organisation, group, line_manager=place < 2)
            member.postings = self.postings(rng, site, ward, settled=place < 4)
            member.absences = self.absences(rng, settled=place < 4)
            members.append(member)
        if (site.code, ward.code) == DEMO_WARD:
            members[0].email, members[2].email = DEMO_WARD_MANAGER, DEMO_CHAMPION
        return members

    def postings(self, rng: Random, site: Site, ward: Ward, settled: bool) -> list[Posting]:
        """Usually one, years old and without an end; now and then a starter, a leaver, a move or two wards at once."""
        since = self.today - timedelta(days=rng.randrange(HISTORY_DAYS + 30, 4000))
        fate = 1.0 if settled else rng.random()
        recent = self.today - timedelta(days=rng.randrange(1, HISTORY_DAYS))
        if fate < 0.035:
            return [Posting(site.code, ward.code, recent)]
        if fate < 0.04:
            return [Posting(site.code, ward.code, self.today + timedelta(days=rng.randrange(3, 40)))]
        if fate < 0.07:
            return [Posting(site.code, ward.code, since, recent)]
        if fate < 0.075:
            return [Posting(site.code, ward.code, since, self.today + timedelta(days=rng.randrange(5, 60)))]
        others = [other for other in site.wards if other.code != ward.code]
        if fate < 0.10 and others:
            new = rng.choice(others).code
            return [
                Posting(site.code, ward.code, since, recent - timedelta(days=1)),
                Posting(site.code, new, recent),
            ]
        if fate < 0.105 and others:
            return [Posting(site.code, ward.code, since), Posting(site.code, rng.choice(others).code, recent)]
        return [Posting(site.code, ward.code, since)]

    def absences(self, rng: Random, settled: bool) -> list[tuple[date, date | None, str]]:
        """Long absences: about one person in thirty, some without a known end."""
        if settled or rng.random() > 0.035:
            return []
        first = self.today + timedelta(days=rng.randrange(-150, 60))
        last = None if rng.random() < 0.15 else first + timedelta(days=rng.randrange(28, 240))
        return [(first, last, rng.choice(("leave", "leave", "secondment", "other")))]


def build_staff(seed: int, today: date, sites: dict[str, Site], without: set[str]) -> list[Member]:
    """Everybody at every site but those named in `without`; a few move between two sites of their trust."""
    recruiter = Recruiter(seed, today)
    members = [
        member
        for site in sites.values()
        if site.code not in without
        for ward in site.wards
        for member in recruiter.staff_ward(site, ward)
    ]
    rng = stream(seed, "moves between sites")
    for member in members:
        last = member.postings[-1]
        sisters = [
            code
            for code, site in sites.items()
            if site.organisation == member.organisation
            and code not in without | {last.site}
            and site.kind == "hospital"
        ]
        if len(member.postings) == 1 and not member.line_manager and sisters and rng.random() < 0.006:
            moved = today - timedelta(days=rng.randrange(1, HISTORY_DAYS))
            if last.until is None and last.since < moved and not member.email.endswith("@example.org"):
                new = sites[rng.choice(sisters)]
                member.postings = [
                    Posting(last.site, last.ward, last.since, moved - timedelta(days=1)),
                    Posting(new.code, rng.choice(new.wards).code, moved),
                ]
    return members


def add_people(pack: Pack, members: list[Member], sites: set[str]) -> None:
    """Write staff, their absences, and their postings at these sites."""
    for member in members:
        who = {"organisation": member.organisation, "number": member.number}
        pack.add(
            "staff", **who, name=member.name, email=member.email, group=member.group, line_manager=member.line_manager
        )
        for posting in (posting for posting in member.postings if posting.site in sites):
            pack.add("postings", **who, site=posting.site, ward=posting.ward, from_=posting.since, to=posting.until)
        for first, last, kind in member.absences:
            pack.add("absences", **who, from_=first, to=last, kind=kind)
