"""The links of the header: by role, at most six in sight, only pages that exist and that the person may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from rollout.choices import Role
from rollout.models import Membership


@dataclass(frozen=True)
class Held:
    """What the memberships of a person come to, as far as navigation needs it."""

    roles: frozenset[str]
    programmes: tuple[str, ...]


Rule = Callable[[Held], bool]


def anybody(held: Held) -> bool:
    """Everybody who may log in."""
    return True


def holds(*roles: Role) -> Rule:
    """People who hold one of the roles anywhere."""
    wanted = frozenset(roles)
    return lambda held: bool(wanted & held.roles)


# URL name, label, rule: in the order shown. A name that no URL has yet is left out; one that takes a programme's
# code is shown to people whose memberships name a single programme.
LINKS: tuple[tuple[str, Any, Rule], ...] = (
    ("rollout:work", _("Your work"), anybody),
    ("rollout:programme-list", _("Programmes"), anybody),
    ("readiness:deployment-list", _("Sites"), anybody),
    ("readiness:run-list", _("Runs"), holds(Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER)),
)


@dataclass(frozen=True)
class Link:
    """One link of the header; `current` is "page" on the page itself, "true" below it, else ""."""

    href: str
    label: Any
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
    memberships = Membership.objects.current().filter(user=request.user).select_related("programme")
    rows = list(memberships.values_list("role", "programme__code"))
    held = Held(frozenset(role for role, _code in rows), tuple(sorted({code for _role, code in rows if code})))
    found = [(href, label) for name, label, rule in LINKS if rule(held) and (href := address(name, held))]
    here = max((href for href, _label in found if request.path.startswith(href) and href != "/"), key=len, default="")
    return [
        Link(href, label, ("page" if href == request.path else "true") if href in (here, request.path) else "")
        for href, label in found
    ]


def address(name: str, held: Held) -> str:
    """Return the address of a page, or "" if there is none, or it needs a programme and there is not just one."""
    for arguments in ({}, {"programme": held.programmes[0]} if len(held.programmes) == 1 else {}):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return ""
