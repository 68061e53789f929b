"""Views of a list that people keep: save, change, remove, put back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from readiness.dashboards.saved_views import address_of, shows, view_rows, views_of
from readiness.forms.kept_lists import ITEMS, KEPT, SITES, ListOf
from readiness.forms.saved_views import NAMES, Unknown, ViewForm, names_somebody, normalised
from readiness.views.frame import programme_frame
from readiness.views.trail import Crumb, crumb_programmes
from rollout.errors import Conflict, Refusal
from rollout.forms.conflicts import differences
from rollout.htmx import render_page
from rollout.models import Programme, SavedView
from rollout.permissions import change_view, manage_programme, read_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services import saved_views as service
from rollout.views.access import find_programme, permitted

REMOVED_SHOWN = 10
COLUMNS = (
    {"label": gettext_lazy("View")},
    {"label": gettext_lazy("Shows")},
    {"label": gettext_lazy("For")},
    {"label": gettext_lazy("Change"), "classes": "app-screen-only"},
)


def find_view(user: Somebody, programme: str, view: int) -> SavedView:
    """The view of an address like /p/<programme>/views/12/, removed ones too."""
    views = SavedView.objects.visible_to(user).filter(programme=find_programme(user, programme))
    return get_object_or_404(views.select_related("programme", "owner"), pk=view, list_name__in=KEPT)


def list_of(request: UserRequest, view: SavedView) -> ListOf:
    """The list that a view is of."""
    return ListOf(KEPT[view.list_name], view.programme, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def site_views(request: UserRequest, programme: Programme) -> HttpResponse:
    """The views of the list of sites."""
    return view_list(request, ListOf(SITES, programme, request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def item_views(request: UserRequest, programme: Programme) -> HttpResponse:
    """The views of the list of checklist items."""
    return view_list(request, ListOf(ITEMS, programme, request.user))


def view_list(request: UserRequest, of: ListOf) -> HttpResponse:
    """The person's views of a list and the shared ones; the query string is what is about to be kept."""
    programme = of.programme
    posted = request.POST if request.method == "POST" else None
    initial = {"query": request.META.get("QUERY_STRING", "")}
    form = ViewForm(posted, initial=initial, of=of, may_share=manage_programme(request.user, programme))
    status = 200
    if posted is not None:
        if form.is_valid() and (view := save(request, of, form)):
            messages.success(request, _("%(name)s is saved.") % {"name": view.name})
            return redirect(address_of(of, view))
        status = 422
    views = views_of(of)
    removed = [view for view in views if view.retired_at and change_view(request.user, view)]
    context = programme_frame(request, programme, of.kept.tab) | {
        "trail": trail(of),
        "form": form,
        "kept": kept_words(form, of),
        "rows": view_rows(of, [view for view in views if not view.retired_at]),
        "removed": view_rows(of, sorted(removed, key=removed_at)[-REMOVED_SHOWN:]),
        "columns": COLUMNS,
        "of": of,
    }
    return render_page(request, "readiness/view_list.html", context, status=status)


def trail(of: ListOf) -> list[Crumb]:
    """The way from the programmes to the list."""
    return [crumb_programmes(), {"label": of.kept.name.label, "href": of.address}]


def removed_at(view: SavedView) -> Any:
    """When a removed view was removed."""
    return view.retired_at


def kept_words(form: ViewForm, of: ListOf) -> str:
    """What the form is about to keep, in words; "" where it cannot be kept."""
    try:
        query, columns = normalised(str(form["query"].value() or ""), of)
    except Unknown:
        return ""
    return shows(query, columns, of)


def save(request: UserRequest, of: ListOf, form: ViewForm) -> SavedView | None:
    """Keep what a valid form says; a refusal is said at the name, and nothing is kept."""
    said = form.cleaned_data
    try:
        return service.save_view(
            owner=request.user,
            programme=of.programme,
            list_name=of.kept.name,
            name=said["name"],
            query=said["query"],
            columns=form.columns,
            shared=said.get("shared", False),
            first=said["first"],
        )
    except Refusal as refusal:
        form.add_error("name", str(refusal))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_view, find_view)
def view_detail(request: UserRequest, view: SavedView) -> HttpResponse:
    """One view: its name and whether it opens first; `do` in a POST says to save, replace, remove or restore."""
    if request.method == "POST" and request.POST.get("do") in ACTS:
        return ACTS[request.POST["do"]](request, view)
    posted = request.POST if request.method == "POST" else None
    of = list_of(request, view)
    initial = {"name": view.name, "first": view.is_default, "seen": seen_mark(view)}
    form = ViewForm(posted, initial=initial, of=of, may_share=False, view=view)
    status = 200
    if posted is not None:
        status = change(request, view, form)
        if status == 302:
            return redirect(of.views_address)
    too_late = status == 409
    if too_late:
        form.data = {**{each: form.data.get(each) for each in form.data}, "seen": seen_mark(view)}
    context = programme_frame(request, view.programme, of.kept.tab) | {
        "too_late": too_late,
        "differences": differences(form, {"name": view.name, "first": view.is_default}) if too_late else [],
        "trail": trail(of),
        "form": form,
        "view": view,
        "row": view_rows(of, [view])[0],
    }
    return render_page(request, "readiness/view_detail.html", context, status=status)


def seen_mark(view: SavedView) -> str:
    """The state of a view that a form shows, so that a change made meanwhile is noticed."""
    return view.edited_at.isoformat() if view.edited_at else ""


def change(request: UserRequest, view: SavedView, form: ViewForm) -> int:
    """Rename a view and say whether it opens first; the status to answer with: 302, 409 or 422."""
    if not form.is_valid():
        return 422
    said = form.cleaned_data
    if said["seen"] != seen_mark(view):
        return 409
    try:
        service.change_view(view=view, by=request.user, name=said["name"], first=said["first"])
    except service.ViewChanged:
        view.refresh_from_db()
        return 409
    except Conflict as refusal:
        form.add_error("name", str(refusal))
        return 422
    messages.success(request, _("%(name)s is changed.") % {"name": view.name})
    return 302


def remove(request: UserRequest, view: SavedView) -> HttpResponse:
    """Take the view out of the list; a second press finds that done."""
    if not view.retired_at:
        service.remove_view(view=view, by=request.user)
    messages.success(request, _("%(name)s is removed. It can be put back below.") % {"name": view.name})
    return redirect(list_of(request, view).views_address)


def restore(request: UserRequest, view: SavedView) -> HttpResponse:
    """Put a removed view back; a second press finds that done."""
    if view.retired_at:
        service.restore_view(view=view, by=request.user)
    messages.success(request, _("%(name)s is back.") % {"name": view.name})
    return redirect(list_of(request, view).views_address)


def replace(request: UserRequest, view: SavedView) -> HttpResponse:
    """Let the view show what the list shows now. Raises Refusal for a query that the list does not know."""
    of = list_of(request, view)
    try:
        query, columns = normalised(request.POST.get("query", ""), of)
    except Unknown:
        raise Refusal(_("This list cannot be kept: its address says something that the list does not know.")) from None
    if view.shared and names_somebody(query, of.kept):
        raise Refusal(str(NAMES))
    service.replace_view(view=view, by=request.user, query=query, columns=columns)
    messages.success(request, _("%(name)s now shows this list.") % {"name": view.name})
    return redirect(address_of(of, view))


ACTS = {"remove": remove, "restore": restore, "replace": replace}
