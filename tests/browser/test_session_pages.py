"""Courses and training sessions in a browser: each page without findings at both widths, filled and refused."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from rollout.choices import Role
from rollout.models import User
from tests import factories as make
from tests.browser.conftest import Watch, log_in, looked_at
from tests.training.session_world import SessionWorld, person_of
from training.choices import AttendanceState
from training.services.sessions import cancel_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_courses_and_sessions_have_no_findings(page: Page, person: User, watch: Watch):
    world, now = SessionWorld(), timezone.now()
    for role in (Role.PROGRAMME_MANAGER, Role.TRAINER):
        make.make_member(role, user=person, programme=world.programme)
    mine = {"trainer": person_of(person), "room": "Room 1", "capacity": 1}
    session, _same_time, over = (world.session(now + timedelta(days=days), **mine) for days in (3, 3, -2))
    gone = world.session(now + timedelta(days=4))
    for state in (AttendanceState.BOOKED, AttendanceState.WAITING):
        world.place(session, state)
    world.place(over)
    cancel_session(session=gone, by=person, reason="The trainer is ill")
    settings = f"/p/{world.programme.code}/settings/"
    days = f"first={(now + timedelta(days=10)).date()}&until={(now + timedelta(days=30)).date()}"
    parts = ("", f"{session.pk}/", f"{over.pk}/", f"{gone.pk}/", "new/", f"{session.pk}/change/")
    more = (f"{session.pk}/cancel/", f"{session.pk}/again/", f"{session.pk}/again/?{days}", "?cancelled=on")
    courses = [f"{settings}{part}" for part in ("courses/", "new-course/", "courses/C1/", "courses/C1/retire/")]
    log_in(page)

    shown = {}
    for turn, address in enumerate(("/", *courses, *(world.address(part) for part in (*parts, *more)))):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        shown |= {(address, width): found for width, found in looked_at(page, turn).items()}
    watch.expect(422)
    page.goto(world.address("new/"))
    page.get_by_role("button", name="Plan the session").click()
    shown |= {("refused", width): found for width, found in looked_at(page, 0).items()}

    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
    assert "Error: Plan a training session" in page.title()
