"""Waves in the browser: their order and windows, the sites in them, the sites that asked to start."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from rollout.choices import Role, Stage
from rollout.models import AuditEntry, Deployment, DeploymentChange, Programme, Wave
from rollout.services.edits import RecordChanged
from rollout.services.waves import move_wave, put_into_wave
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
WAVES = "/p/EPR/waves/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NOW)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def make_site(programme: Programme, name: str, **fields: Any) -> Deployment:
    return make.make_deployment(programme=programme, site=make.make_site(name=name, code=name), **fields)


def numbers() -> dict[str, int]:
    return dict(Wave.objects.filter(retired_at=None).order_by("number").values_list("name", "number"))


def press(client: Client, wave: Wave, action: str, seen: int | None = None) -> Any:
    said = {"action": action, "wave": wave.pk, "seen": wave.number if seen is None else seen}
    return client.post(WAVES, said, follow=True)


def test_first_wave_is_added_once_after_the_others(manager: Client, programme: Programme):
    empty = words(manager.get(WAVES).text)
    form = {
        "once": str(manager.get(f"{WAVES}new/").context["form"]["once"].value()),
        "name": "First",
        "starts_on": "2026-05-01",
    }
    answers = [manager.post(f"{WAVES}new/", form, follow=True) for _ in range(2)]
    Wave.objects.update(number=7)
    manager.post(f"{WAVES}new/", {"name": "Second"})

    assert "No waves yet Add the first wave, give it a window" in empty
    assert [crumb["label"] for crumb in manager.get(WAVES).context["trail"]] == ["Programmes", "Settings"]
    assert [answer.redirect_chain for answer in answers] == [[(WAVES, 302)]] * 2
    assert numbers() == {"First": 7, "Second": 8}
    assert Wave.objects.get(name="First").starts_on == date(2026, 5, 1)
    assert AuditEntry.objects.filter(table="rollout_wave", action="insert", reason="wave added").count() == 2


def test_waves_change_places_by_buttons_and_a_second_press_moves_no_further(manager: Client, programme: Programme):
    first, second, third = (make.make_wave(programme=programme, number=n, name=f"W{n}") for n in (1, 2, 5))

    up = press(manager, third, "up")
    again = press(manager, third, "up", seen=5)
    beyond = press(manager, first, "up")
    down = press(manager, first, "down")

    assert "“W5” is wave 2 now." in words(up.text)
    assert [answer.status_code for answer in (again, beyond, down)] == [200] * 3
    assert numbers() == {"W5": 1, "W1": 2, "W2": 5}
    assert column(manager.get(WAVES).text, "wave-table") == ["1 – W5", "2 – W1", "5 – W2"]
    assert second.pk in Wave.objects.filter(number=5).values_list("pk", flat=True)


def test_empty_wave_is_taken_out_and_one_with_sites_is_not(manager: Client, programme: Programme):
    full, empty = (make.make_wave(programme=programme, number=n, name=f"W{n}") for n in (1, 2))
    make_site(programme, "Alder", wave=full)
    other = make.make_wave()

    gone, refused, foreign = press(manager, empty, "out"), press(manager, full, "out"), press(manager, other, "out")

    assert "Wave 2 – W2 is taken out." in words(gone.text)
    assert (refused.status_code, foreign.status_code) == (422, 422)
    assert "1 site is in this wave. Put it into another one first." in words(refused.text)
    assert set(Wave.objects.filter(retired_at=None)) == {full, other}
    assert manager.get(f"{WAVES}{empty.pk}/").status_code == 404


def test_wave_taken_out_stands_struck_through_and_is_put_back_under_its_number(manager: Client, programme: Programme):
    first, second = (make.make_wave(programme=programme, number=n, name=f"W{n}") for n in (1, 2))
    press(manager, first, "out")
    page = manager.get(WAVES).text

    back, again, foreign = press(manager, first, "back"), press(manager, first, "back"), make.make_wave()

    assert "<s>Wave 1 – W1</s>" in page
    assert "taken out at" in words(page)
    assert "Wave 1 – W1 is put back." in words(back.text)
    assert again.status_code == 200
    assert press(manager, foreign, "back").status_code == 422
    assert column(manager.get(WAVES).text, "wave-table") == ["1 – W1", "2 – W2"]
    assert list(Wave.objects.filter(pk=first.pk).values_list("retired_by", "retired_reason")) == [(None, "")]
    assert second.number == 2
    assert "<s>" not in manager.get(WAVES).text


def test_window_is_changed_and_the_later_of_two_sees_both(manager: Client, programme: Programme):
    wave = make.make_wave(programme=programme, number=1, name="First")
    address = f"{WAVES}{wave.pk}/"
    form = {"mark": manager.get(address).context["form"]["mark"].value(), "name": "Mine", "starts_on": "2026-05-04"}
    wrong = manager.post(address, {**form, "ends_on": "2026-05-03"})
    Wave.objects.update(name="Theirs")

    late = manager.post(address, form)
    again = manager.post(address, {**form, "mark": late.context["form"]["mark"].value()})

    assert (wrong.status_code, late.status_code, again.status_code) == (422, 409, 302)
    assert "The last day must not be before the first" in words(wrong.text)
    assert "Name Saved meanwhile: Theirs Yours: Mine" in words(late.text)
    assert Wave.objects.get().name == "Mine"


# Sites ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sites(programme: Programme) -> dict[str, Deployment]:
    """Two waves, and sites that asked early, late, never; one in the first wave."""
    first = make.make_wave(programme=programme, number=1, name="First")
    make.make_wave(programme=programme, number=2, name="Second")
    waiting = {"stage": Stage.NOT_STARTED}
    return {
        "Alder": make_site(programme, "Alder", wave=first, interest_on=date(2025, 1, 1), **waiting),
        "Birch": make_site(programme, "Birch", **waiting),
        "Cedar": make_site(programme, "Cedar", interest_on=date(2026, 2, 1), **waiting),
        "Elm": make_site(programme, "Elm", interest_on=date(2026, 1, 1), **waiting),
    }


def ticks(client: Client, *names: str, query: str = "") -> list[str]:
    """The values of the checkboxes of some sites, as the page shows them."""
    rows = client.get(f"{WAVES}{query}").context["rows"]
    return [value for row, value, _ticked in rows if row.site.name in names]


def into(client: Client, sites: list[str], wave: Any, reason: str = "") -> Any:
    return client.post(WAVES, {"action": "put", "sites": sites, "wave": wave, "reason": reason}, follow=True)


def test_sites_stand_in_the_order_in_which_they_asked(manager: Client, sites: dict[str, Deployment]):
    text = manager.get(WAVES).text

    assert column(text, "wave-sites", 1) == ["Elm", "Cedar", "Birch", "Alder"]
    assert column(text, "wave-sites", 2) == ["No wave", "No wave", "No wave", "1 – First"]
    assert column(manager.get(f"{WAVES}?wave=1").text, "wave-sites", 1) == ["Alder"]
    assert column(manager.get(f"{WAVES}?wave=none&q=ce").text, "wave-sites", 1) == ["Cedar"]


def test_many_sites_go_into_a_wave_at_once_and_each_keeps_the_change(manager: Client, sites: dict[str, Deployment]):
    second = Wave.objects.get(number=2)
    seen = ticks(manager, "Alder", "Elm", "Cedar")

    answer = into(manager, seen, second.pk, "Trainers are free in June")
    again = into(manager, ticks(manager, "Alder", "Elm"), second.pk)
    out = into(manager, ticks(manager, "Alder"), "none")

    assert "3 sites are moved." in words(answer.text)
    assert "The sites are in that wave already." in words(again.text)
    assert "1 site is moved." in words(out.text)
    changes = DeploymentChange.objects.order_by("pk").values_list(
        "deployment__site__name", "what", "before", "after", "reason"
    )
    assert sorted(changes[:3]) == [
        ("Alder", "wave", "1", "2", "Trainers are free in June"),
        ("Cedar", "wave", "", "2", "Trainers are free in June"),
        ("Elm", "wave", "", "2", "Trainers are free in June"),
    ]
    assert list(changes[3:]) == [("Alder", "wave", "2", "", "")]


def test_site_that_somebody_moved_meanwhile_is_told_and_none_is_moved(manager: Client, sites: dict[str, Deployment]):
    first, second = Wave.objects.order_by("number")
    seen = ticks(manager, "Birch", "Elm")
    Deployment.objects.filter(site__name="Elm").update(wave=first)

    late = into(manager, seen, second.pk)

    assert late.status_code == 409
    assert "Elm Saved meanwhile: 1 – First Yours: 2 – Second" in words(late.text)
    assert {row.site.name for row, _value, ticked in late.context["rows"] if ticked} == {"Birch", "Elm"}
    assert not DeploymentChange.objects.exists()
    assert "2 sites are moved." in words(into(manager, ticks(manager, "Birch", "Elm"), second.pk).text)


@pytest.mark.parametrize(
    ("ticked", "wave", "error"),
    [
        ([], "1", "Select at least one site"),
        (["Elm"], "", "Select a wave"),
        (["Elm"], "987654321", "Select a wave"),
        (["nonsense", "1-2-3", "9" * 40], "1", "Select at least one site"),
    ],
)
def test_wrong_choice_is_said_where_it_was_made(
    manager: Client, sites: dict[str, Deployment], ticked: list[str], wave: str, error: str
):
    chosen = str(Wave.objects.get(number=1).pk) if wave == "1" else wave
    seen = ticks(manager, *ticked) if ticked == ["Elm"] else ticked

    answer = into(manager, seen, chosen)

    assert answer.status_code == 422
    assert f"Error: {error}" in words(answer.text)
    assert not DeploymentChange.objects.exists()


def test_reason_that_looks_like_a_patient_is_asked_about(manager: Client, sites: dict[str, Deployment]):
    said = {"action": "put", "sites": ticks(manager, "Elm"), "wave": Wave.objects.get(number=1).pk}
    said["reason"] = "Ring 943 476 5919"

    asked = manager.post(WAVES, said)
    done = manager.post(WAVES, {**said, "not_a_patient": "The telephone of the ward"})

    assert (asked.status_code, done.status_code) == (422, 302)
    assert "Why is this number not about a patient?" in words(asked.text)
    assert DeploymentChange.objects.get().reason == "Ring 943 476 5919"


def test_sites_of_another_programme_are_not_moved(manager: Client, sites: dict[str, Deployment]):
    stranger = make.make_deployment()

    answer = into(manager, [f"{stranger.pk}-"], Wave.objects.get(number=1).pk)
    foreign_wave = into(manager, ticks(manager, "Elm"), make.make_wave(programme=stranger.programme).pk)

    assert (answer.status_code, foreign_wave.status_code) == (422, 422)
    assert not DeploymentChange.objects.exists()


def test_page_asks_the_same_of_one_site_and_of_many(
    manager: Client, sites: dict[str, Deployment], programme: Programme, django_assert_max_num_queries
):
    manager.get(WAVES)
    counted = []
    for number in (0, 60):
        make.make_deployments(number, programme=programme, score=False)
        with django_assert_max_num_queries(25) as asked:
            manager.get(WAVES)
        counted.append(len(asked))

    assert counted[0] == counted[1]


# Interest ------------------------------------------------------------------------------------------------------------


def test_interest_is_registered_changed_and_taken_back(manager: Client, sites: dict[str, Deployment]):
    address = "/p/EPR/s/Birch/interest/"

    def say(day: str) -> Any:
        return manager.post(
            address, {"mark": manager.get(address).context["form"]["mark"].value(), "interest_on": day}, follow=True
        )

    later, saved = say("2026-03-16"), say("2025-12-24")
    order = column(saved.text, "wave-sites", 1)
    back = say("")

    assert (later.status_code, back.status_code) == (422, 200)
    assert "The day must not be in the future." in words(later.text)
    assert order == ["Birch", "Elm", "Cedar", "Alder"]
    assert column(back.text, "wave-sites", 1) == ["Elm", "Cedar", "Birch", "Alder"]


def test_interest_from_an_old_page_is_told(manager: Client, sites: dict[str, Deployment]):
    address = "/p/EPR/s/Birch/interest/"
    mark = manager.get(address).context["form"]["mark"].value()
    Deployment.objects.filter(site__name="Birch").update(interest_on=date(2026, 3, 1))

    late = manager.post(address, {"mark": mark, "interest_on": "2026-03-02"})

    assert late.status_code == 409
    assert "Saved meanwhile: 1 March 2026 Yours: 2 March 2026" in words(late.text)


# Races ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_move_the_same_site_at_once_leave_one_change():
    programme = make.make_programme()
    waves = [make.make_wave(programme=programme, number=n) for n in (1, 2)]
    site = make_site(programme, "Alder")
    people = [make.make_user() for _ in waves]
    gate, outcomes = threading.Barrier(2), []

    def move(number: int) -> None:
        gate.wait()
        try:
            put_into_wave(
                programme_id=programme.pk, seen={site.pk: None}, wave_id=waves[number].pk, reason="", by=people[number]
            )
            outcomes.append("moved")
        except RecordChanged:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["moved", "told"]
    assert DeploymentChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_move_waves_at_once_leave_each_number_once():
    programme = make.make_programme()
    waves = [make.make_wave(programme=programme, number=n) for n in (1, 2, 3)]
    people = [make.make_user() for _ in range(2)]
    gate = threading.Barrier(2)

    def move(number: int) -> None:
        gate.wait()
        try:
            move_wave(wave_id=waves[number].pk, seen=waves[number].number, up=True, by=people[number - 1])
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(Wave.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_page_of_waves_says_how_many_sites_are_in_none(programme: Programme, manager: Client):
    make.make_wave(programme=programme, number=1)
    left = make.make_deployment(programme=programme, wave=None)

    before = words(manager.get("/p/EPR/waves/").text)
    Deployment.objects.filter(pk=left.pk).update(wave=programme.waves.get())
    after = words(manager.get("/p/EPR/waves/").text)

    assert ("site is in no wave yet. Put it into one" in before, "in no wave yet" in after) == (True, False)
