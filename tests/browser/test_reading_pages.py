"""Every page for reading, in a real browser: nothing to find fault with, no sideways scroll, no scripts, no mouse."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from readiness.packs import import_pack
from readiness.services.scores import score_deployments
from rollout.choices import Role
from rollout.models import Deployment, Organisation, Programme, Site, User, Ward
from tests import factories as make
from tests.browser.conftest import Watch, looked_at, sideways
from tests.packs_small import small_tables, write_tables

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAST = date(2026, 4, 20)
SITE = "/p/SMALL/s/S1/"
# What each page calls itself in its one heading of the first level.
PAGES = {
    "/": "Your work",
    "/p/SMALL/decisions/": "Decisions",
    "/p/SMALL/decisions/new/": "Record a decision",
    "/programmes/": "Programmes",
    "/p/SMALL/": "Small programme",
    "/p/SMALL/board/": "Board dashboard",
    "/board/": "Board dashboard",
    "/p/SMALL/sites/": "Sites",
    "/p/SMALL/sites/?view=heatmap": "Sites",
    "/p/SMALL/training/": "Training",
    "/p/SMALL/rota/": "Champions",
    "/p/SMALL/access/": "Log-in tests",
    "/p/SMALL/log/refused/": "Refused entries",
    SITE: "North Hospital",
    f"{SITE}why/": "Why this score",
    f"{SITE}why/?since=2026-04-01": "Why it moved",
    f"{SITE}why/training.completion/": "",
    f"{SITE}timeline/": "Timeline",
    f"{SITE}training/": "Training",
    f"{SITE}training/seats/": "Seats and refreshers",
    f"{SITE}training/plan/": "Planned training curve",
    f"{SITE}rota/": "Champions",
    f"{SITE}access/": "Log-in tests",
    f"{SITE}access/people/": "Who is left to log in",
    "/search/?q=north": "Search",
    "/help/": "Help",
    "/accessibility/": "Accessibility statement",
}
BOARD_PAGES = (
    *("/programmes/", "/p/SMALL/", "/p/SMALL/board/", "/board/", "/p/SMALL/decisions/"),
    *("/p/SMALL/sites/?view=heatmap", SITE),
)
LEAD_PAGES = ("/", SITE, f"{SITE}why/", f"{SITE}timeline/", f"{SITE}training/", f"{SITE}rota/", "/log/phones/")

# As the server sends them; what a phone makes of them is another test's.
LOG_PAGES = tuple(f"/log/{page}?plain=1" for page in ("", "shift/", "access/", "issue/", "attendance/"))


@pytest.fixture
def programme(transactional_db: None, tmp_path: Path) -> Programme:
    """A programme with a row or more in every table, twenty weeks of its measure, and scores of five weeks."""
    tables = small_tables()
    tables["observations.csv"] += [
        ["TIME", "S1", "", f"{date(2025, 11, 24) + timedelta(weeks=week)}", "week", "", "", str(30 + week * 7 % 5)]
        for week in range(20)
    ]
    import_pack(write_tables(tmp_path / "pack", tables))
    ids = list(Deployment.objects.values_list("pk", flat=True))
    for back in range(35, -1, -7):
        score_deployments(ids=ids, day=LAST - timedelta(days=back))
    return Programme.objects.get()


@pytest.fixture
def visit(open_context: Callable[..., BrowserContext], programme: Programme, home: str) -> Callable[..., Page]:
    """Opens a browser in which somebody of a role has logged in: `visit(Role.SITE_LEAD, java_script_enabled=False)`."""

    def start(role: Role, **options: object) -> Page:
        context = open_context(**options)
        client = Client()
        client.force_login(somebody(role, programme))
        context.add_cookies([{"name": key, "value": kept.value, "url": home} for key, kept in client.cookies.items()])
        return context.new_page()

    return start


def somebody(role: Role, programme: Programme) -> User:
    """A user of a role, as wide as the role goes in this world."""
    scopes = {
        Role.PROGRAMME_MANAGER: {"programme": programme},
        Role.SITE_LEAD: {"site": Site.objects.get(code="S1")},
        Role.WARD_MANAGER: {"ward": Ward.objects.filter(site__code="S1").first()},
        Role.BOARD_MEMBER: {"organisation": Organisation.objects.get(code="ORG1")},
    }
    return make.make_member(role, **scopes[role])


@pytest.mark.parametrize(
    ("role", "addresses", "widths"),
    [
        (Role.PROGRAMME_MANAGER, tuple(PAGES), (320, 1280)),
        (Role.BOARD_MEMBER, BOARD_PAGES, (320,)),
        (Role.SITE_LEAD, LEAD_PAGES, (320,)),
        (Role.WARD_MANAGER, LOG_PAGES, (320,)),
    ],
)
def test_pages_have_no_findings(
    visit: Callable[..., Page], watch: Watch, role: Role, addresses: tuple[str, ...], widths: tuple[int, ...]
):
    watch.expected.add("Service Worker registration blocked")
    page = visit(role, service_workers="block")
    shown = {}
    for turn, address in enumerate(addresses):
        page.set_viewport_size({"width": widths[0], "height": 900})
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        shown |= {(address, width): found for width, found in looked_at(page, turn, widths).items()}

    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
    assert len(shown) == len(addresses) * len(widths)


def test_pages_open_without_scripts(visit: Callable[..., Page], watch: Watch):
    page = visit(Role.PROGRAMME_MANAGER, java_script_enabled=False)
    headings = {}
    for address in PAGES:
        page.goto(address)
        headings[address] = page.get_by_role("heading", level=1).all_inner_texts()

    assert {address: found for address, found in headings.items() if len(found) != 1} == {}
    assert {address: found for address, (found,) in headings.items() if not found.endswith(PAGES[address])} == {}


def test_charts_and_their_tables_open_without_scripts(visit: Callable[..., Page], watch: Watch):
    page = visit(Role.PROGRAMME_MANAGER, java_script_enabled=False)
    for address in ("/p/SMALL/board/", SITE, f"{SITE}training/"):
        page.goto(address)
        chart = page.locator(".app-chart").first

        expect(chart.get_by_role("img")).to_be_visible()
        chart.get_by_text("Show as table").click()
        expect(chart.locator("table")).to_be_visible()


def test_keyboard_opens_a_chart_as_a_table(visit: Callable[..., Page], watch: Watch):
    page = visit(Role.BOARD_MEMBER, viewport={"width": 320, "height": 900})
    page.goto("/p/SMALL/board/")
    chart = page.locator(".app-chart").first

    chart.locator("summary", has_text="Show as table").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(chart.locator("table")).to_be_visible()
    expect(chart.get_by_role("region")).to_be_focused()


# What A4 leaves between its margins, in pixels.
UPRIGHT, ON_ITS_SIDE = 680, 1032
ITEMS = "/p/SMALL/checklist/"
WIDE = (
    *("/programmes/", "/p/SMALL/sites/", "/p/SMALL/sites/?view=heatmap", "/p/SMALL/training/", "/p/SMALL/rota/"),
    *("/p/SMALL/decisions/", f"{SITE}rota/", ITEMS),
)
SHOWN = """() => [...document.querySelectorAll("nav, form:not(#bulk), button, input, select, textarea, .app-bulk, "
    + ".nhsuk-footer, .app-downloads")].filter(
    part => part.checkVisibility() && part.offsetHeight > 0).map(part => part.outerHTML.slice(0, 80))"""
CLIPPED = """() => [...document.querySelectorAll(".app-scroll__content")].filter(
    each => getComputedStyle(each).overflowX !== "visible").length"""
HEADS = """() => [...document.querySelectorAll("thead")].map(each => getComputedStyle(each).display).filter(
    each => each !== "table-header-group")"""


@pytest.mark.night
def test_every_page_prints_on_a4(visit: Callable[..., Page]):
    """Whole, without what leads elsewhere, with the day it was printed, and table heads on every sheet."""
    page = visit(Role.PROGRAMME_MANAGER)
    page.emulate_media(media="print")
    wrong = []
    for address in (*PAGES, ITEMS, f"{SITE}checklist/"):
        page.set_viewport_size({"width": ON_ITS_SIDE if address in WIDE else UPRIGHT, "height": 900})
        page.goto(address)
        found = (sideways(page), page.evaluate(SHOWN), page.evaluate(CLIPPED), page.evaluate(HEADS))
        if found != (0, [], 0, []) or not page.get_by_text("Printed on").is_visible():
            wrong.append((address, found))

    assert wrong == []


def test_items_print_without_the_boxes_of_the_selection(visit: Callable[..., Page]):
    page = visit(Role.PROGRAMME_MANAGER)
    page.emulate_media(media="print")
    page.goto(ITEMS)

    row = page.locator("#item-table tbody tr").first
    expect(row).to_be_visible()
    expect(row.locator("input")).to_be_hidden()
