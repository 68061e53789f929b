"""A site's checklist and its items: who sees what, who may say how an item stands, and saves that meet."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import WaiverState
from readiness.models import Checklist, ChecklistEvent, ChecklistItem, ChecklistTemplate, TemplateItem, Waiver
from readiness.services.items import ItemChange, change_item
from rollout.choices import Role
from rollout.models import Deployment, Person, Programme, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
LIST = "/p/EPR/s/ALD/checklist/"
ITEM = f"{LIST}PLAN/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NOW)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def site(programme: Programme) -> Deployment:
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))


def add_items(deployment: Deployment, *described: dict) -> list[ChecklistItem]:
    """A checklist of published items, each due 10 days before go-live unless it says otherwise."""
    version = ChecklistTemplate.objects.count() + 1
    template = ChecklistTemplate.objects.create(programme=deployment.programme, version=version)
    usual = {"domain": "continuity", "due_days": 10}
    items = [TemplateItem.objects.create(template=template, **{**usual, **each}) for each in described]
    ChecklistTemplate.objects.filter(pk=template.pk).update(published_at=NOW)
    checklist = Checklist.objects.create(deployment=deployment, template=template)
    return [
        ChecklistItem.objects.create(checklist=checklist, deployment=deployment, template_item=item, code=item.code)
        for item in items
    ]


@pytest.fixture
def items(site: Deployment) -> list[ChecklistItem]:
    return add_items(
        site,
        {"code": "PLAN", "text": "Downtime plan on paper", "blocking": True, "due_days": 60, "valid_days": 30},
        {"code": "TEST", "text": "Downtime plan tried", "evidence_needed": True},
        {"code": "LEAD", "text": "A clinical lead is named", "domain": "leadership"},
    )


@pytest.fixture
def ana(programme: Programme) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=programme, user=make.make_user(name="Ana"))


@pytest.fixture
def manager(ana: User, client: Client) -> Client:
    client.force_login(ana)
    return client


def member(role: str, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


def form(**said: object) -> dict:
    return {"state": "in_progress", "evidence": "", "reason": "", "owner": "", "due_on": "", "version": 1, **said}


def test_items_stand_by_domain_the_next_due_first(items: list[ChecklistItem], manager: Client):
    text = words(manager.get(LIST).text)

    assert "0% (0 of 3) of the items that apply are done. 3 are still to do . 1 is late . Continue: next item" in text
    assert (
        "Leadership 0 of 1 done Select A clinical lead is named A clinical lead is named 14 April 2026 · due in 30 days"
        " Not started Edit state, owner and due date of A clinical lead is named Continuity 0 of 2 done · 1 late Select"
        " Downtime plan on paper Downtime plan on paper Blocking · 23 February 2026 · 20 days late Not started Edit"
        in text
    )


@pytest.mark.parametrize(
    ("query", "opened"),
    [
        ("", {"continuity"}),
        ("?at=leadership", {"continuity", "leadership"}),
        ("?edit=LEAD", {"continuity", "leadership"}),
        ("?open=on", {"continuity", "leadership"}),
        ("?groups=all", {"continuity", "leadership"}),
        ("?select=page", {"continuity", "leadership"}),
        ("?at=nothing", {"continuity"}),
    ],
)
def test_domains_stand_open_where_something_is_due_or_looked_for(
    items: list[ChecklistItem], manager: Client, query: str, opened: set[str]
):
    text = manager.get(LIST + query).text

    assert set(re.findall(r'id="domain-(\w+)" open', text)) == opened
    assert set(re.findall(r'id="domain-(\w+)"', text)) == {"continuity", "leadership"}


def test_domain_due_within_a_week_stands_open_and_a_finished_checklist_leads_to_the_gates(
    items: list[ChecklistItem], manager: Client, ana: User
):
    plan, _test, lead = items
    for item in items:
        change_item(item_id=item.pk, version=1, change=ItemChange(state="done", evidence="Seen"), by=ana)
    done = manager.get(LIST).text
    for item, days in ((lead, 7), (plan, 0)):
        change = ItemChange(state="in_progress", due_on=NOW.date() + timedelta(days=days))
        change_item(item_id=item.pk, version=2, change=change, by=ana)
    text = manager.get(LIST).text

    assert "Nothing is left to do here. Go on to the gates" in words(done)
    assert re.findall(r'id="domain-(\w+)" open', done) == []
    assert "0 of 1 done · 1 due within a week" in words(text)
    assert sorted(re.findall(r'id="domain-(\w+)" open', text)) == ["continuity", "leadership"]


def test_item_that_is_done_leads_on_before_its_form_and_one_that_is_not_after_it(
    items: list[ChecklistItem], manager: Client, ana: User
):
    on = '<a class="nhsuk-button{}" href="/p/EPR/s/ALD/checklist/LEAD/">Continue: next item due</a>'
    open_page = manager.get(ITEM).text
    change_item(item_id=items[0].pk, version=1, change=ItemChange(state="done"), by=ana)
    done_page = manager.get(ITEM).text

    assert on.format(" nhsuk-button--secondary") in open_page.split("</form>", 3)[-1]
    assert on.format("") in done_page.split("How does it stand now?")[0]
    assert done_page.count("Continue: next item due") == open_page.count("Continue: next item due") == 1


def test_item_that_asks_for_evidence_says_so_at_the_field(items: list[ChecklistItem], manager: Client):
    asking, other = (manager.get(f"{LIST}{code}/").text for code in ("TEST", "PLAN"))

    assert ("Needed before this item is finished" in asking, "Needed before" in other) == (True, False)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=plan+tried", ["Downtime plan tried"]),
        ("?domain=leadership", ["A clinical lead is named"]),
        ("?state=done", []),
        ("?late=on", ["Downtime plan on paper"]),
        ("?open=on", ["A clinical lead is named", "Downtime plan on paper", "Downtime plan tried"]),
        ("?open=on&q=tried", ["Downtime plan tried"]),
        ("?blocking=on", ["Downtime plan on paper"]),
        ("?domain=nothing", ["A clinical lead is named", "Downtime plan on paper", "Downtime plan tried"]),
    ],
)
def test_filters_narrow_the_list_and_its_files(
    items: list[ChecklistItem], manager: Client, query: str, found: list[str]
):
    text = manager.get(LIST + query).text
    file = b"".join(manager.get(f"{LIST}{query}&download=csv&table=checklist").streaming_content)

    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    shown = sorted(item.template_item.text for item in items if item.template_item.text in text)

    assert shown == found
    assert sorted(row["Item"] for row in rows) == found


def test_part_is_the_list_alone_and_says_how_many(items: list[ChecklistItem], manager: Client):
    answer = manager.get(f"{LIST}?late=on", headers={"HX-Request": "true"})

    assert "<html" not in answer.text
    assert '<div id="status" hx-swap-oob="innerHTML">1 item matches</div>' in answer.text


def test_list_without_items_says_what_belongs_there(site: Deployment, manager: Client):
    assert "No checklist yet The site gets its checklist when the programme publishes" in words(manager.get(LIST).text)


@pytest.mark.parametrize("page", ["", "N0/"])
def test_queries_do_not_depend_on_the_number_of_items(site: Deployment, manager: Client, page: str):
    large = make.make_deployment(programme=site.programme, site=make.make_site(code="OAK"))
    add_items(site, {"code": "N0", "text": "Item"})
    add_items(large, *({"code": f"N{number}", "text": "Item"} for number in range(20)))
    counts = []
    for code in ("ALD", "ALD", "OAK"):
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(f"/p/EPR/s/{code}/checklist/{page}").status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[2] <= 25


def test_said_state_is_saved_and_told(items: list[ChecklistItem], manager: Client, ana: User):
    answer = manager.post(ITEM, form(state="blocked", reason="No printer", owner="bo@example.org"), follow=True)

    text = words(answer.text)
    assert answer.redirect_chain == [(ITEM, 302)]
    assert "Saved: Downtime plan on paper" in text
    assert "Blocked, 20 days late." in text
    assert "Owner bo@example.org" in text
    assert (
        "Ana, programme manager State: Blocked (before: Not started) Owner: bo@example.org Reason: No printer" in text
    )


@pytest.mark.parametrize(
    ("code", "said", "error"),
    [
        ("PLAN", {"state": "blocked"}, "Say why, so that others can help or agree"),
        ("PLAN", {"state": "not_applicable"}, "Say why, so that others can help or agree"),
        ("TEST", {"state": "done"}, "Say where the evidence is, or add a file: this item asks for it"),
        ("PLAN", {"state": "finished"}, "Select a valid choice"),
        ("PLAN", {"due_on": "2026-02-30"}, "Enter a date like 2026-03-14"),
        ("PLAN", {"evidence": "x" * 4001}, "at most 4000 characters"),
        ("PLAN", {"version": "one"}, "Enter a whole number"),
    ],
)
def test_wrong_form_keeps_what_was_typed_and_says_what_is_wrong(
    items: list[ChecklistItem], manager: Client, code: str, said: dict, error: str
):
    answer = manager.post(f"{LIST}{code}/", form(owner="typed@example.org", **said))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert 'value="typed@example.org"' in answer.text
    assert answer.text.count("<title>Error:") == 1
    assert not ChecklistEvent.objects.exists()


def test_item_is_asked_whether_it_is_finished_and_other_states_stand_apart(items: list[ChecklistItem], manager: Client):
    text = words(manager.get(ITEM).text)

    assert "Is this finished? Yes No, I’ll come back No, it has not been started or It is blocked It does not" in text


def test_later_of_two_saves_gets_both_versions_and_may_use_its_own(
    items: list[ChecklistItem], manager: Client, ana: User
):
    other = make.make_user(name="Bo")
    change_item(item_id=items[0].pk, version=1, change=ItemChange("done", evidence="Folder 7"), by=other)

    answer = manager.post(ITEM, form(evidence="Folder 8"))
    text = words(answer.text)

    assert answer.status_code == 409
    assert "Somebody else changed this while you were here" in text
    assert "Is this finished? Saved meanwhile: Yes Yours: No, I’ll come back" in text
    assert "Evidence Saved meanwhile: Folder 7 Yours: Folder 8" in text
    assert '<input type="hidden" name="version" value="2"' in answer.text
    assert ChecklistItem.objects.get(code="PLAN").evidence == "Folder 7"

    again = manager.post(ITEM, form(evidence="Folder 8", version=2))

    assert again.status_code == 302
    assert ChecklistItem.objects.get(code="PLAN").evidence == "Folder 8"


def test_due_date_that_was_set_survives_another_save(items: list[ChecklistItem], manager: Client):
    manager.post(ITEM, form(due_on="2026-04-01"))

    text = manager.get(ITEM).text

    assert re.findall(r'type="date" name="(\w+)" value="([^"]*)"', text) == [("due_on", "2026-04-01")]


def test_save_sent_twice_is_saved_once(items: list[ChecklistItem], manager: Client):
    answers = [manager.post(ITEM, form(evidence="Folder 7")).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert ChecklistEvent.objects.count() == 1


def test_done_item_is_seen_by_somebody_else(items: list[ChecklistItem], manager: Client, site: Deployment):
    manager.post(ITEM, form(state="done"))

    own = manager.post(ITEM, {"action": "seen", "version": "2"})
    lead = member(Role.SITE_LEAD, site=site.site)
    other = lead.post(ITEM, {"action": "seen", "version": "2"}, follow=True)

    assert own.status_code == 422
    assert "Ask somebody else to look at the evidence" in words(own.text)
    assert "Vouched for Seen by someone else" in words(other.text)


def test_action_from_an_old_page_is_told_how_the_item_stands(items: list[ChecklistItem], manager: Client):
    manager.post(ITEM, form(state="done"))

    answer = member(Role.ADMINISTRATOR).post(ITEM, {"action": "seen", "version": "1"})

    assert answer.status_code == 409
    assert "This is how it stands now." in words(answer.text)


def test_out_of_date_item_is_done_again(
    items: list[ChecklistItem], manager: Client, ana: User, frozen_clock: FrozenClock
):
    manager.post(ITEM, form(state="done"))
    frozen_clock.move_to(NOW + timedelta(days=31))
    manager.force_login(ana)
    stale = words(manager.get(ITEM).text)
    manager.post(ITEM, {"action": "again", "version": "2"})

    assert "Ran out on 14 April 2026, 1 day ago: the item counts as not done" in stale
    assert "Completed on 15 April 2026." in words(manager.get(ITEM).text)


def test_waived_item_says_so(items: list[ChecklistItem], manager: Client, site: Deployment):
    Waiver.objects.create(
        programme=site.programme,
        deployment=site,
        code="W1",
        subject="PLAN",
        reason="Printed next week",
        state=WaiverState.APPROVED,
        decided_on=NOW.date(),
        until_on=NOW.date() + timedelta(days=7),
    )

    assert "Not started Waived" in words(manager.get(LIST).text)
    assert "Blocking, but waived for now." in words(manager.get(ITEM).text)


def test_past_day_is_shown_as_it_was_and_cannot_be_changed(
    items: list[ChecklistItem], manager: Client, ana: User, frozen_clock: FrozenClock
):
    manager.post(ITEM, form(state="done"))
    frozen_clock.move_to(NOW + timedelta(days=2))
    manager.force_login(ana)

    before, on_the_day = (words(manager.get(f"{ITEM}?as_of=2026-03-{day}").text) for day in (14, 15))

    assert "Not started, 19 days late." in before
    assert "Completed." in on_the_day
    assert "How does it stand now?" not in before + on_the_day


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.SIGNATORY, Role.TRAINER])
def test_those_who_may_read_only_read_and_see_no_name(
    items: list[ChecklistItem], site: Deployment, manager: Client, role: Role
):
    manager.post(ITEM, form(owner="Bo Ek"))
    reader = member(role, programme=site.programme)

    pages = [reader.get(LIST).text, reader.get(ITEM).text]
    file = b"".join(reader.get(f"{LIST}?download=csv&table=checklist").streaming_content).decode()

    assert reader.post(ITEM, form(version=2)).status_code == 403
    assert "Bo Ek" not in "".join([*pages, file])
    assert "Ana" not in pages[1]
    assert "Save" not in words(pages[1])


def test_owner_may_say_how_the_own_item_stands(items: list[ChecklistItem], site: Deployment):
    ward = make.make_ward(site=site.site)
    owner = make.make_member(Role.WARD_MANAGER, ward=ward)
    ChecklistItem.objects.filter(code="PLAN").update(owner=Person.objects.create(label=owner.email, user=owner))
    client = Client()
    client.force_login(owner)

    own = client.post(ITEM, form(owner=owner.email))
    other = client.post(f"{LIST}TEST/", form())

    assert (own.status_code, other.status_code) == (302, 403)


def test_item_of_another_site_or_unknown_is_not_found(items: list[ChecklistItem], manager: Client):
    assert manager.get(f"{LIST}NONE/").status_code == 404
    assert member(Role.SITE_LEAD, site=make.make_site()).get(ITEM).status_code == 404
