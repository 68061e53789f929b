"""Changing the plan of a site: one question a page, each with its own form and its own rule of who may."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from readiness.services.going_live import gate_passed
from readiness.tasks import rescore_after_commit
from readiness.views.done import say_done
from readiness.views.frame import deployment_frame
from readiness.views.steps import STEPS, Step
from rollout.choices import Stage
from rollout.forms.conflicts import differences
from rollout.forms.deployments import PlanForm
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import PlanChanged, plan_mark
from rollout.services.refusals import Refused
from rollout.services.stages import NEXT
from rollout.views.access import find_deployment, permitted


@dataclass(frozen=True)
class Taken:
    """A step and the deployment it is taken with."""

    deployment: Deployment
    step: Step


def find_step(user: Somebody, programme: str, site: str, step: str) -> Taken:
    """The deployment and the step of an address like /p/<programme>/s/<site>/plan/<step>/."""
    if step not in STEPS:
        raise Http404("no such step")
    return Taken(find_deployment(user, programme, site), STEPS[step])


def may_take(user: Somebody, taken: Taken) -> bool:
    """Whoever the step allows."""
    return taken.step.may(user, taken.deployment)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(may_take, find_step)
def deployment_plan(request: UserRequest, taken: Taken) -> HttpResponse:
    """One step: its question, or what came of it. What was typed stays, whatever goes wrong."""
    deployment, step = taken.deployment, taken.step
    if request.method != "POST":
        return page(request, taken, step.form(None, deployment=deployment))
    form = step.form(request.POST, deployment=deployment)
    if not form.is_valid():
        return page(request, taken, form, status=422)
    try:
        with form.reason_noted():
            step.act(deployment_id=deployment.pk, by=request.user, **form.values)
    except PlanChanged:
        return conflict(request, taken, form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page(request, taken, form, status=422)
    rescore_after_commit()
    say_done(request, str(step.done))
    return redirect(site_address(deployment))


def conflict(request: UserRequest, taken: Taken, form: PlanForm) -> HttpResponse:
    """Both versions side by side; saving again would replace what somebody else saved."""
    deployment, step = taken.deployment, taken.step
    deployment.refresh_from_db()
    mine = step.form({**request.POST.dict(), "mark": plan_mark(deployment)}, deployment=deployment)
    mine.is_valid()
    found = differences(form, form.standing(deployment))
    return page(request, taken, mine, status=409, too_late=True, differences=found)


def page(request: UserRequest, taken: Taken, form: PlanForm, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a step."""
    deployment = taken.deployment
    context = deployment_frame(request, deployment, "overview")
    context |= {
        "step": taken.step,
        "form": form if taken.step.possible(deployment) else None,
        "back": site_address(deployment),
        "next_stage": NEXT.get(deployment.stage),
        "may_go_live": NEXT.get(deployment.stage) != Stage.LIVE or gate_passed(deployment.pk),
        "too_late": False,
        "differences": None,
        **more,
    }
    return render_page(request, "readiness/deployment_plan.html", context, status=status)


def site_address(deployment: Deployment) -> str:
    """The page of the site."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    return reverse("readiness:deployment-detail", kwargs=address)
