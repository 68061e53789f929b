"""The checklist items of all sites in one list, and many of them changed at once, as people see it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from readiness.choices import ItemState
from readiness.indicators.items import items_on
from readiness.models import ChecklistEvent, ChecklistItem
from readiness.scoring import Model
from readiness.services.items import ItemChange, change_item
from rollout.models import Programme, User
from tests import factories as make
from tests.pages import column, table

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def programme() -> Programme:
    return make.make_programme()


@pytest.fixture
def manager(programme: Programme) -> User:
    return make.make_member("programme_manager", programme=programme)


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def address(name: str, programme: Programme, **parts: str) -> str:
    return reverse(f"readiness:{name}", kwargs={"programme": programme.code, **parts})


def make_item(programme: Programme, text: str = "Log-in test", **fields: Any) -> ChecklistItem:
    return make.make_blocker(make.make_deployment(programme=programme, **fields.pop("at", {})), text=text, **fields)


def fields_of(page: str) -> dict[str, Any]:
    """The hidden fields of the page's own form, as a browser would send them."""
    found: dict[str, Any] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', page):
        name, value = (re.search(rf'{part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and value and name[1] != "csrfmiddlewaretoken":
            found.setdefault(name[1], []).append(value[1])
    return found


def test_list_is_filtered_and_put_in_order(desk: Client, programme: Programme):
    today = timezone.localdate()
    late = make_item(programme, "Late", due_days=None)
    ChecklistItem.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=2))
    soon = make_item(
        programme, "Soon", due_days=None, blocking=False, at={"wave": make.make_wave(programme=programme, number=7)}
    )
    ChecklistItem.objects.filter(pk=soon.pk).update(due_on=today + timedelta(days=2), state="in_progress")
    make_item(programme, "Undated", due_days=None, domain="training")
    make_item(make.make_programme(), "Elsewhere")

    def names(query: str) -> list[str]:
        cells = column(desk.get(address("item-list", programme) + query).text, "item-table", 1)
        return [cell.split()[0] for cell in cells]

    assert names("") == ["Late", "Soon", "Undated"]
    assert names("?sort=-item") == ["Undated", "Soon", "Late"]
    found = {
        query: names(query) for query in ("?due=late", "?late=on", "?due=soon", "?due=none", "?blocking=on", "?wave=7")
    }
    assert found == {
        "?due=late": ["Late"], "?late=on": ["Late"], "?due=soon": ["Soon"], "?due=none": ["Undated"],
        "?blocking=on": ["Late", "Undated"], "?wave=7": ["Soon"],
    }  # fmt: skip
    assert (names("?domain=training"), names("?state=in_progress"), names("?q=so")) == (["Undated"], ["Soon"], ["Soon"])
    assert names(f"?site={late.deployment.site.code}") == ["Late"]
    assert names("?owner=nobody") == ["Late", "Soon", "Undated"]
    change_item(
        item_id=late.pk,
        version=1,
        change=ItemChange("not_started", owner="Bo Ek", due_on=today - timedelta(days=3)),
        by=make.make_user(),
    )
    assert (names("?owner=bo"), names("?mine=on"), names("?state=nonsense")) == (
        ["Late"],
        [],
        ["Late", "Soon", "Undated"],
    )


def test_due_dates_and_what_is_open_are_those_that_the_score_counts_with(programme: Programme):
    day = make.DAY
    at = {"actual_technical_go_live_on": date(2026, 4, 1), "actual_go_live_on": date(2026, 4, 20)}
    stale = make_item(programme, due_days=42, valid_days=30)
    ChecklistEvent.objects.create(
        item=stale, deployment=stale.deployment, at=timezone.now().replace(year=2026, month=1, day=2), state="done"
    )
    ChecklistItem.objects.filter(pk=stale.pk).update(state="done", done_on=date(2026, 1, 2))
    make_item(programme, due_days=5, golive="technical", at=at)
    make_item(programme, due_days=5, at=at)
    make_item(programme, due_days=None)
    left_out, done = make_item(programme), make_item(programme)
    for item, state in ((left_out, "not_applicable"), (done, "done")):
        when = timezone.now().replace(year=2026, month=1, day=2)
        ChecklistEvent.objects.create(item=item, deployment=item.deployment, at=when, state=state)
        ChecklistItem.objects.filter(pk=item.pk).update(state=state)

    model, listed = Model.from_json(make.scoring_model().document), ChecklistItem.objects.with_due()
    standing = {pk: each for item in listed for pk, each in items_on(model, item.deployment_id, day=day).items()}

    assert {item.pk: item.due for item in listed} == {pk: each.due_on for pk, each in standing.items()}
    to_do = {pk for pk, each in standing.items() if not each.done and each.state != ItemState.NOT_APPLICABLE}
    assert set(listed.owed(day).values_list("pk", flat=True)) == to_do
    assert len(to_do) == 4


@pytest.mark.parametrize("role", ["board_member", "signatory", "trainer"])
def test_others_read_the_list_without_names_and_change_nothing(role: str, client: Client, programme: Programme):
    item = make_item(programme)
    change_item(
        item_id=item.pk,
        version=1,
        change=ItemChange("not_started", owner="Bo Ek"),
        by=make.make_user(name="Cyprian Ito"),
    )
    client.force_login(make.make_member(role, programme=programme))

    page = client.get(address("item-list", programme) + "?owner=bo").text

    assert [words in page for words in ("Log-in test", "Bo Ek", "Cyprian", "Change owner", "Select all", "Undo")] == [
        True, False, False, False, False, False,
    ]  # fmt: skip
    asked = client.post(address("item-change", programme), {"do": "state", "new-state": "done", "item": item.pk})
    assert "1 you may not edit." in asked.text
    sure = {"do": "state", "new-state": "done", "item": item.pk, "sure": "yes", "mark": fields_of(asked.text)["mark"]}
    client.post(address("item-change", programme), sure)
    assert ChecklistItem.objects.get().state == "not_started"


def test_lead_sees_the_own_sites_alone_and_owners_may_change_theirs(client: Client, programme: Programme):
    own, _other = make_item(programme, "Own"), make_item(programme, "Other")
    lead = make.make_member("site_lead", site=own.deployment.site)
    client.force_login(lead)

    rows = table(client.get(address("item-list", programme)).text, "item-table")

    assert [row[1].split()[0] for row in rows] == ["Own"]


def test_many_are_changed_after_a_check_and_undone(desk: Client, programme: Programme):
    items = [make_item(programme, name) for name in ("One", "Two", "Three")]
    change_item(item_id=items[2].pk, version=1, change=ItemChange("not_started", owner="Bo Ek"), by=make.make_user())
    page = desk.get(address("item-list", programme) + "?blocking=on&select=all").text
    assert "All 3 that match are selected." in page

    asked = desk.get(address("item-change", programme) + "?blocking=on&all=on&do=owner")
    empty = desk.post(address("item-change", programme), fields_of(asked.text) | {"new-owner": ""})
    checked = desk.post(address("item-change", programme), fields_of(asked.text) | {"new-owner": "bo ek"})
    done = desk.post(address("item-change", programme), fields_of(checked.text), follow=True)

    assert (asked.status_code, empty.status_code, checked.status_code) == (200, 422, 200)
    assert "2 items will change." in checked.text
    assert "1 already has this owner." in checked.text
    assert done.redirect_chain == [(address("item-list", programme) + "?saved=all&blocking=on", 302)]
    assert "2 items changed." in done.text
    assert set(ChecklistItem.objects.values_list("owner__label", flat=True)) == {"Bo Ek"}
    (undo,) = set(re.findall(r'action="([^"]*/undo/[^"]*)"', done.text))
    seen = desk.get(undo)
    back = desk.post(undo, {"back": address("item-list", programme)}, follow=True)
    assert "2 records go back" in seen.text
    assert "2 changes are undone." in back.text
    assert list(ChecklistItem.objects.order_by("pk").values_list("owner__label", flat=True)) == [None, None, "Bo Ek"]
    again = desk.post(undo, {"back": "//elsewhere.example/"})
    assert (again.status_code, "changed again" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("what", "said", "sentence"),
    [
        ("due", {"new-due_on": "2026-05-01"}, "1 May 2026"),
        ("due", {"new-due_on": ""}, "Counted from the go-live date"),
        ("state", {"new-state": "blocked", "new-reason": "No power"}, "Blocked: No power"),
    ],
)
def test_check_page_says_what_items_get(
    what: str, said: dict[str, str], sentence: str, desk: Client, programme: Programme
):
    item = make_item(programme)
    if said.get("new-due_on") == "":
        ChecklistItem.objects.filter(pk=item.pk).update(due_on=date(2026, 5, 1))

    checked = desk.post(address("item-change", programme), {"do": what, "item": [item.pk], **said})
    done = desk.post(address("item-change", programme), fields_of(checked.text))

    assert sentence in checked.text
    assert done.status_code == 302
    assert ChecklistEvent.objects.count() == 1


def test_bad_answers_are_told_and_nothing_selected_too(desk: Client, programme: Programme):
    item = make_item(programme)
    change = address("item-change", programme)

    answers = [
        desk.get(change, {"do": "owner"}),
        desk.get(change, {"item": ["x", "-1", "9" * 30], "do": ["owner"]}),
        desk.post(change, {"do": "state", "item": item.pk, "new-state": "blocked"}),
        desk.get(change, {"do": "delete", "item": str(item.pk)}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422]
    assert "No items are selected" in answers[0].text
    assert "Say why" in answers[2].text


def test_an_item_changed_since_the_check_is_told_with_a_new_check(desk: Client, programme: Programme):
    item, other = make_item(programme), make_item(programme)
    asked = {"do": "state", "new-state": "in_progress", "item": [item.pk, other.pk]}
    checked = desk.post(address("item-change", programme), asked)
    change_item(item_id=item.pk, version=1, change=ItemChange("done"), by=make.make_user())

    late = desk.post(address("item-change", programme), fields_of(checked.text))
    done = desk.post(address("item-change", programme), fields_of(late.text))

    assert (late.status_code, done.status_code) == (409, 302)
    assert "Somebody else changed this" in late.text
    assert set(ChecklistItem.objects.values_list("state", flat=True)) == {"in_progress"}


@pytest.mark.parametrize("number", [1, 3])
def test_list_and_check_take_the_same_queries_for_any_number(
    number: int, desk: Client, programme: Programme, django_assert_num_queries: Callable[..., Any]
):
    items = [make_item(programme) for _ in range(number)]
    for item in items:
        change_item(item_id=item.pk, version=1, change=ItemChange("in_progress", owner="Bo Ek"), by=make.make_user())
    with django_assert_num_queries(16):
        desk.get(address("item-list", programme))
    with django_assert_num_queries(9):
        desk.get(address("item-list", programme), headers=HTMX)
    with django_assert_num_queries(11):
        desk.post(address("item-change", programme), {"do": "due", "new-due_on": "2026-05-01", "all": "on"})


def test_part_says_how_many_match_and_files_hold_the_list(desk: Client, programme: Programme):
    make_item(programme, "One")
    make_item(programme, "Two", blocking=False)

    part = desk.get(address("item-list", programme) + "?blocking=on", headers=HTMX).text
    file = b"".join(desk.get(address("item-list", programme) + "?blocking=on&download=csv&table=items")).decode(
        "utf-8-sig"
    )

    assert ("<html" in part, "1 item matches" in part) == (False, True)
    assert [line.split(",")[3] for line in file.splitlines()[1:]] == ["One"]
