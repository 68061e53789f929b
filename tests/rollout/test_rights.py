"""Rights: read once a request, and the same in SQL and in Python."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from rollout.choices import Role
from rollout.models import Deployment, Membership, Programme, Site, User, Ward
from rollout.permissions import (
    manage_programme,
    reaches,
    see_champions_at,
    see_counts_of_few,
    see_names_at,
    see_names_in_training,
    wards_with_names,
)
from rollout.querysets.rights import rights_of
from tests import factories as make


@pytest.fixture
def world(db: None) -> dict[str, Deployment]:
    """Two programmes at one hospital of the first trust (both), the first one at a hospital of the second (away)."""
    both = make.make_site(organisation=make.make_organisation(code="T1"), code="BOTH")
    away = make.make_site(organisation=make.make_organisation(code="T2"), code="AWAY")
    first, second = make.make_programme(code="ONE"), make.make_programme(code="TWO")
    make.make_ward(site=both, code="W1")
    make.make_ward(site=away, code="W2")
    return {
        "ONE/BOTH": make.make_deployment(programme=first, site=both),
        "TWO/BOTH": make.make_deployment(programme=second, site=both),
        "ONE/AWAY": make.make_deployment(programme=first, site=away),
    }


# Role, scope, and what it opens: deployments, programmes, sites.
REACH = [
    (Role.ADMINISTRATOR, "", "ONE/AWAY ONE/BOTH TWO/BOTH", "ONE TWO", "AWAY BOTH"),
    (Role.PROGRAMME_MANAGER, "programme", "ONE/AWAY ONE/BOTH", "ONE", "AWAY BOTH"),
    (Role.TRAINER, "programme", "ONE/AWAY ONE/BOTH", "ONE", "AWAY BOTH"),
    (Role.SITE_LEAD, "site", "ONE/BOTH TWO/BOTH", "ONE TWO", "BOTH"),
    (Role.WARD_MANAGER, "ward", "ONE/BOTH TWO/BOTH", "ONE TWO", "BOTH"),
    (Role.SIGNATORY, "programme", "ONE/AWAY ONE/BOTH", "ONE", "AWAY BOTH"),
    (Role.SIGNATORY, "site", "ONE/BOTH TWO/BOTH", "ONE TWO", "BOTH"),
    (Role.SIGNATORY, "programme site", "ONE/BOTH", "ONE", "BOTH"),
    (Role.BOARD_MEMBER, "programme", "ONE/AWAY ONE/BOTH", "ONE", "AWAY BOTH"),
    (Role.BOARD_MEMBER, "organisation", "ONE/BOTH TWO/BOTH", "ONE TWO", "BOTH"),
    (Role.CHAMPION, "", "", "", ""),
]


def member(role: str, scope: str, world: dict[str, Deployment]) -> User:
    here = world["ONE/BOTH"]
    places = {
        "programme": here.programme,
        "site": here.site,
        "ward": here.site.wards.get(),
        "organisation": here.site.organisation,
    }
    return make.make_member(role, **{name: places[name] for name in scope.split()})


def found(user: User) -> tuple[str, str, str]:
    deployments = Deployment.objects.visible_to(user).values_list("programme__code", "site__code")
    programmes = Programme.objects.visible_to(user).values_list("code", flat=True)
    sites = Site.objects.visible_to(user).values_list("code", flat=True)
    return (
        " ".join(sorted("/".join(codes) for codes in deployments)),
        " ".join(sorted(programmes)),
        " ".join(sorted(sites)),
    )


@pytest.mark.parametrize(("role", "scope", "deployments", "programmes", "sites"), REACH)
def test_role_opens_its_scope(role, scope, deployments, programmes, sites, world: dict[str, Deployment]):
    assert found(member(role, scope, world)) == (deployments, programmes, sites)


@pytest.mark.parametrize(("role", "scope"), [row[:2] for row in REACH if row[0] != Role.BOARD_MEMBER])
def test_python_says_the_same_as_sql(role: str, scope: str, world: dict[str, Deployment]):
    user = member(role, scope, world)

    reached = {name for name, deployment in world.items() if reaches(rights_of(user), deployment)}

    assert " ".join(sorted(reached)) == found(user)[0]


def test_wards_are_known_where_their_site_is(world: dict[str, Deployment]):
    lead = member(Role.SITE_LEAD, "site", world)

    assert [ward.code for ward in Ward.objects.visible_to(lead)] == ["W1"]


def test_rights_add_up(world: dict[str, Deployment]):
    user = member(Role.SIGNATORY, "programme site", world)
    make.make_member(Role.SITE_LEAD, user=user, site=world["ONE/AWAY"].site)

    assert found(user) == ("ONE/AWAY ONE/BOTH", "ONE", "AWAY BOTH")


def test_site_lead_knows_the_site_before_any_programme_comes(world: dict[str, Deployment]):
    site = make.make_site(code="NEW")

    assert found(make.make_member(Role.SITE_LEAD, site=site)) == ("", "", "NEW")


@pytest.mark.parametrize("somebody", ["anonymous", "nobody", "ended", "deactivated"])
def test_who_holds_nothing_finds_nothing(somebody: str, world: dict[str, Deployment]):
    user = make.make_member(Role.ADMINISTRATOR)
    if somebody == "ended":
        Membership.objects.filter(user=user).update(ended_at=timezone.now())
    if somebody == "deactivated":
        User.objects.filter(pk=user.pk).update(is_active=False)
    fresh = {
        "anonymous": AnonymousUser(),
        "nobody": make.make_user(),
    }.get(somebody) or User.objects.get(pk=user.pk)

    assert found(fresh) == ("", "", "")


def test_rights_are_read_in_one_query(world: dict[str, Deployment], django_assert_num_queries):
    user = User.objects.get(pk=member(Role.SITE_LEAD, "site", world).pk)

    with django_assert_num_queries(1):
        rights_of(user)
        rights_of(user)


@pytest.mark.parametrize(
    ("role", "scope", "expected"),
    [
        (Role.ADMINISTRATOR, "", True),
        (Role.PROGRAMME_MANAGER, "programme", True),
        (Role.SITE_LEAD, "site", False),
        (Role.BOARD_MEMBER, "programme", False),
    ],
)
def test_programme_is_managed_by_its_managers(role: str, scope: str, expected: bool, world: dict[str, Deployment]):
    assert manage_programme(member(role, scope, world), world["ONE/BOTH"].programme) is expected


def test_board_member_sees_counts_of_few_only_by_another_right(world: dict[str, Deployment]):
    board = member(Role.BOARD_MEMBER, "organisation", world)
    both = make.make_member(Role.BOARD_MEMBER, organisation=world["ONE/BOTH"].site.organisation)
    make.make_member(Role.TRAINER, programme=world["ONE/BOTH"].programme, user=both)

    seen = [(see_counts_of_few(user, world[name])) for user in (board, both) for name in ("ONE/BOTH", "TWO/BOTH")]

    assert seen == [False, False, True, False]


# Role, scope, and where names may be read: everybody's, champions', beside courses.
NAMES = [
    (Role.ADMINISTRATOR, "", *["ONE/AWAY ONE/BOTH TWO/BOTH"] * 3),
    (Role.PROGRAMME_MANAGER, "programme", *["ONE/AWAY ONE/BOTH"] * 3),
    (Role.SITE_LEAD, "site", *["ONE/BOTH TWO/BOTH"] * 3),
    (Role.WARD_MANAGER, "ward", "", "ONE/BOTH TWO/BOTH", ""),
    (Role.TRAINER, "programme", "", "", "ONE/AWAY ONE/BOTH"),
    (Role.SIGNATORY, "programme", "", "", ""),
    (Role.BOARD_MEMBER, "programme", "", "", ""),
    (Role.BOARD_MEMBER, "organisation", "", "", ""),
    (Role.CHAMPION, "", "", "", ""),
]


@pytest.mark.parametrize(("role", "scope", "everybody", "champions", "courses"), NAMES)
def test_names_are_read_where_a_role_opens_them(
    role: str, scope: str, everybody: str, champions: str, courses: str, world: dict[str, Deployment]
):
    user = member(role, scope, world)

    seen = [
        " ".join(sorted(name for name, deployment in world.items() if may(user, deployment)))
        for may in (see_names_at, see_champions_at, see_names_in_training)
    ]

    assert seen == [everybody, champions, courses]


def test_ward_manager_reads_names_of_own_wards_alone(world: dict[str, Deployment]):
    user = member(Role.WARD_MANAGER, "ward", world)
    make.make_ward(site=world["ONE/BOTH"].site, code="W3")
    make.make_member(Role.WARD_MANAGER, ward=world["ONE/AWAY"].site.wards.get(), user=user)

    wards = {name: wards_with_names(user, deployment) for name, deployment in world.items()}

    own, away = Ward.objects.get(code="W1").pk, Ward.objects.get(code="W2").pk
    assert wards == {"ONE/BOTH": {own}, "TWO/BOTH": {own}, "ONE/AWAY": {away}}
