"""The measures of a programme in the browser: one headline, whatever happens to the others."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from readiness.models import RescoreMark
from rollout.choices import Role
from rollout.models import Measure, Programme
from rollout.services.edits import mark_of
from rollout.services.measures import MEASURE, change_measure, retire_measure
from tests import factories as make
from tests.pages import table, words

MEASURES = "/p/EPR/settings/measures/"
NEW = "/p/EPR/settings/new-measure/"
NOTES = {"name": "Notes written", "code": "NOTES", "direction": "up", "unit": "%", "baseline": "5", "target": "90"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db: None) -> Programme:
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def shown(client: Client, code: str) -> dict[str, Any]:
    """What the form of a measure holds before anybody types."""
    form = client.get(f"{MEASURES}{code}/").context["form"]
    return {field.html_name: field.value() for field in form if field.value() not in (None, "", False)}


def headlines() -> list[str]:
    return list(Measure.objects.filter(headline=True, retired_at=None).values_list("code", flat=True))


def test_first_measure_is_the_headline_and_stands_above_every_page(manager: Client, programme: Programme):
    empty = words(manager.get(MEASURES).text)
    make.make_deployment(programme=programme)
    RescoreMark.objects.all().delete()
    once = str(manager.get(NEW).context["form"]["once"].value())
    form = {**NOTES, "target_date": "2027-03-31", "once": once}

    answers = [manager.post(NEW, form, follow=True) for _ in range(2)]

    measure = Measure.objects.get()
    assert "No measures yet" in empty
    assert [answer.redirect_chain for answer in answers] == [[(MEASURES, 302)]] * 2
    assert (measure.headline, measure.baseline, measure.target) == (True, Decimal(5), Decimal(90))
    assert "Notes written: from 5% to 90% by 31 March 2027" in words(manager.get("/p/EPR/").text)
    assert RescoreMark.objects.exists()


def test_headline_passes_from_one_measure_to_another(manager: Client):
    for code in ("NOTES", "WAITS"):
        manager.post(NEW, {**NOTES, "code": code})
    before = headlines()

    passed = manager.post(f"{MEASURES}WAITS/", {**shown(manager, "WAITS"), "headline": "on"})
    bare = manager.post(f"{MEASURES}WAITS/", {k: v for k, v in shown(manager, "WAITS").items() if k != "headline"})
    third = manager.post(NEW, {**NOTES, "code": "BEDS", "headline": "on"})

    assert (before, headlines()) == (["NOTES"], ["BEDS"])
    assert (passed.status_code, bare.status_code, third.status_code) == (302, 422, 302)
    assert "Make another measure the headline: then this one is it no more." in words(bare.text)


def test_measure_is_changed_and_the_later_of_two_sees_both(manager: Client):
    manager.post(NEW, NOTES)
    form = {**shown(manager, "NOTES"), "target": "95", "dip_depth": "10", "dip_weeks": "6"}
    Measure.objects.update(target=80)

    late = manager.post(f"{MEASURES}NOTES/", form)
    again = manager.post(f"{MEASURES}NOTES/", {**form, "mark": late.context["form"]["mark"].value()})

    measure = Measure.objects.get()
    assert (late.status_code, again.status_code) == (409, 302)
    assert "Target Saved meanwhile: 80" in words(late.text)
    assert (measure.target, measure.dip_depth, measure.dip_weeks) == (Decimal(95), Decimal(10), 6)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"name": ""}, "Enter a name"),
        ({"code": "N O"}, "Use letters, digits"),
        ({"code": "TAKEN"}, "There is a measure with the code TAKEN already. Choose another code."),
        ({"target": "5"}, "Higher is better: the target must be above the baseline"),
        ({"direction": "down"}, "Lower is better: the target must be below the baseline"),
        ({"direction": "sideways"}, "Select a direction"),
        ({"baseline": "many"}, "Enter a number like 62 or 62.5"),
        ({"target": "1e30"}, "Enter a shorter number"),
        ({"target": "NaN"}, "Enter a number like 62 or 62.5"),
        ({"dip_depth": "3"}, "Enter how deep the dip is, and how many weeks it lasts"),
        ({"dip_depth": "-3", "dip_weeks": "2"}, "Enter a number that is not below 0"),
        ({"name": "x" * 201}, "Write at most 200 characters"),
        ({"target_date": "soon"}, "Enter a date like 2026-03-14"),
    ],
)
def test_wrong_measure_is_refused_in_words(manager: Client, programme: Programme, said: dict[str, str], error: str):
    make.make_measure(programme=programme, code="TAKEN", headline=True)

    answer = manager.post(NEW, {**NOTES, **said})

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert Measure.objects.count() == 1


def test_measure_is_taken_out_and_put_back_and_the_headline_last(manager: Client, programme: Programme):
    make.make_measure(programme=programme, code="NOTES", name="Notes", headline=True)
    make.make_measure(programme=programme, code="WAITS", name="Waits", target=3, target_date=date(2027, 1, 1))
    stranger = make.make_measure(code="OTHER")

    refused = manager.post(MEASURES, {"measure": "NOTES"})
    out = manager.post(MEASURES, {"measure": "WAITS"}, follow=True)
    last = manager.post(MEASURES, {"measure": "NOTES"}, follow=True)
    back = manager.post(MEASURES, {"measure": "WAITS", "action": "back"}, follow=True)
    foreign = manager.post(MEASURES, {"measure": stranger.code})

    assert (refused.status_code, foreign.status_code) == (422, 422)
    assert "This is the headline measure. Make another one the headline first." in words(refused.text)
    assert "Waits is taken out. It can be put back below." in words(out.text)
    assert table(last.text, "measure-table") == []
    assert table(back.text, "measure-table")[0][:2] == ["Waits Headline measure", "3 by 1 January 2027"]
    assert (headlines(), stranger.retired_at) == (["WAITS"], None)


def test_page_asks_the_same_of_one_measure_and_of_three(
    manager: Client, programme: Programme, django_assert_max_num_queries
):
    manager.get(MEASURES)
    counted = []
    for number in (1, 2):
        for _ in range(number):
            make.make_measure(programme=programme)
        with django_assert_max_num_queries(25) as asked:
            manager.get(MEASURES)
        counted.append(len(asked))

    assert counted[0] == counted[1]


@pytest.mark.django_db(transaction=True)
def test_two_who_choose_a_headline_at_once_leave_one():
    programme = make.make_programme()
    make.make_measure(programme=programme, code="OLD", headline=True)
    rivals = [make.make_measure(programme=programme, code=code) for code in ("A", "B")]
    people = [make.make_user() for _ in rivals]
    gate = threading.Barrier(2)

    def choose(number: int) -> None:
        measure = rivals[number]
        values = {name: getattr(measure, name) for name in MEASURE if name != "headline"}
        gate.wait()
        try:
            change_measure(
                measure_id=measure.pk, mark=mark_of(measure, MEASURE), by=people[number], headline=True, **values
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=choose, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(headlines()) == 1
    assert headlines() != ["OLD"]


def test_measure_taken_out_twice_is_taken_out_once(programme: Programme):
    measure, person = make.make_measure(programme=programme), make.make_user()

    first = retire_measure(measure_id=measure.pk, by=person).retired_at

    assert retire_measure(measure_id=measure.pk, by=person).retired_at == first
