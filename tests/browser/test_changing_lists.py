"""Changing items in their rows and many at once: where the focus goes, two people at one row, and undo."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from readiness.models import ChecklistItem
from readiness.services.items import ItemChange, change_item
from rollout.choices import Role
from rollout.models import Deployment, User
from tests import factories as make
from tests.browser.conftest import Watch, findings, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/p/EPR/s/ALD/checklist/"
SAVE = re.compile("^Save")


@pytest.fixture
def deployment(transactional_db: None) -> Deployment:
    """A site with one item, of a programme with two."""
    programme = make.make_programme(code="EPR", name="One record")
    deployment = make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))
    make.make_blocker(deployment, code="LOGIN", text="Log-in test")
    make.make_blocker(make.make_deployment(programme=programme), code="PLAN", text="Downtime plan")
    return deployment


@pytest.fixture
def visit(open_context: Callable[..., BrowserContext], deployment: Deployment, home: str) -> Callable[..., Page]:
    """Opens a browser of somebody who manages the programme."""

    def start(name: str, **options: object) -> Page:
        user: User = make.make_member(
            Role.PROGRAMME_MANAGER, programme=deployment.programme, user=make.make_user(name=name)
        )
        context, client = open_context(**options), Client()
        client.force_login(user)
        context.add_cookies([{"name": key, "value": kept.value, "url": home} for key, kept in client.cookies.items()])
        return context.new_page()

    return start


def test_focus_follows_the_row_and_esc_cancels(visit: Callable[..., Page], watch: Watch):
    watch.expect(422)
    page = visit("Ana")
    page.goto(LIST)
    edit = page.get_by_role("link", name="Edit state, owner and due date of Log-in test")

    edit.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("State").last).to_be_focused()
    page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    edit.click()
    page.locator(".app-task__form").get_by_label("State").select_option("blocked")
    page.get_by_role("button", name=SAVE).click()
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    assert (findings(page), sideways(page)) == ([], 0)
    page.locator(".app-task__form").get_by_label("Reason").fill("No power")
    page.get_by_role("button", name=SAVE).click()
    expect(edit).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Saved: Log-in test")
    page.get_by_role("button", name=re.compile("^Undo")).click()

    expect(page.get_by_text("1 change is undone.", exact=True)).to_be_visible()
    page.get_by_text("Recent changes", exact=True).click()
    expect(page.locator("#recent-list li")).to_have_count(3)
    assert ChecklistItem.objects.get(code="LOGIN").state == "not_started"


def test_two_people_at_one_row_lose_nothing(visit: Callable[..., Page], watch: Watch):
    watch.expect(409)
    first, second = visit("Ana"), visit("Bea")
    for page in (first, second):
        page.goto(f"{LIST}?edit=LOGIN")
    first.locator(".app-task__form").get_by_label("Owner").fill("Cy Ito")
    first.get_by_role("button", name=SAVE).click()
    expect(first.get_by_role("status")).to_have_text("Saved: Log-in test")
    second.locator(".app-task__form").get_by_label("Owner").fill("Bo Ek")
    second.get_by_role("button", name=SAVE).click()

    conflict = second.locator("#conflict")
    expect(conflict).to_contain_text("Somebody else changed this while you were here")
    expect(conflict).to_contain_text("Saved meanwhile: Cy Ito")
    expect(second.locator(".app-task__form").get_by_label("Owner")).to_have_value("Bo Ek")
    assert findings(second) == []
    second.get_by_role("button", name=SAVE).click()
    expect(second.locator(".app-task__form")).to_have_count(0)
    assert str(ChecklistItem.objects.select_related("owner").get(code="LOGIN").owner) == "Bo Ek"


@pytest.mark.parametrize(
    ("address", "width", "record", "label", "choice"),
    [
        ("/p/EPR/checklist/?blocking=on", 320, "Log-in test", "State", "in_progress"),
        ("/p/EPR/sites/?q=alder", 1280, "Alder Hospital", "Wave", "1 – Coast"),
    ],
)
def test_row_of_a_list_is_edited_where_it_stands(
    address: str,
    width: int,
    record: str,
    label: str,
    choice: str,
    visit: Callable[..., Page],
    watch: Watch,
    deployment: Deployment,
):
    make.make_wave(programme=deployment.programme, number=1, name="Coast")
    page = visit("Ana", viewport={"width": width, "height": 800})
    page.goto(address)
    edit, form = page.get_by_role("link", name=re.compile(f"^Edit .*{record}")), page.locator("td form")

    edit.click()
    expect(form.get_by_label(label)).to_be_focused()
    assert (findings(page), sideways(page)) == ([], 0)
    page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    edit.click()
    form.get_by_label(label).select_option(choice)
    page.get_by_role("button", name=SAVE).click()

    expect(edit).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(f"Saved: {record}")
    assert (findings(page), sideways(page), page.url.endswith(address)) == ([], 0, True)


@pytest.mark.parametrize("options", [{"viewport": {"width": 320, "height": 800}}, {"java_script_enabled": False}])
def test_many_are_selected_changed_and_undone(options: dict[str, object], visit: Callable[..., Page], watch: Watch):
    page = visit("Ana", **options)

    def fine() -> None:
        if "viewport" in options:
            assert (page.url, findings(page), sideways(page)) == (page.url, [], 0)

    page.goto("/p/EPR/checklist/")
    fine()
    page.get_by_role("link", name="Select all on this page").click()
    expect(page.get_by_text("All 2 on this page are selected.")).to_be_visible()
    page.get_by_role("button", name="Change owner").click()
    fine()
    page.get_by_label("New owner").fill("Bo Ek")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Check before changing$"))
    fine()
    page.get_by_role("button", name="Change 2 items").click()
    expect(page.get_by_text("2 items changed.", exact=True)).to_be_visible()
    fine()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("2 changes are undone.", exact=True)).to_be_visible()

    assert set(ChecklistItem.objects.values_list("owner", flat=True)) == {None}


def test_status_is_declared_in_its_place(visit: Callable[..., Page], watch: Watch, deployment: Deployment):
    watch.expect(422)
    make.make_score(deployment, share=20)
    page = visit("Ana", viewport={"width": 320, "height": 800})
    page.goto("/p/EPR/s/ALD/")
    edit, form = page.get_by_role("link", name="Edit the declared status"), page.locator("#declared form")

    edit.click()
    expect(form.get_by_label("Green")).to_be_focused()
    page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    edit.click()
    form.get_by_label("Amber").check()
    page.get_by_role("button", name=SAVE).click()
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    assert (findings(page), sideways(page)) == ([], 0)
    form.get_by_label("In words").fill("Short of trainers")
    page.get_by_role("button", name=SAVE).click()

    expect(edit).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("The status is declared.")
    expect(page.locator("#declared-words")).to_have_text("Short of trainers")
    assert (findings(page), sideways(page)) == ([], 0)


def test_owners_are_reminded_after_a_check(visit: Callable[..., Page], watch: Watch):
    page = visit("Ana", viewport={"width": 320, "height": 800})
    item = ChecklistItem.objects.get(code="LOGIN")
    change_item(
        item_id=item.pk,
        version=item.version,
        change=ItemChange("in_progress", owner=User.objects.get(name="Ana").email),
        by=User.objects.get(name="Ana"),
    )
    page.goto("/p/EPR/checklist/?select=all")

    page.get_by_role("button", name="Remind", exact=True).click()
    expect(page.get_by_text("1 person will be reminded of 1 item.")).to_be_visible()
    assert (findings(page), sideways(page)) == ([], 0)
    page.get_by_role("button", name="Remind 1 person").click()

    expect(page.get_by_role("heading", name="Checklist items")).to_be_visible()
    expect(page.get_by_text("1 person will be reminded of 1 item.")).to_be_visible()
