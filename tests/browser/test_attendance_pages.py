"""Attendance in a browser: the sheet, the door and the lists, each without findings, and the Enter key on a sheet."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from rollout.choices import Role
from rollout.models import User
from tests import factories as make
from tests.browser.conftest import Watch, log_in, looked_at
from tests.training.booking_world import BookingWorld, ids, states
from training.services.bookings import book

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_attendance_is_recorded_and_no_page_has_findings(page: Page, person: User, watch: Watch):
    world, now = BookingWorld(), timezone.now()
    make.make_member(Role.TRAINER, user=person, programme=world.programme)
    session = world.session(capacity=2, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    people = world.people(3)
    book(session=session, staff_ids=ids(people[:2]), by=world.manager)
    type(session.course).objects.update(assessed=True)
    type(session).objects.update(starts_at=now - timedelta(hours=1), ends_at=now - timedelta(minutes=5))
    here = f"/p/{world.programme.code}/training/sessions/{session.pk}/"
    log_in(page)

    page.goto(f"{here}attendance/")
    page.get_by_role("group", name="Ana 1", exact=True).get_by_label("Attended").check()
    page.get_by_label("Somebody is here who is not on the list").fill(people[2].number)
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is 3 of 2 places; everybody who came is kept.")).to_be_visible()
    assert states(session) == {"Ana 1": "attended", "Ana 2": "booked", "Ana 3": "attended"}

    page.goto(f"{here}door/kiosk/")
    page.keyboard.type(people[1].number)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Checked in: {people[1].number}.")).to_be_visible()
    expect(page.get_by_label("Your employee number")).to_be_focused()
    assert states(session)["Ana 2"] == "attended"

    type(session).objects.filter(pk=session.pk).get().attendances.filter(staff=people[1]).update(state="booked")
    shown: dict[tuple[str, int], tuple[list[str], int]] = {}
    training = f"/p/{world.programme.code}/training/"
    lists = (f"{here}attendance/numbers/", f"{training}attendance/", f"{training}everyone-attended/?item={session.pk}")
    pages = (f"{here}attendance/", f"{here}door/", f"{here}door/kiosk/", *lists, f"/t/{session.pk}/")
    for turn, address in enumerate(pages):
        page.goto(address)
        shown |= {(address, width): found for width, found in looked_at(page, turn).items()}
    page.goto(f"{here}attendance/numbers/")
    page.get_by_label("Employee numbers").fill(f"{people[1].number} nobody")
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_role("heading", name="Check the list")).to_be_visible()
    shown |= {("check", width): found for width, found in looked_at(page, 0).items()}

    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
