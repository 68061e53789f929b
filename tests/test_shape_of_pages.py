"""What holds for the markup of every page, read and sent back wrong: names that stand once, labels that lead home."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from rollout.choices import Role
from tests import factories as make
from tests.pages import text_of
from tests.tenants import ADDRESS_PARTS, Tenant, make_tenant, undone

REFERENCES = ("for", "form", "aria-labelledby", "aria-describedby", "aria-controls", "list", "headers")
FIELDS = ("input", "select", "textarea")


class Shape(HTMLParser):
    """The ids of a page, what refers to them, and its headings, fields without a name to them, forms."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.asked: set[str] = set()
        self.first_headings = 0
        self.labelled: set[str] = set()
        self.fields: list[tuple[str, str]] = []
        self.actions: list[tuple[str | None, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if said.get("id"):
            self.ids[str(said["id"])] += 1
        for name in REFERENCES:
            self.asked |= set((said.get(name) or "").split())
        if tag == "h1":
            self.first_headings += 1
        if tag == "label":
            self.labelled.add(said.get("for") or "")
        if tag == "form":
            self.actions.append((said.get("method"), said.get("action")))
        if tag in FIELDS and said.get("type") not in ("hidden", "submit", "button"):
            named = said.get("aria-label") or said.get("aria-labelledby")
            self.fields.append((said.get("name") or "", "" if named else said.get("id") or "no id"))

    @property
    def faults(self) -> list[str]:
        """What is wrong with the page, in words."""
        twice = [f"id {name} stands {n} times" for name, n in self.ids.items() if n > 1]
        lost = [f"nothing has the id {name}" for name in sorted(self.asked - set(self.ids))]
        bare = [f"field {name} has no label" for name, ident in self.fields if ident and ident not in self.labelled]
        bent = [f"form with {method} to {action}" for method, action in self.actions if not method or action == ""]
        heads = [] if self.first_headings == 1 else [f"{self.first_headings} headings of the first order"]
        return twice + lost + bare + bent + heads


def faults(text: str) -> list[str]:
    shape = Shape()
    shape.feed(text)
    return shape.faults


@pytest.fixture(scope="module")
def tenant(module_db: None) -> Tenant:
    return make_tenant("Alder")


@pytest.fixture(scope="module")
def people(tenant: Tenant) -> dict[str, Client]:
    """Who meets the most forms, and who meets the fewest."""
    found = {}
    for role in (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER):
        found[role] = Client()
        found[role].force_login(make.make_member(role, **tenant.scope(role)))
    return found


@pytest.mark.parametrize("name", sorted(ADDRESS_PARTS))
def test_page_is_sound(name: str, tenant: Tenant, people: dict[str, Client]):
    address = reverse(name, kwargs=tenant.address(name))
    found = {}
    for role, client in people.items():
        with undone():
            answers = [client.get(address), client.post(address)]
        for answer in answers:
            if answer.status_code in (200, 409, 422) and "text/html" in answer["Content-Type"]:
                found[role, answer.status_code] = faults(text_of(answer))

    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<h1>A</h1><p id="a"><p id="a">', "id a stands 2 times"),
        ('<h1>A</h1><label for="b">', "nothing has the id b"),
        ('<h1>A</h1><input name="c">', "field c has no label"),
        ('<h1>A</h1><form action="">', "form with None to "),
        ("<p>A</p>", "0 headings of the first order"),
    ],
)
def test_walk_finds_what_is_wrong(text: str, fault: str):
    assert faults(text) == [fault]
