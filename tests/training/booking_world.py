"""A site that people are to be trained at, with a course and a session in three weeks, for the tests of booking."""

from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from rollout.choices import Role
from rollout.models import Deployment, User, Ward
from tests import factories as make
from training.models import Attendance, Course, StaffMember, TrainingSession

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = date(2026, 4, 1)  # of the sessions, in summer time


class BookingWorld:
    """One ward of a site, a course, and somebody who manages the programme."""

    def __init__(self) -> None:
        self.deployment: Deployment = make.make_deployment()
        self.site = self.deployment.site
        self.ward: Ward = make.make_ward(site=self.site, name="Elder ward")
        self.course = Course.objects.create(programme=self.programme, code="C1", name="Basics")
        self.manager: User = make.make_member(Role.PROGRAMME_MANAGER, programme=self.programme)

    @property
    def programme(self) -> Any:
        return self.deployment.programme

    def people(self, number: int, ward: Ward | None = None) -> list[StaffMember]:
        """So many people on a ward, Ana 1, Ana 2 …, each with an address."""
        return [
            make.make_staff(ward or self.ward, name=f"Ana {n + 1}", email=f"ana{n + 1}@example.org")
            for n in range(number)
        ]

    def session(self, *, capacity: int | None = 2, **fields: Any) -> TrainingSession:
        """A session of the course at the site, from 10 to 12 by its clock."""
        row = {
            "programme": self.programme,
            "course": self.course,
            "site": self.site,
            "code": f"T{TrainingSession.objects.count() + 1}",
            "room": "Room 4",
            "starts_at": datetime(2026, 4, 1, 9, tzinfo=UTC),
            "ends_at": datetime(2026, 4, 1, 11, tzinfo=UTC),
            "capacity": capacity,
        }
        return TrainingSession.objects.create(**{**row, **fields})

    def client(self, user: User | None = None) -> Client:
        client = Client()
        client.force_login(user or self.manager)
        return client


def states(session: TrainingSession) -> dict[str, str]:
    """How everybody stands on a session, by name, in the order of asking."""
    rows = Attendance.objects.filter(session=session, retired_at=None).order_by("pk")
    return {row.staff.name: str(row.state) for row in rows.select_related("staff")}


def ids(people: list[StaffMember]) -> list[int]:
    return [person.pk for person in people]
