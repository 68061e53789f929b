"""Release bundles in the browser: over the programmes that a person manages, and no others."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from rollout.choices import Role
from rollout.models import Membership, Programme, ReleaseBundle
from tests import factories as make
from tests.pages import table, words

BUNDLES = "/bundles/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programmes(db: None) -> dict[str, Programme]:
    return {code: make.make_programme(code=code, name=f"{code} programme") for code in ("EPR", "VIDEO", "OTHER")}


@pytest.fixture
def manager(programmes: dict[str, Programme], client: Client) -> Client:
    """Somebody who manages EPR and VIDEO."""
    user = make.make_member(Role.PROGRAMME_MANAGER, programme=programmes["EPR"])
    Membership.objects.create(user=user, role=Role.PROGRAMME_MANAGER, programme=programmes["VIDEO"])
    client.force_login(user)
    return client


def make_bundle(code: str, *programmes: Programme, **fields: Any) -> ReleaseBundle:
    bundle = ReleaseBundle.objects.create(code=code, name=f"{code} release", **fields)
    bundle.programmes.set(programmes)
    return bundle


def holds(code: str) -> set[str]:
    return set(ReleaseBundle.objects.get(code=code).programmes.values_list("code", flat=True))


def shown(client: Client, code: str) -> dict[str, Any]:
    """What the form of a bundle holds before anybody types."""
    form = client.get(f"{BUNDLES}b/{code}/").context["form"]
    return {field.html_name: field.value() for field in form if field.value()}


def test_bundle_is_added_once_and_shown_on_each_programme(manager: Client, programmes: dict[str, Programme]):
    empty = words(manager.get(BUNDLES).text)
    once = str(manager.get(f"{BUNDLES}new/").context["form"]["once"].value())
    form = {
        "name": "Spring", "code": "SPRING", "planned_on": "2026-05-01", "modules": "Notes\nLetters", "once": once,
        "programmes": [programmes["EPR"].pk, programmes["VIDEO"].pk],
    }  # fmt: skip

    answers = [manager.post(f"{BUNDLES}new/", form, follow=True) for _ in range(2)]

    assert "No release bundles yet" in empty
    assert [answer.redirect_chain for answer in answers] == [[(BUNDLES, 302)]] * 2
    assert table(answers[0].text, "bundle-table") == [
        ["Spring", "1 May 2026", "EPR programme , VIDEO programme", "Notes, Letters", "Take out"]
    ]
    assert (holds("SPRING"), ReleaseBundle.objects.count()) == ({"EPR", "VIDEO"}, 1)
    assert "Spring" in words(manager.get("/p/VIDEO/").text)


def test_programmes_of_others_stay_in_a_bundle_unseen(manager: Client, programmes: dict[str, Programme]):
    make_bundle("SPRING", programmes["EPR"], programmes["OTHER"])
    form = {**shown(manager, "SPRING"), "programmes": [programmes["VIDEO"].pk], "modules": ""}

    page, answer = manager.get(f"{BUNDLES}b/SPRING/"), manager.post(f"{BUNDLES}b/SPRING/", form)
    foreign = manager.post(f"{BUNDLES}b/SPRING/", {**form, "programmes": [programmes["OTHER"].pk]})

    assert "OTHER programme" not in page.text
    assert (answer.status_code, foreign.status_code) == (302, 422)
    assert holds("SPRING") == {"VIDEO", "OTHER"}
    assert "Select programmes that you manage" in words(foreign.text)


def test_bundle_without_a_programme_of_ones_own_is_not_found(manager: Client, programmes: dict[str, Programme]):
    make_bundle("AWAY", programmes["OTHER"])
    make_bundle("GONE", programmes["EPR"], retired_at="2026-01-01T00:00Z")

    assert [manager.get(f"{BUNDLES}b/{code}/").status_code for code in ("AWAY", "GONE", "NONE")] == [404] * 3
    assert manager.post(BUNDLES, {"bundle": "AWAY"}).status_code == 422
    assert ReleaseBundle.objects.get(code="AWAY").retired_at is None


def test_bundle_is_taken_out_and_put_back(manager: Client, programmes: dict[str, Programme]):
    make_bundle("SPRING", programmes["EPR"])

    out = [manager.post(BUNDLES, {"bundle": "SPRING"}, follow=True) for _ in range(2)]
    without = "SPRING release" in words(manager.get("/p/EPR/").text)
    back = manager.post(BUNDLES, {"bundle": "SPRING", "action": "back"}, follow=True)

    assert ["SPRING release is taken out. It can be put back below." in words(each.text) for each in out] == [True] * 2
    assert not without
    assert table(back.text, "bundle-table")[0][0] == "SPRING release"


@pytest.mark.parametrize("change", ["name", "programmes"])
def test_later_of_two_changes_is_told(manager: Client, programmes: dict[str, Programme], change: str):
    bundle = make_bundle("SPRING", programmes["EPR"], planned_on=date(2026, 5, 1))
    form = {**shown(manager, "SPRING"), "name": "Mine", "programmes": [programmes["EPR"].pk, programmes["VIDEO"].pk]}
    if change == "name":
        ReleaseBundle.objects.update(name="Theirs")
    else:
        bundle.programmes.set([programmes["VIDEO"]])

    late = manager.post(f"{BUNDLES}b/SPRING/", form)
    again = manager.post(f"{BUNDLES}b/SPRING/", {**form, "mark": late.context["form"]["mark"].value()})

    assert (late.status_code, again.status_code) == (409, 302)
    theirs = "Name Saved meanwhile: Theirs Yours: Mine" if change == "name" else "Saved meanwhile: VIDEO programme"
    assert theirs in words(late.text)
    assert (ReleaseBundle.objects.get().name, holds("SPRING")) == ("Mine", {"EPR", "VIDEO"})


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"name": ""}, "Enter a name"),
        ({"programmes": []}, "Select at least one programme"),
        ({"programmes": ["x"]}, "Select programmes that you manage"),
        ({"code": "TAKEN"}, "There is a release bundle with the code TAKEN already. Choose another code."),
        ({"modules": "Notes; letters"}, "Leave semicolons out"),
        ({"planned_on": "May"}, "Enter a date like 2026-03-14"),
    ],
)
def test_wrong_bundle_is_refused_in_words(
    manager: Client, programmes: dict[str, Programme], said: dict[str, Any], error: str
):
    make_bundle("TAKEN", programmes["OTHER"])
    form = {"name": "Spring", "code": "SPRING", "programmes": [programmes["EPR"].pk], **said}

    answer = manager.post(f"{BUNDLES}new/", form)

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert ReleaseBundle.objects.count() == 1


def test_page_asks_the_same_of_one_bundle_and_of_three(
    manager: Client, programmes: dict[str, Programme], django_assert_max_num_queries
):
    manager.get(BUNDLES)
    counted = []
    for codes in (("A",), ("B", "C")):
        for code in codes:
            make_bundle(code, programmes["EPR"], programmes["VIDEO"])
        with django_assert_max_num_queries(25) as asked:
            manager.get(BUNDLES)
        counted.append(len(asked))

    assert counted[0] == counted[1]
