"""The starting point of a site: read beside today, and assessed."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.baseline import baseline_of
from readiness.dashboards.head import score_shown
from readiness.forms.baselines import BaselineForm
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame, programme_frame
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.permissions import keep_checklist, read_deployment, see_counts_of_few
from rollout.requests import UserRequest
from rollout.services.baselines import assess_baseline
from rollout.services.deployments import today_at
from rollout.services.once import done_once
from rollout.templatetags.formats import day as day_words
from rollout.views.access import find_deployment, permitted
from rollout.views.questions import Question, ask


@require_safe
@permitted(read_deployment, find_deployment)
def baseline(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Where the site started from, domain by domain, beside today."""
    context = deployment_frame(request, deployment, "baseline")
    score = score_shown(deployment, context["as_of"])
    found = baseline_of(deployment, score, few=see_counts_of_few(request.user, deployment))
    columns = [
        {"label": _("Domain")},
        *({"label": day_words(day)} for day in found.days),
        {"label": _("Score now"), "numeric": True},
    ]
    context |= {
        "found": found,
        "columns": columns,
        "keeps": keep_checklist(request.user, deployment) and not context["as_of"],
    }
    return render_page(request, "readiness/baseline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_checklist, find_deployment)
def baseline_new(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Assess where the site stands, as it is and not as it should be."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    back = reverse("readiness:baseline", kwargs=address)

    def act(form: BaselineForm) -> str:
        said = {"assessed_on": form.cleaned_data["assessed_on"], "levels": form.levels}

        def do() -> str:
            assess_baseline(deployment_id=deployment.pk, by=request.user, **said)
            rescore_after_commit()
            return back

        return done_once(user=request.user, key=form.cleaned_data["once"], body={**said, "at": request.path}, do=do)

    question = Question(
        title=_("Assess the starting point"),
        button=_("Keep the assessment"),
        back=back,
        back_label=_("Starting point"),
        told=_("The assessment is kept."),
        caption=deployment.site.name,
        lead=_("Say how each domain stands on that day, as it is. It is kept; a later one stands beside it."),
    )
    make = partial(BaselineForm, today=today_at(deployment))
    context = programme_frame(request, deployment.programme, "")
    return ask(request, question, make=make, act=act, context=context)
