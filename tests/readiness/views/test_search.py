"""Search: what is found, by whom, in which order, and what is said when nothing is."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.dashboards.search.asked import fold
from readiness.dashboards.search.matching import Folded
from readiness.models import Hazard
from rollout.choices import Role
from rollout.models import Decision, Deployment, Organisation, Pilot, Programme, Site, User
from tests import factories as make
from tests.pages import words
from tests.tenants import WITH, Company, make_tenant

pytestmark = pytest.mark.django_db
HIT = re.compile(r'<li><a href="([^"]+)">([^<]+)<(?:/a|span class="nhsuk-u-visually-hidden")>')


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR", name="One record", product="Records")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def place(programme: Programme, name: str, **fields: Any) -> Deployment:
    """A programme at a new site."""
    return make.make_deployment(programme=programme, site=make.make_site(name=name, **fields))


def hits(client: Client, text: str, more: str = "") -> list[tuple[str, str]]:
    """What is found, as (title, address)."""
    found = HIT.findall(client.get(f"/search/?q={quote(text)}{more}").text)
    return [(title, address.replace("&amp;", "&")) for address, title in found]


def titles(client: Client, text: str, more: str = "") -> list[str]:
    return [title for title, _address in hits(client, text, more)]


# What is found --------------------------------------------------------------------------------------------------------


def test_each_kind_leads_to_its_page(programme: Programme, manager: Client):
    here = place(programme, "Quillon Hospital", code="QUI-1")
    place(programme, "Elsewhere")
    make.make_ward(site=here.site, code="Q7", name="Quillon ward")
    make.make_blocker(here, text="Quillon item", code="Q-ITEM")
    Pilot.objects.create(programme=programme, site=here.site, code="Q-P", question="Does the quillon help?")
    Decision.objects.create(programme=programme, code="Q-D", kind="standard", text="One quillon for all")
    Decision.objects.create(programme=programme, deployment=here, code="Q-E", kind="go", text="The quillon site goes")
    Hazard.objects.create(
        programme=programme,
        deployment=here,
        code="HZ-9001",
        text="Quillon doses",
        likelihood=4,
        severity=5,
        raised_on=make.DAY,
    )
    Programme.objects.filter(pk=programme.pk).update(product="Quillon")

    text = manager.get("/search/?q=quillon").text

    assert [(title, address) for address, title in HIT.findall(text)] == [
        ("One record", "/p/EPR/"),
        ("Quillon Hospital", "/p/EPR/s/QUI-1/"),
        ("Quillon ward", "/p/EPR/s/QUI-1/"),
        ("Quillon item", "/p/EPR/s/QUI-1/checklist/Q-ITEM/"),
        ("Does the quillon help?", "/p/EPR/s/QUI-1/"),
        ("Quillon doses", "/p/EPR/hazards/HZ-9001/"),
        ("One quillon for all", "/p/EPR/decisions/?q=Q-D#log"),
        ("The quillon site goes", "/p/EPR/decisions/?q=Q-E#log"),
    ]
    assert "8 results for “quillon”" in words(text)
    assert "Open, rated 20, Quillon Hospital, One record" in words(text)
    assert titles(manager, "hz-9001") == ["Quillon doses"]


def test_ward_found_by_its_specialty_says_it(programme: Programme, manager: Client):
    here = place(programme, "Alder Hospital")
    make.make_ward(site=here.site, name="Elm ward", specialty="Surgical")

    text = words(manager.get("/search/?q=cal").text)

    assert "Surgical, Alder Hospital, One record" in text


def test_hazard_of_the_whole_programme_or_an_embedded_site_leads_to_its_page(programme: Programme, manager: Client):
    old = place(programme, "Alder Hospital", code="ALD-1")
    Deployment.objects.filter(pk=old.pk).update(stage="embedded")
    for code, there, closed in (("HZ-1", old, make.DAY), ("HZ-2", None, None)):
        Hazard.objects.create(
            programme=programme, deployment=there, code=code, text=f"Labels {code}", likelihood=2, severity=2,
            raised_on=make.DAY, closed_on=closed,
        )  # fmt: skip

    assert hits(manager, "labels") == [
        ("Labels HZ-2", "/p/EPR/hazards/HZ-2/"),
        ("Labels HZ-1", "/p/EPR/hazards/HZ-1/"),
    ]


@pytest.mark.parametrize("text", ["hospital alder", "ALDER hosp", "épr alder", "alder trust", "ald-1 one", " alder  "])
def test_words_match_in_any_order_without_capitals_and_accents(text: str, programme: Programme, manager: Client):
    trust = make.make_organisation(name="Alder Trust")
    place(programme, "Älder Hospital", code="ALD-1", organisation=trust)
    place(programme, "Birch Hospital", code="BIR-1")

    assert titles(manager, text) == ["Älder Hospital"]


def test_every_word_must_be_there(programme: Programme, manager: Client):
    place(programme, "Alder Hospital")

    assert titles(manager, "alder clinic") == []


def test_words_around_something_do_not_find_it_by_themselves(programme: Programme, manager: Client):
    """Its programme's name finds a programme, not everything in it; together with a word of its own it narrows."""
    here = place(programme, "Alder Hospital", code="ALD")
    make.make_ward(site=here.site, name="Elm")

    assert titles(manager, "one record") == ["Record a decision", "One record"]
    assert titles(manager, "elm one record hospital") == ["Elm"]


def test_typed_code_comes_first_then_what_begins_so(programme: Programme, manager: Client):
    for name, code in (("Old ELM House", "AA"), ("Elm Hospital", "BB"), ("Another", "elm"), ("Elmet", "CC")):
        place(programme, name, code=code)

    assert titles(manager, "elm") == ["Another", "Elm Hospital", "Elmet", "Old ELM House"]


def test_name_that_holds_every_word_comes_before_one_whose_trust_does(programme: Programme, manager: Client):
    royal = make.make_organisation(name="Royal Trust")
    place(programme, "Axe Hospital", organisation=royal)
    place(programme, "Bath Royal Hospital")

    assert titles(manager, "hospital royal") == ["Bath Royal Hospital", "Axe Hospital"]


@pytest.mark.parametrize("text", ["50%", "a_b", "back\\slash", "o'clock", '"quoted"'])
def test_signs_are_letters_like_others(text: str, programme: Programme, manager: Client):
    place(programme, f"Site {text} here")
    place(programme, "Site 500 aXb backslash oclock quoted")

    assert len(titles(manager, text)) == 1


def test_ward_outside_the_scope_of_a_deployment_is_not_found_there(programme: Programme, manager: Client):
    here = place(programme, "Alder Hospital", code="ALD")
    inside, _outside = (make.make_ward(site=here.site, name=name) for name in ("Elm inside", "Elm outside"))
    all_wards = titles(manager, "elm")
    here.scope.create(ward=inside)

    assert (all_wards, titles(manager, "elm")) == (["Elm inside", "Elm outside"], ["Elm inside"])


def test_ward_of_a_site_in_two_programmes_is_found_in_those_one_may_see(programme: Programme, manager: Client):
    here = place(programme, "Alder Hospital", code="ALD")
    make.make_ward(site=here.site, name="Elm")
    other = make.make_programme(code="PAS", name="Another one")
    make.make_deployment(programme=other, site=here.site)

    found = [hits(manager, text) for text in ("elm", "elm alder", "elm another", "elm one")]

    assert found == [[("Elm", "/p/EPR/s/ALD/")], [("Elm", "/p/EPR/s/ALD/")], [], [("Elm", "/p/EPR/s/ALD/")]]


def test_item_of_many_sites_leads_to_the_sites_that_have_it(programme: Programme, manager: Client):
    one = place(programme, "Alder Hospital", code="ALD")
    item = make.make_blocker(one, text="Network tested", code="NET")
    for name, code in (("Birch Hospital", "BIR"), ("Cedar Hospital", "CED")):
        deployment = place(programme, name, code=code)
        checklist = deployment_checklist(deployment, item)
        if code == "BIR":
            copy_item(item, checklist)

    [(title, address)] = hits(manager, "tested")
    text = manager.get(address).text

    assert (title, address) == ("Network tested", "/search/?q=tested&programme=EPR&item=NET")
    assert HIT.findall(text) == [
        ("/p/EPR/s/ALD/checklist/NET/", "Alder Hospital"),
        ("/p/EPR/s/BIR/checklist/NET/", "Birch Hospital"),
    ]
    assert "On the checklists of 2 sites that you may see." in words(text)


def deployment_checklist(deployment: Deployment, item: Any) -> Any:
    return type(item.checklist).objects.create(deployment=deployment, template=item.checklist.template)


def copy_item(item: Any, checklist: Any) -> None:
    type(item).objects.create(
        checklist=checklist, deployment=checklist.deployment, template_item=item.template_item, code=item.code
    )


def test_item_is_found_once_in_its_newest_words(programme: Programme, manager: Client):
    make.make_blocker(place(programme, "Alder"), text="Old words", code="NET")
    make.make_blocker(place(programme, "Birch"), text="New words", code="NET")

    assert titles(manager, "words") == ["New words"]


def test_pages_are_found_by_name_and_programme(programme: Programme, manager: Client):
    manage = hits(manager, "recompute")

    found = [("Training", "/p/EPR/training/"), ("Training sessions", "/p/EPR/training/sessions/")]
    assert hits(manager, "training record") == [*found, ("Courses", "/p/EPR/settings/courses/")]
    assert hits(manager, "your account") == [("Your account", "/account/")]
    assert manage == [("Runs", "/p/EPR/runs/")]


def test_pages_of_others_are_not_offered(programme: Programme, client: Client):
    client.force_login(make.make_member(Role.TRAINER, programme=programme))

    assert titles(client, "recompute") == []


def test_retired_things_are_not_found(programme: Programme, manager: Client):
    here = place(programme, "Alder Hospital")
    make.make_ward(site=here.site, name="Alder ward")
    before = titles(manager, "alder")
    Site.objects.filter(pk=here.site_id).update(retired_at="2026-03-01T00:00:00Z")

    assert (before, titles(manager, "alder")) == (["Alder Hospital", "Alder ward"], [])


# How much -------------------------------------------------------------------------------------------------------------


def test_ten_of_a_kind_are_shown_and_all_are_one_link_away(programme: Programme, manager: Client):
    for number in range(61):
        place(programme, f"Elm {number:02}")

    few = manager.get("/search/?q=elm").text
    first, last = (titles(manager, "elm", f"&kind=sites&page={page}") for page in (1, 2))

    assert len(HIT.findall(few)) == 10
    assert 'href="?q=elm&amp;kind=sites"' in few
    assert "Show all 61 sites" in words(few)
    assert [*first, *last] == [f"Elm {number:02}" for number in range(61)]
    assert len(first) == 50


def test_queries_and_page_do_not_grow_with_what_is_found(programme: Programme, manager: Client):
    def measure() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            text = manager.get("/search/?q=elm").text
        return len(captured), len(HIT.findall(text))

    def add(number: int) -> None:
        here = place(programme, f"Elm {number}")
        make.make_ward(site=here.site, name=f"Elm ward {number}")
        make.make_blocker(here, text=f"Elm item {number}")
        Pilot.objects.create(programme=programme, site=here.site, code=f"P{number}", question="Elm?")
        Decision.objects.create(programme=programme, deployment=here, code=f"D{number}", kind="go", text="Elm")
        Hazard.objects.create(
            programme=programme,
            deployment=here,
            code=f"H{number}",
            text="Elm",
            likelihood=1,
            severity=1,
            raised_on=make.DAY,
        )

    add(0)
    manager.get("/search/?q=elm")  # the first request of a log-in also writes its session
    one = measure()
    for number in range(1, 4):
        add(number)

    assert (one[1], measure()) == (6, (one[0], 24))
    assert one[0] <= 25


# What cannot be looked for --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Only what your roles let you see is looked through."),
        ("?q=", "Only what your roles let you see is looked through."),
        ("?q=%20%20", "Only what your roles let you see is looked through."),
        ("?q=%00", "Only what your roles let you see is looked through."),
        ("?q=a", "That is too short. Type at least 2 letters or digits."),
        ("?q=" + "x" * 1000, "That is too long to look for. Use a few words of it."),
        ("?q=1+2+3+4+5+6+7+8+9", "Those are too many words. Use at most 8."),
        ("?q=nowhere", "Nothing found for “nowhere”"),
        ("?q=no%00where", "Nothing found for “no where”"),
        ("?q=%ff%fe%ed%a0%80", "Nothing found for"),
        ("?q=nowhere&kind=sites", "Nothing found for “nowhere”"),
        ("?q=nowhere&kind=%00", "Nothing found for “nowhere”"),
        ("?q=nowhere&kind=sites&page=99999999999999999999", "Nothing found for “nowhere”"),
        ("?q=a&item=X&programme=%00", "That is too short."),
        ("?q=nowhere&item=X%00&programme=EPR", "No site that you may see has this item"),
    ],
)
def test_what_cannot_be_found_is_said_in_words(query: str, said: str, manager: Client):
    answer = manager.get(f"/search/{query}")

    assert answer.status_code == 200
    assert said in words(answer.text)
    assert HIT.findall(answer.text) == []


def test_page_that_is_not_there_offers_search(manager: Client, client: Client):
    missing = manager.get("/p/NOTHING/").text
    client.logout()

    assert missing.count('action="/search/"') == 3
    assert 'action="/search/"' not in client.get("/log-in/").text


def test_part_for_the_dialog_holds_the_best_few_and_leads_to_all(manager: Client, programme: Programme):
    for number in range(9):
        place(programme, f"Alder {number}")

    part = manager.get("/search/?q=alder", headers={"HX-Request": "true"}).text

    assert len(HIT.findall(part)) == 4
    assert "9 results for “alder”" in words(part)
    assert 'href="/search/?q=alder"' in part
    assert "<html" not in part
    assert len(part.encode()) < 8 * 1024
    assert manager.get("/search/?q=", headers={"HX-Request": "true"}).text.count("<li") == 0


@pytest.mark.parametrize(
    ("role", "expected"),
    [(Role.PROGRAMME_MANAGER, ["Decisions", "Record a decision"]), (Role.BOARD_MEMBER, ["Decisions"])],
)
def test_actions_are_found_by_those_who_may(role: str, expected: list[str], programme: Programme, client: Client):
    client.force_login(make.make_member(role, programme=programme))

    assert titles(client, "decision") == expected
    assert ("Add a programme" in client.get("/search/?q=add").text) == (role == Role.PROGRAMME_MANAGER)


def test_field_stands_in_the_header_and_keeps_what_was_typed(manager: Client):
    text = manager.get('/search/?q="><b>').text

    assert text.count('value="&quot;&gt;&lt;b&gt;"') == 2
    assert 'aria-keyshortcuts="Control+K Meta+K"' in text


# Whose ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [actor for actor in WITH if actor != "administrator"])
def test_nobody_finds_what_is_not_theirs(actor: str):
    alder, birch = make_tenant("Alder"), make_tenant("Birch")
    for tenant in (alder, birch):
        Pilot.objects.create(programme=tenant.programme, code="P", question=f"{tenant.marker} pilot")
        Pilot.objects.create(
            programme=tenant.programme, site=tenant.site, code="Q", question=f"{tenant.marker} pilot here"
        )
        for deployment in (None, tenant.deployment):
            code, text = f"D{bool(deployment)}", f"{tenant.marker} decision"
            Decision.objects.create(programme=tenant.programme, deployment=deployment, code=code, kind="go", text=text)
            rated = {"likelihood": 3, "severity": 5, "raised_on": make.DAY, "text": f"{tenant.marker} hazard"}
            Hazard.objects.create(programme=tenant.programme, deployment=deployment, code=f"H{code}", **rated)
    client = Company(alder, birch).client(actor)
    mine = {"own": "Alder", "other": "Birch"}.get(actor.rpartition("_")[2], "")
    strange = {"Alder", "Birch"} - {mine}

    every_kind = [
        f"?q={text}"
        for text in ("hospital", "ward", "programme", "item", "pilot", "hazard", "decision", "training", "work")
    ]
    one_kind = [f"?q={kind[:-1]}&kind={kind}" for kind in ("wards", "items", "pilots", "hazards", "decisions")]

    found = " ".join(client.get(f"/search/{query}").text for query in [*every_kind, *one_kind])

    assert [marker for marker in strange if marker in found] == []
    assert not mine or mine in found
    if actor.startswith(("board", "champion")):
        addresses = {address.replace("&amp;", "&") for address, _title in HIT.findall(found)}
        assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_people_are_not_looked_for(programme: Programme, client: Client):
    here = place(programme, "Alder Hospital")
    make.make_staff(make.make_ward(site=here.site, name="Elm"), name="Quentin Marsh")
    User.objects.create_user("quentin@example.org", name="Quentin Marsh")
    client.force_login(make.make_member(Role.ADMINISTRATOR))

    assert titles(client, "quentin") == []


# Comparing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "ALDER",
        "Ynys Môn",
        "Łódź",
        "ﬁre ward",
        "İstanbul",
        "ＷＡＲＤ ７",
        "Straße",
        "naïve façade",
        "é",
        "Ω ward",
        "日本",
    ],
)
def test_the_database_folds_as_we_do(text: str):
    make.make_organisation(name=text, region="North")

    [folded] = Organisation.objects.annotate(folded=Folded("name", "region")).values_list("folded", flat=True)

    assert folded == f"{fold(text)} north"
