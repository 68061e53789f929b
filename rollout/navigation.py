"""The links of the header: by role, at most six in sight, only pages that exist and that the person may open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from rollout.choices import Role
from rollout.models import Deployment
from rollout.querysets.rights import Rights, rights_of

Rule = Callable[[Rights], bool]


def anybody(rights: Rights) -> bool:
    """Everybody who may log in."""
    return True


def beside_a_board(rights: Rights) -> bool:
    """Everybody but those who are here for a board alone: they start at its dashboard."""
    return rights.roles != {Role.BOARD_MEMBER}


def holds(*roles: Role) -> Rule:
    """People who hold one of the roles anywhere."""
    wanted = frozenset(roles)
    return lambda rights: bool(wanted & rights.roles)


# URL name, label, rule: in the order shown, each label once. A name that no URL has yet is left out; one that takes a
# programme's code leads to the programme of the present page, or to the only one that the person's memberships name;
# one that takes a site's code too leads to the only site of that programme that the person leads or has a ward in.
LINKS: tuple[tuple[str, Any, Rule], ...] = (
    ("training:log-home", _("Log"), holds(Role.WARD_MANAGER, Role.CHAMPION)),
    ("readiness:work", _("Your work"), beside_a_board),
    ("readiness:board", _("Board dashboard"), holds(Role.BOARD_MEMBER)),
    ("readiness:programme-decisions", _("Decisions"), holds(Role.BOARD_MEMBER)),
    ("readiness:deployment-detail", _("My site"), holds(Role.SITE_LEAD)),
    ("readiness:checklist", _("Checklist"), holds(Role.SITE_LEAD)),
    ("readiness:deployment-rota", _("Champions"), holds(Role.WARD_MANAGER)),
    ("readiness:deployment-training", _("Training"), holds(Role.SITE_LEAD, Role.WARD_MANAGER)),
    ("readiness:deployment-rota", _("Champions"), holds(Role.SITE_LEAD)),
    ("readiness:programme-list", _("Programmes"), anybody),
    ("readiness:deployment-list", _("Sites"), anybody),
    ("readiness:programme-decisions", _("Decisions"), holds(Role.PROGRAMME_MANAGER, Role.SIGNATORY)),
    ("readiness:programme-training", _("Training"), holds(Role.PROGRAMME_MANAGER, Role.TRAINER)),
    ("training:log-home", _("Log"), holds(Role.TRAINER, Role.SITE_LEAD, Role.PROGRAMME_MANAGER)),
    ("rollout:person-list", _("People"), holds(Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER)),
    ("rollout:organisation-list", _("Organisations"), holds(Role.ADMINISTRATOR)),
    ("readiness:health", _("Admin"), holds(Role.ADMINISTRATOR)),
    ("readiness:help", _("Help"), holds(Role.WARD_MANAGER, Role.CHAMPION)),
)


def home_of(user: Any) -> str:
    """Where a person starts after log-in: who only stands on wards at the log, everybody else at Your work."""
    roles = rights_of(user).roles
    return address("training:log-home", [{}]) if roles and roles <= {Role.WARD_MANAGER, Role.CHAMPION} else "/"


@dataclass(frozen=True)
class Link:
    """One link of the header; `current` is "page" on the page itself, "true" below it, else ""."""

    href: str
    label: str
    current: str


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the frame: links, organisation's name, limits of the log-in. Asks only if it is shown."""
    user = getattr(request, "user", None)
    return {
        "navigation": SimpleLazyObject(lambda: links_for(request)) if user and user.is_authenticated else (),
        "organisation_name": getattr(settings, "ORGANISATION_NAME", ""),
        "session_limits": getattr(request, "session_limits", None),
    }


def links_for(request: HttpRequest) -> list[Link]:
    """Return the person's links, the one nearest to the present page marked."""
    rights = rights_of(request.user)
    here = getattr(request, "programme_code", "")
    places = codes_of(rights, here)
    found: dict[str, str] = {}
    for name, label, rule in LINKS:
        if rule(rights) and (href := address(name, places)):
            found.setdefault(str(label), href)
    below = [href for href in found.values() if href != "/" and request.path.startswith(href)]
    nearest = max(below, key=len, default=request.path)
    return [Link(href, label, current(href, nearest, request.path)) for label, href in found.items()]


def current(href: str, nearest: str, here: str) -> str:
    """Return what aria-current says of a link."""
    return "" if href != nearest else "page" if href == here else "true"


def codes_of(rights: Rights, here: str = "") -> list[dict[str, str]]:
    """Return what addresses may be made of: nothing, the programme, the programme and the person's one site of it.

    `here` is the programme of the present page. One query, for those who lead a site or have a ward in one.
    """
    codes = (here,) if here else rights.programme_codes
    found: list[dict[str, str]] = [{}, *({"programme": code} for code in codes[:1] if len(codes) == 1)]
    if sites := rights.led | rights.ward_sites:
        deployments = Deployment.objects.current().filter(site__in=sites)
        if here:
            deployments = deployments.filter(programme__code=here)
        places = list(deployments.values_list("programme__code", "site__code").order_by("pk")[:2])
        found += [{"programme": programme, "site": site} for programme, site in places if len(places) == 1]
    return found


def address(name: str, codes: Iterable[dict[str, str]]) -> str:
    """Return the address of a page, or "" if there is none, or it is not plain which programme or site it is of."""
    for arguments in codes:
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return ""
