"""Nobody writes across scopes: not at another tenant's addresses, and not by its ids inside a body of one's own.

What is written is read from the audit trail, which the database keeps of every record.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from rollout.choices import Role
from rollout.models import AUDITED, AuditEntry, Membership, SeatRole, User
from tests.examples import PROFILE
from tests.tenants import ADDRESS_PARTS, SCOPED, Company, Tenant, make_tenant, undone

# What the buttons of our pages say, and what their forms ask for in words and days.
DOOR = "training:check-in"
ACTIONS = (
    "", "accept", "again", "approve", "ask", "back", "close", "comment", "condition", "deactivate", "deny", "down",
    "end", "freeze", "in", "link", "met", "out", "outcome", "put", "reactivate", "remind", "retire", "revoke", "sign",
    "up",
)  # fmt: skip
WORDS: Mapping[str, str] = {
    **dict.fromkeys(("text", "words", "reason", "name", "mitigation", "problem", "goal", "person", "owner"), "Elm"),
    **dict.fromkeys(("due_on", "from_on", "to_on", "until_on", "held_on", "on", "go_live_on"), "2026-05-04"),
    "code": "ELM", "kind": "standard", "state": "done", "status": "green", "answer": "no", "outcome": "no_go",
    "likelihood": "3", "severity": "3", "sure": "1", "do": "state", "what": "state", "direction": "up", "everyone": "1",
}  # fmt: skip
# Fields of our forms that hold ids or codes of records.
NAMING = (
    "item", "items", "site", "sites", "wave", "wave_id", "waiver", "condition", "seat", "seats", "comment", "file",
    "bundle", "measure", "membership", "programme", "programmes", "hazard", "ward", "wards", "organisation", "user",
    "user_id", "deployment", "deployments", "record", "gate", "meeting", "action_id", "view", "subject",
)  # fmt: skip

Rows = set[tuple[str, int]]


def rows() -> Rows:
    """Every audited row there is."""
    return {
        (model._meta.db_table, pk) for model in AUDITED for pk in model._default_manager.values_list("pk", flat=True)
    }


@pytest.fixture(scope="module")
def tenants(module_db: None) -> tuple[Tenant, Tenant, Rows]:
    """Two tenants, and the rows of the second."""
    own = make_tenant("Alder")
    before = rows()
    other = make_tenant("Birch")
    return own, other, rows() - before


@pytest.fixture(scope="module")
def company(tenants: tuple[Tenant, Tenant, Rows]) -> Company:
    return Company(tenants[0], tenants[1])


def bodies(named: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """A body for each button, with everything that forms ask for."""
    for action in ACTIONS:
        yield {**WORDS, **named, "action": action}


def names_of(tenant: Tenant) -> dict[str, list[str]]:
    """Each naming field with ids and codes of a tenant: whatever the field means, one of them is it."""
    one = [tenant.deployment, tenant.item, tenant.site, tenant.programme, tenant.ward, tenant.view, tenant.gate]
    found = {str(each.pk) for each in one} | {tenant.programme.code, tenant.site.code, tenant.item.code}
    seen = f"{tenant.deployment.pk}-{tenant.deployment.wave_id or ''}"
    waivers = tenant.deployment.waivers.values_list("pk", flat=True)
    found |= {seen, *map(str, waivers), tenant.item.code}
    return dict.fromkeys(NAMING, sorted(found))


def addresses(tenant: Tenant) -> list[str]:
    return [reverse(name, kwargs=tenant.address(name)) for name in ADDRESS_PARTS]


STRANGERS = (*(f"{role}_other" for role in SCOPED), "champion", "no_membership")


@pytest.mark.parametrize("actor", STRANGERS)
def test_nothing_is_written_at_another_tenants_addresses(
    actor: str, company: Company, tenants: tuple[Tenant, Tenant, Rows]
):
    own, before, client = tenants[0], AuditEntry.objects.count(), company.client(actor)
    every = list(bodies(names_of(own)))
    # By day each of them tries every other address, and the door.
    names = list(ADDRESS_PARTS)[slice(None) if PROFILE == "night" else slice(STRANGERS.index(actor) % 2, None, 2)]

    answered = {
        name: client.post(reverse(name, kwargs=own.address(name)), every[number % len(every)]).status_code
        for number, name in enumerate(dict.fromkeys([*names, DOOR]))
    }

    assert AuditEntry.objects.count() == before
    # The door asks anybody for its code, of a session that is not there as well.
    assert answered.pop(DOOR) == client.post("/t/987654321/").status_code == 422
    assert set(answered.values()) <= {403, 404, 405}


# By day a body at each address, another one for each role, and of those who write less every third address; by night
# every one.
BODIES = len(ACTIONS) if PROFILE == "night" else 1
ROLES = (Role.PROGRAMME_MANAGER, Role.SITE_LEAD, Role.SIGNATORY)


@pytest.mark.parametrize("role", ROLES)
def test_ids_of_another_tenant_inside_a_body_change_nothing_of_it(
    role: Role, company: Company, tenants: tuple[Tenant, Tenant, Rows]
):
    own, other, theirs = tenants
    client, every = company.client(f"{role}_own"), list(bodies(names_of(other)))
    changed, written = set(), 0

    whole = PROFILE == "night" or role == Role.PROGRAMME_MANAGER
    every_third = slice(None) if whole else slice(ROLES.index(role), None, 3)
    for number, address in list(enumerate(addresses(own)))[every_third]:
        for turn in range(BODIES):
            body = every[(number + turn + ROLES.index(role)) % len(every)]
            with undone():
                before = AuditEntry.objects.count()
                client.post(address, {**body, **hidden_fields(client, address)})
                entries = list(AuditEntry.objects.order_by("pk")[before:].values_list("table", "row_id"))
            changed |= {(address, *each) for each in entries if each in theirs}
            written += len(entries)

    assert changed == set()
    assert written > 0 or role == Role.SIGNATORY


def hidden_fields(client: Client, address: str) -> dict[str, Any]:
    """What the form of a page brings back by itself: marks, versions, keys."""
    context = client.get(address).context
    form = context.get("form") if context is not None else None
    fields = form.hidden_fields() if hasattr(form, "hidden_fields") else []
    return {field.html_name: field.value() for field in fields if field.value() is not None}


def test_every_audited_model_counts(tenants: tuple[Tenant, Tenant, Rows]):
    """The rows that are watched are those of all models that hold what people wrote."""
    watched = {table for table, _pk in tenants[2]}

    assert {"readiness_checklistitem", "rollout_deployment", "readiness_gatereview", "rollout_wave"} <= watched
    assert len(watched) > 30
    assert {model._meta.db_table for model in AUDITED} <= {model._meta.db_table for model in apps.get_models()}
    assert Membership in AUDITED and User in AUDITED and SeatRole.objects.exists()
