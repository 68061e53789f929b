"""What the list of recent changes says of records taken out; and where it is cut, that it is."""

from uuid import uuid4

import pytest

from readiness.dashboards import recent
from readiness.dashboards.recent import Subject, recent_changes, recent_changes_of_items
from readiness.models import ChecklistItem
from readiness.services.items import ItemChange, change_item
from rollout.audit import acting
from rollout.models import Deployment, Programme, User, Wave
from rollout.services.waves import bring_back_wave, retire_wave
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return make.make_user()


def rename(programme: Programme, by: User, times: int) -> None:
    """Change the programme so often, each time in a request of its own."""
    for number in range(times):
        with acting(by, request_id=uuid4().hex):
            Programme.objects.filter(pk=programme.pk).update(name=f"Name {number}")


def of(programme: Programme) -> recent.Changes:
    return recent_changes([Subject(Programme, "id", [programme.pk])], names=True, undo=False)


def test_list_that_is_whole_says_nothing_and_one_that_is_cut_how_many(by: User) -> None:
    programme = make.make_programme()
    rename(programme, by, 3)
    whole = of(programme)
    rename(programme, by, 9)

    cut = of(programme)

    assert (whole.bound, len(cut.rows)) == ("", recent.SHOWN)
    assert cut.bound == "These are the last 10 changes. Older ones are on the pages of the records."


@pytest.mark.parametrize("limit", ["READ", "READ_EACH"])
def test_records_not_read_are_said(by: User, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, limit, 2)
    programme = make.make_programme()
    rename(programme, by, 3)

    found = of(programme)

    assert len(found.rows) == 2
    assert found.bound == "Only the newest records of changes were read. Older changes are on the pages of the records."


def test_items_are_looked_for_among_the_newest_of_all_and_the_page_says_so(
    by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "NEWEST", 2)
    deployment: Deployment = make.make_deployment()
    item: ChecklistItem = make.make_blocker(deployment)
    change_item(item_id=item.pk, version=item.version, change=ItemChange("done"), by=by)
    rename(deployment.programme, by, 3)

    found = recent_changes_of_items([deployment.pk], names=True, undo=False)

    assert found.rows == []
    assert found.bound.startswith("Looked for among the newest 2 records of changes of the whole service.")


def test_record_taken_out_and_put_back_is_told_in_words(by: User) -> None:
    wave = make.make_wave()
    retire_wave(wave_id=wave.pk, by=by)
    bring_back_wave(wave_id=wave.pk, by=by)

    found = recent_changes([Subject(Wave, "id", [wave.pk])], names=True, undo=False)

    assert {sentence for change in found.rows for sentence in change.sentences} >= {"Wave: Taken out", "Wave: Put back"}
