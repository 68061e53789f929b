"""Whole journeys by keyboard alone: each stop can be seen and is covered by nothing, and no swap loses the focus."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from readiness.choices import GateKind
from readiness.models import ChecklistItem, Gate, GateReview, SignOff, Waiver
from rollout.choices import Role, Stage
from rollout.models import Deployment, SeatRole, SupportIssue, User
from tests import factories as make
from tests.browser.conftest import Watch
from tests.rollout.conftest import PASSWORD
from training.models import Champion, ChampionShift, ShiftPattern

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SITE = "/p/EPR/s/ALD/"
# By day a few; by night every journey.
night = pytest.mark.night

# What is wrong with where the focus is: nowhere, unseen, out of the window, or under something else.
LOST = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "the focus is nowhere";
  const style = getComputedStyle(e), box = e.getBoundingClientRect(), words = e.outerHTML.slice(0, 120);
  if (style.outlineStyle === "none" && style.boxShadow === "none") return "nothing marks the focus: " + words;
  if (!box.width || box.bottom <= 0 || box.top >= innerHeight) return "the focus is out of sight: " + words;
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y), labels = [...(e.labels ?? [])];
  const own = [e, ...labels].some((each) => each.contains(top) || top?.contains(each));
  return own ? "" : "the focus is covered: " + words;
}"""
Visit = Callable[..., "Keyboard"]


class Keyboard:
    """Somebody at a page with a keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def stop(self) -> None:
        """Go to the next stop, which can be seen."""
        self.page.keyboard.press("Tab")
        lost = self.page.evaluate(LOST)
        # Behind the last stop is the browser's own frame, and then the page again.
        if lost == "the focus is nowhere":
            self.page.keyboard.press("Tab")
            lost = self.page.evaluate(LOST)
        assert lost == ""

    def to(self, wanted: Locator) -> None:
        """Go on until the focus is on it: it is a stop of the page, at most 250 further."""
        expect(wanted.first).to_be_attached()
        for _stop in range(250):
            if wanted.first.evaluate("e => e === document.activeElement"):
                return
            self.stop()
        raise AssertionError(f"no stop at {wanted}")

    def press(
        self, role: Literal["button", "checkbox", "link"], name: str | re.Pattern[str], key: str = "Enter"
    ) -> None:
        """Go to a link or a button and press it."""
        self.to(self.page.get_by_role(role, name=name, exact=isinstance(name, str)))
        self.page.keyboard.press(key)

    def write(self, label: str | re.Pattern[str], text: str) -> None:
        """Go to a field and write into it; what stands there is written over."""
        self.to(self.page.get_by_label(label, exact=isinstance(label, str)))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def write_day(self, label: str | re.Pattern[str], day: date) -> None:
        """Go to a field for a day and write the day."""
        self.to(self.page.get_by_label(label, exact=isinstance(label, str)))
        # Its parts stand in the order of the browser's own language.
        self.page.keyboard.type(f"{day:%m%d%Y}")

    def choose(self, label: str | re.Pattern[str]) -> None:
        """Choose one of several radio buttons: to the group, the space bar, then arrows."""
        wanted = self.page.get_by_role("radio", name=label, exact=isinstance(label, str)).first
        group = self.page.locator(f'input[type=radio][name="{wanted.get_attribute("name")}"]')
        for _stop in range(250):
            if group.evaluate_all("all => all.includes(document.activeElement)"):
                break
            self.stop()
        self.page.keyboard.press("Space")
        for _turn in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked()

    def pick(self, label: str | re.Pattern[str], choice: str) -> None:
        """Go to a list of choices and type the one that is wanted."""
        self.to(self.page.get_by_label(label, exact=isinstance(label, str)))
        self.page.keyboard.type(choice)

    def keeps_its_place(self) -> None:
        """The focus is somewhere, seen and uncovered; a swap has moved it a moment later."""
        for _turn in range(50):
            if not (lost := self.page.evaluate(LOST)):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(lost)

    def told(self, words: str) -> None:
        """The page says so, and a key pressed now has a place to begin at."""
        expect(self.page.locator("body")).to_contain_text(words)


@pytest.fixture
def site(transactional_db: None) -> Deployment:
    """A site with two items and a gate before its go-live, which another site shares."""
    programme = make.make_programme(code="EPR", name="One record")
    go_live = timezone.localdate() + timedelta(days=30)
    site = make.make_deployment(
        programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"), go_live_on=go_live
    )
    make.make_deployment(programme=programme, site=make.make_site(code="OAK", name="Oak Clinic"), go_live_on=go_live)
    make.make_score(site, day=timezone.localdate(), share=100)
    make.make_blocker(site, code="LOGIN", text="Log-in test")
    gate = Gate.objects.create(programme=programme, code="GO", name="Go/no-go", kind=GateKind.GO_LIVE, due_days=3)
    gate.seats.set([SeatRole.objects.get_or_create(code="sro")[0]])
    return site


@pytest.fixture
def visit(open_context: Callable[..., BrowserContext], home: str, watch: Watch) -> Visit:
    """Opens a browser of somebody who has logged in, at a page."""
    watch.expected.add("Service Worker registration blocked")

    def start(user: User, address: str, **options: object) -> Keyboard:
        size = {"viewport": {"width": 1280, "height": 900}, "service_workers": "block"}
        context, client = open_context(**(size | options)), Client()
        client.force_login(user)
        context.add_cookies([{"name": key, "value": kept.value, "url": home} for key, kept in client.cookies.items()])
        page = context.new_page()
        page.goto(address)
        return Keyboard(page)

    return start


def manager(site: Deployment) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme, user=make.make_user(name="Ana"))


def signatory(site: Deployment, seat: str) -> User:
    role = SeatRole.objects.get_or_create(code=seat)[0]
    return make.make_member(Role.SIGNATORY, programme=site.programme, seat_role=role)


def test_log_in_and_out(page: Page, person: User):
    page.goto("/log-in/")
    hands = Keyboard(page)
    hands.write("Email address", person.email)
    hands.write("Password", PASSWORD)
    page.keyboard.press("Enter")
    hands.told("Ana Whitlock")
    hands.press("button", "Log out")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


@night
def test_from_anywhere_to_a_site_by_searching(visit: Visit, site: Deployment):
    hands = visit(manager(site), "/programmes/")
    hands.page.keyboard.press("Control+k")
    expect(hands.page.get_by_role("dialog", name="Search")).to_be_visible()
    hands.page.keyboard.type("alder")
    expect(hands.page.locator("#search-dialog-status")).to_contain_text("1 result")
    hands.press("link", re.compile("^Alder Hospital"))
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text("Alder Hospital")


@night
def test_sites_are_narrowed_and_one_is_opened(visit: Visit, site: Deployment):
    hands = visit(manager(site), "/p/EPR/sites/")
    hands.to(hands.page.get_by_role("form", name="Filters").get_by_role("searchbox"))
    hands.page.keyboard.type("alder")
    hands.page.keyboard.press("Enter")
    expect(hands.page.get_by_role("link", name="Oak Clinic")).to_have_count(0)
    hands.keeps_its_place()
    hands.press("link", "Alder Hospital")
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text("Alder Hospital")


def test_item_is_changed_in_its_row(visit: Visit, site: Deployment):
    hands = visit(manager(site), f"{SITE}checklist/")
    hands.press("link", "Edit state, owner and due date of Log-in test")
    expect(hands.page.locator(".app-task__form").get_by_label("State")).to_be_focused()
    hands.page.keyboard.type("In progress")
    hands.press("button", re.compile("^Save"))
    expect(hands.page.get_by_role("status")).to_have_text("Saved: Log-in test")
    hands.keeps_its_place()
    assert ChecklistItem.objects.get(code="LOGIN").state == "in_progress"


@night
def test_item_is_finished_on_its_page(visit: Visit, site: Deployment):
    hands = visit(manager(site), f"{SITE}checklist/LOGIN/")
    hands.choose("Yes")
    hands.press("button", "Save")
    hands.told("Saved: Log-in test")
    assert ChecklistItem.objects.get(code="LOGIN").state == "done"


@night
def test_many_items_get_an_owner_and_it_is_undone(visit: Visit, site: Deployment):
    hands = visit(manager(site), "/p/EPR/checklist/")
    hands.press("checkbox", re.compile("^Select Log-in test"), key="Space")
    hands.press("button", re.compile("owner", re.IGNORECASE))
    hands.write("New owner", "Cy Ito")
    hands.press("button", "Continue")
    hands.press("button", "Change 1 item")
    hands.told("1 item")
    assert str(ChecklistItem.objects.select_related("owner").get(code="LOGIN").owner) == "Cy Ito"
    hands.press("button", re.compile("^Undo"))
    hands.told("is undone")
    assert ChecklistItem.objects.get(code="LOGIN").owner is None


@night
def test_gate_is_frozen_signed_and_decided(visit: Visit, site: Deployment):
    hands = visit(manager(site), f"{SITE}gates/GO/")
    hands.press("button", "Freeze the pack")
    hands.press("button", re.compile("^Freeze"))
    hands.told("Under way.")
    seat = visit(signatory(site, "sro"), f"{SITE}gates/GO/")
    seat.choose("Yes")
    seat.write(re.compile("^In words"), "We are staffed.")
    seat.press("button", "Sign")
    seat.told("We are staffed.")
    assert SignOff.objects.get().answer == "yes"
    hands.page.reload()
    hands.choose("No go")
    hands.write(re.compile("^(Why|Reason|In words)"), "Not yet: the log-in test is open.")
    hands.press("button", "Record the outcome")
    hands.press("button", re.compile("^(Record|Yes|Confirm)"))
    hands.told("decided on")
    assert GateReview.objects.get().outcome == "no_go"


@night
def test_waiver_is_asked_for_and_approved(visit: Visit, site: Deployment):
    hands = visit(manager(site), f"{SITE}waivers/?subject=LOGIN")
    hands.write("Why can the site go on without it for now?", "The cards come in May.")
    hands.write_day(re.compile("^Until"), timezone.localdate() + timedelta(days=20))
    hands.press("button", "Ask for the waiver")
    hands.told("Somebody else decides.")
    other = visit(signatory(site, "sro"), f"{SITE}waivers/")
    other.press("button", re.compile("^Approve"))
    other.told("The waiver is approved.")
    assert Waiver.objects.get().state == "approved"


@night
def test_go_live_is_deferred(visit: Visit, site: Deployment):
    hands = visit(manager(site), SITE)
    hands.press("link", "Defer the go-live")
    hands.write("Why is the go-live deferred?", "Winter pressure.")
    hands.write_day("New go-live (optional)", timezone.localdate() + timedelta(days=120))
    hands.press("button", "Defer")
    hands.told("The go-live is deferred.")
    site.refresh_from_db()
    assert (site.stage, site.go_live_on) == (Stage.DEFERRED, timezone.localdate() + timedelta(days=120))


@pytest.fixture
def on_ward(site: Deployment) -> User:
    """The manager of a ward with a champion, whose shift is today; the site went live a week ago."""
    ward = make.make_ward(site=site.site, name="Ward 7")
    programme, today = site.programme, timezone.localdate()
    Deployment.objects.filter(pk=site.pk).update(stage=Stage.HYPERCARE, actual_go_live_on=today - timedelta(days=7))
    ShiftPattern.objects.create(programme=programme, name="Early", starts=time(7), ends=time(15))
    ShiftPattern.objects.create(programme=programme, name="Late", starts=time(15), ends=time(22))
    champion = Champion.objects.create(
        programme=programme, staff=make.make_staff(ward, name="Ben Ash"), from_on=today - timedelta(days=9)
    )
    start = datetime.combine(today, time(7), UTC)
    ChampionShift.objects.create(
        programme=programme,
        staff=champion.staff,
        ward=ward,
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        planned_on=today - timedelta(days=5),
        client_id=uuid4(),
    )
    return make.make_member(Role.WARD_MANAGER, ward=ward)


PHONE = {"viewport": {"width": 390, "height": 844}}


@night
def test_planned_shift_is_marked_and_taken_back(visit: Visit, on_ward: User):
    hands = visit(on_ward, "/log/", **PHONE)
    hands.press("button", re.compile("^Worked"))
    expect(hands.page.get_by_role("button", name=re.compile("^Undo"))).to_be_visible()
    hands.keeps_its_place()
    assert ChampionShift.objects.get().state == "worked"
    hands.press("button", re.compile("^Undo"))
    expect(hands.page.get_by_role("button", name=re.compile("^Worked"))).to_be_visible()
    assert ChampionShift.objects.get().state == "planned"


@night
def test_another_shift_is_logged(visit: Visit, on_ward: User):
    hands = visit(on_ward, "/log/", **PHONE)
    hands.press("link", "Log another shift")
    hands.choose(re.compile("^Yesterday"))
    hands.choose(re.compile("^Late"))
    hands.choose(re.compile("^Ben Ash"))
    hands.press("button", "Save shift")
    hands.told("Add another")
    assert ChampionShift.objects.filter(state="worked").count() == 1


@night
def test_issue_is_reported(visit: Visit, on_ward: User):
    hands = visit(on_ward, "/log/", **PHONE)
    hands.press("link", "Report an issue")
    hands.write("What is wrong?", "Nobody gets past the log-in.")
    hands.choose("Yes")
    hands.press("button", re.compile("^(Report|Send)"))
    hands.told("Report another issue")
    assert SupportIssue.objects.get().stops_work is True
