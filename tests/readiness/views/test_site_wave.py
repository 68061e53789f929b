"""The wave and the declared status of many sites changed at once from the list, checked first and undone after."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rollout.models import Deployment, DeploymentChange, Programme
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.make_programme()


@pytest.fixture
def desk(client: Client, programme: Programme) -> Client:
    client.force_login(make.make_member("programme_manager", programme=programme))
    return client


def address(name: str, programme: Programme) -> str:
    return reverse(f"readiness:{name}", kwargs={"programme": programme.code})


def hidden(page: str) -> dict[str, Any]:
    """The hidden fields of the page's own form."""
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page))


def test_sites_are_put_in_a_wave_after_a_check_and_taken_back(desk: Client, programme: Programme):
    first, second = make.make_wave(programme=programme, number=1), make.make_wave(programme=programme, number=2)
    make.make_deployments(2, programme=programme)
    make.make_deployment(programme=programme, wave=second)
    sites, change = address("deployment-list", programme), address("site-change", programme)

    page = desk.get(sites + "?stage=preparing&select=all").text
    asked = desk.get(change + "?stage=preparing&all=on&do=wave")
    empty = desk.post(change, {**hidden(asked.text), "new-wave": ""})
    checked = desk.post(change, {**hidden(asked.text), "new-wave": second.pk})
    done = desk.post(change, hidden(checked.text), follow=True)

    assert ("All 3 that match are selected." in page, "Change wave" in page) == (True, True)
    assert (asked.status_code, empty.status_code, "Select a wave" in empty.text) == (200, 422, True)
    assert ("2 sites will change." in checked.text, "1 is in this wave already." in checked.text) == (True, True)
    assert done.redirect_chain == [(f"{sites}?saved=all&stage=preparing", 302)]
    assert "2 sites changed." in done.text
    assert set(Deployment.objects.values_list("wave__number", flat=True)) == {2}
    (undo,) = set(re.findall(r'action="([^"]*/undo/[^"]*)"', done.text))
    desk.post(undo)
    assert sorted(Deployment.objects.values_list("wave__number", flat=True), key=str) == [2, None, None]
    assert DeploymentChange.objects.filter(what="wave").count() == 4
    late = desk.post(change, {**hidden(checked.text), "new-wave": first.pk})
    assert (late.status_code, "Somebody else changed this" in late.text) == (409, True)


def test_status_of_sites_is_declared_after_a_check_and_taken_back(desk: Client, programme: Programme):
    one, two = make.make_deployments(2, programme=programme)
    change = address("site-change", programme)
    chosen = f"?item={one.pk}&item={two.pk}&do="
    said = {"item": [one.pk, two.pk], "do": "status", "new-status": "red", "new-words": "The supplier is late"}

    asked = desk.get(f"{change}{chosen}status").text
    empty = desk.post(change, said | {"new-status": "", "new-words": ""})
    checked = desk.post(change, said).text
    done = desk.post(change, {**hidden(checked), "item": [one.pk, two.pk]}, follow=True)

    assert ("Declare the status of 2 sites" in asked, desk.get(f"{change}{chosen}nothing").status_code) == (True, 422)
    wrong = ("Select green, amber or red", "Say what the colour rests on")
    assert (empty.status_code, [each in empty.text for each in wrong]) == (422, [True, True])
    told = ("2 sites will change.", "Red: The supplier is late", "No wave · Nothing declared", "Change 2 sites")
    assert [each in checked for each in told] == [True] * 4
    assert set(Deployment.objects.values_list("declared_status", "declared_words")) == {("red", "The supplier is late")}
    (undo,) = set(re.findall(r'action="([^"]*/undo/[^"]*)"', done.text))
    desk.post(undo)
    assert set(Deployment.objects.values_list("declared_status", flat=True)) == {""}


def test_sites_that_somebody_may_not_edit_stay(client: Client, programme: Programme):
    wave = make.make_wave(programme=programme, number=2)
    deployment = make.make_deployment(programme=programme)
    client.force_login(make.make_member("board_member", programme=programme))
    form = {"item": deployment.pk, "do": "wave", "new-wave": wave.pk}

    checked = client.post(address("site-change", programme), form)
    client.post(address("site-change", programme), {**form, **hidden(checked.text)})

    assert "1 you may not edit." in checked.text
    assert Deployment.objects.get().wave is None
    listed = client.get(address("deployment-list", programme)).text
    assert ("Change wave" in listed, 'name="item"' in listed) == (False, False)
    assert client.get(address("site-change", programme) + "?item=x").status_code == 422
