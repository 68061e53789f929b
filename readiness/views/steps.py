"""The ways to change the plan of a site: each a question with its form, who may take it, and when it makes sense."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from readiness.services.going_live import take_next_stage
from rollout.choices import Stage
from rollout.forms.deployments import DatesForm, DeferForm, PlanForm, ReasonForm, StageForm, StandingForm, StatusForm
from rollout.models import Deployment, Wave
from rollout.permissions import decide_for_deployment, plan_deployment
from rollout.querysets.rights import Somebody
from rollout.services.deployments import declare_status, set_dates, set_standing
from rollout.services.stages import NEXT, SET_ASIDE, defer, stop, take_up_again


def always(deployment: Deployment) -> bool:
    """A step that any stage allows."""
    return True


@dataclass(frozen=True)
class Step:
    """One way to change a plan: its question, its form, who may, when it makes sense, what it does and says after.

    `part` is the template of a step that can be taken in its place on another page; one that belongs to the row of a
    list (`in_list`) is offered there and not on the site's page.
    """

    title: Any
    lead: Any
    button: Any
    form: Callable[..., PlanForm]
    may: Callable[[Somebody, Deployment], bool]
    act: Callable[..., Deployment]
    done: Any
    possible: Callable[[Deployment], bool] = always
    part: str = ""
    in_list: bool = False


def dates_form(data: Any, *, deployment: Deployment) -> DatesForm:
    """The form of dates with the waves of the programme."""
    return DatesForm(data, deployment=deployment, waves=waves_of(deployment))


def standing_form(data: Any, *, deployment: Deployment) -> StandingForm:
    """The form of a row of the list of sites with the waves of the programme."""
    return StandingForm(data, deployment=deployment, waves=waves_of(deployment))


def waves_of(deployment: Deployment) -> "QuerySet[Wave]":
    """The waves a site may be put in."""
    return deployment.programme.waves.filter(retired_at=None)


STEPS: Mapping[str, Step] = {
    "status": Step(
        _("Declare the status"),
        _("What you declare stands beside what is computed. The two are never merged."),
        _("Declare"),
        StatusForm,
        plan_deployment,
        declare_status,
        _("The status is declared."),
        part="readiness/declared_row.html",
    ),
    "row": Step(
        _("Change the wave and the declared status"),
        _("A colour and words that you leave as they are keep the day they were declared on."),
        _("Save"),
        standing_form,
        plan_deployment,
        set_standing,
        _("The wave and the declared status are saved."),
        part="readiness/site_row.html",
        in_list=True,
    ),
    "dates": Step(
        _("Plan the dates"),
        _("Due dates and the expected score follow the go-live date. The old dates are kept."),
        _("Save dates"),
        dates_form,
        plan_deployment,
        set_dates,
        _("The dates are planned."),
    ),
    "stage": Step(
        _("Take the next stage"),
        "",
        _("Take the stage"),
        StageForm,
        plan_deployment,
        take_next_stage,
        _("The site is in its next stage."),
        lambda deployment: deployment.stage in NEXT,
    ),
    "defer": Step(
        _("Defer the go-live"),
        _("Deferring is an ordinary decision. It is kept with its reason, and so are the old dates."),
        _("Defer"),
        DeferForm,
        decide_for_deployment,
        defer,
        _("The go-live is deferred."),
        lambda deployment: deployment.stage in (Stage.NOT_STARTED, Stage.PREPARING, Stage.TECHNICAL_LIVE),
    ),
    "stop": Step(
        _("Stop at this site"),
        _("Stopping is an ordinary decision. Nothing that was recorded is lost."),
        _("Stop"),
        ReasonForm,
        decide_for_deployment,
        stop,
        _("The site is stopped."),
        lambda deployment: deployment.stage != Stage.STOPPED,
    ),
    "again": Step(
        _("Take the site up again"),
        _("The site goes back to the stage it was in."),
        _("Take up again"),
        ReasonForm,
        decide_for_deployment,
        take_up_again,
        _("The site is taken up again."),
        lambda deployment: deployment.stage in SET_ASIDE,
    ),
}


def possible_steps(user: Somebody, deployment: Deployment) -> list[tuple[str, Step]]:
    """The steps of the site's page, with their names, that the user may take with the deployment as it stands."""
    offered = [(name, step) for name, step in STEPS.items() if not step.in_list]
    return [(name, step) for name, step in offered if step.may(user, deployment) and step.possible(deployment)]
