"""Saved views of the list of checklist items: kept and opened like those of the sites, and none tells a name."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from readiness.forms.kept_lists import ITEMS, ListOf
from readiness.forms.saved_views import Unknown, normalised
from rollout.choices import Role, SavedList
from rollout.models import Programme, SavedView, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

pytestmark = pytest.mark.django_db
LIST, VIEWS, SITES = "/p/EPR/checklist/", "/p/EPR/checklist/views/", "/p/EPR/sites/"
NAMED = "owner=Bo+Ek"


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    programme = make.make_programme(code="EPR", name="One record")
    for name, code, text in (("Alder", "LOGIN", "Log-in test"), ("Birch", "DOWN", "Downtime plan")):
        make.make_blocker(
            make.make_deployment(programme=programme, site=make.make_site(name=name)), code=code, text=text
        )
    return programme


@pytest.fixture
def manager(programme: Programme) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=programme)


@pytest.fixture
def desk(manager: User, client: Client) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def board(programme: Programme) -> Client:
    client = Client()
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=programme))
    return client


def names(text: str) -> list[str]:
    return column(text, "item-table", 2)


def view_of(programme: Programme, owner: User, **fields: object) -> SavedView:
    return make.make_view(programme=programme, owner=owner, list_name=SavedList.ITEMS, **fields)


def test_list_is_kept_and_opened_again(desk: Client):
    query = "q=log&blocking=on&sort=-due&page=2&saved=all&owner="
    offered = words(desk.get(f"{VIEWS}?{query}").text)

    answer = desk.post(VIEWS, {"name": "Log-ins", "query": query, "first": "on"})

    view = SavedView.objects.get()
    address = f"{LIST}?q=log&blocking=on&sort=-due&saved={view.pk}-log-ins"
    assert (view.list_name, view.query, view.columns) == ("items", "q=log&blocking=on&sort=-due", [])
    assert "It will show: Search: log; Blocking; Due, latest first" in offered
    assert (answer.status_code, answer.headers["Location"], desk.get(LIST).headers["Location"]) == (
        302,
        address,
        address,
    )
    shown = desk.get(address).text
    assert (names(shown), "View: Log-ins" in words(shown), "(changed)" in words(shown)) == (["Alder"], True, False)
    assert names(desk.get(f"{LIST}?saved=all").text) == ["Alder", "Birch"]
    assert table(desk.get(VIEWS).text, "view-table") == [
        ["Log-ins", "Search: log; Blocking; Due, latest first", "You The list opens with it", "Change"]
    ]
    assert (desk.get(SITES).status_code, table(desk.get(f"{SITES}views/").text, "view-table")) == (200, [])


def test_view_is_replaced_removed_and_put_back(desk: Client, programme: Programme, manager: User):
    view = view_of(programme, manager, name="Log-ins", query="q=log")
    page = f"/p/EPR/views/{view.pk}/"
    changed = words(desk.get(f"{LIST}?q=down&saved={view.pk}").text)

    replaced = desk.post(page, {"do": "replace", "query": "q=down&saved=1"})
    removed = desk.post(page, {"do": "remove"})

    assert ("View: Log-ins (changed)" in changed, "Keep this list as Log-ins" in changed) == (True, True)
    assert replaced.headers["Location"] == f"{LIST}?q=down&saved={view.pk}-log-ins"
    assert (removed.headers["Location"], desk.get(f"{LIST}?saved={view.pk}").status_code) == (VIEWS, 404)
    assert "Put back" in words(desk.get(VIEWS).text)
    assert desk.post(page, {"do": "restore"}).headers["Location"] == VIEWS
    assert "Saved views of the checklist items" in words(desk.get(VIEWS).text)
    assert f'href="{VIEWS}"' not in desk.get(f"{SITES}views/").text


@pytest.mark.parametrize(
    "query", ["columns=score", "view=heatmap", "band=ready", "sort=owner", "state=nonsense", "a=b"]
)
def test_what_the_list_does_not_know_is_not_kept(query: str, programme: Programme, manager: User):
    with pytest.raises(Unknown):
        normalised(query, ListOf(ITEMS, programme, manager))


def test_shared_view_names_nobody(desk: Client, programme: Programme, manager: User):
    shared = view_of(programme, manager, name="For all", query="q=log", shared=True)

    refused = desk.post(VIEWS, {"name": "Hers", "query": NAMED, "shared": "on"})
    replaced = desk.post(f"/p/EPR/views/{shared.pk}/", {"do": "replace", "query": NAMED})
    own = desk.post(VIEWS, {"name": "Hers", "query": NAMED})
    nobody = desk.post(VIEWS, {"name": "Without", "query": "owner=Nobody", "shared": "on"})

    assert (refused.status_code, "must not name a person" in words(refused.text)) == (422, True)
    assert (replaced.status_code, SavedView.objects.get(pk=shared.pk).query) == (400, "q=log")
    assert (own.status_code, nobody.status_code) == (302, 302)


def test_reader_without_names_has_no_view_by_owner(board: Client, programme: Programme, manager: User):
    without = view_of(programme, manager, name="Ownerless", query="owner=nobody", shared=True, is_default=True)
    view_of(programme, manager, name="Log-ins", query="q=log", shared=True)

    listed, views = board.get(LIST), board.get(VIEWS)

    assert (listed.status_code, [row[0] for row in table(views.text, "view-table")]) == (200, ["Log-ins"])
    assert ("Ownerless" in listed.text, board.get(f"{LIST}?saved={without.pk}").status_code) == (False, 404)
    assert board.post(VIEWS, {"name": "Mine", "query": NAMED}).status_code == 422
    assert board.post(VIEWS, {"name": "Mine", "query": "q=log"}).status_code == 302


def test_filters_are_taken_away_and_the_first_view_stays_closed(desk: Client, programme: Programme, manager: User):
    view_of(programme, manager, name="Log-ins", query="q=log", is_default=True)
    shown = desk.get(f"{LIST}?blocking=on&q=log").text
    filters = shown.partition('aria-label="Filters"')[2].partition("</form>")[0]

    assert f'<li><a href="{LIST}?saved=all">Clear filters</a></li>' in shown
    assert (filters.count('name="saved" value="all"'), filters.count('name="blocking"'), filters.count('name="q"')) == (
        1,
        1,
        1,
    )
