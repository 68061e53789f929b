"""Booking people in a browser: from the list to the places and back, and each page without findings at both widths."""

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


def test_people_are_booked_from_the_list_and_no_page_has_findings(page: Page, person: User, watch: Watch):
    world = BookingWorld()
    make.make_member(Role.TRAINER, user=person, programme=world.programme)
    starts_at = timezone.now() + timedelta(days=9)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    session, _other = world.session(capacity=1, **times), world.session(code="OTHER", **times)
    people = world.people(3)
    book(session=session, staff_ids=ids(people[:1]), by=world.manager)
    site = f"/p/{world.programme.code}/s/{world.site.code}/training/missing/"
    here = f"/p/{world.programme.code}/training/sessions/{session.pk}/"
    log_in(page)

    page.goto(site)
    page.get_by_label("Select Ana 2").check()
    page.get_by_role("button", name="Book on a session").click()
    page.get_by_role("button", name="Choose Basics").first.click()
    page.get_by_role("button", name="Put 1 person on the waiting list").click()
    expect(page.get_by_text("1 is on the waiting list.")).to_be_visible()

    assert states(session) == {"Ana 1": "booked", "Ana 2": "waiting"}
    shown = {}
    check = f"{here}book/?do=check&all=on&site={world.site.code}"
    change = [f"{here}places/?do={what}&all=on" for what in ("cancel", "move")]
    pages = (site, f"{site}book/?all=on", f"{here}book/", check, f"{here}places/?select=page", *change)
    for turn, address in enumerate(pages):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        shown |= {(address, width): found for width, found in looked_at(page, turn).items()}
    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
