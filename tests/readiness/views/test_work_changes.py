"""Your work: what changed since the last look."""

from datetime import timedelta

import pytest
from django.test import Client

from readiness.models import ChecklistEvent
from rollout.choices import Role
from rollout.models import Decision, Deployment, DeploymentChange, LastLook
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.desk import DAY, NOW, WHERE, alder, manager, page, person


@pytest.fixture(autouse=True)
def today(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOW)


@pytest.fixture
def deployment(db: None) -> Deployment:
    return alder()


def test_changes_of_others_since_the_last_look(deployment: Deployment):
    user, other = manager(deployment), manager(deployment)
    item = make.make_blocker(deployment, text="Downtime plan")
    make.make_score(deployment, day=DAY - timedelta(days=8), share=95)
    make.make_score(deployment, day=DAY, share=20, computed_at=NOW - timedelta(hours=1))
    for hours, (who, state) in enumerate(((other, "done"), (other, "in_progress"), (user, "blocked"))):
        ChecklistEvent.objects.create(
            item=item, deployment=deployment, at=NOW - timedelta(hours=hours + 2), state=state, by=person(who)
        )
    for days, what, before, after in ((1, "go_live", "2026-03-20", "2026-04-24"), (9, "stage", "", "preparing")):
        DeploymentChange.objects.create(
            deployment=deployment,
            at=NOW - timedelta(days=days),
            what=what,
            before=before,
            after=after,
            by=person(other),
        )
    Decision.objects.create(
        programme=deployment.programme, code="D1", kind="standard", text="One card", from_on=DAY, by=person(other),
        edited_at=NOW - timedelta(days=2),
    )  # fmt: skip
    stranger = make.make_member(Role.PROGRAMME_MANAGER, programme=make.make_programme())

    changed = [row[:3] for row in table(page(user), "changed-table")]

    assert table(page(stranger), "changed-table") == []
    assert changed == [
        ["Alder Hospital", "Off track From ready to off track See why", WHERE],
        ["Downtime plan", "Finished Open the item", WHERE],
        ["Alder Hospital", "Go-live: from 20 March 2026 to 24 April 2026 See its timeline", WHERE],
        ["One card", "Decision: standard Read it", "One record"],
    ]


def test_seen_is_kept_and_never_goes_back(deployment: Deployment):
    user, client = manager(deployment), Client()
    client.force_login(user)
    DeploymentChange.objects.create(
        deployment=deployment, at=NOW - timedelta(days=1), what="stage", before="", after="preparing"
    )
    said = NOW - timedelta(minutes=5)

    answer = client.post("/", {"at": said.isoformat()}, follow=True)
    client.post("/", {"at": (NOW - timedelta(hours=20)).isoformat()})
    client.post("/", {"at": (NOW + timedelta(days=1)).isoformat()})

    assert "Marked as seen" in answer.text
    assert "Nothing has changed since 11:55am on 14 March 2026" in words(answer.text)
    assert LastLook.objects.get().looked_at == NOW


@pytest.mark.parametrize(
    "at", ["", "yesterday", "2026-02-30T10:00:00Z", "2026-03-14T10:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_moment_is_refused_in_words(deployment: Deployment, at: str):
    client = Client()
    client.force_login(manager(deployment))

    answer = client.post("/", {"at": at})

    assert (answer.status_code, LastLook.objects.count()) == (422, 0)
    assert "Load the page again, then select Mark as seen." in words(answer.text) or "required" in words(answer.text)
