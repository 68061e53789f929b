"""What stands before every view: find what the address names, through `visible_to`, then ask the permission.

What the user may not know of is not found (404); what is found and not allowed is refused (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from rollout.models import Deployment, Programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest

View = Callable[..., HttpResponseBase]


def permitted(permission: Callable[..., bool], find: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Decorate a view with the permission it needs.

    With `find`, the parts of the address go to `find(user, **parts)` and the view is called with what that found, and
    the permission asked of (user, found). Without it the permission is asked of the user alone.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: UserRequest, **address: Any) -> HttpResponseBase:
            found = () if find is None else (find(request.user, **address),)
            if not permission(request.user, *found):
                raise PermissionDenied
            for each in found:
                request.programme_code = programme_code(each)
            return view(request, *found, **({} if find else address))

        vars(guarded)["permission"] = permission.__name__
        return guarded

    return decorate


def programme_code(found: Any) -> str:
    """The code of the programme that a page is in, for the links of the header."""
    of_deployment = getattr(found, "deployment", None) or found
    programme = found if isinstance(found, Programme) else getattr(of_deployment, "programme", None)
    return programme.code if programme else ""


def find_programme(user: Somebody, programme: str) -> Programme:
    """The programme of an address like /p/<programme>/."""
    return get_object_or_404(Programme.objects.current().visible_to(user), code=programme)


def find_deployment(user: Somebody, programme: str, site: str) -> Deployment:
    """The deployment of an address like /p/<programme>/s/<site>/, with its programme, site and wave."""
    deployments = Deployment.objects.current().visible_to(user)
    return get_object_or_404(
        deployments.select_related("programme", "site__organisation", "wave"),
        programme__code=programme,
        site__code=site,
    )
