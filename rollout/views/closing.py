"""Closing organisations, sites and wards with a reason, and opening them again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from rollout.forms.retiring import TakeOutForm
from rollout.htmx import render_page
from rollout.models import Organisation, Site, Ward
from rollout.permissions import manage_place
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.closing import (
    close_organisation,
    close_site,
    close_ward,
    open_organisation,
    open_site,
    open_ward,
)
from rollout.services.refusals import Refused
from rollout.views.access import permitted
from rollout.views.places import page_of
from rollout.views.questions import Question, ask


@dataclass(frozen=True)
class Place:
    """An organisation, a site or a ward that is open or closed: how it is closed and opened, and the page above it."""

    row: Organisation | Site | Ward
    close: Callable[[str], Any]
    reopen: Callable[[], Any]
    up: str
    up_label: Any
    lead: Any


def find_organisation(user: Somebody, organisation: int) -> Organisation:
    """An organisation that the address names by number, open or closed."""
    return get_object_or_404(Organisation.objects.visible_to(user).select_related("retired_by"), pk=organisation)


def find_site(user: Somebody, place: int) -> Site:
    """A site that the address names by number, open or closed."""
    return get_object_or_404(Site.objects.visible_to(user).select_related("organisation", "retired_by"), pk=place)


def find_ward(user: Somebody, ward: int) -> Ward:
    """A ward that the address names by number, open or closed."""
    return get_object_or_404(Ward.objects.visible_to(user).select_related("site", "retired_by"), pk=ward)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_place, find_organisation)
def organisation_close(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Close an organisation, or open it again."""
    here: dict[str, Any] = {"organisation_id": organisation.pk, "by": request.user}
    place = Place(
        organisation,
        close=lambda reason: close_organisation(reason=reason, **here),
        reopen=lambda: open_organisation(**here),
        up=reverse("rollout:organisation-list"),
        up_label=_("Organisations"),
        lead=_("It is offered nowhere any more. What was recorded stays, and it can be opened again."),
    )
    return closing(request, place)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_place, find_site)
def site_close(request: UserRequest, site: Site) -> HttpResponse:
    """Close a site, or open it again."""
    here: dict[str, Any] = {"site_id": site.pk, "by": request.user}
    place = Place(
        site,
        close=lambda reason: close_site(reason=reason, **here),
        reopen=lambda: open_site(**here),
        up=above(site.organisation),
        up_label=site.organisation.name,
        lead=_("It leaves the lists, counts and scores of every programme, on past days too. It can be opened again."),
    )
    return closing(request, place)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_place, find_ward)
def ward_close(request: UserRequest, ward: Ward) -> HttpResponse:
    """Close a ward, or open it again."""
    here: dict[str, Any] = {"ward_id": ward.pk, "by": request.user}
    place = Place(
        ward,
        close=lambda reason: close_ward(reason=reason, **here),
        reopen=lambda: open_ward(**here),
        up=above(ward.site),
        up_label=ward.site.name,
        lead=_("Its staff, shifts and counts are no longer counted, on past days too. It can be opened again."),
    )
    return closing(request, place)


def above(record: Organisation | Site) -> str:
    """The page of an organisation or a site; of one that is closed the page that says so."""
    if record.retired_at is None:
        return page_of(record)
    if isinstance(record, Site):
        return reverse("rollout:site-close", kwargs={"place": record.pk})
    return reverse("rollout:organisation-close", kwargs={"organisation": record.pk})


def closing(request: UserRequest, place: Place) -> HttpResponse:
    """Ask why, and close; of what is closed say who closed it, when and why, and offer to open it again."""
    name = place.row.name
    question = Question(
        title=gettext("Close %(name)s") % {"name": name},
        button=_("Close it"),
        back=place.up,
        back_label=place.up_label,
        told=gettext("%(name)s is closed.") % {"name": name},
        caption=place.row.code,
        lead=place.lead,
    )

    def act(form: TakeOutForm) -> str:
        place.close(form.cleaned_data["reason"])
        return place.up

    reopens = request.method == "POST" and request.POST.get("action") == "open"
    if place.row.retired_at is None and not reopens:
        return ask(request, question, make=TakeOutForm, act=act)
    refusal = ""
    if reopens:
        try:
            place.reopen()
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, gettext("%(name)s is open again.") % {"name": name})
            return redirect(place.up)
    context = {"question": question, "row": place.row, "refusal": refusal}
    return render_page(request, "rollout/place_closed.html", context, status=422 if refusal else 200)
