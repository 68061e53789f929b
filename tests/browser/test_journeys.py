"""Whole journeys in a real browser: from a new programme to a go with one dissenting seat, and a go-live put off."""

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from readiness.models import ChecklistItem, GateReview, ReadinessScore, Waiver
from readiness.services.rescoring import rescore_next_batch
from rollout.choices import Role, Stage
from rollout.models import Decision, Deployment, Programme, SeatRole, User
from tests import factories as make
from tests.browser.conftest import findings, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SITE = "/p/EPR/s/ALD1/"
Visit = Callable[[User], Page]
Told = Callable[[Page, str], None]


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browsers of a journey run scripts: nobody's work may depend on it."""
    return request.param


@pytest.fixture
def visit(open_context: Callable[..., BrowserContext], home: str, scripts: bool) -> Visit:
    """Opens a browser of somebody who has logged in."""

    def start(user: User) -> Page:
        context = open_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts)
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": key, "value": kept.value, "url": home} for key, kept in client.cookies.items()])
        return context.new_page()

    return start


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page that answers."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


@pytest.fixture
def told(scripts: bool) -> Told:
    """The page says so, has no findings (looking for them takes scripts), and is no wider than its window."""

    def check(page: Page, words: str) -> None:
        expect(page.locator("main")).to_contain_text(words)
        assert (findings(page) if scripts else [], sideways(page)) == ([], 0)

    return check


def scored() -> None:
    """What the worker does within seconds."""
    while rescore_next_batch() is not None:
        pass


def write(folder: Path, name: str, *rows: list[str]) -> None:
    text = StringIO()
    csv.writer(text).writerows(rows)
    folder.joinpath(name).write_text(text.getvalue())


def pack(folder: Path) -> Path:
    """The sites of a programme that was made in the browser, and nothing else of it."""
    write(folder, "programme.csv", ["code", "name"], ["EPR", "One patient record"])
    write(folder, "organisations.csv", ["code", "name"], ["ALD", "Aldermoor Trust"])
    sites = [["ALD1", "ALD", "Aldermoor Hospital", "hospital"], ["ALD2", "ALD", "Aldermoor Clinic", "clinic"]]
    write(folder, "sites.csv", ["code", "organisation", "name", "kind"], *sites)
    write(folder, "wards.csv", ["site", "code", "name"], ["ALD1", "A1", "Acute unit"], ["ALD1", "B2", "Ward 2"])
    asked = [["ALD1", "preparing", "2026-02-01"], ["ALD2", "not_started", ""]]
    write(folder, "deployments.csv", ["site", "stage", "interest_on"], *asked)
    return folder


def signatory(programme: Programme, seat: str) -> User:
    role = SeatRole.objects.get(code=seat)
    return make.make_member(Role.SIGNATORY, programme=programme, seat_role=role, user=make.make_user(name=seat))


@pytest.mark.parametrize(
    "scripts",
    [pytest.param(True, id="scripts"), pytest.param(False, id="no scripts", marks=pytest.mark.night)],
    indirect=True,
)
def test_from_a_new_programme_to_a_go_with_one_dissenting_seat(visit: Visit, told: Told, tmp_path: Path):
    manager = make.make_member(Role.ADMINISTRATOR, user=make.make_user(name="Ana"))
    page = visit(manager)
    go_live = timezone.localdate() + timedelta(days=400)

    # A programme, from an empty installation.
    page.goto("/")
    page.get_by_role("link", name="Create the programme").click()
    page.get_by_label("Name", exact=True).fill("One patient record")
    page.get_by_label("Code").fill("EPR")
    page.get_by_label("Goal (optional)").fill("Every ward writes its notes in one record by 2028.")
    press(page, "Add the programme")
    told(page, "The programme is added.")
    programme = Programme.objects.get()

    # Its sites, from a pack; each has its checklist.
    call_command("import_pack", str(pack(tmp_path)), stdout=StringIO())
    assert ChecklistItem.objects.filter(deployment__site__code="ALD1").count() > 60

    # A wave, and the site that asked to start in it.
    page.goto("/p/EPR/waves/new/")
    page.get_by_label("Name (optional)").fill("First sites")
    press(page, "Add the wave")
    page.get_by_label("Select Aldermoor Hospital").check()
    page.get_by_label("Put into").select_option(label="1 – First sites")
    press(page, "Put the selected sites into it")
    told(page, "1 site is moved.")

    # Its dates.
    page.goto(f"{SITE}plan/dates/")
    page.get_by_label("Go-live (optional)", exact=True).fill(go_live.isoformat())
    press(page, "Save dates")
    told(page, "The dates are planned.")
    site = Deployment.objects.get(site__code="ALD1")
    assert (site.go_live_on, site.wave.number if site.wave else None) == (go_live, 1)

    # An item is finished, with a file as evidence.
    page.goto(f"{SITE}checklist/LEAD-BOARD/")
    page.get_by_label("Yes", exact=True).check()
    minutes: FilePayload = {
        "name": "minutes.txt",
        "mimeType": "text/plain",
        "buffer": b"The board discussed every gate.",
    }
    page.get_by_label("Evidence file (optional)").set_input_files(files=[minutes])
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("minutes.txt")
    assert ChecklistItem.objects.get(deployment=site, code="LEAD-BOARD").state == "done"

    # The hazard log begins; a waiver is asked for, and somebody else decides.
    page.goto("/p/EPR/new-hazard/")
    page.get_by_label("What could happen").fill("A dose is read from the wrong row.")
    page.get_by_label("3 – Medium").check()
    page.get_by_label("3 – Considerable").check()
    press(page, "Enter the hazard")
    told(page, "1 hazard is open.")
    page.goto(f"{SITE}waivers/?subject=LEAD-SRO")
    page.get_by_label("Why can the site go on without it for now?").fill("The new director starts in May.")
    page.get_by_label("Until").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    press(page, "Ask for the waiver")
    told(page, "Somebody else decides.")
    sro, ccio = signatory(programme, "sro"), signatory(programme, "ccio")
    deciding = visit(sro)
    deciding.goto(f"{SITE}waivers/")
    deciding.get_by_role("button", name=re.compile("^Approve")).click()
    expect(deciding.locator("main")).to_contain_text("The waiver is approved.")
    assert Waiver.objects.get().state == "approved"

    # The gate: two seats sign it here; the pack is frozen and never changes.
    page.goto("/p/EPR/settings/gates/GO-LIVE/")
    for box in page.get_by_role("checkbox").all():
        box.set_checked(
            box.get_attribute("value") in {str(role.pk) for role in SeatRole.objects.filter(code__in=["sro", "ccio"])}
        )
    press(page, "Save")
    told(page, "The gate is saved.")
    scored()
    page.goto(f"{SITE}gates/GO-LIVE/")
    press(page, "Freeze the pack")
    page.locator("main button.nhsuk-button").first.click()
    expect(page.locator("main")).to_contain_text("Under way.")
    for somebody, answer, words in ((sro, "Yes", "We are staffed."), (ccio, "No", "Doctors are not trained.")):
        seat = visit(somebody)
        seat.goto(f"{SITE}gates/GO-LIVE/")
        seat.get_by_label(answer, exact=True).check()
        seat.get_by_label(re.compile("^In words")).first.fill(words)
        press(seat, "Sign")
        told(seat, words)

    # Not without a condition that has an owner and a day; with it, go, and the dissent stays in the record.
    page.goto(f"{SITE}gates/GO-LIVE/")
    page.get_by_label("Condition", exact=True).fill("Every doctor is trained by the Friday before.")
    page.get_by_label(re.compile("^Owner")).fill("Ana")
    page.get_by_label(re.compile("^Due")).fill((go_live - timedelta(days=3)).isoformat())
    press(page, "Set a condition")
    expect(page.locator("#conditions")).to_contain_text("Every doctor is trained")
    page.get_by_label("Go with conditions", exact=True).check()
    press(page, "Record the outcome")
    page.locator("main button.nhsuk-button").first.click()
    told(page, "Go with conditions, decided on")
    expect(page.locator("#seats")).to_contain_text("Doctors are not trained.")
    review = GateReview.objects.get()
    assert (review.outcome, review.pack is not None) == ("go_with_conditions", True)
    assert Decision.objects.filter(kind="go", deployment=site).count() == 1

    # It goes live, one stage after the other, and not before.
    for stage in (Stage.TECHNICAL_LIVE, Stage.LIVE):
        page.goto(f"{SITE}plan/stage/")
        page.get_by_label(re.compile("^On which day")).fill(timezone.localdate().isoformat())
        press(page, "Take the stage")
        told(page, "The site is in its next stage.")
        site.refresh_from_db()
        assert site.stage == stage


def test_go_live_is_put_off_and_the_old_date_is_kept(visit: Visit, told: Told):
    programme = make.make_programme(code="EPR", name="One patient record")
    old, new = timezone.localdate() + timedelta(days=30), timezone.localdate() + timedelta(days=120)
    site = make.make_deployment(
        programme=programme, site=make.make_site(code="ALD1", name="Aldermoor Hospital"), go_live_on=old
    )
    page = visit(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))

    page.goto(SITE)
    page.get_by_role("link", name="Defer the go-live").click()
    page.get_by_label("Why is the go-live deferred?").fill("Winter pressure: the wards have no hands free.")
    page.get_by_label("New go-live (optional)", exact=True).fill(new.isoformat())
    press(page, "Defer")
    told(page, "The go-live is deferred.")
    scored()
    page.goto(SITE)

    site.refresh_from_db()
    assert (site.stage, site.go_live_on) == (Stage.DEFERRED, new)
    assert ReadinessScore.objects.get(deployment=site, superseded_at=None).band == "paused"
    expect(page.locator("main")).to_contain_text("Paused")
    expect(page.locator("main")).to_contain_text(day_words(old))
    page.goto("/p/EPR/decisions/")
    expect(page.locator("#decision-table")).to_contain_text("Winter pressure: the wards have no hands free.")
    assert "failed" not in page.inner_text("main").lower()


def day_words(day: date) -> str:
    """A day as pages write it: "14 March 2026"."""
    return f"{day.day} {day:%B %Y}"
