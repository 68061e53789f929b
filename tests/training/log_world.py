"""A site on the day after its go-live, with people who log: for the tests of the log."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from rollout.choices import Role, Stage
from rollout.models import Deployment, User, Ward
from tests import factories as make
from training.models import Champion, ChampionShift, Course, ShiftPattern, StaffMember, TrainingSession
from training.services.log_entries import Answer, Entry, take_entry

TODAY = make.GO_LIVE + timedelta(days=1)  # 25 April 2026, a Saturday, in summer time
NOW = datetime.combine(TODAY, time(17), UTC)  # 6pm at the site


@dataclass
class LogWorld:
    """Ward A with its manager and two champions, ward B of the same site, three patterns."""

    deployment: Deployment
    ward: Ward
    other_ward: Ward
    manager: User
    champion: StaffMember
    second: StaffMember
    patterns: dict[str, ShiftPattern]

    def shift_body(self, **fields: Any) -> dict[str, Any]:
        """Another shift: the early one of today, of the first champion, on ward A."""
        body = {
            "ward": self.ward.pk,
            "champion": self.champion.pk,
            "on": TODAY.isoformat(),
            "pattern": self.patterns["early"].pk,
            "helped": 4,
            "notes": "Printed the guide",
        }
        return {name: value for name, value in {**body, **fields}.items() if value is not None}

    def timed(self, starts: str, ends: str, **fields: Any) -> dict[str, Any]:
        """Another shift by times of its own."""
        return self.shift_body(
            pattern=None, programme=self.deployment.programme.code, starts=starts, ends=ends, **fields
        )

    def send(self, kind: str, body: dict[str, Any], *, by: User | None = None, key: UUID | None = None) -> Answer:
        """Send an entry, as a phone whose clock is right."""
        return take_entry(user=by or self.manager, entry=Entry(key or uuid4(), kind, body))

    def plan(self, name: str = "early", on: date = TODAY, **fields: Any) -> ChampionShift:
        """A planned shift of the first champion on ward A."""
        pattern = self.patterns[name]
        starts = datetime.combine(on, pattern.starts, UTC) - timedelta(hours=1)
        ends = datetime.combine(on + timedelta(days=pattern.ends <= pattern.starts), pattern.ends, UTC)
        row = {
            "client_id": uuid4(),
            "programme": self.deployment.programme,
            "staff": self.champion,
            "ward": self.ward,
            "starts_at": starts,
            "ends_at": ends - timedelta(hours=1),
            "planned_on": make.DAY,
        }
        return ChampionShift.objects.create(**{**row, **fields})

    def session(self, **fields: Any) -> TrainingSession:
        """A session of this morning at the site, with places for one."""
        course = Course.objects.create(programme=self.deployment.programme, code=f"C{uuid4().hex[:6]}", name="Basics")
        row = {
            "programme": self.deployment.programme,
            "course": course,
            "site": self.deployment.site,
            "code": f"T{uuid4().hex[:6]}",
            "starts_at": NOW - timedelta(hours=8),
            "ends_at": NOW - timedelta(hours=7),
            "capacity": 1,
        }
        return TrainingSession.objects.create(**{**row, **fields})


def make_log_world() -> LogWorld:
    """Make it. The clock is the test's: freeze it at NOW."""
    deployment = make.make_deployment(stage=Stage.LIVE, actual_go_live_on=make.GO_LIVE)
    deployment.programme.support_number = "0300 555 0100"
    deployment.programme.save(update_fields=["support_number"])
    ward, other = (make.make_ward(site=deployment.site, name=name) for name in ("Ward A", "Ward B"))
    people = [make.make_staff(ward, name=name) for name in ("Ada", "Ben")]
    for person in people:
        Champion.objects.create(staff=person, programme=deployment.programme, from_on=make.DAY)
    times = {"early": (time(7), time(15)), "late": (time(15), time(22, 30)), "night": (time(23), time(7))}
    patterns = {
        name: ShiftPattern.objects.create(programme=deployment.programme, name=name, starts=starts, ends=ends)
        for name, (starts, ends) in times.items()
    }
    manager = make.make_member(Role.WARD_MANAGER, ward=ward)
    return LogWorld(deployment, ward, other, manager, people[0], people[1], patterns)
