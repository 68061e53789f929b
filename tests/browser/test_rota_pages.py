"""Champions and their rota in a browser: each page without findings, at both widths."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from readiness.services.scores import score_deployments
from rollout.choices import EngagementKind, Role
from rollout.models import Deployment, EngagementEvent, User
from tests import factories as make
from tests.browser.conftest import Watch, log_in, looked_at
from tests.readiness.rota_world import RotaWorld
from training.models import Champion, ChampionShift, StaffMember

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def world_of(go_live: date) -> RotaWorld:
    """A site that goes live soon, with a champion who has one shift on the first day."""
    world = RotaWorld()
    Deployment.objects.update(go_live_on=go_live)
    world.shift(world.champion("Ana Diaz", protected_hours=4), go_live, world.early)
    score_deployments(ids=[world.here.pk], day=timezone.localdate())
    return world


def test_pages_of_champions_have_no_findings(page: Page, person: User, watch: Watch):
    go_live = timezone.localdate() + timedelta(days=3)
    world = world_of(go_live)
    StaffMember.objects.filter(name="Ana Diaz").update(user=person)
    event = EngagementEvent.objects.create(
        programme=world.programme, code="E1", kind=EngagementKind.FORUM, held_on=date(2026, 3, 1)
    )
    event.sites.add(world.here.site)
    make.make_staff(world.ward, name="Cy Roe")
    make.make_member(Role.PROGRAMME_MANAGER, user=person, programme=world.programme)
    champion, shift = Champion.objects.get().pk, ChampionShift.objects.get().pk
    here = world.address().removesuffix("rota/")
    champions = [f"{here}champions/{part}" for part in ("", "new/", f"{champion}/", f"{champion}/stand-down/")]
    events = [f"{here}champions/events/{part}" for part in ("", "new/")]
    copy = f"copy/?what=day&from_on={go_live}&to_on={go_live + timedelta(days=1)}&ward="
    parts = ("", "shifts/", "shifts/new/", f"shifts/{shift}/", "hours/", "copy/", copy, "print/")
    rota = [world.address(part) for part in (*parts, f"poster/{world.ward.pk}/")]
    patterns = [f"/p/{world.programme.code}/settings/shifts/{part}" for part in ("", "new/", f"{world.early.pk}/")]
    log_in(page)

    shown = {}
    slot = world.slot(go_live, world.late)
    for turn, address in enumerate((*champions, *events, *rota, slot, *patterns, "/shifts/", "/account/")):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        shown |= {(address, width): found for width, found in looked_at(page, turn).items()}

    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
