"""Saved views: kept once, one name each, one first, changed by nobody unseen."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from rollout.choices import SavedList
from rollout.models import AuditEntry, Programme, SavedView, User
from rollout.services.saved_views import (
    MOST,
    NameTaken,
    TooManyViews,
    ViewChanged,
    change_view,
    remove_view,
    replace_view,
    restore_view,
    save_view,
)
from tests import factories as make

SITES = SavedList.SITES


@pytest.fixture
def programme(db: None) -> Programme:
    return make.make_programme(code="EPR")


@pytest.fixture
def ana(db: None) -> User:
    return make.make_user(name="Ana")


def keep(owner: User, programme: Programme, **fields) -> SavedView:
    given = {"list_name": SITES, "name": "Late sites", "query": "band=off_track", **fields}
    return save_view(owner=owner, programme=programme, **given)


def test_view_is_kept_as_it_was_said(programme: Programme, ana: User):
    view = keep(ana, programme, columns=["score", "lead"], first=True)

    kept = SavedView.objects.get()
    assert (kept.pk, kept.owner, kept.programme, kept.name) == (view.pk, ana, programme, "Late sites")
    assert (kept.query, kept.columns, kept.shared, kept.is_default) == (
        "band=off_track",
        ["score", "lead"],
        False,
        True,
    )


def test_every_change_is_audited(programme: Programme, ana: User):
    view = keep(ana, programme)
    change_view(view=view, by=ana, name="Red sites", first=True)
    remove_view(view=view, by=ana)

    entries = AuditEntry.objects.filter(table="rollout_savedview", row_id=view.pk).order_by("pk")
    assert [(entry.action, entry.user_id, entry.reason) for entry in entries] == [
        ("insert", ana.pk, "view saved"),
        ("update", ana.pk, "view changed"),
        ("update", ana.pk, "view removed"),
    ]


def test_same_view_saved_twice_is_one(programme: Programme, ana: User):
    assert keep(ana, programme).pk == keep(ana, programme).pk


@pytest.mark.parametrize("name", ["Late sites", "LATE SITES"])
def test_name_is_taken_once(name: str, programme: Programme, ana: User):
    keep(ana, programme)

    with pytest.raises(NameTaken, match="There is a view called"):
        keep(ana, programme, name=name, query="band=at_risk")

    assert SavedView.objects.get().query == "band=off_track"


def test_name_is_free_for_others_elsewhere_and_shared(programme: Programme, ana: User):
    keep(ana, programme)
    keep(make.make_user(), programme)
    keep(ana, make.make_programme())
    keep(ana, programme, shared=True)

    assert SavedView.objects.count() == 4
    with pytest.raises(NameTaken):
        keep(make.make_user(), programme, shared=True)


def test_one_view_opens_first(programme: Programme, ana: User):
    first = keep(ana, programme, first=True)
    shared = keep(ana, programme, name="For all", shared=True, first=True)
    others = keep(make.make_user(), programme, first=True)
    second = keep(ana, programme, name="Mine now", first=True)
    change_view(view=keep(ana, programme, name="Third"), by=ana, name="Third", first=True)

    defaults = set(SavedView.objects.filter(is_default=True).values_list("pk", flat=True))
    assert defaults == {shared.pk, others.pk, SavedView.objects.get(name="Third").pk}
    assert not {first.pk, second.pk} & defaults


def test_there_is_an_end_to_views(programme: Programme, ana: User):
    SavedView.objects.bulk_create(
        SavedView(owner=ana, programme=programme, list_name=SITES, name=f"View {number}") for number in range(MOST)
    )

    with pytest.raises(TooManyViews, match="There are 50 views already"):
        keep(ana, programme)


def test_view_is_renamed_but_not_to_a_name_that_is_taken(programme: Programme, ana: User):
    view, other = keep(ana, programme), keep(ana, programme, name="Other")

    change_view(view=view, by=ana, name="late sites", first=False)
    with pytest.raises(NameTaken):
        change_view(view=other, by=ana, name="Late Sites", first=False)

    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["Other", "late sites"]


def test_view_shows_another_list(programme: Programme, ana: User):
    view = replace_view(view=keep(ana, programme), by=ana, query="stage=live", columns=["score"])

    assert (view.query, view.columns, view.name) == ("stage=live", ["score"], "Late sites")


def test_removed_view_frees_its_name_and_first_place_and_comes_back(programme: Programme, ana: User):
    view = remove_view(view=keep(ana, programme, first=True), by=ana)
    assert (view.retired_by, view.is_default, SavedView.objects.current().count()) == (ana, False, 0)

    restore_view(view=view, by=ana)
    assert SavedView.objects.current().get() == view

    remove_view(view=view, by=ana)
    keep(ana, programme)
    with pytest.raises(NameTaken):
        restore_view(view=view, by=ana)


CHANGES: dict[str, Callable[[SavedView, User], object]] = {
    "change": lambda view, by: change_view(view=view, by=by, name="New name", first=False),
    "replace": lambda view, by: replace_view(view=view, by=by, query="", columns=[]),
    "remove": lambda view, by: remove_view(view=view, by=by),
}


@pytest.mark.parametrize("act", CHANGES)
def test_stale_view_is_not_written_over(act: str, programme: Programme, ana: User):
    mine = keep(ana, programme)
    theirs = SavedView.objects.get(pk=mine.pk)
    replace_view(view=theirs, by=ana, query="stage=live", columns=[])
    SavedView.objects.filter(pk=mine.pk).update(name="Theirs")
    before = SavedView.objects.values().get()

    with pytest.raises(ViewChanged):
        # The clock of a transaction stands still: what was read is of an earlier one.
        mine.edited_at = mine.edited_at.replace(year=2020)
        CHANGES[act](mine, ana)

    assert SavedView.objects.values().get() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "late sites"},
        {"name": " "},
        {"name": "Another", "is_default": True},
        {"name": "Another", "list_name": "wards"},
        {"name": "FOR ALL", "shared": True},
        {"name": "Another", "shared": True, "is_default": True},
    ],
    ids=["own name", "no name", "own first", "unknown list", "shared name", "shared first"],
)
def test_database_refuses(fields: dict, programme: Programme, ana: User):
    keep(ana, programme, first=True)
    keep(ana, programme, name="For all", shared=True, first=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_view(programme=programme, owner=ana, **fields)


# Races ---------------------------------------------------------------------------------------------------------------


def together(number: int, act: Callable[[int], object]) -> list[object]:
    """What a call in each of so many threads at once gives, or the name of what it raises."""
    gate = threading.Barrier(number)

    def one(place: int) -> object:
        gate.wait()
        try:
            return act(place)
        except (NameTaken, ViewChanged) as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.mark.django_db(transaction=True)
def test_view_saved_by_many_presses_at_once_is_one():
    programme, ana = make.make_programme(), make.make_user()

    views = together(4, lambda _place: keep(ana, programme, first=True).pk)

    assert (len(set(views)), SavedView.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_many_first_views_at_once_one_is_first():
    programme, ana = make.make_programme(), make.make_user()

    together(4, lambda place: keep(ana, programme, name=f"View {place}", first=True).pk)

    assert (SavedView.objects.count(), SavedView.objects.filter(is_default=True).count()) == (4, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_rename_at_once_one_is_told():
    programme, ana = make.make_programme(), make.make_user()
    view = keep(ana, programme)
    read = [SavedView.objects.get(pk=view.pk) for _ in range(2)]

    told = together(2, lambda place: change_view(view=read[place], by=ana, name=f"Name {place}", first=False).name)

    assert told.count("ViewChanged") == 1
    assert SavedView.objects.get().name in told
