"""A site whose timeline is read, and what happens there."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.test import Client

from readiness.models import ReadinessScore
from rollout.models import Deployment, DeploymentChange, EngagementEvent, Person
from tests import factories as make

PAGE = "/p/EPR/s/ALD/timeline/"
NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)


def alder() -> Deployment:
    programme = make.make_programme(code="EPR", name="One record")
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))


def person(name: str) -> Person:
    return Person.objects.get_or_create(label=name)[0]


def change(site: Deployment, what: str, before: str, after: str, at: datetime = NOW, **fields: Any) -> DeploymentChange:
    return DeploymentChange.objects.create(deployment=site, at=at, what=what, before=before, after=after, **fields)


def event(site: Deployment, code: str, people: int | None = None, **fields: Any) -> EngagementEvent:
    described = {"programme": site.programme, "kind": "workshop", "held_on": date(2026, 3, 2), **fields}
    made = EngagementEvent.objects.create(code=code, people=people, **described)
    made.sites.add(site.site)
    return made


def entries(client: Client, query: str = "") -> list[tuple[str, str, str, str]]:
    """Day, what, why and who of every entry, as the file has them."""
    answer = client.get(f"{PAGE}?download=csv&table=timeline{query}")
    rows = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    return [(row["Day"], row["What"], row["Why"], row["Who"]) for row in rows]


def said(client: Client, query: str = "") -> list[str]:
    return [what for _day, what, _why, _who in entries(client, query)]


def score_on(site: Deployment, day: int, score: str, **fields: Any) -> ReadinessScore:
    row = make.score_row(site, day=date(2026, 3, day), **fields)
    row.score = row.raw = Decimal(score)
    row.save()
    return row
