"""What each ward of a site has and lacks, and counting it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.infrastructure import infrastructure_of
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame, programme_frame
from rollout.choices import Infrastructure
from rollout.forms.infrastructure import CountForm
from rollout.htmx import render_page
from rollout.models import Deployment, Programme, Ward
from rollout.permissions import keep_checklist, read_deployment
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.infrastructure import count_ward, counts_at
from rollout.views.access import find_deployment, permitted
from rollout.views.questions import Question, ask

COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Ward")},
    *({"label": kind.label, "numeric": True} for kind in Infrastructure),
    {"label": _("Oldest count")},
)


@dataclass(frozen=True)
class CountedWard:
    """A ward and the deployment it is counted for."""

    deployment: Deployment
    ward: Ward

    @property
    def programme(self) -> Programme:
        """The programme of the deployment."""
        return self.deployment.programme


def find_counted(user: Somebody, programme: str, site: str, ward: int) -> CountedWard:
    """The ward of an address like /p/<programme>/s/<site>/infrastructure/<ward>/."""
    deployment = find_deployment(user, programme, site)
    return CountedWard(deployment, get_object_or_404(deployment.site.wards.filter(retired_at=None), pk=ward))


def keep_counts(user: Somebody, counted: CountedWard) -> bool:
    """Those who keep the site's checklist."""
    return keep_checklist(user, counted.deployment)


@require_safe
@permitted(read_deployment, find_deployment)
def infrastructure(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The wards with what was counted on each."""
    context = deployment_frame(request, deployment, "checklist") | {
        "shown": infrastructure_of(deployment),
        "columns": COLUMNS,
        "keeps": keep_checklist(request.user, deployment),
    }
    return render_page(request, "readiness/infrastructure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_counts, find_counted)
def infrastructure_ward(request: UserRequest, counted: CountedWard) -> HttpResponse:
    """Count one ward."""
    deployment, ward = counted.deployment, counted.ward
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    question = Question(
        title=ward.name,
        caption=deployment.site.name,
        lead=_("Count on the ward itself. For Wi-Fi, count the places measured and those with enough signal."),
        button=_("Save the count"),
        back=reverse("readiness:infrastructure", kwargs=address),
        back_label=_("Infrastructure"),
        told=_("The count is saved."),
    )

    def act(form: CountForm) -> str:
        said = form.cleaned_data
        count_ward(
            deployment=deployment,
            ward=ward,
            mark=said["mark"],
            counts=form.counts,
            counted_on=said["counted_on"],
            by=request.user,
        )
        rescore_after_commit()
        return question.back

    make = partial(CountForm, row=counts_at(deployment, ward), today=today_at(deployment))
    return ask(request, question, make=make, act=act, context=programme_frame(request, deployment.programme, ""))
