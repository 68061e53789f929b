"""Your work: whoever left an import learns what came of it, and what it waits for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from readiness.choices import FileImportState
from readiness.models import FileImport
from rollout.choices import Role
from rollout.models import Programme, User
from tests import factories as make
from tests.pages import table, words
from tests.readiness.desk import page

pytestmark = pytest.mark.django_db
NONE = {"new": 0, "changed": 0, "same": 4, "rejected": 0, "missing": 0}


@pytest.fixture
def manager() -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=make.make_programme(name="One record"))


def left(user: User, name: str, state: str, **fields: object) -> FileImport:
    """An import of the user's that the worker has done with."""
    programme = Programme.objects.get(memberships__user=user)
    return FileImport.objects.create(
        programme=programme, kind="wards", name=name, size=1, sha256="a" * 64, by=user, state=state, **fields
    )


def test_imports_that_need_an_answer_wait_for_who_began_them(manager: User):
    other = make.make_member(Role.PROGRAMME_MANAGER, programme=manager.memberships.get().programme)
    ago = timezone.now() - timedelta(days=20)
    left(manager, "asks.csv", FileImportState.CHOSEN, told="Say how the dates are written.", touched_at=ago)
    left(manager, "begun.csv", FileImportState.CHOSEN)
    left(manager, "under-way.csv", FileImportState.LOADING)
    checked = left(manager, "checked.csv", FileImportState.CHECKED, counts=NONE | {"new": 2})
    left(manager, "broken.csv", FileImportState.FAILED, told="It took too long.")
    left(manager, "forgotten.csv", FileImportState.FAILED, forgotten_at=timezone.now())
    left(manager, "same.csv", FileImportState.CHECKED, counts=NONE)
    left(manager, "loaded.csv", FileImportState.LOADED, counts=NONE | {"new": 1})
    left(manager, "undone.csv", FileImportState.UNDONE)
    left(manager, "old.csv", FileImportState.LOADED, touched_at=ago)

    text = page(manager)

    assert [row[0].split()[0] for row in table(text, "waiting-table")] == ["asks.csv", "checked.csv", "broken.csv"]
    assert [row[3] for row in table(text, "waiting-table")] == [
        "Say how its dates are written",
        "Load it or give it up",
        "Try again or give it up",
    ]
    assert "2 rows would change something." in words(text)
    assert f"/imports/{checked.pk}/" in text
    assert [row[:2] for row in table(text, "changed-table")] == [
        ["undone.csv", "Your import is undone See what came of it"],
        ["loaded.csv", "Your import is loaded See what came of it"],
        ["same.csv", "Nothing to change: every row is here already. See what came of it"],
    ]
    assert "imports/" not in page(other)


def test_nobody_learns_of_imports_in_a_programme_they_manage_no_more(manager: User):
    left(manager, "broken.csv", FileImportState.FAILED)
    manager.memberships.update(ended_at=timezone.now())

    assert "broken.csv" not in page(manager)
