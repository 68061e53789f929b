"""Views of the list of sites that people keep: save, change, remove, put back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from readiness.dashboards.programmes import sites_address
from readiness.dashboards.saved_views import address_of, shows, view_rows
from readiness.forms.saved_views import Unknown, ViewForm, normalised
from readiness.forms.sites import SiteFilters
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programmes, crumb_sites
from rollout.choices import SavedList
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
    {"label": gettext_lazy("Change")},
)


def filters_of(programme: Programme) -> Any:
    """A maker of the list's form, which knows the programme's waves."""
    return partial(SiteFilters, waves=list(programme.waves.filter(retired_at=None)))


def find_view(user: Somebody, programme: str, view: int) -> SavedView:
    """The view of an address like /p/<programme>/sites/views/12/, removed ones too."""
    views = SavedView.objects.visible_to(user).filter(programme=find_programme(user, programme))
    return get_object_or_404(views.select_related("programme", "owner"), pk=view, list_name=SavedList.SITES)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def view_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The person's views of the sites and the shared ones; the query string is what is about to be kept."""
    filters = filters_of(programme)
    posted = request.POST if request.method == "POST" else None
    form = ViewForm(
        posted,
        initial={"query": request.META.get("QUERY_STRING", "")},
        filters=filters,
        may_share=manage_programme(request.user, programme),
    )
    status = 200
    if posted is not None:
        if form.is_valid() and (view := save(request, programme, form)):
            messages.success(request, _("%(name)s is saved.") % {"name": view.name})
            return redirect(address_of(programme, view))
        status = 422
    views = list(SavedView.objects.visible_to(request.user).filter(programme=programme, list_name=SavedList.SITES))
    removed = [view for view in views if view.retired_at and change_view(request.user, view)]
    context = programme_frame(request, programme, "sites") | {
        "trail": [crumb_programmes(), crumb_sites(programme)],
        "form": form,
        "kept": kept_words(form, filters),
        "rows": view_rows(programme, [view for view in views if not view.retired_at], request.user, filters),
        "removed": view_rows(programme, sorted(removed, key=removed_at)[-REMOVED_SHOWN:], request.user, filters),
        "columns": COLUMNS,
        "sites_href": sites_address(programme),
    }
    return render_page(request, "readiness/view_list.html", context, status=status)


def removed_at(view: SavedView) -> Any:
    """When a removed view was removed."""
    return view.retired_at


def kept_words(form: ViewForm, filters: Any) -> str:
    """What the form is about to keep, in words; "" where it cannot be kept."""
    try:
        query, columns = normalised(str(form["query"].value() or ""), filters)
    except Unknown:
        return ""
    return shows(query, columns, filters)


def save(request: UserRequest, programme: Programme, form: ViewForm) -> SavedView | None:
    """Keep what a valid form says; a refusal is said at the name, and nothing is kept."""
    said = form.cleaned_data
    try:
        return service.save_view(
            owner=request.user,
            programme=programme,
            list_name=SavedList.SITES,
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
    filters = filters_of(view.programme)
    initial = {"name": view.name, "first": view.is_default, "seen": seen_mark(view)}
    form = ViewForm(posted, initial=initial, filters=filters, may_share=False, view=view)
    status = 200
    if posted is not None:
        status = change(request, view, form)
        if status == 302:
            return redirect("readiness:view-list", programme=view.programme.code)
    too_late = status == 409
    if too_late:
        form.data = {**{each: form.data.get(each) for each in form.data}, "seen": seen_mark(view)}
    context = programme_frame(request, view.programme, "sites") | {
        "too_late": too_late,
        "differences": differences(form, {"name": view.name, "first": view.is_default}) if too_late else [],
        "trail": [crumb_programmes(), crumb_sites(view.programme)],
        "form": form,
        "view": view,
        "row": view_rows(view.programme, [view], request.user, filters)[0],
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
    return redirect("readiness:view-list", programme=view.programme.code)


def restore(request: UserRequest, view: SavedView) -> HttpResponse:
    """Put a removed view back; a second press finds that done."""
    if view.retired_at:
        service.restore_view(view=view, by=request.user)
    messages.success(request, _("%(name)s is back.") % {"name": view.name})
    return redirect("readiness:view-list", programme=view.programme.code)


def replace(request: UserRequest, view: SavedView) -> HttpResponse:
    """Let the view show what the list shows now. Raises Refusal for a query that the list does not know."""
    try:
        query, columns = normalised(request.POST.get("query", ""), filters_of(view.programme))
    except Unknown:
        raise Refusal(_("This list cannot be kept: its address says something that the list does not know.")) from None
    service.replace_view(view=view, by=request.user, query=query, columns=columns)
    messages.success(request, _("%(name)s now shows this list.") % {"name": view.name})
    return redirect(address_of(view.programme, view))


ACTS = {"remove": remove, "restore": restore, "replace": replace}
