"""What a link to "Add a person" knows: the programme, site and seat it stood beside, and who holds the seat."""

from typing import Any

from rollout.models import Person, Programme
from rollout.permissions import manage_programme
from rollout.requests import UserRequest
from rollout.services.seats import holder_today, role_called
from rollout.views.sign_in import HOME, safe_next


def came_from(request: UserRequest) -> str:
    """The page of `?next=` that led to a form and is gone back to; "" without one, or for another site."""
    then = safe_next(request, request.GET.get("next", ""))
    return "" if then == HOME else then


def values_known(request: UserRequest) -> dict[str, Any]:
    """First values of the form, of `?programme=`, `?site=` and `?seat=`; nothing of a programme that is not theirs.

    A seat is held by the person whose address and name then stand in the form. At most three queries.
    """
    code, site, seat = (request.GET.get(name, "").replace("\x00", "") for name in ("programme", "site", "seat"))
    programme = Programme.objects.current().visible_to(request.user).filter(code=code).first() if code else None
    if programme is None or not manage_programme(request.user, programme):
        return {}
    known: dict[str, Any] = {"programme": programme.pk, "site": site}
    role = role_called(seat)
    if role is None:
        return known
    return known | {"seat_role": str(role)} | written(holder_today(programme=programme, site=site, role=role))


def written(person: Person | None) -> dict[str, str]:
    """The address and the name of somebody, as far as either is known."""
    if person is None:
        return {}
    if person.user is not None:
        return {"email": person.user.email, "name": person.user.name}
    return {"email" if "@" in person.label else "name": person.label}
