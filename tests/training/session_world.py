"""A site with a course, sessions and people booked on them, for the tests of what is done with sessions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from rollout.choices import Role
from rollout.models import Deployment, Person, Programme, Site, User
from tests import factories as make
from training.choices import AttendanceState
from training.models import Attendance, Course, StaffMember, TrainingSession
from training.services.sessions import zone_at

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 14)


class SessionWorld:
    """One site of a programme, and a course that is taught there."""

    def __init__(self, **site: Any) -> None:
        self.site: Site = make.make_site(**{"name": "Elder Hospital", **site})
        self.ward = make.make_ward(site=self.site, name="Elder ward")
        self.here: Deployment = make.make_deployment(site=self.site)
        self.course = self.make_course()

    @property
    def programme(self) -> Programme:
        return self.here.programme

    def make_course(self, **fields: Any) -> Course:
        number = Course.objects.count() + 1
        described = {"programme": self.programme, "code": f"C{number}", "name": f"Course {number}"}
        return Course.objects.create(**{**described, **fields})

    def session(
        self, starts_at: datetime = NOON + timedelta(days=3), *, hours: float = 2, **fields: Any
    ) -> TrainingSession:
        """A session of the course at the site; three days from NOON unless told otherwise."""
        described = {
            "programme": self.programme,
            "course": self.course,
            "site": self.site,
            "code": f"T{TrainingSession.objects.count() + 1}",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=hours),
        }
        return TrainingSession.objects.create(**{**described, **fields})

    def place(
        self,
        session: TrainingSession,
        state: str = AttendanceState.BOOKED,
        person: StaffMember | None = None,
        **more: Any,
    ) -> Attendance:
        """A place on a session, for somebody of the ward."""
        described = {
            "course": session.course,
            "session": session,
            "staff": person or make.make_staff(self.ward),
            "on": session.starts_at.astimezone(zone_at(session)).date(),
            "state": state,
        }
        return Attendance.objects.create(**{**described, **more})

    def address(self, more: str = "") -> str:
        return f"/p/{self.programme.code}/training/sessions/{more}"

    def manager(self) -> User:
        return make.make_member(Role.PROGRAMME_MANAGER, programme=self.programme)

    def trainer(self, **fields: Any) -> User:
        return make.make_member(Role.TRAINER, programme=self.programme, **fields)


def person_of(user: User) -> Person:
    """The person that stands for a user in records."""
    return Person.objects.get_or_create(label=user.email, defaults={"user": user})[0]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
