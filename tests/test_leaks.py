"""Nobody reads across scopes: no text of one tenant in any answer to the people of another."""

import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rollout.choices import Role
from rollout.models import Membership, User
from tests import factories as make
from tests.examples import PROFILE
from tests.pages import text_of
from tests.tenants import ADDRESS_PARTS, SCOPED, Company, Tenant, make_tenant

OPEN_TO_ALL = (
    "readiness:work",
    "readiness:programme-list",
    "readiness:programme-new",
    "readiness:bundle-list",
    "readiness:bundle-new",
    "readiness:board",
    "readiness:health",
    "readiness:search",
    "rollout:account",
    "rollout:person-list",
    "rollout:organisation-list",
)
OWN_MARKER, OTHER_MARKER = "Alder", "Birch"
PEOPLE = tuple(f"{role}_own" for role in SCOPED)


@pytest.fixture
def tenants(db: None) -> tuple[Tenant, Tenant]:
    return make_tenant(OWN_MARKER), make_tenant(OTHER_MARKER)


@pytest.fixture
def company(tenants: tuple[Tenant, Tenant]) -> Company:
    return Company(*tenants)


ASKED = (f"?as_of={make.DAY}", "?q=i&sort=-score&band=off_track", "?revision=1")
AT_NIGHT = PROFILE == "night"


def of_all() -> list[str]:
    """Every page of ours that is of no tenant, as it is."""
    return [*(reverse(name) for name in OPEN_TO_ALL), f"/programmes/?view=calendar&from={make.DAY}"]


def of_tenant(tenant: Tenant) -> list[str]:
    """Every page of ours that is of a tenant, as it is."""
    return [reverse(name, kwargs=tenant.address(name)) for name in ADDRESS_PARTS]


def asked(pages: list[str], turn: int) -> list[str]:
    """The pages asked in ways that each may understand: by night in all, by day a few, others for each reader."""
    if AT_NIGHT:
        return [page + way for page in pages for way in ASKED]
    chosen = enumerate(pages[turn :: len(PEOPLE)])
    return [page + ASKED[(number + turn) % len(ASKED)] for number, page in chosen]


def name_of(address: str, tenant: Tenant) -> set[str]:
    """What the routes that lead to an address are called."""
    return {name for name in ADDRESS_PARTS if reverse(name, kwargs=tenant.address(name)) == address.split("?")[0]}


# Who may read names of people, and where; a trainer reads those of people with a place on a course, beside it alone,
# and on the pages that book those who still need one.
NAMED_TO: dict[str, set[str]] = {
    "board_member_own": set(),
    "signatory_own": set(),
    "trainer_own": {
        *("readiness:indicator-records", "readiness:training-missing"),
        *("readiness:session-book", "readiness:session-places"),
    },
}


@pytest.mark.parametrize(
    "part", [pytest.param(False, id="page"), pytest.param(True, id="part", marks=pytest.mark.night)]
)
@pytest.mark.parametrize("actor", PEOPLE)
def test_people_of_one_tenant_read_nothing_of_the_other(
    actor: str, part: bool, company: Company, tenants: tuple[Tenant, Tenant]
):
    client = company.client(actor)
    own, other = tenants
    turn = PEOPLE.index(actor)
    # A part comes from the view of its page: it is asked for by night.
    pages = [*of_all(), *of_tenant(own), *asked(of_tenant(own), turn)]
    codes = (f"/{other.programme.code}/", f"/{other.site.code}/")
    names = [f"{OWN_MARKER} {word}" for word in ("person", "asker", "holder", "author")]

    texts = {page: text_of(client.get(page, headers={"HX-Request": "true"} if part else {})) for page in pages}

    assert [page for page, text in texts.items() if OTHER_MARKER in text or any(code in text for code in codes)] == []
    assert any(OWN_MARKER in text for text in texts.values())
    if actor in NAMED_TO:
        told = [page for page, text in texts.items() if any(name in text for name in names)]
        assert set().union(*(name_of(page, own) for page in told)) <= NAMED_TO[actor], told
        assert part or bool(told) == bool(NAMED_TO[actor])


@pytest.mark.parametrize("actor", PEOPLE)
def test_other_tenants_addresses_answer_like_addresses_that_lead_nowhere(
    actor: str, company: Company, tenants: tuple[Tenant, Tenant]
):
    client = company.client(actor)
    other = tenants[1]
    nowhere = {
        "programme": "Cedar",
        "site": "Cedar-1",
        "run": 987_654_321,
        "number": 987_654_321,
        "view": 987_654_321,
        "wave": 987_654_321,
        "bundle": "Cedar-5",
        "measure": "Cedar-4",
        "hazard": "Cedar-6",
        "course": "Cedar-7",
        "item": "Cedar-2",
        "version": 987_654_321,
        "step": "status",
        "gate": "Cedar-3",
        "act": "f" * 32,
        "kind": "item",
        "record": 987_654_321,
        "file": 987_654_321,
        "seat": 987_654_321,
        "organisation": 987_654_321,
        "user_id": 987_654_321,
        "place": 987_654_321,
        "ward": 987_654_321,
        "session": 987_654_321,
        "phone": 987_654_321,
        "meeting": 987_654_321,
        "action": 987_654_321,
        "event": 987_654_321,
        "champion": 987_654_321,
        "shift": 987_654_321,
        "refused": 987_654_321,
        "pattern": 987_654_321,
        "staff": 987_654_321,
        "posting": 987_654_321,
        "absence": 987_654_321,
        "indicator": "training.completion",
    }
    differing, telling, turn = [], [], PEOPLE.index(actor)
    # By day each reader asks for every third page.
    for name, parts in list(ADDRESS_PARTS.items())[slice(None) if AT_NIGHT else slice(turn % 3, None, 3)]:
        known = client.get(reverse(name, kwargs=other.address(name)))
        unknown = client.get(reverse(name, kwargs={part: nowhere[part] for part in parts}))
        if (known.status_code, without_reference(known.text)) != (unknown.status_code, without_reference(unknown.text)):
            differing.append(name)
    for address in asked(of_tenant(other), turn):
        if OTHER_MARKER in text_of(client.get(address)):
            telling.append(address)

    assert (differing, telling) == ([], [])


def without_reference(text: str) -> list[str]:
    """The lines of a page but for those that differ from one request to the next, and for its own address."""
    moving = ("Reference:", "csrfmiddlewaretoken", "nonce", "Printed on", "data-", "app-reference")
    return [line for line in text.splitlines() if not any(word in line for word in moving)]


@pytest.mark.parametrize("pairs", [150, pytest.param(5_000, marks=pytest.mark.night)])
def test_swapped_ids_open_nothing(pairs: int, company: Company, tenants: tuple[Tenant, Tenant]):
    dice = random.Random(20260314)
    own, other = tenants
    opened = []
    for _ in range(pairs):
        name = dice.choice([name for name, parts in ADDRESS_PARTS.items() if len(parts) > 1])
        parts = {part: dice.choice([own, other]).address(name)[part] for part in ADDRESS_PARTS[name]}
        if parts == own.address(name):
            continue
        actor = dice.choice(PEOPLE)
        # A route that takes forms alone says so (405) before it looks at the address; test_writing_across sends them.
        if company.client(actor).get(reverse(name, kwargs=parts)).status_code not in (404, 405):
            opened.append((actor, name, parts))

    assert opened == []


def test_search_finds_nothing_of_the_other_tenant(company: Company, tenants: tuple[Tenant, Tenant]):
    own = tenants[0]
    page = reverse("readiness:deployment-list", kwargs={"programme": own.programme.code})

    answer = company.client("programme_manager_own").get(page, {"q": OTHER_MARKER})

    assert "No sites match" in answer.text


# Rights change at once -----------------------------------------------------------------------------------------------


def test_right_that_ended_opens_nothing_on_the_next_request(tenants: tuple[Tenant, Tenant], client: Client):
    page = reverse("readiness:deployment-list", kwargs={"programme": tenants[0].programme.code})
    manager = make.make_member(Role.PROGRAMME_MANAGER, programme=tenants[0].programme)
    client.force_login(manager)
    before = client.get(page).status_code

    Membership.objects.filter(user=manager).update(ended_at=timezone.now())
    after = client.get(page).status_code

    assert (before, after) == (200, 404)


def test_right_that_was_given_opens_on_the_next_request(tenants: tuple[Tenant, Tenant], client: Client):
    page = reverse("readiness:deployment-list", kwargs={"programme": tenants[0].programme.code})
    newcomer = make.make_user()
    client.force_login(newcomer)
    before = client.get(page).status_code

    make.make_member(Role.TRAINER, programme=tenants[0].programme, user=newcomer)

    assert (before, client.get(page).status_code) == (404, 200)


def test_deactivated_user_is_logged_out_on_the_next_request(tenants: tuple[Tenant, Tenant], client: Client):
    manager = make.make_member(Role.PROGRAMME_MANAGER, programme=tenants[0].programme)
    client.force_login(manager)
    before = client.get("/programmes/").status_code

    User.objects.filter(pk=manager.pk).update(is_active=False)

    assert (before, client.get("/programmes/").status_code) == (200, 302)


def test_ward_that_moved_to_another_site_takes_the_rights_with_it(tenants: tuple[Tenant, Tenant], client: Client):
    own, other = tenants
    manager = make.make_member(Role.WARD_MANAGER, ward=own.ward)
    client.force_login(manager)
    page = reverse("readiness:deployment-detail", kwargs=own.address("readiness:deployment-detail"))
    before = client.get(page).status_code

    type(own.ward).objects.filter(pk=own.ward.pk).update(site=other.site)

    assert (before, client.get(page).status_code) == (200, 404)


def test_reading_writes_nothing(company: Company, tenants: tuple[Tenant, Tenant]):
    client = company.client("administrator")
    with CaptureQueriesContext(connection) as queries:
        for address in [*of_all(), *of_tenant(tenants[0]), *asked(of_tenant(tenants[0]), 0)]:
            client.get(address)

    writing = [query["sql"] for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE", "COPY")]

    assert [sql for sql in writing if "django_session" not in sql] == []
