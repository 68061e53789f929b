"""The log without signal: what is written on a phone arrives once each and in order, under the name of who wrote it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from rollout.choices import ProgrammeState, Role, Stage
from rollout.models import SignIn, User, Ward
from rollout.services.phones import enrol_phone
from tests import factories as make
from tests.browser.conftest import Watch, findings, sideways
from tests.browser.test_frame import age_session
from tests.rollout.conftest import PASSWORD
from training.models import Champion, ChampionShift, LogEntry, ShiftPattern, StaffMember

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LINE = "#log-line"
# True once the worker answers for the page; a worker that never comes is a failure and no wait without end.
CONTROLLED = """() => Promise.race([
  navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ||
    new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done))).then(() => true),
  new Promise((done) => setTimeout(() => done(false), 20000)),
])"""


@dataclass
class Place:
    """A ward that went live a week ago, its manager, and two champions."""

    ward: Ward
    manager: User
    ben: StaffMember
    cy: StaffMember


@pytest.fixture
def place(transactional_db: None) -> Place:
    today = timezone.localdate()
    programme = make.make_programme(state=ProgrammeState.ROLLING_OUT)
    ward = make.make_ward(name="Ward 7")
    make.make_deployment(
        programme=programme, site=ward.site, stage=Stage.HYPERCARE, actual_go_live_on=today - timedelta(days=7)
    )
    ShiftPattern.objects.create(programme=programme, name="Early", starts=time(7), ends=time(15))
    ShiftPattern.objects.create(programme=programme, name="Late", starts=time(15), ends=time(22))
    people = [make.make_staff(ward, name=name) for name in ("Ben Ash", "Cy Birch")]
    for person in people:
        Champion.objects.create(programme=programme, staff=person, from_on=today - timedelta(days=90))
    return Place(ward, somebody("ana@example.org", ward), *people)


def somebody(email: str, ward: Ward) -> User:
    """A manager of the ward who may log in."""
    user = User.objects.create_user(email, PASSWORD, name=email)
    return make.make_member(Role.WARD_MANAGER, ward=ward, user=user)


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> Iterator[BrowserContext]:
    """A phone with nothing on it yet."""
    yield open_context(**PHONE)


def log_in(context: BrowserContext, email: str = "ana@example.org") -> Page:
    """Log in and open the log; the phone then has all it needs to work without signal."""
    page = context.new_page()
    page.goto("/log-in/?next=/log/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Today's shifts")).to_be_visible()
    assert page.evaluate(CONTROLLED)
    page.goto("/log/")
    expect(page.locator(LINE)).to_contain_text("Up to date")
    expect(page.get_by_role("link", name="Log another shift")).to_be_visible()
    return page


def write_shift(page: Page, pattern: str, champion: str, said: str = "Saved on this phone") -> None:
    """Log a shift of yesterday, from the page of the log."""
    page.goto("/log/shift/")
    page.get_by_label("Yesterday").check()
    page.get_by_label(re.compile(f"^{pattern}")).check()
    page.get_by_label(re.compile(f"^{champion}")).check()
    page.get_by_role("button", name="Save shift").click()
    expect(page.get_by_text(said)).to_be_visible()


def logged() -> list[tuple[str, str]]:
    """The shifts that arrived, in the order in which they did."""
    rows = ChampionShift.objects.in_bulk(LogEntry.objects.order_by("pk").values_list("record_id", flat=True))
    entries = LogEntry.objects.filter(answer="accepted").order_by("pk")
    return [
        (rows[entry.record_id].staff.name, f"{timezone.localtime(rows[entry.record_id].starts_at):%H}")
        for entry in entries
    ]


def test_three_shifts_in_airplane_mode_arrive_once_each_in_order(phone: BrowserContext, place: Place, watch: Watch):
    watch.expected.add("net::ERR_INTERNET_DISCONNECTED")
    page = log_in(phone)

    phone.set_offline(True)
    write_shift(page, "Early", "Ben Ash")
    write_shift(page, "Late", "Ben Ash")
    write_shift(page, "Early", "Cy Birch")
    expect(page.locator(LINE)).to_contain_text("3 waiting to send")
    page.close()
    assert logged() == []
    phone.set_offline(False)
    page = phone.new_page()
    page.goto("/log/")

    expect(page.locator(LINE)).to_contain_text("Up to date, sent")
    assert logged() == [("Ben Ash", "07"), ("Ben Ash", "15"), ("Cy Birch", "07")]
    assert ChampionShift.objects.count() == 3
