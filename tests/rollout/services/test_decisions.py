"""Writing down what holds from a day on: for all sites, for some; the audit knows who and why."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollout.choices import Role
from rollout.models import AuditEntry, Decision, Deployment, Programme, User
from rollout.services.decisions import record_standard
from rollout.services.refusals import Refused
from tests import factories as make

DAY = date(2026, 5, 1)


@pytest.fixture
def programme(db: None) -> Programme:
    return make.make_programme(code="EPR")


@pytest.fixture
def manager(programme: Programme) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=programme)


def record(programme: Programme, by: User, sites: list[int] | None) -> list[tuple[str, int | None]]:
    kept = record_standard(
        programme_id=programme.pk, text="One card only", reason="Two confuse", from_on=DAY, sites=sites, by=by
    )
    return [(each.code, each.deployment_id) for each in kept]


def test_standard_for_all_sites_is_one_decision(programme: Programme, manager: User):
    Decision.objects.create(programme=programme, code="DEC-7", kind="go", text="Go", from_on=DAY)

    assert record(programme, manager, None) == [("DEC-8", None)]
    entry = AuditEntry.objects.get(table="rollout_decision", reason="standard decided")
    assert (entry.user, entry.action) == (manager, "insert")
    kept = Decision.objects.get(code="DEC-8")
    assert (kept.kind, kept.from_on, kept.reason, kept.by.user) == ("standard", DAY, "Two confuse", manager)


@pytest.mark.parametrize("number", [1, 3])
def test_standard_for_some_sites_stands_at_each_with_as_many_queries(number: int, programme: Programme, manager: User):
    sites = [each.pk for each in make.make_deployments(number, programme=programme, score=False)]

    with CaptureQueriesContext(connection) as queries:
        kept = record(programme, manager, sites)

    assert sorted(kept) == sorted((f"DEC-{place + 1}", pk) for place, pk in enumerate(sites))
    assert len(queries) == 14


def test_sites_of_other_programmes_and_retired_ones_are_refused(programme: Programme, manager: User):
    elsewhere, gone = make.make_deployment(), make.make_deployment(programme=programme)
    Deployment.objects.filter(pk=gone.pk).update(retired_at=timezone.now())

    for sites in ([], [elsewhere.pk], [gone.pk]):
        with pytest.raises(Refused, match="at least one site"):
            record(programme, manager, sites)

    assert Decision.objects.count() == 0
