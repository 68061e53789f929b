"""Organisations, their sites and wards, as administrators keep them: whatever programme comes to them."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from rollout.forms.places import (
    NewOrganisationForm,
    NewSiteOfForm,
    OrganisationForm,
    SiteForm,
    WardForm,
    WardsForm,
)
from rollout.htmx import render_page
from rollout.models import Organisation, Site, Ward
from rollout.permissions import manage_place, manage_places
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.places import (
    add_wards,
    edit_organisation,
    edit_site,
    edit_ward,
    make_organisation,
    make_site,
)
from rollout.views.access import permitted
from rollout.views.questions import Question, ask

PER_PAGE = 50
COLUMNS = ({"label": _("Organisation")}, {"label": _("Code")}, {"label": _("Sites"), "numeric": True})


def find_organisation(user: Somebody, organisation: int) -> Organisation:
    """An organisation that the address names by number."""
    return get_object_or_404(Organisation.objects.current().visible_to(user), pk=organisation)


def find_site(user: Somebody, place: int) -> Site:
    """A site that the address names by number, with its organisation."""
    return get_object_or_404(Site.objects.current().visible_to(user).select_related("organisation"), pk=place)


def find_ward(user: Somebody, ward: int) -> Ward:
    """A ward that the address names by number, with its site."""
    return get_object_or_404(Ward.objects.current().visible_to(user).select_related("site"), pk=ward)


def page_of(record: Organisation | Site) -> str:
    """The page of an organisation or a site."""
    if isinstance(record, Site):
        return reverse("rollout:site-detail", kwargs={"place": record.pk})
    return reverse("rollout:organisation-detail", kwargs={"organisation": record.pk})


def open_first(places: Any) -> list[Any]:
    """Sites or wards, those that are closed behind the others, with who closed them."""
    return sorted(places.select_related("retired_by"), key=lambda place: place.retired_at is not None)


@require_safe
@permitted(manage_places)
def organisation_list(request: UserRequest) -> HttpResponse:
    """All organisations that are open; `?q=` searches them and their sites, `?closed=1` shows the closed ones."""
    q, closed = " ".join(request.GET.get("q", "").split())[:100], request.GET.get("closed") == "1"
    rows = Organisation.objects.visible_to(request.user).filter(retired_at__isnull=not closed)
    if q:
        sites = Site.objects.visible_to(request.user).filter(Q(name__icontains=q) | Q(code__icontains=q))
        rows = rows.filter(Q(name__icontains=q) | Q(code__icontains=q) | Q(pk__in=sites.values("organisation")))
    rows = rows.annotate(site_count=Count("sites", filter=Q(sites__retired_at=None))).order_by("name", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    any_closed = closed or Organisation.objects.visible_to(request.user).filter(retired_at__isnull=False).exists()
    context = {"page": page, "q": q, "columns": COLUMNS, "closed": closed, "any_closed": any_closed}
    return render_page(request, "rollout/organisation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_places)
def organisation_new(request: UserRequest) -> HttpResponse:
    """Make an organisation."""
    question = Question(
        title=_("Add an organisation"),
        button=_("Add the organisation"),
        back=reverse("rollout:organisation-list"),
        back_label=_("Organisations"),
        told=_("The organisation is added."),
    )

    def act(form: NewOrganisationForm) -> str:
        def do() -> str:
            return page_of(make_organisation(by=request.user, **form.values))

        return done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)

    return ask(request, question, make=NewOrganisationForm, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_place, find_organisation)
def organisation_detail(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Describe an organisation anew; its sites stand below."""
    question = Question(
        title=organisation.name,
        button=_("Save"),
        back=reverse("rollout:organisation-list"),
        back_label=_("Organisations"),
        told=_("The organisation is saved."),
        caption=organisation.code,
    )

    def act(form: OrganisationForm) -> str:
        edit_organisation(
            organisation_id=organisation.pk, by=request.user, mark=form.cleaned_data["mark"], **form.values
        )
        return request.path

    context = {"organisation": organisation, "sites": open_first(organisation.sites)}
    make = partial(OrganisationForm, row=organisation)
    return ask(request, question, make=make, act=act, context=context, template="rollout/organisation_detail.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_place, find_organisation)
def site_new(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Make a site of an organisation."""
    question = Question(
        title=_("Add a site"),
        button=_("Add the site"),
        back=page_of(organisation),
        back_label=organisation.name,
        told=_("The site is added."),
        caption=organisation.name,
    )

    def act(form: NewSiteOfForm) -> str:
        def do() -> str:
            return page_of(make_site(organisation_id=organisation.pk, by=request.user, **form.said))

        body = {**form.said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    return ask(request, question, make=NewSiteOfForm, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_place, find_site)
def site_detail(request: UserRequest, site: Site) -> HttpResponse:
    """Describe a site anew; its wards stand below."""
    question = Question(
        title=site.name,
        button=_("Save"),
        back=page_of(site.organisation),
        back_label=site.organisation.name,
        told=_("The site is saved."),
        caption=site.code,
    )

    def act(form: SiteForm) -> str:
        edit_site(site_id=site.pk, by=request.user, mark=form.cleaned_data["mark"], **form.values)
        return request.path

    context = {"site": site, "wards": open_first(site.wards)}
    make = partial(SiteForm, row=site)
    return ask(request, question, make=make, act=act, context=context, template="rollout/site_detail.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_place, find_site)
def ward_new(request: UserRequest, site: Site) -> HttpResponse:
    """Add wards to a site."""
    question = about_wards(site, _("Add wards"), _("Add the wards"), _("The wards are added."))

    def act(form: WardsForm) -> str:
        def do() -> str:
            add_wards(site_id=site.pk, wards=form.said["wards"], by=request.user)
            return question.back

        body = {**form.said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    return ask(request, question, make=WardsForm, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_place, find_ward)
def ward_detail(request: UserRequest, ward: Ward) -> HttpResponse:
    """Give a ward another name."""
    question = about_wards(ward.site, _("Rename a ward"), _("Save"), _("The ward is saved."))

    def act(form: WardForm) -> str:
        edit_ward(ward_id=ward.pk, by=request.user, mark=form.cleaned_data["mark"], **form.values)
        return question.back

    return ask(request, question, make=partial(WardForm, row=ward), act=act)


def about_wards(site: Site, title: Any, button: Any, told: Any) -> Question:
    """A question about the wards of a site."""
    return Question(title=title, button=button, told=told, back=page_of(site), back_label=site.name, caption=site.name)
