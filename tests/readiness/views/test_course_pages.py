"""The courses of a programme in the browser: what follows is said before it is saved."""

from uuid import uuid4

import pytest
from django.test import Client

from rollout.models import StaffGroup
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, words
from tests.training.session_world import NOON, SessionWorld, client_of
from training.models import Champion, Course, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(frozen_clock: FrozenClock) -> SessionWorld:
    frozen_clock.move_to(NOON)
    world = SessionWorld()
    nurse, doctor = (StaffGroup.objects.create(code=code) for code in ("nurse", "doctor"))
    for group, number in ((nurse, 3), (doctor, 2), (None, 1)):
        for _ in range(number):
            StaffMember.objects.filter(pk=make.make_staff(world.ward).pk).update(group=group)
    champion = StaffMember.objects.earliest("pk")
    Champion.objects.create(programme=world.programme, staff=champion, from_on="2026-03-01")
    return world


@pytest.fixture
def manager(world: SessionWorld) -> Client:
    return client_of(world.manager())


def address(world: SessionWorld, more: str = "courses/") -> str:
    return f"/p/{world.programme.code}/settings/{more}"


def group(code: str) -> int:
    return StaffGroup.objects.get(code=code).pk


def test_course_is_added_once_what_follows_is_read(world: SessionWorld, manager: Client):
    sent = {"name": "Giving medicines", "mode": "classroom", "group_ids": group("nurse"), "active": "on"}
    sent |= {"once": str(uuid4()), "valid_days": "365"}

    told = manager.post(address(world, "new-course/"), sent)
    confirmed = {**sent, "seen": told.context["form"]["seen"].value()}
    other = manager.post(address(world, "new-course/"), {**confirmed, "group_ids": group("doctor")})
    saved = [manager.post(address(world, "new-course/"), confirmed, follow=True) for _ in range(2)]

    assert "It will be asked of 3 people. The scores of all sites are worked out again." in words(told.text)
    assert ("Confirm and save" in told.text, Course.objects.count()) == (True, 2)
    assert "It will be asked of 2 people." in words(other.text)
    assert "The course is added." in words(saved[0].text)
    assert column(saved[1].text, "course-table", 2) == ["Everybody", "nurse"]
    made = Course.objects.get(code="GIVING-MEDICINES")
    assert (made.valid_days, list(made.groups.values_list("code", flat=True))) == (365, ["nurse"])


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ({"group_ids": ["doctor"]}, "It is asked of 6 people now, and of 2 from then on."),
        ({"for_champions": "on"}, "It is asked of 6 people now, and of 1 from then on."),
        ({"active": ""}, "It is asked of 6 people now, and of 0 from then on."),
        ({"assessed": "on"}, "It stays asked of 6 people. What counts as completed changes too"),
    ],
)
def test_change_says_of_how_many_it_is_asked(
    world: SessionWorld, manager: Client, said: dict[str, object], follows: str
):
    page = address(world, "courses/C1/")
    mark = manager.get(page).context["form"]["mark"].value()
    sent = {"mark": mark, "name": "Course 1", "mode": "classroom", "active": "on", **said}
    sent["group_ids"] = [group(code) for code in said.get("group_ids", [])]

    told = manager.post(page, sent)
    saved = manager.post(page, {**sent, "seen": told.context["form"]["seen"].value()})
    renamed = manager.post(page, {**sent, "mark": manager.get(page).context["form"]["mark"].value(), "name": "New"})

    assert follows in words(told.text)
    assert (told.status_code, saved.status_code, renamed.status_code) == (200, 302, 302)
    assert Course.objects.get().name == "New"


def test_later_of_two_changes_is_told(world: SessionWorld, manager: Client):
    page = address(world, "courses/C1/")
    sent = {
        "mark": manager.get(page).context["form"]["mark"].value(),
        "name": "Mine",
        "mode": "sandbox",
        "active": "on",
    }
    Course.objects.update(name="Theirs")

    late = manager.post(page, sent)

    assert late.status_code == 409
    assert "Theirs" in words(late.text)
    assert "Mine" in late.text


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"name": ""}, "Enter a name"),
        ({"mode": ""}, "Select how it is taught"),
        ({"group_ids": "999999"}, "Select staff groups from the list"),
        ({"valid_days": "0"}, "Enter a whole number of days from 1 to 3,650, or leave it empty"),
        ({"code": "two words"}, "Use letters, digits, full stops, hyphens and underscores, without spaces"),
        ({"code": "C1"}, "There is, or was, a course with this code. Choose another code."),
    ],
)
def test_wrong_course_is_mended_at_its_field(world: SessionWorld, manager: Client, said: dict[str, str], error: str):
    # Not asked of anybody yet, so that nothing follows and the code is looked at by the service at once.
    sent = {"name": "Kept name", "mode": "classroom", **said}

    answer = manager.post(address(world, "new-course/"), sent)
    if "seen" in answer.context["form"].data:
        answer = manager.post(address(world, "new-course/"), {**sent, "seen": answer.context["form"]["seen"].value()})

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert Course.objects.count() == 1


def test_course_is_taken_out_with_a_reason_and_taken_up_again(world: SessionWorld, manager: Client):
    session = world.session()
    page = address(world, "courses/C1/")

    held = manager.post(f"{page}retire/", {"reason": "No longer taught"})
    manager.post(world.address(f"{session.pk}/cancel/"), {"reason": "No longer taught"})
    asked = manager.get(f"{page}retire/").text
    out = manager.post(f"{page}retire/", {"reason": "No longer taught"}, follow=True)
    back = manager.post(f"{page}restore/", follow=True)

    assert (held.status_code, "1 session of it is to come" in words(held.text)) == (422, True)
    assert "It is asked of 6 people now, and of 0 from then on." in words(asked)
    assert "Course 1 taken out at midday on 14 March 2026" in words(out.text)
    assert "Course 1 is back." in words(back.text)
    assert Course.objects.get().retired_at is None
