"""A site with wards, shift patterns and champions, for the tests of what is done with a rota."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.test import Client

from rollout.choices import Role
from rollout.models import Deployment, Programme, User, Ward
from tests import factories as make
from training.hours import Span, span_of
from training.models import Champion, ChampionShift, ShiftPattern, StaffMember

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 14)
LONDON = ZoneInfo("Europe/London")


class RotaWorld:
    """One site that goes live with a programme, with an early and a late shift and a night."""

    def __init__(self) -> None:
        self.ward = make.make_ward(name="Elder ward")
        self.near = make.make_ward(site=self.ward.site, name="Fern ward")
        self.here = make.make_deployment(site=self.ward.site)
        self.early = self.pattern("early", 7, 15)
        self.late = self.pattern("late", 15, 21)
        self.night = self.pattern("night", 21, 7)

    @property
    def programme(self) -> Programme:
        return self.here.programme

    def pattern(self, name: str, starts: int, ends: int) -> ShiftPattern:
        return ShiftPattern.objects.create(
            programme=self.programme, name=name, starts=time(starts), ends=time(ends), minimum=1
        )

    def champion(self, name: str = "Ana Diaz", ward: Ward | None = None, **fields: Any) -> StaffMember:
        """A champion of the programme since 1 March, posted to a ward."""
        person = make.make_staff(ward or self.ward, name=name)
        Champion.objects.create(**{"programme": self.programme, "staff": person, "from_on": date(2026, 3, 1), **fields})
        return person

    def span(self, day: date, pattern: ShiftPattern) -> Span:
        return span_of(day, pattern.starts, pattern.ends, LONDON)

    def shift(
        self, person: StaffMember, day: date, pattern: ShiftPattern, ward: Ward | None = None, **fields: Any
    ) -> ChampionShift:
        span = self.span(day, pattern)
        given = {"programme": self.programme, "planned_on": date(2026, 3, 1), "client_id": uuid4()}
        times = {"starts_at": span.starts_at, "ends_at": span.ends_at}
        return ChampionShift.objects.create(**{**given, "staff": person, "ward": ward or self.ward, **times, **fields})

    def address(self, more: str = "", deployment: Deployment | None = None) -> str:
        here = deployment or self.here
        return f"/p/{here.programme.code}/s/{here.site.code}/rota/{more}"

    def slot(self, day: date, pattern: ShiftPattern, ward: Ward | None = None) -> str:
        return self.address(f"shifts/new/?ward={(ward or self.ward).pk}&on={day}&pattern={pattern.pk}")

    def manager(self, ward: Ward | None = None) -> Client:
        """Somebody who manages the ward."""
        return client_of(make.make_member(Role.WARD_MANAGER, ward=ward or self.ward))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
