"""From the list of sites to a site and its runs, as a person with and without scripts, on a phone and at a desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from readiness.choices import RunState
from readiness.models import RecomputeRun
from rollout.choices import DeclaredStatus, Role
from rollout.models import Membership, Programme, Site, User
from tests import factories as make
from tests.browser.conftest import Watch, log_in, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOSTILE = "<img src=x onerror=\"document.title='taken over'\">"


@pytest.fixture
def programme(person: User) -> Programme:
    """A programme that the person manages: 60 sites, one of them held down by a blocking item."""
    programme = make.make_programme(code="EPR", name="One record", goal="Notes in one record at every hospital.")
    make.make_measure(programme=programme, name="Notes coded", unit="%", baseline=5, target=90, headline=True)
    Membership.objects.create(user=person, role=Role.PROGRAMME_MANAGER, programme=programme)
    make.make_deployments(59, programme=programme)
    alder = make.make_deployment(
        programme=programme,
        site=make.make_site(code="ALD", name="Alder Hospital"),
        wave=make.make_wave(programme=programme, number=2, name="Second"),
        declared_status=DeclaredStatus.GREEN,
        declared_on=make.DAY,
    )
    make.make_blocker(alder, text="Every ward has its downtime plan on paper")
    make.make_score(alder, share=70, situation={"overdue_blockers": 1})
    make.make_run(programme=programme, total=60, done=60)
    return programme


def names(page: Page) -> list[str]:
    return page.locator("#site-table tbody th a").all_inner_texts()


def test_whole_way_without_scripts(plain_page: Page, programme: Programme, watch: Watch):
    page = plain_page
    log_in(page, "/log-in/?next=/programmes/")
    page.get_by_role("link", name="One record", exact=True).click()
    page.get_by_role("navigation", name="Pages of the programme").get_by_role("link", name="Sites").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sites")

    page.get_by_text("Filters", exact=True).first.click()
    page.get_by_role("searchbox", name="Search", exact=True).fill("alder")
    page.get_by_role("button", name="Apply filters").click()
    assert names(page) == ["Alder Hospital"]
    page.get_by_role("link", name="Remove filter Search: alder").click()
    page.get_by_role("link", name="Score", exact=True).click()
    assert (names(page)[0], "sort=score" in page.url) == ("Alder Hospital", True)
    page.get_by_role("link", name="Page 2").click()
    assert len(names(page)) == 10
    page.go_back()

    page.get_by_role("link", name="Alder Hospital", exact=True).click()
    expect(page).to_have_title("Alder Hospital – One record – Go-live readiness")
    expect(
        page.get_by_text("1 blocking item is overdue – Every ward has its downtime plan on paper").first
    ).to_be_visible()
    page.locator("#domains").get_by_role("link", name=re.compile("^Training ?: why this number$")).click()
    expect(page).to_have_url(re.compile("/p/EPR/s/ALD/why/#domain-training$"))
    page.goto("/p/EPR/s/ALD/?as_of=2026-03-01")
    expect(page.get_by_role("heading", name="Nothing known of 1 March 2026")).to_be_visible()


def test_filter_order_and_pages_replace_the_table_alone(page: Page, programme: Programme, watch: Watch):
    log_in(page, "/log-in/?next=/p/EPR/sites/")
    page.evaluate("window.stayed = true")

    page.get_by_role("combobox", name="Band").select_option("off_track")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("#results")).to_have_text("1 site")
    expect(page.get_by_role("status")).to_have_text("1 site matches")
    expect(page.get_by_role("button", name="Apply filters")).to_be_focused()
    expect(page).to_have_url(re.compile("band=off_track"))

    page.goto("/p/EPR/sites/")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Score", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text(re.compile("Score"))
    expect(page.locator("th[aria-sort=ascending] a")).to_be_focused()
    assert names(page)[0] == "Alder Hospital"
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator("#site-table tbody tr")).to_have_count(10)
    expect(page.get_by_text("60 sites", exact=True)).to_be_focused()

    assert page.evaluate("window.stayed")


def test_back_after_a_filter_asks_the_server_again(page: Page, programme: Programme, watch: Watch):
    log_in(page, "/log-in/?next=/p/EPR/sites/")
    page.get_by_role("searchbox", name="Search", exact=True).fill("alder")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("#results")).to_have_text("1 site")

    page.go_back()

    expect(page.locator("#results")).to_have_text("60 sites")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sites")


ADDRESSES = (
    "/programmes/",
    "/p/EPR/sites/",
    "/p/EPR/sites/?q=nowhere",
    "/p/EPR/sites/?view=heatmap&sort=-training",
    "/p/EPR/sites/?since=2026-03-07&columns=score,band,gate,lead",
    "/p/EPR/sites/?since=2099-01-01",
    "/p/EPR/sites/views/?band=off_track",
    "/p/EPR/checklist/views/?late=on",
    "/p/EPR/s/ALD/plan/row/?band=off_track",
    "/p/EPR/sites/?band=off_track&differs=on",
    "/p/EPR/s/ALD/",
    "/p/EPR/s/ALD/?as_of=2026-03-14",
    "/p/EPR/s/ALD/?as_of=2026-03-01",
    "/p/EPR/runs/",
)


def test_pages_have_no_findings(page: Page, programme: Programme, watch: Watch):
    log_in(page, "/log-in/?next=/programmes/")
    shown = {}
    for turn, address in enumerate(ADDRESSES):
        page.goto(address)
        page.evaluate(
            "[...document.querySelectorAll('main details')].slice(0, 4).forEach(each => { each.open = true; })"
        )
        shown[address] = looked_at(page, turn)

    assert shown == {address: {320: ([], 0), 1280: ([], 0)} for address in ADDRESSES}


def test_run_under_way_is_live_until_it_is_paused(page: Page, programme: Programme, watch: Watch):
    run = make.make_run(programme=programme, kind="asked", state=RunState.RUNNING, total=200, done=40, ended_at=None)
    log_in(page, "/log-in/?next=/p/EPR/runs/")
    expect(page.get_by_text("40 of 200")).to_be_visible()

    RecomputeRun.objects.filter(pk=run.pk).update(done=110)
    expect(page.get_by_text("110 of 200", exact=True)).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("110 of 200 scores worked out.")
    page.get_by_role("link", name="Pause live progress").click()
    RecomputeRun.objects.filter(pk=run.pk).update(done=120)
    page.wait_for_timeout(2_500)
    expect(page.get_by_text("110 of 200", exact=True)).to_be_visible()
    page.get_by_role("link", name="Go on with live progress").click()
    expect(page.get_by_text("120 of 200", exact=True)).to_be_visible()


def test_live_part_waits_while_nobody_looks(page: Page, programme: Programme, watch: Watch):
    make.make_run(programme=programme, kind="asked", state=RunState.RUNNING, total=200, done=40, ended_at=None)
    log_in(page, "/log-in/?next=/p/EPR/runs/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "seen=" in request.url else None)
    page.wait_for_timeout(2_500)
    while_looking = len(asked)

    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    asked.clear()
    page.wait_for_timeout(4_500)

    assert (while_looking >= 1, asked) == (True, [])


def test_hostile_names_run_nothing(page: Page, programme: Programme, watch: Watch):
    Site.objects.filter(code="ALD").update(name=HOSTILE)
    Programme.objects.update(name=HOSTILE, goal=HOSTILE)
    log_in(page, "/log-in/?next=/programmes/")
    titles = []
    for address in ADDRESSES:
        page.goto(address)
        titles.append(page.title())

    assert [title for title in titles if title == "taken over"] == []
    assert page.get_by_text(HOSTILE).count() > 0
