"""What a list that people keep views of says of them: which one it opens with, and what its toolbar offers."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from readiness.dashboards.saved_views import EVERYTHING, address_of, asked_id, first_view, mark_of, views_of
from readiness.forms.kept_lists import ListOf
from readiness.forms.saved_views import Unknown, normalised
from rollout.models import SavedView
from rollout.permissions import change_view
from rollout.requests import UserRequest

ALL = f"?saved={EVERYTHING}"  # of the address of a list that opens without any view


def open_views(of: ListOf) -> list[SavedView]:
    """The views that the reader may open. One query."""
    return [view for view in views_of(of) if not view.retired_at]


def opens(request: UserRequest, of: ListOf, views: Sequence[SavedView]) -> str:
    """The address to go on to: the view asked for, or the first one where nothing is; "" to stay.

    Raises Http404 for a view that is not there or that the person may not see.
    """
    if request.GET.keys() - {"saved"}:
        return ""
    written = request.GET.get("saved", "")
    if written == EVERYTHING:
        return ""
    if not written:
        view = first_view(views, request.user)
    else:
        view = next((view for view in views if view.pk == asked_id(written)), None)
        if view is None:
            raise Http404("no such view")
    if view is None or (request.GET.get("saved") == mark_of(view) and not (view.query or view.columns)):
        return ""
    return address_of(of, view)


def toolbar_views(request: UserRequest, of: ListOf, views: Sequence[SavedView]) -> dict[str, Any]:
    """The context `views` of templates/components/saved_views.html.

    The views to choose from, the one that is on, and whether the list still is what it keeps.
    """
    now = next((view for view in views if view.pk == asked_id(request.GET.get("saved", ""))), None)
    query = request.GET.copy()
    for name in ("saved", "page"):
        query.pop(name, None)
    try:
        shown = normalised(query.urlencode(), of)
    except Unknown:
        shown = None
    change = {"programme": of.programme.code, "view": now.pk} if now else {}
    return {
        "all": [(view, f"{of.address}?{urlencode({'saved': mark_of(view)})}") for view in views],
        "now": now,
        "changed": now is not None and shown != (now.query, now.columns),
        "editable": now is not None and shown is not None and change_view(request.user, now),
        "change_href": now and reverse("readiness:view-detail", kwargs=change),
        "query": query.urlencode(),
        "manage_href": f"{of.views_address}?{query.urlencode()}" if query else of.views_address,
        "everything_href": f"{of.address}{ALL}",
        "show_everything": of.kept.show_everything,
    }
