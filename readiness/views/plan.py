"""Changing the plan of a site: one question a page, each with its own form and its own rule of who may."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from readiness.dashboards.programmes import sites_address
from readiness.services.going_live import gate_passed
from readiness.services.undoing import can_be_undone
from readiness.tasks import rescore_after_commit
from readiness.views.done import say_done
from readiness.views.frame import deployment_frame
from readiness.views.kept_views import ALL
from readiness.views.sites import list_row
from readiness.views.steps import STEPS, Step
from rollout.choices import Stage
from rollout.forms.conflicts import Difference, differences
from rollout.forms.deployments import PlanForm
from rollout.htmx import render_page, wants_part
from rollout.logs import request_id
from rollout.models import Deployment
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import PlanChanged, plan_mark
from rollout.services.refusals import Refused
from rollout.services.stages import NEXT
from rollout.views.access import find_deployment, permitted
from rollout.views.in_place import CLOSED, InPlace, closing, list_query


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
        form = step.form(None, deployment=deployment)
        return (
            closed(request, taken) if CLOSED in request.GET and in_place(request, taken) else page(request, taken, form)
        )
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
    if in_place(request, taken):
        return closed(request, taken, saved=True)
    say_done(request, str(step.done))
    return redirect(back_address(request, taken))


def in_place(request: UserRequest, taken: Taken) -> bool:
    """Whether another page asks for the form, or for what takes its place: of steps that have such a part."""
    return bool(taken.step.part) and wants_part(request)


def closed(request: UserRequest, taken: Taken, *, saved: bool = False) -> HttpResponse:
    """What stands there without the form; just saved, with the way to undo it."""
    act = request_id.get()
    undo = act if saved and can_be_undone([act]) else ""
    taken.deployment.refresh_from_db(fields=["declared_words"])
    return part(request, taken, None, saved=saved, act=undo)


def conflict(request: UserRequest, taken: Taken, form: PlanForm) -> HttpResponse:
    """Both versions side by side; saving again would replace what somebody else saved."""
    deployment, step = taken.deployment, taken.step
    deployment.refresh_from_db()
    mine = step.form({**request.POST.dict(), "mark": plan_mark(deployment)}, deployment=deployment)
    mine.is_valid()
    found = differences(form, form.standing(deployment))
    return page(request, taken, mine, status=409, too_late=True, differences=found)


def page(
    request: UserRequest,
    taken: Taken,
    form: PlanForm,
    *,
    status: int = 200,
    too_late: bool = False,
    differences: list[Difference] | None = None,
) -> HttpResponse:
    """The page of a step, or its form in its place on another page."""
    deployment, step = taken.deployment, taken.step
    if in_place(request, taken):
        if not form.is_bound:  # where the focus goes; in one sent it goes to what is wrong
            form.visible_fields()[0].field.widget.attrs["data-focus"] = True
        edit = InPlace(
            form=form,
            of=deployment.site.name if step.in_list else gettext("the declared status"),
            action=request.get_full_path(),
            target=f"site-{deployment.pk}" if step.in_list else "declared",
            back=back_address(request, taken),
            cancel_href=closing(request.get_full_path()),
            too_late=too_late,
            differences=differences,
            columns=step.in_list,
        )
        return part(request, taken, edit, status=status)
    context = deployment_frame(request, deployment, "overview") | {
        "step": step,
        "form": form if step.possible(deployment) else None,
        "back": back_address(request, taken),
        "next_stage": NEXT.get(deployment.stage),
        "may_go_live": NEXT.get(deployment.stage) != Stage.LIVE or gate_passed(deployment.pk),
        "too_late": too_late,
        "differences": differences,
    }
    return render_page(request, "readiness/deployment_plan.html", context, status=status)


def part(
    request: UserRequest, taken: Taken, edit: InPlace | None, *, status: int = 200, saved: bool = False, act: str = ""
) -> HttpResponse:
    """What stands in the place of a form on another page, or the form there."""
    around = list_row if taken.step.in_list else declared_part
    context = around(request, taken.deployment) | {
        "step": taken.step,
        "back": back_address(request, taken),
        "edit": edit,
        "alone": True,
        "saved": saved,
        "act": act,
    }
    return render_page(request, taken.step.part, context, status=status)


def declared_part(request: UserRequest, deployment: Deployment) -> dict[str, Any]:
    """The context of templates/readiness/declared_row.html."""
    return deployment_frame(request, deployment, "overview") | {"declare_href": request.path}


def back_address(request: UserRequest, taken: Taken) -> str:
    """The page a step belongs to: the row of the list whose filters the address carries, or the site's page."""
    deployment = taken.deployment
    if taken.step.in_list:
        return f"{sites_address(deployment.programme)}{list_query(request.GET) or ALL}#site-{deployment.pk}"
    return site_address(deployment)


def plan_address(deployment: Deployment, step: str) -> str:
    """The page of a step."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code, "step": step}
    return reverse("readiness:deployment-plan", kwargs=address)


def site_address(deployment: Deployment) -> str:
    """The page of the site."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    return reverse("readiness:deployment-detail", kwargs=address)
