"""Forums and visits of champions: recorded once, for this site and another, and taken back."""

from datetime import date
from uuid import uuid4

import pytest

from rollout.choices import Role
from rollout.models import EngagementEvent, StaffGroup
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, words
from tests.readiness.rota_world import NOON, RotaWorld, client_of

pytestmark = pytest.mark.django_db
NEW = {"kind": "visit", "held_on": "2026-03-10", "people": "7", "words": "They saw the ward round"}


@pytest.fixture
def world(frozen_clock: FrozenClock) -> RotaWorld:
    frozen_clock.move_to(NOON)
    return RotaWorld()


def test_visit_is_recorded_once_for_both_sites_and_taken_back(world: RotaWorld):
    other = make.make_deployment(programme=world.programme)
    group = StaffGroup.objects.create(code="nurse")
    client = client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme))
    page = f"/p/{world.programme.code}/s/{world.here.site.code}/champions/events/"
    sent = {**NEW, "other_site": other.site.code.lower(), "groups": [group.pk], "once": str(uuid4())}

    answers = [client.post(f"{page}new/", sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    event = EngagementEvent.objects.get()
    assert (event.kind, event.held_on, event.people, event.code) == ("visit", date(2026, 3, 10), 7, "EVENT-1")
    assert set(event.sites.all()) == {world.here.site, other.site}
    assert list(event.groups.all()) == [group]
    assert column(client.get(page).text, "event-table", 1) == ["Visit"]
    assert client.post(f"{page}{event.pk}/retire/").status_code == 302
    assert "None recorded yet" in words(client.get(page).text)
    event.refresh_from_db()
    assert event.retired_at is not None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "demo"}, "Select forum or visit"),
        ({"held_on": "2026-03-15"}, "The day must not be in the future."),
        ({"people": "-1"}, "Enter a whole number, 0 or more"),
        ({"other_site": "NOWHERE"}, "No site of the programme that you know of has this code."),
        ({"groups": ["0"]}, "Select from the groups on this page"),
        ({"words": "Seen 943 476 5919"}, "This looks like an NHS number."),
    ],
)
def test_event_that_is_not_whole_is_mended_at_its_field(world: RotaWorld, changed: dict[str, object], said: str):
    client = client_of(make.make_member(Role.SITE_LEAD, site=world.ward.site))
    page = f"/p/{world.programme.code}/s/{world.here.site.code}/champions/events/new/"

    answer = client.post(page, {**NEW, **changed})

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert not EngagementEvent.objects.exists()


def test_site_that_one_may_not_know_of_is_no_site(world: RotaWorld):
    other = make.make_deployment(programme=world.programme)
    client = client_of(make.make_member(Role.SITE_LEAD, site=world.ward.site))
    page = f"/p/{world.programme.code}/s/{world.here.site.code}/champions/events/new/"

    assert client.post(page, {**NEW, "other_site": other.site.code}).status_code == 422
