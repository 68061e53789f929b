"""Names go some time after the last programme has closed; every count and score stays."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from readiness import tasks
from readiness.models import ReadinessScore
from readiness.services.scores import score_deployments
from rollout.choices import Role
from rollout.models import AuditEntry, Deployment, Programme
from rollout.services.refusals import Refused
from tests import factories as make
from tests.pages import words
from tests.readiness.records import DAY, World, local
from training.models import ChampionShift, StaffMember
from training.services import retention
from training.services.retention import people_due, removal_of, remove_due_names, remove_names_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def world() -> World:
    """Three nurses of one site: trained, champion with a shift and a note, with a log-in test; all scored on DAY."""
    world = World()
    here = world.site(wards=2)
    pattern = world.pattern(7, 15)
    people = [
        world.person(world.wards(here)[n % 2], name=f"Marker {n}", email=f"marker{n}@example.org") for n in range(3)
    ]
    course = world.course()
    for person in people:
        world.attended(person, course, DAY - timedelta(days=3))
        world.check(person, local(here.site, DAY, 9))
    world.champion(people[0])
    assert here.go_live_on and pattern
    shift = world.shift(people[0], world.wards(here)[0], local(here.site, here.go_live_on, 7), notes="Helped Marker 1")
    assert shift
    world.save()
    StaffMember.objects.filter(number="1").update(user=make.make_user(name="Marker 0"))
    score_deployments(ids=[here.pk], day=DAY)
    return world


def close(world: World, *, days_ago: int, kept: int = 365) -> None:
    rows = Programme.objects.filter(pk=world.programme.pk)
    rows.update(state="closed", names_kept_days=kept)
    rows.update(closed_on=TODAY() - timedelta(days=days_ago))


def scores() -> list[tuple[object, ...]]:
    return list(ReadinessScore.objects.order_by("pk").values_list("day", "revision", "score", "raw", "indicators"))


def test_names_go_and_every_score_of_a_past_day_stays(world: World) -> None:
    here = [world.of(Deployment)[0].pk]
    close(world, days_ago=365)
    score_deployments(ids=here, day=DAY)
    before, trail = scores(), AuditEntry.objects.latest("pk").pk

    removed = remove_due_names()
    score_deployments(ids=here, day=DAY)

    rows = StaffMember.objects.order_by("pk")
    assert removed == 3
    assert {(row.name, row.email, row.user_id, row.names_removed_at is None) for row in rows} == {("", "", None, False)}
    assert all(row.number.startswith("removed-") for row in rows) and len({row.number for row in rows}) == 3
    assert ChampionShift.objects.get().notes == ""
    assert scores() == before != []
    written = str(list(AuditEntry.objects.filter(pk__gt=trail, table="training_staffmember").values()))
    assert "names_removed_at" in written and "names removed after the programme closed" in written
    assert (
        "Marker" not in written and "number" not in written and "user_id'" not in written.replace("'user_id': None", "")
    )


def test_it_is_done_in_chunks_and_twice_without_harm(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    close(world, days_ago=400)

    tasks.remove_names()
    numbers = list(StaffMember.objects.order_by("pk").values_list("number", flat=True))
    tasks.remove_names()

    assert list(StaffMember.objects.order_by("pk").values_list("number", flat=True)) == numbers
    assert all(number.startswith("removed-") for number in numbers) and remove_due_names() == 0


@pytest.mark.parametrize(("days_ago", "kept", "due"), [(364, 365, 0), (365, 365, 3), (0, 0, 3), (0, 1, 0)])
def test_names_go_when_the_days_are_over(world: World, days_ago: int, kept: int, due: int) -> None:
    close(world, days_ago=days_ago, kept=kept)

    assert people_due(TODAY()).count() == due


def test_name_stays_while_another_programme_needs_it(world: World) -> None:
    close(world, days_ago=400)
    other = make.make_programme()
    trained, moved, _third = StaffMember.objects.order_by("pk")
    other_ward = make.make_ward()
    make.make_deployment(programme=other, site=other_ward.site)
    moved.postings.create(ward=other_ward, from_on=date(2020, 1, 1), to_on=date(2020, 2, 1))
    other.champions.create(staff=trained, from_on=DAY)

    found = removal_of(Programme.objects.get(pk=world.programme.pk))
    removed = remove_due_names()

    assert (found.due, found.elsewhere, found.gone, removed) == (1, 2, 0, 1)
    assert set(StaffMember.objects.filter(names_removed_at=None)) == {trained, moved}


def test_programme_that_goes_on_again_keeps_its_names(world: World) -> None:
    close(world, days_ago=400)

    Programme.objects.filter(pk=world.programme.pk).update(state="embedding")

    reopened = Programme.objects.get(pk=world.programme.pk)
    assert reopened.closed_on is None and people_due(TODAY()).count() == 0
    with pytest.raises(Refused):
        remove_names_of(programme_id=reopened.pk, by=make.make_user())
    Programme.objects.filter(pk=reopened.pk).update(state="closed")
    reopened.refresh_from_db()
    assert reopened.closed_on is not None


def test_database_keeps_the_rules(world: World) -> None:
    person = StaffMember.objects.earliest("pk")

    for wrong in ({"names_removed_at": timezone.now()}, {"number": "2"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffMember.objects.filter(pk=person.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=world.programme.pk).update(names_kept_days=3651)


def test_page_says_when_and_how_many_and_does_it_now(world: World) -> None:
    client = Client()
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme))
    page = "/p/PROG/settings/retention/"

    still_open = words(client.get(page).text)
    refused = client.post(f"{page}now/", {"once": str(uuid4())})
    close(world, days_ago=10)
    mark = client.get(page).context["form"].initial["mark"]
    wrong = client.post(page, {"mark": mark, "names_kept_days": "3651"})
    saved = client.post(page, {"mark": mark, "names_kept_days": "30"}, follow=True)
    late = client.post(page, {"mark": mark, "names_kept_days": "40"})
    sent = {"once": str(uuid4())}
    asked = client.get(f"{page}now/")
    answers = [client.post(f"{page}now/", sent).status_code for _ in range(2)]

    assert (
        "The programme is not closed, so every name stays." in still_open and "Remove the names now" not in still_open
    )
    assert (refused.status_code, wrong.status_code, late.status_code, answers) == (422, 422, 409, [302, 302])
    assert "Enter a whole number of days from 0 to 3650" in wrong.text
    assert "3 people are to be forgotten by name." in words(saved.text) and "Remove the names now" in saved.text
    assert "Nobody can undo this" in asked.text and "Marker" not in asked.text
    assert StaffMember.objects.filter(names_removed_at=None).count() == 0
    assert "The names of 3 people are removed already." in words(client.get(page).text)
