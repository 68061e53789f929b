"""Items of a checklist follow their events: state, assurance, owner, due date, as SCORING.md says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from readiness.models import Checklist, ChecklistEvent, ChecklistItem, ChecklistTemplate, TemplateItem
from readiness.services.checklists import add_checklists, refresh_items
from rollout.models import AuditEntry, Deployment, ImportChange, ImportRun, Organisation, Person, Programme, Site

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # the next day already in Stockholm


@pytest.fixture
def programme() -> Programme:
    """A programme with a published template of two items and a deployment in Stockholm."""
    programme = Programme.objects.create(code="P", name="Programme")
    organisation = Organisation.objects.create(code="O", name="Organisation")
    site = Site.objects.create(organisation=organisation, code="S", name="Site", time_zone="Europe/Stockholm")
    Deployment.objects.create(programme=programme, site=site)
    template = ChecklistTemplate.objects.create(programme=programme, version=1)
    for code in ("A", "B"):
        TemplateItem.objects.create(template=template, code=code, domain="governance", text=code)
    ChecklistTemplate.objects.update(published_at=timezone.now())
    add_checklists(programme_id=programme.pk)
    return programme


def event(hours: int, code: str = "A", **values) -> ChecklistEvent:
    """An event some hours after the start."""
    item = ChecklistItem.objects.get(code=code)
    return ChecklistEvent.objects.create(
        item=item, deployment=item.deployment, at=START + timedelta(hours=hours), **values
    )


def item(programme: Programme, code: str = "A") -> ChecklistItem:
    """The item after it was brought up to its events."""
    refresh_items(programme_id=programme.pk)
    return ChecklistItem.objects.get(code=code)


def test_every_deployment_gets_one_checklist(programme):
    add_checklists(programme_id=programme.pk)

    assert Checklist.objects.count() == 1
    assert sorted(ChecklistItem.objects.values_list("code", "state", "version")) == [
        ("A", "not_started", 1),
        ("B", "not_started", 1),
    ]


def test_latest_event_with_a_state_gives_state_and_reason(programme):
    event(0, state="blocked", reason="No power")
    event(2, state="in_progress")
    event(3, evidence="a note")

    found = item(programme)

    assert (found.state, found.reason, found.evidence, found.done_on) == ("in_progress", "", "a note", None)


def test_done_on_is_the_sites_day(programme):
    event(0, state="done")

    found = item(programme)

    assert (found.state, found.done_on, found.assurance) == ("done", date(2026, 3, 2), "declared")


@pytest.mark.parametrize(
    ("later", "assurance"),
    [
        ([{"assurance": "seen"}], "seen"),
        ([{"assurance": "proved"}, {"assurance": "seen"}], "proved"),
        ([{"assurance": "proved"}, {"state": "done"}], "declared"),
        ([{"assurance": "proved"}, {"state": "done", "assurance": "seen"}], "seen"),
        ([{"assurance": "proved"}, {"state": "in_progress"}], ""),
    ],
)
def test_assurance_is_raised_and_never_lowered_until_done_again(programme, later, assurance):
    event(0, state="done")
    for hours, values in enumerate(later, 1):
        event(hours, **values)

    assert item(programme).assurance == assurance


def test_assurance_before_the_done_event_does_not_count(programme):
    event(0, assurance="proved")
    event(1, state="done")

    assert item(programme).assurance == "declared"


def test_due_date_and_owner_are_those_set_last(programme):
    first, second = Person.objects.create(label="one"), Person.objects.create(label="two")
    event(0, due_on=date(2026, 4, 1), owner=first)
    event(1, due_on=date(2026, 5, 1))
    event(2, owner=second)

    found = item(programme)

    assert (found.due_on, found.owner, found.state) == (date(2026, 5, 1), second, "not_started")


def test_default_due_date_empties_it(programme):
    event(0, due_on=date(2026, 4, 1))
    event(1, due_default=True)

    assert item(programme).due_on is None


def test_retired_event_counts_for_nothing(programme):
    event(0, state="done")
    item(programme)
    ChecklistEvent.objects.update(retired_at=timezone.now())

    found = item(programme)

    assert (found.state, found.assurance, found.done_on, found.version) == ("not_started", "", None, 3)


def test_item_that_is_up_to_date_is_not_touched(programme):
    event(0, state="done")

    first, second = refresh_items(programme_id=programme.pk), refresh_items(programme_id=programme.pk)

    assert (first, second) == (1, 0)
    assert sorted(ChecklistItem.objects.values_list("code", "version")) == [("A", 2), ("B", 1)]


def test_by_hand_it_is_audited_and_in_an_import_it_is_logged(programme):
    event(0, state="done")
    refresh_items(programme_id=programme.pk)
    audited = AuditEntry.objects.filter(table="readiness_checklistitem", action="update").count()
    event(1, state="blocked")
    run = ImportRun.objects.create(source="pack")

    refresh_items(programme_id=programme.pk, run_id=run.pk)

    assert audited == 1
    assert list(ImportChange.objects.values_list("table", "before__state")) == [("readiness_checklistitem", "done")]
