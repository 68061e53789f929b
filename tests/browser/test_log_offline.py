"""The log without signal: what is written on a phone arrives once each and in order, under the name of who wrote it."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from rollout.choices import ProgrammeState, Role, Stage
from rollout.models import SignIn, SupportIssue, User, Ward
from rollout.services.sign_in import record_sign_in
from tests import factories as make
from tests.browser.conftest import Watch, findings, sideways
from tests.browser.test_frame import age_session
from tests.rollout.conftest import PASSWORD
from training.models import Champion, ChampionShift, LogEntry, ShiftPattern, StaffMember
from training.views import log_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LINE = "#log-line"
# True once the worker answers for the page; a worker that never comes is a failure and no wait without end.
CONTROLLED = """() => Promise.race([
  navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ||
    new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done))).then(() => true),
  new Promise((done) => setTimeout(() => done(false), 20000)),
])"""

# What the phone holds: lists, who they are for, entries that are not sent.
KEPT = """async () => {
  const database = await new Promise((done) => {
    const request = indexedDB.open("rollout-log");
    request.onsuccess = () => done(request.result);
  });
  const ask = (store, work) => new Promise((done) => {
    const request = work(database.transaction(store).objectStore(store));
    request.onsuccess = () => done(request.result);
  });
  const found = {
    state: Boolean(await ask("kept", (kept) => kept.get("state"))),
    me: Boolean(await ask("kept", (kept) => kept.get("me"))),
    entries: await ask("entries", (entries) => entries.count()),
  };
  database.close();
  return found;
}"""


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
def phone(open_context: Callable[..., BrowserContext], home: str, place: Place) -> BrowserContext:
    """A phone with nothing on it yet, on which the ward's manager has logged in."""
    client = Client()
    client.force_login(place.manager)
    record_sign_in(user=place.manager, session_key=client.session.session_key, shared_device=False)
    context = open_context(**PHONE)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": home}])
    return context


def open_log(context: BrowserContext, said: str = "Up to date") -> Page:
    """Open the log; the phone then has all it needs to work without signal."""
    page = context.new_page()
    page.goto("/log/outbox/")
    assert page.evaluate(CONTROLLED)
    page.goto("/log/")
    expect(page.locator(LINE)).to_contain_text(said)
    expect(page.get_by_role("link", name="Log another shift")).to_be_visible()
    return page


def log_in(context: BrowserContext, email: str = "ana@example.org", said: str = "Up to date") -> Page:
    """Log in by the page, and open the log."""
    page = context.new_page()
    page.goto("/log-in/?next=/account/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.close()
    return open_log(context, said)


def write_shift(page: Page, pattern: str, champion: str, said: str = "Saved on this phone") -> None:
    """Log a shift of yesterday, from the page of the log."""
    page.goto("/log/shift/")
    page.get_by_label("Yesterday").check()
    page.get_by_label(re.compile(f"^{pattern}")).check()
    page.get_by_label(re.compile(f"^{champion}")).check()
    page.get_by_role("button", name="Save shift").click()
    expect(page.get_by_text(said)).to_be_visible()


def wait_until(page: Page, true: Callable[[], bool]) -> None:
    """Wait for what the server was asked; at most 10 seconds."""
    for _turn in range(100):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing came within 10 seconds")


def logged() -> list[tuple[str, str]]:
    """The shifts that arrived, in the order in which they did."""
    entries = list(LogEntry.objects.filter(answer="accepted", kind="shift").order_by("pk"))
    rows = ChampionShift.objects.select_related("staff").in_bulk([entry.record_id for entry in entries])
    return [
        (rows[entry.record_id].staff.name, f"{timezone.localtime(rows[entry.record_id].starts_at):%H}")
        for entry in entries
    ]


def test_three_shifts_in_airplane_mode_arrive_once_each_in_order(phone: BrowserContext, place: Place, watch: Watch):
    watch.expected.add("net::ERR_INTERNET_DISCONNECTED")
    page = open_log(phone)

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


def test_what_the_server_answers_badly_is_sent_until_it_is_taken_once(
    phone: BrowserContext, place: Place, watch: Watch
):
    watch.expect(500)
    page = open_log(phone)
    seen: list[str] = []

    def answer(route: Route) -> None:
        """First a failure, then the entry is taken but the answer is lost on the way, then a captive portal."""
        seen.append(route.request.method)
        if len(seen) == 1:
            route.fulfill(status=500, body="no")
        elif len(seen) == 2:
            route.fetch()
            route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to the guest Wi-Fi</h1>")
        else:
            route.continue_()

    phone.route("**/log/entries/", answer)
    write_shift(page, "Early", "Ben Ash")
    expect(page.locator(LINE)).to_contain_text("1 waiting to send")
    expect(page.get_by_text("Sent at")).to_have_count(0)
    page.goto("/log/outbox/")
    wait_until(page, lambda: len(seen) == 2)
    expect(page.locator(LINE)).to_contain_text("1 waiting to send")
    page.goto("/log/outbox/")

    expect(page.locator(LINE)).to_contain_text("Up to date, sent")
    assert logged() == [("Ben Ash", "07")]


@pytest.mark.night
def test_queue_arrives_once_and_in_order_over_lost_replies_and_an_ended_log_in(
    phone: BrowserContext, place: Place, watch: Watch
):
    watch.expect(401)
    watch.expected.add("net::ERR_FAILED")
    page = open_log(phone)
    dice, lost = random.Random(20260314), []

    def answer(route: Route) -> None:
        """The server takes it; nearly every other answer is lost on the way, and once the log-in ends."""
        if not lost or dice.random() < 0.45:
            route.fetch()
            lost.append(True)
            route.abort()
        else:
            route.continue_()

    write = """async ([ward, count]) => {
      for (let n = 0; n < count; n += 1)
        await rolloutLog.add("issue", { ward, words: `Printer ${n}`, stops_work: false }, `Printer ${n}`);
    }"""
    page.evaluate(write, [place.ward.pk, 45])
    phone.route("**/log/entries/", answer)
    for turn in range(12):
        if page.evaluate("rolloutLog.sync().then((found) => found.left)") == 0:
            break
        if turn == 1:
            age_session(15 * 60 + 10)
            page = log_in(phone, said="")
    arrived = list(LogEntry.objects.order_by("pk").values_list("answer", "record_id"))
    words = SupportIssue.objects.in_bulk([record for _answer, record in arrived])

    assert SignIn.objects.count() == 2
    assert [words[record].words for _answer, record in arrived] == [f"Printer {n}" for n in range(45)]
    assert page.evaluate(KEPT)["entries"] == 0


def test_captive_portal_takes_nothing_and_empties_nothing(phone: BrowserContext, place: Place, watch: Watch):
    page = open_log(phone)
    portal = {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to the guest Wi-Fi</h1>"}
    phone.route("**/log/*/", lambda route: route.fulfill(**portal))

    write_shift(page, "Early", "Ben Ash")
    page.goto("/log/")
    expect(page.locator(LINE)).to_contain_text("1 waiting to send")
    expect(page.get_by_role("link", name="Log another shift")).to_be_visible()
    phone.unroute("**/log/*/")
    page.get_by_role("button", name="Send now").click()

    expect(page.locator(LINE)).to_contain_text("Up to date, sent")
    assert logged() == [("Ben Ash", "07")]


def test_entries_outlive_a_log_in_that_ended_meanwhile(phone: BrowserContext, place: Place, watch: Watch):
    watch.expected.add("net::ERR_INTERNET_DISCONNECTED")
    watch.expect(401)
    page = open_log(phone)
    phone.set_offline(True)
    write_shift(page, "Early", "Ben Ash")
    write_shift(page, "Late", "Ben Ash")

    age_session(15 * 60 + 10)
    phone.set_offline(False)
    page.goto("/log/")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert logged() == []
    page.get_by_role("link", name="Log in").click()
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()

    expect(page.locator(LINE)).to_contain_text("Up to date, sent")
    assert logged() == [("Ben Ash", "07"), ("Ben Ash", "15")]


def test_another_person_on_the_phone_neither_sees_nor_sends_what_is_not_theirs(
    phone: BrowserContext, place: Place, watch: Watch
):
    somebody("bo@example.org", place.ward)
    watch.expected.add("net::ERR_")
    page = open_log(phone)
    phone.route("**/log/entries/", lambda route: route.abort())
    write_shift(page, "Early", "Ben Ash")
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    page.goto("/account/")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    wait_until(page, lambda: page.evaluate(KEPT) == {"state": False, "me": False, "entries": 1})
    phone.unroute("**/log/entries/")

    page = log_in(phone, "bo@example.org")
    expect(page.get_by_text("1 entry of somebody else waits on this phone.")).to_be_visible()
    page.goto("/log/outbox/")
    expect(page.get_by_text("Nothing waits on this phone.")).to_be_visible()
    expect(page.get_by_text("Ben Ash")).to_have_count(0)
    assert logged() == []
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    log_in(phone)

    assert [words.split(".")[0] for words in said] == ["Entries not sent from this phone yet: 1"]
    assert logged() == [("Ben Ash", "07")]
    assert LogEntry.objects.get().user == place.manager


def test_new_worker_takes_the_place_of_the_old_one(
    phone: BrowserContext, place: Place, watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    page = open_log(phone)
    before = page.evaluate("caches.keys()")
    source = log_app.worker_source()
    monkeypatch.setattr(log_app, "worker_source", lambda: f"{source}// newer\n")

    page.evaluate("navigator.serviceWorker.getRegistration('/log/').then((found) => found.update()).then(() => true)")
    wait_until(page, lambda: len(page.evaluate("caches.keys()")) == 1 and page.evaluate("caches.keys()") != before)
    page.goto("/log/")

    expect(page.get_by_role("link", name="Log another shift")).to_be_visible()
    assert len(before) == 1
    assert page.evaluate("caches.match('/account/').then((found) => found === undefined)")


def test_one_bad_entry_holds_up_no_other_and_can_be_mended(phone: BrowserContext, place: Place, watch: Watch):
    watch.expected.add("net::ERR_INTERNET_DISCONNECTED")
    page = open_log(phone)
    phone.set_offline(True)
    for pattern in ("Early", "Early", "Late"):
        write_shift(page, pattern, "Ben Ash")
    phone.set_offline(False)
    page.goto("/log/outbox/")

    expect(page.locator(LINE)).to_contain_text("1 needs your attention")
    expect(page.get_by_role("link", name="Edit")).to_have_count(1)
    assert logged() == [("Ben Ash", "07"), ("Ben Ash", "15")]
    assert (findings(page), sideways(page)) == ([], 0)
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("alert").get_by_text("There is a problem")).to_be_visible()
    assert (findings(page), sideways(page)) == ([], 0)
    page.get_by_label(re.compile("^Cy Birch")).check()
    page.get_by_role("button", name="Save shift").click()

    expect(page.get_by_text("Sent at")).to_be_visible()
    assert logged() == [("Ben Ash", "07"), ("Ben Ash", "15"), ("Cy Birch", "07")]


def test_planned_shift_is_one_tap_and_can_be_taken_back(phone: BrowserContext, place: Place, watch: Watch):
    watch.expected.add("net::ERR_INTERNET_DISCONNECTED")
    now = timezone.now()
    shift = ChampionShift.objects.create(
        client_id=uuid4(),
        programme=place.ward.site.deployments.get().programme,
        staff=place.ben,
        ward=place.ward,
        starts_at=now - timedelta(minutes=10),
        ends_at=now + timedelta(hours=2),
        planned_on=timezone.localdate(),
    )
    page = open_log(phone)

    phone.set_offline(True)
    page.get_by_role("button", name="Worked").click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Missed").click()
    expect(page.locator(LINE)).to_contain_text("1 waiting to send")
    assert (findings(page), sideways(page)) == ([], 0)
    phone.set_offline(False)
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(LINE)).to_contain_text("Up to date, sent")
    shift.refresh_from_db()
    assert shift.state == "missed"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Missed")).to_be_visible()
    wait_until(page, lambda: LogEntry.objects.count() == 2)

    shift.refresh_from_db()
    assert shift.state == "planned"


def test_night_of_yesterday_does_not_read_like_the_one_of_today(phone: BrowserContext, place: Place):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    ChampionShift.objects.create(
        client_id=uuid4(),
        programme=place.ward.site.deployments.get().programme,
        staff=place.ben,
        ward=place.ward,
        starts_at=midnight - timedelta(hours=1),
        ends_at=max(midnight + timedelta(hours=7), timezone.now() - timedelta(hours=1)),
        planned_on=timezone.localdate(),
    )

    page = open_log(phone)

    expect(page.locator("li[data-shift]")).to_contain_text("Yesterday, 11pm to")
