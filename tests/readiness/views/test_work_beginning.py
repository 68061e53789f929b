"""Your work before there is work: setting a programme up, and what each role is told."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from readiness.models import ChecklistTemplate, Gate
from rollout.choices import Role
from rollout.models import Programme, Seat, SeatRole, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.readiness.desk import NOW, page, person
from training.models import ChampionShift, StaffMember

pytestmark = pytest.mark.django_db
STEPS = (
    "Create the programme",
    "Add its sites",
    "Plan the waves",
    "Publish a checklist",
    "Set the gates and fill the seats",
)


def links(text: str) -> list[str]:
    """The addresses of the steps that can be taken."""
    return [part.split('"')[2] for part in text.split("nhsuk-task-list__link")[1:]]


def test_new_installation_tells_its_administrator_where_to_begin():
    text = page(make.make_member(Role.ADMINISTRATOR))

    assert [step for step in STEPS if step not in words(text)] == []
    assert links(text) == ["/programmes/new/"]
    assert "0 of 5 steps are done." in words(text)
    assert "python manage.py load_sample" in words(text)


def test_each_step_goes_once_it_is_done():
    programme = make.make_programme(code="EPR", name="One record")
    manager = make.make_member(Role.PROGRAMME_MANAGER, programme=programme)
    settings, found = "/p/EPR/settings/", []

    def look() -> None:
        text = page(manager)
        found.append((links(text), "Set up One record" in words(text)))

    look()
    make.make_deployment(programme=programme)
    make.make_wave(programme=programme)
    look()
    ChecklistTemplate.objects.create(programme=programme, version=1)
    Gate.objects.create(programme=programme, code="GO", name="Go/no-go")
    look()
    ChecklistTemplate.objects.filter(programme=programme).update(published_at=timezone.now())
    role = SeatRole.objects.create(code="sro")
    Seat.objects.create(programme=programme, role=role)
    look()
    Seat.objects.create(programme=programme, role=role, person=person(manager))
    look()

    template, gates, seats = f"{settings}templates/", f"{settings}gates/", f"{settings}seats/"
    assert found == [
        (["/p/EPR/sites/new/", "/p/EPR/waves/", template, gates], True),
        ([template, gates], True),
        ([template, seats], True),
        ([seats], True),
        ([], False),
    ]


def test_set_up_is_asked_of_those_who_may_alone():
    programme = make.make_programme(code="EPR")
    for role in (Role.TRAINER, Role.SIGNATORY):
        assert links(page(make.make_member(role, programme=programme))) == []
    Programme.objects.filter(pk=programme.pk).update(retired_at=timezone.now())
    assert "Set up" not in words(page(make.make_member(Role.PROGRAMME_MANAGER, programme=programme)))


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.PROGRAMME_MANAGER, "Waivers to decide, gates to close"),
        (Role.SITE_LEAD, "Evidence to confirm, dates to plan"),
        (Role.WARD_MANAGER, "Your champions and who still needs training stand in the menu."),
        (Role.TRAINER, "Your sessions show here once they are over, until somebody says who came."),
        (Role.SIGNATORY, "Gates that wait for your signature show here"),
        (Role.ADMINISTRATOR, "Runs and the state of the service stand under Admin."),
    ],
)
def test_empty_list_says_what_would_stand_in_it(role: str, said: str):
    deployment = make.make_deployment(declared_on=timezone.localdate())
    scopes = {
        Role.ADMINISTRATOR: {},
        Role.SITE_LEAD: {"site": deployment.site},
        Role.WARD_MANAGER: {"ward": make.make_ward(site=deployment.site)},
    }

    told = words(page(make.make_member(role, **scopes.get(Role(role), {"programme": deployment.programme}))))

    assert told.count(said) == 1
    assert "Checklist items and actions that are yours show here from a week before they are due" in told
    assert "Nothing of yours is due this week. Nobody waits for you." in told
    assert "Open the first item" not in told


def test_who_has_no_role_is_told_why():
    text = words(page(make.make_user()))

    assert "No role of yours names a programme or a site yet." in text
    assert "Due and late" not in text


def make_champion(user: User) -> StaffMember:
    ward = make.make_ward(name="Elm ward", site=make.make_site(name="Alder Hospital"))
    return make.make_staff(ward, user=user)


def shift(staff: StaffMember, starts_at: datetime, **fields: object) -> None:
    ChampionShift.objects.create(
        client_id=uuid4(), programme=make.make_programme(), staff=staff, ward=staff.postings.get().ward,
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=10), planned_on=NOW.date(), **fields,
    )  # fmt: skip


def test_champion_sees_own_shifts_and_nobody_elses(frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW + timedelta(days=1))
    user = make.make_member(Role.CHAMPION)
    staff, other = make_champion(user), make_champion(make.make_member(Role.CHAMPION))
    empty = words(page(user))
    shift(staff, datetime(2026, 3, 28, 21, tzinfo=UTC))  # the clocks go forward in this night
    shift(staff, datetime(2026, 3, 20, 7, tzinfo=UTC), state="cancelled", ended_on=NOW.date())
    shift(staff, datetime(2026, 3, 30, 7, tzinfo=UTC))
    shift(other, datetime(2026, 3, 20, 7, tzinfo=UTC))

    told = words(page(user))

    assert "No shift of yours is planned in the next 14 days." in empty
    assert told.count("Elm ward, Alder Hospital") == 1
    assert "28 March 2026, 9pm to 8am : Elm ward" in told
    assert "Due and late" not in told


def test_list_in_part_or_with_strange_words_is_the_page(client: Client):
    deployment = make.make_deployment()
    client.force_login(make.make_member(Role.SITE_LEAD, site=deployment.site))

    for query in ("?all=nonsense", "?all=%00", "?all=due&all=waiting", "?page=-1"):
        assert client.get(f"/{query}").status_code == 200
    assert client.get("/", headers={"HX-Request": "true"}).text.startswith("<!DOCTYPE html>")
