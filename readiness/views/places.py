"""Sites come into a programme, and the part of each that it comes to: wards, modules, dual running."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.sites_to_add import sites_chosen, sites_to_add
from readiness.services.sites import add_new_site, add_sites
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from rollout.forms.places import AddSitesForm, NewSiteForm, ScopeForm, WardForm, WardsForm
from rollout.models import Deployment, Organisation, Programme, Site, Ward
from rollout.permissions import manage_programme, plan_deployment
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.places import add_wards, edit_ward
from rollout.services.scope import set_scope
from rollout.views.access import find_deployment, find_programme, permitted
from rollout.views.questions import Question, ask

MOST_SHOWN = 50


def address_of(name: str, programme: Programme, site: Site | None = None) -> str:
    """A page of the programme, or of one of its sites."""
    address = {"programme": programme.code} | ({"site": site.code} if site else {})
    return reverse(f"readiness:{name}", kwargs=address)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def deployment_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """Choose sites that are known already; `?q=` searches them."""
    q = " ".join(request.GET.get("q", "").split())[:100]
    shown = list(sites_to_add(request.user, programme, q)[: MOST_SHOWN + 1])
    chosen = [int(pk) for pk in request.POST.getlist("sites") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    also = sites_chosen(request.user, programme, set(chosen) - {site.pk for site in shown[:MOST_SHOWN]})
    waves = list(programme.waves.filter(retired_at=None))
    back = address_of("deployment-list", programme)

    def act(form: AddSitesForm) -> str:
        said = form.said

        def do() -> str:
            add_sites(
                programme_id=programme.pk,
                site_ids=said["sites"],
                interest_on=said["interest_on"],
                wave_id=said["wave_id"],
                by=request.user,
            )
            rescore_after_commit()
            return back

        body = {**said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    question = Question(
        title=_("Add sites to the programme"),
        button=_("Add the sites"),
        back=back,
        back_label=_("Sites"),
        told=_("The sites are added. Each has its checklist, and its score is worked out now."),
    )
    context = programme_frame(request, programme, "") | {
        "q": q,
        "shown": len(shown[:MOST_SHOWN]),
        "more": len(shown) > MOST_SHOWN,
        "no_template": not has_template(programme),
    }
    make = partial(AddSitesForm, sites=[*shown[:MOST_SHOWN], *also], waves=waves)
    return ask(request, question, make=make, act=act, context=context, template="readiness/deployment_new.html")


def has_template(programme: Programme) -> bool:
    """Whether a checklist template is published, so that new sites get a checklist."""
    return programme.checklist_templates.filter(published_at__isnull=False, retired_at=None).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def site_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """Enter a site that nobody has entered yet, with its wards."""
    organisations = Organisation.objects.visible_to(request.user).filter(retired_at=None)
    waves = list(programme.waves.filter(retired_at=None))

    def act(form: NewSiteForm) -> str:
        def do() -> str:
            added = add_new_site(programme_id=programme.pk, by=request.user, **form.values)
            rescore_after_commit()
            return address_of("deployment-detail", programme, added.site)

        return done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)

    question = Question(
        title=_("Enter a new site"),
        button=_("Add the site"),
        back=address_of("deployment-new", programme),
        back_label=_("Add sites to the programme"),
        told=_("The site is added. Its score is worked out now."),
    )
    make = partial(NewSiteForm, organisations=organisations, waves=waves)
    context = programme_frame(request, programme, "")
    return ask(request, question, make=make, act=act, context=context)


# The scope of one site ------------------------------------------------------------------------------------------------


def scope_question(deployment: Deployment, **words: Any) -> Question:
    """A question about the scope of a site."""
    back = address_of("deployment-scope", deployment.programme, deployment.site)
    return Question(**{"back": back, "back_label": _("Scope"), "caption": deployment.site.name, **words})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(plan_deployment, find_deployment)
def deployment_scope(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Which wards and modules the programme comes to at a site, and how long the old system runs beside it."""
    wards = list(deployment.site.wards.filter(retired_at=None))
    here = address_of("deployment-detail", deployment.programme, deployment.site)

    def act(form: ScopeForm) -> str:
        set_scope(deployment_id=deployment.pk, by=request.user, **form.cleaned_data)
        rescore_after_commit()
        return here

    question = scope_question(
        deployment,
        title=_("Scope"),
        button=_("Save the scope"),
        told=_("The scope is saved."),
        back=here,
        back_label=deployment.site.name,
        lead=_("What is in scope is counted: staff to train, shifts to cover, wards to equip."),
    )
    word = deployment.programme.ward_word or gettext("ward")
    choices = [(ward.pk, f"{ward.name} ({ward.code})") for ward in wards]
    context = programme_frame(request, deployment.programme, "")
    context |= {"deployment": deployment, "wards": wards, "word": word}
    make = partial(ScopeForm, row=deployment, wards=choices, word=word)
    return ask(request, question, make=make, act=act, context=context, template="readiness/deployment_scope.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(plan_deployment, find_deployment)
def ward_new(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Add wards to a site."""
    question = scope_question(
        deployment, title=_("Add wards"), button=_("Add the wards"), told=_("The wards are added.")
    )

    def act(form: WardsForm) -> str:
        def do() -> str:
            add_wards(site_id=deployment.site_id, wards=form.said["wards"], by=request.user)
            rescore_after_commit()
            return question.back

        body = {**form.said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    context = programme_frame(request, deployment.programme, "")
    return ask(request, question, make=WardsForm, act=act, context=context)


def find_ward(user: Somebody, programme: str, site: str, ward: int) -> Any:
    """A ward of the site, with its deployment as `deployment`."""
    deployment = find_deployment(user, programme, site)
    found: Any = get_object_or_404(deployment.site.wards.filter(retired_at=None), pk=ward)
    found.deployment = deployment
    return found


def describe_ward(user: Somebody, ward: Any) -> bool:
    """Whoever plans the deployment describes the wards of its site."""
    return plan_deployment(user, ward.deployment)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(describe_ward, find_ward)
def ward_detail(request: UserRequest, ward: Any) -> HttpResponse:
    """Give a ward another name. Every programme at the site sees it."""
    question = scope_question(
        ward.deployment,
        title=_("Rename a ward"),
        button=_("Save"),
        told=_("The ward is saved."),
        lead=_("Every programme at the site sees the new name. The code stays."),
    )

    def act(form: WardForm) -> str:
        edit_ward(ward_id=ward.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        return question.back

    context = programme_frame(request, ward.deployment.programme, "")
    row: Ward = ward
    return ask(request, question, make=partial(WardForm, row=row), act=act, context=context)
