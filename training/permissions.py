"""Who may keep champions and their rota, courses, sessions: managers, site leads, ward managers, trainers."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from django.db.models import QuerySet

from rollout.models import Deployment, Programme, Ward
from rollout.permissions import (
    discuss_programme,
    manage_programme,
    see_champions_at,
    see_names_at,
    see_names_in_training,
    wards_with_names,
)
from rollout.querysets.rights import Somebody, rights_of
from training.models import TrainingSession


def keep_rota_at(user: Somebody, deployment: Deployment) -> bool:
    """Keep the champions and the rota of some ward of the site, and read the names of its champions."""
    return see_champions_at(user, deployment)


def keep_rota_of(user: Somebody, deployment: Deployment, ward_id: int | None) -> bool:
    """Keep the champions and the rota of a ward; None is no single ward: then of every one."""
    return see_names_at(user, deployment) or ward_id in wards_with_names(user, deployment)


def wards_kept(user: Somebody, deployment: Deployment, wards: Iterable[Ward]) -> list[Ward]:
    """Those of the wards whose champions and rota the user keeps."""
    every, own = see_names_at(user, deployment), wards_with_names(user, deployment)
    return [ward for ward in wards if every or ward.pk in own]


def keep_courses(user: Somebody, programme: Programme) -> bool:
    """Say what staff must learn: the programme's managers."""
    return manage_programme(user, programme)


def keep_every_session(user: Somebody, programme: Programme) -> bool:
    """Plan sessions anywhere in the programme, and those of no single site: its managers and its trainers."""
    rights = rights_of(user)
    return rights.administrator or programme.pk in rights.managed | rights.trained


def keep_sessions(user: Somebody, programme: Programme) -> bool:
    """Plan sessions somewhere in the programme: also those who lead a site of it, at their site."""
    if keep_every_session(user, programme):
        return True
    led = rights_of(user).led
    return bool(led) and Deployment.objects.current().filter(programme=programme, site__in=led).exists()


def keep_session(user: Somebody, session: TrainingSession) -> bool:
    """Move and cancel a session, and see all that stands on it."""
    return keep_every_session(user, session.programme) or session.site_id in rights_of(user).led


def sites_of_sessions(user: Somebody, programme: Programme) -> QuerySet[Deployment]:
    """The sites of the programme at which the user plans sessions."""
    deployments = Deployment.objects.current().visible_to(user).filter(programme=programme)
    if keep_every_session(user, programme):
        return deployments
    return deployments.filter(site__in=rights_of(user).led)


def see_places(user: Somebody, programme: Programme) -> bool:
    """Read how many places are free and who waits: everybody but those who see the programme from a board alone."""
    return discuss_programme(user, programme)


def book_at(user: Somebody, deployment: Deployment) -> bool:
    """Book people of the site on sessions: managers and trainers of the programme, the site's leads, ward managers."""
    return see_names_in_training(user, deployment) or bool(wards_with_names(user, deployment))


def wards_booked(user: Somebody, deployment: Deployment) -> AbstractSet[int] | None:
    """The wards of the site whose people the user books, and so reads by name where it books; None is all of them.

    `StaffMember.bookable_by` says the same of people.
    """
    return None if see_names_in_training(user, deployment) else wards_with_names(user, deployment)


def sites_booked(user: Somebody, programme: Programme) -> QuerySet[Deployment]:
    """The sites of the programme some of whose people the user books."""
    deployments = Deployment.objects.current().visible_to(user).filter(programme=programme)
    if keep_every_session(user, programme):
        return deployments
    rights = rights_of(user)
    return deployments.filter(site__in=rights.led | rights.ward_sites)


def record_session(user: Somebody, session: TrainingSession) -> bool:
    """Say who came to a session, as far as people are theirs: those who keep it, and ward managers of its site."""
    return keep_session(user, session) or session.site_id in rights_of(user).ward_sites


def record_courses(user: Somebody, programme: Programme) -> bool:
    """Say who completed a course that people take by themselves, as far as people are theirs: as for sessions."""
    if keep_every_session(user, programme):
        return True
    rights = rights_of(user)
    sites = rights.led | rights.ward_sites
    return bool(sites) and Deployment.objects.current().filter(programme=programme, site__in=sites).exists()
