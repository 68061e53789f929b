"""Your work as somebody sees it, and what may stand on it."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from readiness.models import Gate, GateReview
from rollout.choices import Role
from rollout.models import Deployment, Person, SeatRole, User
from tests import factories as make
from tests.pages import table

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = make.DAY
WHERE = "Alder Hospital One record"


def person(user: User) -> Person:
    return Person.objects.get_or_create(label=user.email, defaults={"user": user})[0]


def page(user: User, address: str = "/") -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def shown(user: User, name: str, address: str = "/") -> list[tuple[str, ...]]:
    """What to do, with what, where."""
    return [(row[3], row[0], row[1]) for row in table(page(user, address), f"{name}-table")]


def manager(deployment: Deployment) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=deployment.programme)


def lead(deployment: Deployment) -> User:
    return make.make_member(Role.SITE_LEAD, site=deployment.site)


def alder() -> Deployment:
    """A site of one programme, declared today, going live on GO_LIVE."""
    programme = make.make_programme(code="EPR", name="One record")
    site = make.make_site(code="ALD", name="Alder Hospital")
    return make.make_deployment(programme=programme, site=site, declared_status="green", declared_on=DAY)


def review(deployment: Deployment, *seats: SeatRole, **fields: Any) -> GateReview:
    gate = Gate.objects.create(programme=deployment.programme, code=f"G{Gate.objects.count()}", name="Go or no go")
    gate.seats.add(*seats)
    described = {"held_on": DAY, "pack": {"day": "2026-03-14"}, "frozen_at": NOW}
    return GateReview.objects.create(gate=gate, deployment=deployment, **{**described, **fields})
