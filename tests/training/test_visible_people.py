"""Whose names, shifts and sessions a role opens."""

from datetime import UTC, datetime, time
from uuid import uuid4

import pytest
from django.utils import timezone

from rollout.choices import Role
from rollout.models import Deployment, DeploymentWard, User
from tests import factories as make
from training.models import Attendance, Champion, ChampionShift, Course, Posting, StaffMember, TrainingSession


@pytest.fixture
def here(db: None) -> Deployment:
    """A site with wards A and B, and another site; one person on each ward, a champion on B, and one who has left A."""
    deployment = make.make_deployment(site=make.make_site(code="HERE"))
    other = make.make_site(code="THERE")
    for code, site in (("A", deployment.site), ("B", deployment.site), ("C", other)):
        ward = make.make_ward(site=site, code=code)
        make.make_staff(ward, name=f"nurse {code}")
    leaver = make.make_staff(deployment.site.wards.get(code="A"), name="leaver A")
    Posting.objects.filter(staff=leaver).update(to_on=timezone.localdate().replace(year=2025, month=6, day=1))
    champion = make.make_staff(deployment.site.wards.get(code="B"), name="champion B")
    Champion.objects.create(staff=champion, programme=deployment.programme, from_on=make.DAY)
    for number, ward in enumerate(deployment.site.wards.order_by("code")):
        ChampionShift.objects.create(
            client_id=uuid4(),
            programme=deployment.programme,
            staff=champion,
            ward=ward,
            starts_at=datetime.combine(make.GO_LIVE, time(8 + 2 * number), UTC),
            ends_at=datetime.combine(make.GO_LIVE, time(9 + 2 * number), UTC),
            planned_on=make.DAY,
        )
    course = Course.objects.create(programme=deployment.programme, code="BASIC", name="Basics")
    session = TrainingSession.objects.create(
        programme=deployment.programme,
        course=course,
        site=deployment.site,
        code="S1",
        starts_at=datetime.combine(make.DAY, time(9), UTC),
        ends_at=datetime.combine(make.DAY, time(10), UTC),
    )
    booked = StaffMember.objects.get(name="nurse B")
    Attendance.objects.create(course=course, session=session, staff=booked, on=make.DAY, state="booked")
    return deployment


def somebody(role: str, here: Deployment) -> User:
    scope = {
        Role.PROGRAMME_MANAGER: {"programme": here.programme},
        Role.TRAINER: {"programme": here.programme},
        Role.SIGNATORY: {"programme": here.programme},
        Role.BOARD_MEMBER: {"programme": here.programme},
        Role.SITE_LEAD: {"site": here.site},
        Role.WARD_MANAGER: {"ward": here.site.wards.get(code="A")},
    }
    user = make.make_member(role, **scope.get(Role(role), {}))
    if role == Role.CHAMPION:
        StaffMember.objects.filter(name="champion B").update(user=user)
    return user


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.ADMINISTRATOR, "champion B, leaver A, nurse A, nurse B, nurse C"),
        (Role.PROGRAMME_MANAGER, "champion B, nurse A, nurse B"),
        (Role.SITE_LEAD, "champion B, nurse A, nurse B"),
        (Role.WARD_MANAGER, "champion B, nurse A"),
        (Role.TRAINER, "nurse B"),
        (Role.CHAMPION, "champion B"),
        (Role.SIGNATORY, ""),
        (Role.BOARD_MEMBER, ""),
    ],
)
def test_names_that_a_role_opens(role: str, expected: str, here: Deployment):
    people = StaffMember.objects.current().visible_to(somebody(role, here))

    assert ", ".join(sorted(person.name for person in people)) == expected


def test_programme_manager_knows_people_of_the_wards_in_scope_only(here: Deployment):
    DeploymentWard.objects.create(deployment=here, ward=here.site.wards.get(code="A"))

    people = StaffMember.objects.visible_to(somebody(Role.PROGRAMME_MANAGER, here))

    assert [person.name for person in people] == ["nurse A"]


@pytest.mark.parametrize(
    ("role", "champions", "shifts", "sessions"),
    [
        (Role.ADMINISTRATOR, 1, 2, 1),
        (Role.PROGRAMME_MANAGER, 1, 2, 1),
        (Role.SITE_LEAD, 1, 2, 1),
        (Role.WARD_MANAGER, 1, 2, 1),
        (Role.TRAINER, 0, 0, 1),
        (Role.CHAMPION, 1, 2, 0),
        (Role.SIGNATORY, 0, 0, 0),
        (Role.BOARD_MEMBER, 0, 0, 0),
    ],
)
def test_champions_shifts_and_sessions_that_a_role_opens(
    role: str, champions: int, shifts: int, sessions: int, here: Deployment
):
    user = somebody(role, here)

    found = [model.objects.visible_to(user).count() for model in (Champion, ChampionShift, TrainingSession)]

    assert found == [champions, shifts, sessions]


def test_people_of_another_programme_stay_unknown(here: Deployment):
    stranger = make.make_member(Role.PROGRAMME_MANAGER, programme=make.make_programme())

    assert not StaffMember.objects.visible_to(stranger).exists()
    assert not Champion.objects.visible_to(stranger).exists()
