"""Saved views of the list of sites: keeping one, opening it, the one a list opens with, whose they are."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client

from readiness.forms.kept_lists import SITES, ListOf
from readiness.forms.saved_views import Unknown, normalised
from rollout.choices import Role, Stage
from rollout.models import Programme, SavedView, User
from rollout.services.saved_views import replace_view
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

LIST, VIEWS, VIEW = "/p/EPR/sites/", "/p/EPR/sites/views/", "/p/EPR/views/"


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    programme = make.make_programme(code="EPR", name="One record")
    make.make_wave(programme=programme, number=2)
    make.make_score(make.make_deployment(programme=programme, site=make.make_site(name="Alder")), share=40)
    make.make_deployment(programme=programme, site=make.make_site(name="Birch"), stage=Stage.DEFERRED)
    return programme


@pytest.fixture
def person(programme: Programme) -> User:
    return make.make_member(Role.TRAINER, programme=programme)


@pytest.fixture
def manager(programme: Programme) -> Client:
    client = Client()
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


@pytest.fixture
def mine(person: User, client: Client) -> Client:
    client.force_login(person)
    return client


def sites_of(programme: Programme) -> ListOf:
    return ListOf(SITES, programme, make.make_user())


def names(text: str) -> list[str]:
    return [name.split(" Trust")[0] for name in column(text, "site-table")]


# Keeping -------------------------------------------------------------------------------------------------------------


def test_list_is_kept_and_opened_again(mine: Client, person: User, programme: Programme):
    query = "band=off_track&sort=-score&columns=lead&columns=score&page=2&as_of=&saved=all&q="
    offered = words(mine.get(f"{VIEWS}?{query}").text)

    answer = mine.post(VIEWS, {"name": "  Late   sites ", "query": query})

    view = SavedView.objects.get()
    assert (view.name, view.query, view.columns, view.shared) == (
        "Late sites",
        "band=off_track&sort=-score",
        ["score", "lead"],
        False,
    )
    assert "It will show: Band: Off track; Score, highest first; Columns: Score, Lead" in offered
    address = f"{LIST}?band=off_track&sort=-score&columns=score,lead&saved={view.pk}-late-sites"
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert mine.get(f"{LIST}?saved={view.pk}").headers["Location"] == address
    text = mine.get(address).text
    assert (names(text), "View: Late sites" in words(text), "(changed)" in words(text)) == (["Alder"], True, False)
    assert "Late sites is saved." in words(text)


def test_two_presses_keep_one_view(mine: Client):
    said = {"name": "Late sites", "query": "band=off_track"}

    answers = [mine.post(VIEWS, said) for _ in range(2)]

    assert {answer.headers["Location"] for answer in answers} == {answers[0].headers["Location"]}
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": ""}, "Enter a name for the view"),
        ({"name": "   "}, "Enter a name for the view"),
        ({"name": "late SITES", "query": "band=at_risk"}, "There is a view called late SITES already."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "New", "query": "evil=1"}, "This list cannot be kept"),
        ({"name": "New", "query": "band=nonsense"}, "This list cannot be kept"),
        ({"name": "New", "query": "x" * 2_001}, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_kept_is_said(said: dict[str, str], told: str, mine: Client, person: User, programme: Programme):
    make.make_view(programme=programme, owner=person, name="Late sites")

    answer = mine.post(VIEWS, said)

    assert (answer.status_code, told in words(answer.text)) == (422, True)
    assert SavedView.objects.count() == 1
    assert f'value="{said["name"]}"' in answer.text or not said["name"].strip()


HOSTILE = (
    "evil=1",
    "q=a&q=b",
    "sort=deployment__programme",
    "sort=--score",
    "view=wall",
    "columns=score,password",
    "wave=99",
    "stage=%00",
    "q=%00",
    "q=%ff",
    "q=" + "x" * 101,
    "band=off_track;stage=live",
    "download=csv",
    "&".join(f"q{number}=1" for number in range(50)),
    "<script>=1",
    "q=x&http://evil.example/=1",
)


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_query_is_refused(query: str, mine: Client, programme: Programme):
    with pytest.raises(Unknown):
        normalised(query, sites_of(programme))

    answer = mine.post(VIEWS, {"name": "Mine", "query": query})
    offered = mine.get(f"{VIEWS}?{quote(query, safe='=&%,;')}")

    assert (answer.status_code, SavedView.objects.count()) == (422, 0)
    assert (offered.status_code, "cannot be kept" in words(offered.text)) == (200, True)


@pytest.mark.parametrize(
    ("query", "kept", "columns"),
    [
        ("", "", []),
        ("?sort=score&band=ready", "band=ready&sort=score", []),
        ("q=+alder++&differs=true", "q=alder&differs=on", []),
        ("view=list&columns=score,band", "", ["score", "band"]),
        ("view=heatmap&columns=score&sort=-training", "sort=-training&view=heatmap", []),
        ("page=3&as_of=2026-03-01&since=2026-02-01&changed=on&saved=12", "", []),
        ("columns=band&columns=score", "", ["score", "band"]),
        ("q=%3Cb%3E%26%3D", "q=%3Cb%3E%26%3D", []),
        ("wave=2", "wave=2", []),
    ],
)
def test_query_has_one_spelling(query: str, kept: str, columns: list[str], programme: Programme):
    of = sites_of(programme)

    assert normalised(query, of) == (kept, columns)
    assert normalised(kept, of)[0] == kept


# Opening -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def first(programme: Programme, person: User) -> SavedView:
    return make.make_view(programme=programme, owner=person, name="Deferred", query="stage=deferred", is_default=True)


def test_list_opens_with_the_persons_first_view(first: SavedView, mine: Client):
    opened = mine.get(LIST, follow=True)

    assert opened.redirect_chain == [(f"{LIST}?stage=deferred&saved={first.pk}-deferred", 302)]
    assert names(opened.text) == ["Birch"]
    assert "View: Deferred" in words(opened.text)
    assert f'href="{LIST}?saved=all"' in opened.text
    assert names(mine.get(f"{LIST}?saved=all").text) == ["Alder", "Birch"]


@pytest.mark.parametrize("query", ["?band=off_track", "?view=list", "?as_of=2026-03-14", "?q="])
def test_any_query_is_shown_as_it_is(query: str, first: SavedView, mine: Client):
    assert mine.get(LIST + query).status_code == 200


def test_own_first_view_comes_before_the_shared_one(
    first: SavedView, mine: Client, manager: Client, programme: Programme
):
    shared = make.make_view(programme=programme, name="For all", query="view=heatmap", shared=True, is_default=True)

    assert mine.get(LIST).headers["Location"].endswith(f"saved={first.pk}-deferred")
    assert manager.get(LIST).headers["Location"].endswith(f"?view=heatmap&saved={shared.pk}-for-all")


def test_first_view_of_everything_does_not_go_round_in_circles(mine: Client, person: User, programme: Programme):
    view = make.make_view(programme=programme, owner=person, name="Ärzte 病院", is_default=True)

    opened = mine.get(LIST, follow=True)

    assert (opened.status_code, opened.redirect_chain) == (200, [(f"{LIST}?saved={view.pk}-arzte", 302)])
    assert "View: Ärzte 病院" in words(opened.text)


def test_taking_the_last_filter_away_does_not_open_the_first_view(first: SavedView, mine: Client):
    text = mine.get(f"{LIST}?band=off_track").text

    assert f'class="app-chip" href="{LIST}?saved=all"' in text
    assert '<input type="hidden" name="saved" value="all">' in text


@pytest.mark.parametrize("saved", ["0", "999999", "abc", "1'--", "-1", "9" * 30, "%00", "１２"])
def test_view_that_is_not_there_is_not_found(saved: str, mine: Client):
    assert mine.get(f"{LIST}?saved={saved}").status_code == 404
    assert mine.get(f"{LIST}?band=off_track&saved={saved}").status_code == 200


def test_changed_list_says_so_and_can_be_kept(first: SavedView, mine: Client):
    text = mine.get(f"{LIST}?stage=deferred&sort=-score&saved={first.pk}").text
    assert "View: Deferred (changed)" in words(text)
    assert "Keep this list as Deferred" in words(text)

    answer = mine.post(f"{VIEW}{first.pk}/", {"do": "replace", "query": f"stage=deferred&sort=-score&saved={first.pk}"})

    first.refresh_from_db()
    assert (answer.status_code, first.query) == (302, "stage=deferred&sort=-score")
    assert mine.post(f"{VIEW}{first.pk}/", {"do": "replace", "query": "evil=1"}).status_code == 400


def test_part_follows_the_view_too(first: SavedView, mine: Client):
    part = mine.get(f"{LIST}?saved=all&q=alder", headers={"HX-Request": "true", "HX-Target": "sites"})

    assert (names(part.text), "Saved views" in words(part.text)) == (["Alder"], True)


# Whose they are ------------------------------------------------------------------------------------------------------


def test_views_of_others_are_not_there(first: SavedView, manager: Client):
    assert table(manager.get(VIEWS).text, "view-table") == []
    assert manager.get(f"{LIST}?saved={first.pk}").status_code == 404
    assert manager.get(f"{VIEW}{first.pk}/").status_code == 404
    assert manager.post(f"{VIEW}{first.pk}/", {"do": "remove"}).status_code == 404


def test_only_managers_share(mine: Client, manager: Client, person: User):
    assert "Share it with" not in mine.get(VIEWS).text
    mine.post(VIEWS, {"name": "Not shared", "shared": "on"})
    manager.post(VIEWS, {"name": "Shared", "shared": "on", "first": "on"})

    assert dict(SavedView.objects.values_list("name", "shared")) == {"Not shared": False, "Shared": True}
    shared = SavedView.objects.get(shared=True)
    assert "Shared" in words(mine.get(VIEWS).text)
    assert mine.get(f"{VIEW}{shared.pk}/").status_code == 403
    assert mine.post(f"{VIEW}{shared.pk}/", {"do": "remove"}).status_code == 403
    assert mine.get(f"{LIST}?saved={shared.pk}", follow=True).status_code == 200


def test_board_member_keeps_views_too(programme: Programme):
    board = Client()
    board.force_login(make.make_member(Role.BOARD_MEMBER, programme=programme))

    assert board.post(VIEWS, {"name": "Mine", "query": "view=heatmap"}).status_code == 302


def test_views_of_another_programme_are_apart(first: SavedView, mine: Client, person: User):
    other = make.make_programme(code="OTHER")
    make.make_member(Role.TRAINER, programme=other, user=person)

    assert mine.get("/p/OTHER/sites/").status_code == 200
    assert mine.get(f"/p/OTHER/views/{first.pk}/").status_code == 404
    assert mine.get(f"/p/OTHER/sites/?saved={first.pk}").status_code == 404


# Changing ------------------------------------------------------------------------------------------------------------


def seen(client: Client, view: SavedView) -> str:
    return client.get(f"{VIEW}{view.pk}/").text.partition('name="seen" value="')[2].partition('"')[0]


def test_view_is_renamed_and_no_longer_first(first: SavedView, mine: Client):
    answer = mine.post(f"{VIEW}{first.pk}/", {"name": "Put off", "seen": seen(mine, first)})

    first.refresh_from_db()
    assert (answer.status_code, first.name, first.is_default) == (302, "Put off", False)
    assert table(mine.get(VIEWS).text, "view-table") == [["Put off", "Stage: Deferred", "You", "Change"]]


def test_name_that_is_taken_is_said_with_what_was_typed(
    first: SavedView, mine: Client, person: User, programme: Programme
):
    make.make_view(programme=programme, owner=person, name="Other")

    answer = mine.post(f"{VIEW}{first.pk}/", {"name": "other", "seen": seen(mine, first)})

    assert (answer.status_code, 'value="other"' in answer.text) == (422, True)
    assert "There is a view called other already." in words(answer.text)


def test_change_made_meanwhile_is_told_and_what_was_typed_is_kept(first: SavedView, mine: Client, person: User):
    before = seen(mine, first)
    SavedView.objects.filter(pk=first.pk).update(name="Renamed elsewhere")
    replace_view(view=SavedView.objects.get(), by=person, query="", columns=[])
    stale = mine.post(f"{VIEW}{first.pk}/", {"name": "My name", "seen": before.replace("20", "19", 1)})

    assert (stale.status_code, 'value="My name"' in stale.text) == (409, True)
    text = words(stale.text)
    assert "Somebody else changed this while you were here" in text
    assert "Name of the view Saved meanwhile: Renamed elsewhere Yours: My name" in text
    again = stale.text.partition('name="seen" value="')[2].partition('"')[0]
    assert mine.post(f"{VIEW}{first.pk}/", {"name": "My name", "seen": again}).status_code == 302


def test_view_is_removed_and_put_back_and_each_press_twice_is_once(first: SavedView, mine: Client):
    page = f"{VIEW}{first.pk}/"

    assert [mine.post(page, {"do": "remove"}).status_code for _ in range(2)] == [302, 302]
    assert mine.get(LIST).status_code == 200
    listed = words(mine.get(VIEWS).text)
    assert ("No saved views yet" in listed, "Put back Deferred" in listed) == (True, True)
    assert "This view was removed." in words(mine.get(page).text)
    assert [mine.post(page, {"do": "restore"}).status_code for _ in range(2)] == [302, 302]
    assert "Removed views" not in words(mine.get(VIEWS).text)


def test_view_is_not_put_back_over_another_of_its_name(first: SavedView, mine: Client):
    mine.post(f"{VIEW}{first.pk}/", {"do": "remove"})
    mine.post(VIEWS, {"name": "Deferred", "query": ""})

    answer = mine.post(f"{VIEW}{first.pk}/", {"do": "restore"})

    assert (answer.status_code, "There is a view called Deferred already." in words(answer.text)) == (409, True)


def test_names_are_shown_as_text(mine: Client, programme: Programme, person: User):
    view = make.make_view(programme=programme, owner=person, name="<img src=x onerror=alert(1)>", query="q=%3Cb%3E")

    for page in (f"{LIST}?saved={view.pk}", VIEWS, f"{VIEW}{view.pk}/"):
        text = mine.get(page, follow=True).text
        assert ("<img src=x" in text, "<b>" in text.partition("<main")[2]) == (False, False)
