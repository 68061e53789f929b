"""The curve a site plans to follow: drawn by hand, looked at before it is saved, given up, taken up again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from readiness.dashboards.training_plan import Drawing, drawing
from readiness.forms.training_plan import MORE_ROWS, ROWS, PlanForm
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.permissions import plan_deployment
from rollout.requests import UserRequest
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment, permitted
from rollout.views.questions import Question, ask
from training.services.plans import MOST_POINTS, draw_plan, drawn_plan, follow_own

TEMPLATE = "readiness/training_plan.html"
TAKEN_UP = _("The site's own curve is taken up again.")
GIVEN_UP = _("The site follows the straight line again. Its own curve is kept, and can be taken up again.")
COLUMNS = ({"label": _("Day")}, {"label": _("Planned to be complete, in percent")})


def of_training(deployment: Deployment) -> Question:
    """The question of the page."""
    return Question(
        title=_("Planned training curve"),
        caption=deployment.site.name,
        lead=_(
            "Say what share of the required courses is to be complete on which day. Between two days it is straight."
        ),
        button=_("Save the curve"),
        back=training_address(deployment),
        back_label=_("Training"),
        told=_("The curve is saved. Training is held against it from now on."),
    )


def training_address(deployment: Deployment, name: str = "deployment-training") -> str:
    """A page of the site's training."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    return reverse(f"readiness:{name}", kwargs=address)


def page_of(request: UserRequest, deployment: Deployment) -> tuple[Callable[..., PlanForm], Drawing, dict[str, Any]]:
    """How to make the form, what its curve is drawn beside, and what stands around it."""
    plan = drawn_plan(deployment.pk)
    drawn = drawing(deployment, plan)
    make = partial(PlanForm, row=plan, around=drawn.go_live or drawn.today, points=drawn.proposed)
    context = programme_frame(request, deployment.programme, "") | {
        "deployment": deployment,
        "drawn": drawn,
        "columns": COLUMNS,
        "own_href": training_address(deployment, "training-plan-own"),
        "chart": drawn.chart(drawn.proposed),
        "missed": drawn.missed(drawn.proposed),
    }
    return make, drawn, context


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(plan_deployment, find_deployment)
def training_plan(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Rows of day and share, with the curve through them; one button shows it, one adds rows, one saves."""
    make, drawn, context = page_of(request, deployment)
    question = of_training(deployment)
    if "more" in request.POST or "preview" in request.POST:
        return tried(request, make, drawn, context | {"question": question})

    def act(form: PlanForm) -> str:
        said = form.cleaned_data
        draw_plan(
            deployment_id=deployment.pk, points=form.points, words=said["words"], mark=said["mark"], by=request.user
        )
        rescore_after_commit()
        return question.back

    return ask(request, question, make=make, act=act, context=context, template=TEMPLATE)


def tried(request: UserRequest, make: Callable[..., PlanForm], drawn: Drawing, context: dict[str, Any]) -> HttpResponse:
    """The form as it was sent, with more rows, or with the curve through its rows; nothing is saved."""
    if "more" in request.POST:
        typed = request.POST.dict()
        typed[ROWS] = str(min(make(request.POST).number + MORE_ROWS, MOST_POINTS))
        return render_page(request, TEMPLATE, context | {"form": make(None, typed=typed)})
    form = make(request.POST)
    if not form.is_valid():
        return render_page(request, TEMPLATE, context | {"form": form}, status=422)
    points = form.points
    shown = {"form": form, "chart": drawn.chart(points), "missed": drawn.missed(points), "preview": True}
    return render_page(request, TEMPLATE, context | shown)


@require_POST
@permitted(plan_deployment, find_deployment)
def training_plan_own(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Go back to the straight line, or take up the curve that was given up."""
    own, status, refusal = request.POST.get("own") == "yes", 409, ""
    try:
        follow_own(deployment_id=deployment.pk, own=own, mark=request.POST.get("mark", ""), by=request.user)
    except RecordChanged:
        pass
    except Refused as refused:
        status, refusal = 422, str(refused)
    else:
        rescore_after_commit()
        messages.success(request, str(TAKEN_UP if own else GIVEN_UP))
        return redirect(training_address(deployment))
    make, _drawn, context = page_of(request, deployment)
    context |= {"question": of_training(deployment), "form": make(None), "refusal": refusal, "too_late": not refusal}
    return render_page(request, TEMPLATE, context, status=status)
