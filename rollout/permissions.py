"""Who may do what: small functions of (user, object). Finding the object comes first, through `visible_to`.

What a user may not know of is never found (404); what is found and not allowed is refused (403).
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from django.db.models import Q

from rollout.choices import Role
from rollout.models import Deployment, Measure, Programme, SavedView, User, Ward, WardPhone, Wave
from rollout.querysets.organisations import WardQuerySet
from rollout.querysets.rights import Rights, Somebody, rights_of

__all__ = [
    "Rights",
    "add_programme",
    "administer_person",
    "be_logged_in",
    "change_view",
    "decide_for_deployment",
    "discuss_deployment",
    "discuss_programme",
    "keep_checklist",
    "keep_phones",
    "manage_part",
    "manage_people",
    "manage_person",
    "manage_place",
    "manage_places",
    "manage_programme",
    "places_with_names",
    "read_deployment",
    "read_evidence_at",
    "read_programme",
    "read_technical_admin",
    "rights_of",
    "see_champions_at",
    "see_counts_of_few",
    "see_names_at",
    "see_names_in_training",
    "see_names_of_team",
    "wards_to_enrol",
    "wards_with_names",
    "write_log",
]


def be_logged_in(user: Somebody) -> bool:
    """Anybody with a log-in; what the page shows is narrowed by `visible_to`."""
    return user.is_authenticated


def read_technical_admin(user: Somebody) -> bool:
    """Administrators alone see every record and the state of the whole service."""
    return rights_of(user).administrator


def manage_people(user: Somebody) -> bool:
    """Let people log in and give roles: administrators, and programme managers within their own programmes."""
    rights = rights_of(user)
    return rights.administrator or bool(rights.managed)


def manage_person(user: Somebody, person: User) -> bool:
    """The same, of a person that `visible_to` lets the user know of."""
    return manage_people(user)


def administer_person(user: Somebody, person: User) -> bool:
    """Change how a person is called and by which address they log in: administrators."""
    return rights_of(user).administrator


def manage_places(user: Somebody) -> bool:
    """Organisations and their sites, whatever programme comes to them: administrators."""
    return rights_of(user).administrator


def manage_place(user: Somebody, place: object) -> bool:
    """The same, of one of them."""
    return manage_places(user)


def read_programme(user: Somebody, programme: Programme) -> bool:
    """Everybody who may know of the programme."""
    return True


def read_deployment(user: Somebody, deployment: Deployment) -> bool:
    """Everybody who may know of the deployment."""
    return True


def manage_programme(user: Somebody, programme: Programme) -> bool:
    """The programme's managers, and administrators."""
    rights = rights_of(user)
    return rights.administrator or programme.pk in rights.managed


def manage_part(user: Somebody, part: Wave | Measure) -> bool:
    """The same, of a record that belongs to a programme."""
    return manage_programme(user, part.programme)


def add_programme(user: Somebody) -> bool:
    """Make a programme, keep release bundles: administrators, and whoever manages a programme already."""
    rights = rights_of(user)
    return rights.administrator or bool(rights.managed)


def keep_checklist(user: Somebody, deployment: Deployment) -> bool:
    """The programme's managers and the site's leads, and administrators."""
    rights = rights_of(user)
    return rights.administrator or deployment.programme_id in rights.managed or deployment.site_id in rights.led


def plan_deployment(user: Somebody, deployment: Deployment) -> bool:
    """Declare its status, plan its dates, take its stages: the programme's managers and the site's leads."""
    return keep_checklist(user, deployment)


def decide_for_deployment(user: Somebody, deployment: Deployment) -> bool:
    """Defer, stop, take up again: decisions of the programme's managers."""
    return manage_programme(user, deployment.programme)


def see_counts_of_few(user: Somebody, deployment: Deployment) -> bool:
    """Whether counts of fewer than 5 people may be shown: not to those who see the deployment as board members only."""
    rights = rights_of(user)
    if Role.BOARD_MEMBER not in rights.roles:
        return True
    return reaches(rights, deployment)


def see_names_at(user: Somebody, deployment: Deployment) -> bool:
    """Whether the user may read the names of all staff there: the programme's managers, the site's leads.

    The narrower rights have functions of their own: see_champions_at, see_names_in_training, wards_with_names. Rows of
    people are still read through `StaffMember.objects.visible_to`, which says whose name it may be.
    """
    rights = rights_of(user)
    return rights.administrator or deployment.programme_id in rights.managed or deployment.site_id in rights.led


def see_names_of_team(user: Somebody, programme: Programme) -> bool:
    """Whether the user may read who holds the programme's own seats: its managers, and those who lead a site of it."""
    if manage_programme(user, programme):
        return True
    led = rights_of(user).led
    return bool(led) and Deployment.objects.current().filter(programme=programme, site__in=led).exists()


def places_with_names(user: Somebody, programme: Programme) -> Callable[[int | None], bool]:
    """Where in a programme the user may read the names of all staff: asked with a site's id, or None for its team.

    The same as see_names_at and see_names_of_team, for pages that tell of many sites; asks the database once.
    """
    rights, of_team = rights_of(user), see_names_of_team(user, programme)
    everywhere = manage_programme(user, programme)
    return lambda site: of_team if site is None else everywhere or site in rights.led


def wards_with_names(user: Somebody, deployment: Deployment) -> AbstractSet[int]:
    """The wards of the site whose staff a ward manager may read by name; of no other ward."""
    return {ward for ward, site in rights_of(user).wards.items() if site == deployment.site_id}


def keep_phones(user: Somebody, phone: WardPhone | None = None) -> bool:
    """See, enrol and take back phones that wards share: the ward's managers and the site's leads, and administrators.

    Which phones is said by `visible_to`, for which wards by `wards_to_enrol`.
    """
    rights = rights_of(user)
    return rights.administrator or bool(rights.wards) or bool(rights.led)


def wards_to_enrol(user: Somebody) -> WardQuerySet:
    """The wards that the user may enrol a phone for. An administrator has no ward, and so no phone to share."""
    rights = rights_of(user)
    return Ward.objects.current().filter(Q(pk__in=list(rights.wards)) | Q(site__in=rights.led)).order_by("name", "pk")


def see_champions_at(user: Somebody, deployment: Deployment) -> bool:
    """Whether the user may read the names of the champions there: a ward manager sees those of the whole site."""
    return see_names_at(user, deployment) or bool(wards_with_names(user, deployment))


def see_names_in_training(user: Somebody, deployment: Deployment) -> bool:
    """Whether the user may read names beside courses: a trainer sees who has a place on one, and nothing else."""
    return see_names_at(user, deployment) or deployment.programme_id in rights_of(user).trained


def reaches(rights: Rights, deployment: Deployment) -> bool:
    """Whether the rights reach the deployment otherwise than from a board; `visible_to` says the same in SQL."""
    programme, site = deployment.programme_id, deployment.site_id
    return (
        rights.administrator
        or programme in rights.managed | rights.trained | rights.signed
        or site in rights.led | rights.ward_sites | rights.signed_sites
        or (programme, site) in rights.signed_deployments
    )


def read_evidence_at(user: Somebody, deployment: Deployment) -> bool:
    """Whether the user may open evidence files, which may name people: those who keep the checklist, and signatories.

    A signatory vouches for what the evidence shows, and so may look at it. An item's owner may too; views ask that.
    """
    rights = rights_of(user)
    return (
        see_names_at(user, deployment)
        or deployment.programme_id in rights.signed
        or deployment.site_id in rights.signed_sites
        or (deployment.programme_id, deployment.site_id) in rights.signed_deployments
    )


def discuss_deployment(user: Somebody, deployment: Deployment) -> bool:
    """Read and write comments on a site's records: everybody who sees it otherwise than from a board.

    People name people in comments, and a board member may read no name.
    """
    return reaches(rights_of(user), deployment)


def discuss_programme(user: Somebody, programme: Programme) -> bool:
    """The same for records of the whole programme."""
    rights = rights_of(user)
    if Role.BOARD_MEMBER not in rights.roles:
        return True
    if rights.administrator or programme.pk in rights.managed | rights.trained | rights.signed:
        return True
    sites = rights.led | rights.ward_sites | rights.signed_sites
    signed = any(signed_in == programme.pk for signed_in, _site in rights.signed_deployments)
    return signed or Deployment.objects.current().filter(programme=programme, site__in=sites).exists()


def change_view(user: Somebody, view: SavedView) -> bool:
    """Whoever keeps a view for themselves; a shared one is the programme managers'."""
    if view.shared:
        return manage_programme(user, view.programme)
    return view.owner_id == user.pk


def write_log(user: Somebody, place: object = None) -> bool:
    """Open the log: whoever stands on a ward, champions and trainers, and those who lead or manage them.

    Whether something can be logged for a `place` was asked when it was found; its services ask again.
    """
    writing = {Role.WARD_MANAGER, Role.CHAMPION, Role.TRAINER, Role.SITE_LEAD, Role.PROGRAMME_MANAGER}
    return bool(rights_of(user).roles & {*writing, Role.ADMINISTRATOR})
