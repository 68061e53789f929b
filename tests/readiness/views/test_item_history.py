"""The whole history of an item, and how long what was done holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from readiness.dashboards.checklist import ItemRow
from readiness.dashboards.item import ADOPTED, adopted_words, shelf_words
from readiness.indicators.items import ItemStanding
from readiness.models import ChecklistEvent, ChecklistItem, TemplateItem
from readiness.services.templates import MARKED
from rollout.choices import Role
from rollout.models import Person
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "state", "since", "said"),
    [
        (30, "done", date(2026, 3, 1), "Valid until 31 March 2026, 16 days left"),
        (15, "done", date(2026, 3, 1), "Valid until 16 March 2026, 1 day left"),
        (14, "done", date(2026, 3, 1), "Valid until 15 March 2026, today"),
        (13, "done", date(2026, 3, 1), "Ran out on 14 March 2026, 1 day ago: the item counts as not done"),
        (3, "done", date(2024, 2, 28), "Ran out on 2 March 2024, 743 days ago: the item counts as not done"),
        (None, "done", date(2026, 3, 1), ""),
        (30, "in_progress", date(2026, 3, 1), ""),
        (30, "done", None, ""),
    ],
)
def test_shelf_life_is_said_in_words(days: int | None, state: str, since: date | None, said: str):
    item = ChecklistItem(template_item=TemplateItem(valid_days=days))
    standing = ItemStanding(state, state == "done", None, False, "", since)

    assert shelf_words(ItemRow(item, standing, NOW.date())) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["text", "due_days"], "Taken over from version 3: text and due date changed"),
        (["seat_role_id"], "Taken over from version 3: seat changed"),
        (["added"], "Came into the checklist with version 3"),
        (["returned"], "Came back into the checklist with version 3"),
        (["gone"], "No longer asked for since version 3 was taken over"),
    ],
)
def test_version_taken_over_is_said_in_words(changes: list[str], said: str):
    assert adopted_words(3, changes) == said


def test_every_column_that_two_versions_may_have_otherwise_has_a_word():
    assert ADOPTED.keys() == set(MARKED) - {"code"}


@pytest.mark.django_db
def test_history_tells_what_was_before_strikes_what_is_void_and_goes_on_after_fifty(
    client: Client, frozen_clock: FrozenClock
):
    frozen_clock.move_to(NOW)
    programme = make.make_programme(code="EPR")
    deployment = make.make_deployment(programme=programme, site=make.make_site(code="ALD"))
    item = make.make_blocker(deployment)
    bo = Person.objects.create(label="Bo Ek")

    def add(day: int, **said: object) -> ChecklistEvent:
        at = NOW - timedelta(days=100 - day)
        return ChecklistEvent.objects.create(item=item, deployment=deployment, at=at, by=bo, **said)

    add(0, state="in_progress", evidence="Folder 1")
    add(1, state="blocked", reason="No power", retired_at=NOW)
    add(2, state="done", evidence="Folder 2", owner=bo)
    add(3, due_on=date(2026, 4, 1))
    add(4, due_default=True, owner_removed=True)
    for day in range(5, 55):
        add(day, evidence=f"Note {day}")
    add(55, adopted_version=3, adopted_changes=["help"])
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))

    first, second = (client.get(f"/p/EPR/s/ALD/checklist/{item.code}/?page={page}").text for page in (1, 2))

    assert "Taken over from version 3: why it matters changed" in words(first)
    assert words(first).count("Evidence: Note") == 49
    assert "Evidence: Note 7 (before: Note 6)" in words(first)
    assert words(second).count("Evidence: Note") == 1
    assert "State: In progress (before: Not started) Evidence: Folder 1" in words(second)
    assert "State: Completed (before: In progress) Owner: Bo Ek Evidence: Folder 2 (before: Folder 1)" in words(second)
    assert "Due on: 1 April 2026" in words(second)
    assert "Due date: counted from the go-live date (before: 1 April 2026) Owner: Nobody (before: Bo Ek)" in words(
        second
    )
    assert "<s><p>State: Blocked (before: In progress)</p><p>Reason: No power</p></s>" in second
