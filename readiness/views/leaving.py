"""A site taken out of a programme, and put back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.sites_taken_out import sites_taken_out
from readiness.services.sites import put_site_back, take_site_out
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programmes, crumb_settings
from rollout.forms.retiring import TakeSiteOutForm
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import decide_for_deployment, manage_programme
from rollout.requests import UserRequest
from rollout.services.leaving import was_live
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment, find_programme, permitted
from rollout.views.questions import Question, ask


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(decide_for_deployment, find_deployment)
def deployment_out(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Why a site is taken out of the programme."""
    programme = deployment.programme
    question = Question(
        title=_("Take the site out of the programme"),
        button=_("Take the site out"),
        back=reverse("readiness:deployment-detail", kwargs={"programme": programme.code, "site": deployment.site.code}),
        back_label=deployment.site.name,
        told=gettext("%(site)s is taken out of the programme.") % {"site": deployment.site.name},
        caption=deployment.site.name,
    )

    def act(form: TakeSiteOutForm) -> str:
        take_site_out(deployment_id=deployment.pk, by=request.user, **form.cleaned_data)
        rescore_after_commit()
        return out_address(programme)

    context: dict[str, Any] = programme_frame(request, programme, "")
    context |= {"deployment": deployment, "was_live": was_live(deployment)}
    make = partial(TakeSiteOutForm, row=deployment)
    return ask(request, question, make=make, act=act, context=context, template="readiness/deployment_out.html")


def out_address(programme: Programme) -> str:
    """The page of the sites that were taken out."""
    return reverse("readiness:deployment-out-list", kwargs={"programme": programme.code})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def deployment_out_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The sites that were taken out, with who, when and why. A POST puts one back."""
    found, refusal = sites_taken_out(programme), ""
    if request.method == "POST":
        named = {str(each.pk): each for each in found}.get(request.POST.get("deployment", ""))
        try:
            if named is None:
                raise Refused(gettext("This site is not among those taken out any more."))
            put_site_back(deployment_id=named.pk, by=request.user)
        except Refused as refused:
            refusal = str(refused)
        else:
            rescore_after_commit()
            messages.success(request, gettext("%(site)s is in the programme again.") % {"site": named.site.name})
            return redirect(request.path)
    context = programme_frame(request, programme, "settings") | {
        "trail": [crumb_programmes(), crumb_settings(programme)],
        "found": found,
        "refusal": refusal,
    }
    return render_page(request, "readiness/deployment_out_list.html", context, status=422 if refusal else 200)
