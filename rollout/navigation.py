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
from rollout.querysets.rights import Rights, rights_of

Rule = Callable[[Rights], bool]


def anybody(rights: Rights) -> bool:
    """Everybody who may log in."""
    return True


def holds(*roles: Role) -> Rule:
    """People who hold one of the roles anywhere."""
    wanted = frozenset(roles)
    return lambda rights: bool(wanted & rights.roles)


# URL name, label, rule: in the order shown. A name that no URL has yet is left out; one that takes a programme's code
# leads to the programme of the present page, or to the only one that the person's memberships name.
LINKS: tuple[tuple[str, Any, Rule], ...] = (
    ("readiness:board", _("Board dashboard"), holds(Role.BOARD_MEMBER)),
    ("readiness:programme-list", _("Programmes"), anybody),
    ("readiness:deployment-list", _("Sites"), anybody),
    ("readiness:health", _("Admin"), holds(Role.ADMINISTRATOR)),
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
    rights = rights_of(request.user)
    here = getattr(request, "programme_code", "")
    found = [(href, label) for name, label, rule in LINKS if rule(rights) and (href := address(name, rights, here))]
    below = [href for href, _label in found if href != "/" and request.path.startswith(href)]
    nearest = max(below, key=len, default=request.path)
    return [Link(href, label, current(href, nearest, request.path)) for href, label in found]


def current(href: str, nearest: str, here: str) -> str:
    """Return what aria-current says of a link."""
    return "" if href != nearest else "page" if href == here else "true"


def address(name: str, rights: Rights, here: str = "") -> str:
    """Return the address of a page, or "" if there is none, or it needs a programme and it is not plain which."""
    codes = (here,) if here else rights.programme_codes
    for arguments in [{}, *({"programme": code} for code in codes[:1] if len(codes) == 1)]:
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return ""
