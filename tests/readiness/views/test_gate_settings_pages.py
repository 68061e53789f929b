"""The gates of a programme in its settings, and what a system check says on the page of its item."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from readiness.models import ChecklistItem, Gate, GateReview
from readiness.services.proofs import prove_items
from readiness.standard_gates import STANDARD_GATES
from rollout.choices import Role
from rollout.models import Programme, SeatRole
from tests import factories as make
from tests.pages import table, words
from tests.readiness.proving import PROVING, with_items

PAGE = "/p/EPR/settings/gates/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR")


@pytest.fixture
def manager(programme: Programme) -> Client:
    return client_of(Role.PROGRAMME_MANAGER, programme=programme)


def client_of(role: Role, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


def gate(**said: str) -> dict[str, str]:
    return {"name": "45 days before", "kind": "checkpoint", "due_days": "45", "minimum_score": "70", **said}


def mark(text: str) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]{16})"', text)
    assert found
    return found.group(1)


def test_gate_is_added_once_changed_and_retired(programme: Programme, manager: Client) -> None:
    seat = SeatRole.objects.create(code="ig_lead")
    once = gate(code="T-45", once=str(uuid4()), seat_ids=str(seat.pk))

    added = [manager.post(f"{PAGE}new/", once, follow=True) for _ in range(2)]
    page = manager.get(f"{PAGE}T-45/")
    manager.post(f"{PAGE}T-45/", gate(name="Half way", minimum_score="", mark=mark(page.text)))
    changed = manager.get(PAGE)
    page = manager.get(f"{PAGE}T-45/retire/")
    empty = manager.post(f"{PAGE}T-45/retire/", {"mark": mark(page.text)})
    retired = manager.post(f"{PAGE}T-45/retire/", {"mark": mark(page.text), "reason": "Merged with T-60"}, follow=True)

    assert table(added[1].text, "gates") == [["45 days before T-45", "Checkpoint", "45 days before", "70", "IG lead"]]
    assert table(changed.text, "gates") == [["Half way T-45", "Checkpoint", "45 days before", "None", "None"]]
    assert (empty.status_code, "Say why" in words(empty.text)) == (422, True)
    assert "The gate is retired." in words(retired.text)
    assert Gate.objects.get().retired_reason == "Merged with T-60"
    assert manager.get(f"{PAGE}T-45/").status_code == 404


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"code": "GO"}, "There is, or was, a gate with this code"),
        ({"code": "X", "name": ""}, "Enter a name"),
        ({"code": "X", "kind": "party"}, "Select a kind"),
        ({"code": "X", "minimum_score": "101"}, "Enter a score from 0 to 100"),
        ({"code": "X", "due_days": "soon"}, "Enter a whole number of days"),
        ({"code": "X", "seat_ids": "0"}, "Select seats from the list"),
    ],
)
def test_what_is_no_gate_is_refused_at_its_field(programme: Programme, manager: Client, said: dict, error: str) -> None:
    Gate.objects.create(programme=programme, code="GO", name="Go")

    answer = manager.post(f"{PAGE}new/", gate(**said))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert Gate.objects.count() == 1


def test_stale_edit_and_open_meeting_keep_what_was_typed(programme: Programme, manager: Client) -> None:
    go = Gate.objects.create(programme=programme, code="GO", name="Go", kind="checkpoint")
    page = manager.get(f"{PAGE}GO/")
    Gate.objects.update(name="Theirs")

    late = manager.post(f"{PAGE}GO/", gate(name="Mine", mark=mark(page.text)))
    site = make.make_deployment(programme=programme, site=make.make_site(name="Alder Hospital"))
    GateReview.objects.create(gate=go, deployment=site, held_on=make.DAY, pack={"day": "2026-03-14"})
    held = manager.post(f"{PAGE}GO/", gate(name="Mine", mark=mark(late.text)))

    assert (late.status_code, held.status_code) == (409, 422)
    assert "Saved meanwhile: Theirs" in words(late.text)
    assert "A meeting of this gate is open at Alder Hospital." in words(held.text)
    assert 'value="Mine"' in late.text and 'value="Mine"' in held.text


def test_missing_standard_gates_are_added_by_a_button(programme: Programme, manager: Client) -> None:
    empty = manager.get(PAGE)
    added = manager.post(PAGE, follow=True)

    assert "The programme has no gates, so no site can go live." in words(empty.text)
    assert f"{len(STANDARD_GATES)} gates are added." in words(added.text)
    assert "Add the standard gates" not in words(added.text)
    reader = client_of(Role.SIGNATORY, programme=programme)
    assert len(table(reader.get(PAGE).text, "gates")) == len(STANDARD_GATES)
    assert (reader.post(PAGE).status_code, reader.get(f"{PAGE}new/").status_code) == (403, 403)


def test_item_page_says_what_its_check_found_and_links_the_records(programme: Programme, manager: Client) -> None:
    (site,) = with_items("chairs_named", "log_in_tests", programme=programme)
    page = f"/p/EPR/s/{site.site.code}/checklist/chairs_named/"
    before = words(manager.get(page).text)
    PROVING["chairs_named"](site)
    prove_items(ids=[site.pk])

    after = manager.get(page)

    assert "0 of 2 chairs of the readiness group are named." in before
    assert "Once they do, the item becomes completed by itself." in before
    assert "2 of 2 chairs of the readiness group are named." in words(after.text)
    assert f'href="/p/EPR/s/{site.site.code}/#seats"' in after.text
    assert "Proved by a system" in words(after.text)
    assert ChecklistItem.objects.get(code="chairs_named").state == "done"


def test_board_reads_no_number_of_people_in_a_check(programme: Programme, manager: Client) -> None:
    (site,) = with_items("log_in_tests", programme=programme)
    make.make_score(site, day=make.DAY, readings={"technical.access": make.reading("technical.access", 1, 3)})
    page = f"/p/EPR/s/{site.site.code}/checklist/log_in_tests/"

    seen = words(manager.get(page).text)
    board = words(client_of(Role.BOARD_MEMBER, programme=programme).get(page).text)

    assert "1 of 3 staff have passed their latest log-in test." in seen
    assert "1 of 3" not in board
    assert "Show the records" in board
