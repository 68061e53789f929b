"""The pages of the checklist template: read by all, drafted and published by managers, taken over by sites."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ChecklistItem, ChecklistTemplate, TemplateItem
from rollout.choices import Role
from rollout.models import Deployment, Programme
from tests import factories as make
from tests.pages import table, words
from tests.readiness.template_world import done, published, second_version, sites_with_checklists

LIST = "/p/EPR/settings/templates/"
DRAFT = f"{LIST}2/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    programme = make.make_programme(code="EPR", name="One record")
    published(programme)
    return programme


@pytest.fixture
def site(programme: Programme) -> Deployment:
    (site,) = sites_with_checklists(programme, 1)
    return site


def client_of(role: Role, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


@pytest.fixture
def manager(programme: Programme) -> Client:
    return client_of(Role.PROGRAMME_MANAGER, programme=programme)


def hidden(text: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found
    return found.group(1)


def item(**said: str) -> dict[str, str]:
    return {
        "domain": "continuity",
        "text": "Practise downtime",
        "weight": "4",
        "golive": "user",
        "due_days": "30",
        **said,
    }


def test_versions_say_how_many_sites_use_them(programme: Programme, site: Deployment, manager: Client) -> None:
    sites_with_checklists(programme, 2)
    second_version(programme, make.make_user())

    text = manager.get(LIST).text

    assert "0 of 3 sites use version 2." in words(text)
    assert "Take version 2 over at 3 sites" in words(text)
    assert [row[:4] for row in table(text, "versions")] == [
        ["Version 2", "In force", "3", "0"],
        ["Version 1", "Replaced", "3", "3"],
    ]


def test_reader_sees_versions_and_items_but_no_way_to_change_them(programme: Programme, site: Deployment) -> None:
    reader = client_of(Role.BOARD_MEMBER, programme=programme)

    pages = [reader.get(address) for address in (LIST, f"{LIST}1/")]

    assert [page.status_code for page in pages] == [200, 200]
    assert all("Make a new version" not in page.text and "/add/" not in page.text for page in pages)
    assert "PLAN text" in pages[1].text
    assert [reader.post(LIST).status_code, reader.get(f"{LIST}1/publish/").status_code] == [403, 403]


def test_draft_is_made_changed_and_published_from_its_pages(
    programme: Programme, site: Deployment, manager: Client
) -> None:
    assert manager.post(LIST).headers["Location"] == DRAFT
    once = {"once": str(uuid4()), "code": "DRILL"}
    added = [manager.post(f"{DRAFT}add/", item(**once)) for _ in range(2)]
    page = manager.get(f"{DRAFT}items/PLAN/")
    changed = manager.post(
        page.request["PATH_INFO"], item(text="PLAN text", weight="5", mark=hidden(page.text, "mark"))
    )
    page = manager.get(f"{DRAFT}items/ROTA/remove/")
    removed = manager.post(page.request["PATH_INFO"], {"mark": hidden(page.text, "mark")})
    check = manager.get(f"{DRAFT}publish/")
    told = manager.post(f"{DRAFT}publish/", {"mark": hidden(check.text, "mark")}, follow=True)

    assert [answer.status_code for answer in (*added, changed, removed)] == [302] * 4
    assert "Items: 1 added, 1 changed, 1 removed." in words(check.text)
    assert "Weight: from “3 of 5” to “5 of 5”" in words(check.text)
    assert "0 of 1 site would be scored otherwise." in words(check.text)
    assert "Version 2 is published." in words(told.text)
    assert sorted(ChecklistTemplate.objects.get(version=2).items.values_list("code", flat=True)) == [
        "BACKUP",
        "DRILL",
        "PLAN",
    ]
    assert manager.get(f"{DRAFT}add/", follow=True).redirect_chain[0][0] == DRAFT


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"code": "PLAN"}, "There is an item with this code already"),
        ({"code": "adopt"}, "Choose another code: this word is part of an address"),
        ({"code": "two words"}, "Use letters, digits, full stops, hyphens and underscores"),
        ({"code": "X", "text": " "}, "Say what is to be done"),
        ({"code": "X", "weight": "6"}, "Select a weight from 1 to 5"),
        ({"code": "X", "due_days": "soon"}, "Enter a whole number of days"),
        ({"code": "X", "valid_days": "0"}, "Enter a whole number of days"),
        ({"code": "X", "due_days": "99999"}, "Enter a number of days within ten years"),
        ({"code": "X", "check_code": "none_such"}, "Select a check from the list"),
    ],
)
def test_what_is_no_item_is_refused_at_its_field(programme: Programme, manager: Client, said: dict, error: str) -> None:
    manager.post(LIST)

    answer = manager.post(f"{DRAFT}add/", item(**said))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert "<title>Error:" in answer.text
    assert TemplateItem.objects.filter(template__version=2).count() == 3


def test_stale_edit_and_stale_publishing_are_told(programme: Programme, site: Deployment, manager: Client) -> None:
    manager.post(LIST)
    page, check = manager.get(f"{DRAFT}items/PLAN/"), manager.get(f"{DRAFT}publish/")
    TemplateItem.objects.filter(template__version=2, code="PLAN").update(weight=1)

    late = manager.post(f"{DRAFT}items/PLAN/", item(text="Mine", mark=hidden(page.text, "mark")))
    publish = manager.post(f"{DRAFT}publish/", {"mark": hidden(check.text, "mark")})

    assert (late.status_code, publish.status_code) == (409, 409)
    assert "Saved meanwhile: 1" in words(late.text).replace("1 – little", "1")
    assert 'value="Mine"' in late.text
    assert "Somebody else changed this while you were here" in words(publish.text)
    assert ChecklistTemplate.objects.get(version=2).published_at is None
    again = manager.post(f"{DRAFT}items/PLAN/", item(text="Mine", mark=hidden(late.text, "mark")))
    assert again.status_code == 302


def test_published_while_the_form_was_open_keeps_what_was_typed(programme: Programme, manager: Client) -> None:
    manager.post(LIST)
    page = manager.get(f"{DRAFT}items/PLAN/")
    second = ChecklistTemplate.objects.get(version=2)
    ChecklistTemplate.objects.filter(pk=second.pk).update(published_at=second.edited_at)

    answer = manager.post(f"{DRAFT}items/PLAN/", item(text="Mine", mark=hidden(page.text, "mark")))

    assert answer.status_code == 422
    assert "This version is published and never changes. Make a new version." in words(answer.text)
    assert 'value="Mine"' in answer.text


def test_standard_items_are_offered_unticked_and_taken_over(programme: Programme, manager: Client) -> None:
    manager.post(LIST)

    offered = manager.get(f"{DRAFT}standard/")
    none = manager.post(f"{DRAFT}standard/", {})
    taken = manager.post(f"{DRAFT}standard/", {"codes": ["TECH-WIFI", "LEAD-SRO"]})

    assert offered.text.count('name="codes"') > 70
    assert " checked" not in offered.text
    assert (none.status_code, taken.status_code) == (422, 302)
    assert "Select at least one item" in words(none.text)
    assert TemplateItem.objects.filter(template__version=2).count() == 5


def test_site_is_told_and_takes_over_item_by_item(programme: Programme, site: Deployment) -> None:
    lead = client_of(Role.SITE_LEAD, site=site.site)
    done(site, "ROTA")
    second_version(programme, make.make_user())
    page = f"/p/EPR/s/{site.site.code}/checklist/"

    told = lead.get(page)
    offered = lead.get(f"{page}adopt/")
    after = lead.post(f"{page}adopt/", {"version": "2", "codes": ["DRILL", "ROTA"]}, follow=True)

    assert "This checklist is of version 1. Version 2 is published. 3 items differ." in words(told.text)
    assert offered.text.count(" checked") == 3
    assert "Taken over at 1 site: 1 items added, 0 changed, 1 removed." in words(after.text)
    assert "This checklist is of version 2, with items left as they were. 1 item differs." in words(after.text)
    assert "1 item is no longer asked" in words(after.text)
    assert "<s>ROTA text</s>" in after.text
    assert "Removed on" in words(after.text)
    assert ChecklistItem.objects.get(deployment=site, code="ROTA").state == "done"


def test_version_that_was_replaced_meanwhile_is_not_taken_over(programme: Programme, site: Deployment) -> None:
    lead = client_of(Role.SITE_LEAD, site=site.site)
    second_version(programme, make.make_user())
    page = f"/p/EPR/s/{site.site.code}/checklist/adopt/"

    answer = lead.post(page, {"version": "1", "codes": ["DRILL"]})

    assert answer.status_code == 422
    assert "Version 2 was published meanwhile. Look at what it changes." in words(answer.text)
    assert not ChecklistItem.objects.filter(code="DRILL").exists()
    assert client_of(Role.BOARD_MEMBER, programme=programme).get(page).status_code == 403


def test_many_sites_take_over_after_a_check_page(programme: Programme, manager: Client) -> None:
    here, there, left = sites_with_checklists(programme, 3)
    second_version(programme, make.make_user())
    ticked = {"version": "2", "sites": [here.site.code, there.site.code]}

    listed = manager.get(f"{LIST}adopt/")
    none = manager.post(f"{LIST}adopt/", {"version": "2"})
    check = manager.post(f"{LIST}adopt/", ticked)
    assert not ChecklistItem.objects.filter(code="DRILL").exists()
    after = manager.post(f"{LIST}adopt/", {**ticked, "sure": "on"}, follow=True)

    assert [row[3:6] for row in table(listed.text, "behind")] == [["1", "1", "1"]] * 3
    assert (none.status_code, check.status_code) == (422, 200)
    assert "Select at least one site" in words(none.text)
    assert "Over all of them: 2 items come, 2 change and 2 go." in words(check.text)
    assert "Taken over at 2 sites: 2 items added, 2 changed, 2 removed." in words(after.text)
    assert "2 of 3 sites use version 2." in words(after.text)
    assert not ChecklistItem.objects.filter(deployment=left, code="DRILL").exists()


@pytest.mark.parametrize("address", [LIST, f"{LIST}adopt/", f"{LIST}1/", f"{DRAFT}publish/", "/p/EPR/settings/gates/"])
def test_pages_take_the_same_queries_for_one_and_three(programme: Programme, manager: Client, address: str) -> None:
    sites_with_checklists(programme, 1)
    second_version(programme, make.make_user())
    if "publish" in address:
        manager.post(LIST)
        address = f"{LIST}3/publish/"
    manager.get(address)  # the first page of a log-in asks more
    counts = []
    for more in (0, 2):
        for _ in range(more):
            site = make.make_deployment(programme=programme)
            first = programme.checklist_templates.get(version=1)
            make.Checklist.objects.create(deployment=site, template=first)
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(address).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25


def test_draft_is_thrown_away_with_a_reason_and_taken_up_again(programme: Programme, manager: Client) -> None:
    manager.post(LIST)
    address = f"{DRAFT}throw-away/"
    form = {"mark": hidden(manager.get(address).text, "mark")}

    silent = manager.post(address, form)
    gone = manager.post(address, {**form, "reason": "Begun by mistake"}, follow=True)
    page, edit = manager.get(DRAFT), manager.get(f"{DRAFT}items/PLAN/", follow=True)
    back = manager.post(f"{DRAFT}take-up/", follow=True)

    assert silent.status_code == 422
    assert "Say why" in silent.text
    assert "Version 2 is thrown away." in words(gone.text)
    assert "<s>Version 2</s>" in gone.text
    assert ": Begun by mistake" in words(gone.text)
    assert "This draft was thrown away. No site uses it." in words(page.text)
    assert "Add an item" not in page.text
    assert "This draft was thrown away." in words(edit.text)
    assert "Version 2 is the draft again." in words(back.text)
    assert manager.post(f"{LIST}1/take-up/").status_code == 422


def test_draft_thrown_away_while_a_form_was_open_keeps_what_was_typed(programme: Programme, manager: Client) -> None:
    manager.post(LIST)
    address = f"{DRAFT}items/PLAN/"
    mark = hidden(manager.get(address).text, "mark")
    thrown = hidden(manager.get(f"{DRAFT}throw-away/").text, "mark")
    manager.post(f"{DRAFT}throw-away/", {"mark": thrown, "reason": "Begun by mistake"})

    late = manager.post(address, item(mark=mark, text="My own words"))

    assert late.status_code == 422
    assert "This draft was thrown away." in words(late.text)
    assert "My own words" in late.text
