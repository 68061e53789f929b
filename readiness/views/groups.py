"""The readiness group of a site: naming its chairs, recording its meetings, keeping its actions."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from rollout.forms.groups import ActionChangeForm, ActionForm, ChairsForm, MeetingChangeForm, MeetingForm
from rollout.forms.once import OnceForm
from rollout.models import Deployment, GroupAction, GroupMeeting, ReadinessGroup
from rollout.permissions import keep_checklist
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.groups import add_action, change_action, change_meeting, name_chairs, record_meeting
from rollout.services.once import done_once
from rollout.views.access import find_deployment, permitted
from rollout.views.questions import Question, ask


def find_meeting(user: Somebody, programme: str, site: str, meeting: int) -> GroupMeeting:
    """A meeting of the site's group, with its deployment as `deployment`."""
    deployment = find_deployment(user, programme, site)
    return part_of(deployment, "meetings", meeting)


def find_action(user: Somebody, programme: str, site: str, action: int) -> GroupAction:
    """An action of the site's group, with its deployment as `deployment`."""
    deployment = find_deployment(user, programme, site)
    return part_of(deployment, "actions", action)


def part_of(deployment: Deployment, name: str, pk: int) -> Any:
    """A meeting or an action of the group, if there is one."""
    group = group_of_site(deployment)
    if group is None:
        raise Http404("no group")
    found = get_object_or_404(getattr(group, name).filter(retired_at=None), pk=pk)
    found.deployment = deployment
    return found


def group_of_site(deployment: Deployment) -> ReadinessGroup | None:
    """The group, if somebody has set one up."""
    return getattr(deployment, "readiness_group", None)


def keep_part(user: Somebody, part: Any) -> bool:
    """Whoever keeps the site's checklist keeps its group."""
    return keep_checklist(user, part.deployment)


def team_address(deployment: Deployment) -> str:
    """The page of the site's team."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    return reverse("readiness:deployment-team", kwargs=address)


def about(deployment: Deployment, title: Any, button: Any, told: Any, lead: Any = "") -> Question:
    """A question about the group of a site."""
    return Question(
        title=title,
        button=button,
        told=told,
        lead=lead,
        back=team_address(deployment),
        back_label=_("Team"),
        caption=deployment.site.name,
    )


def made_once(request: UserRequest, deployment: Deployment, form: OnceForm, service: Callable[..., Any]) -> str:
    """Let a service make what a form says, once."""
    address = team_address(deployment)

    def do() -> str:
        service(deployment_id=deployment.pk, by=request.user, **form.said)
        return address

    return done_once(user=request.user, key=form.cleaned_data["once"], body={**form.said, "at": request.path}, do=do)


def ask_about(
    request: UserRequest,
    deployment: Deployment,
    question: Question,
    make: Callable[[Any], Any],
    act: Callable[[Any], object],
) -> HttpResponse:
    """Ask a question about the group of a site, and go back to its team."""

    def done(form: Any) -> str:
        act(form)
        return team_address(deployment)

    return ask(request, question, make=make, act=done, context=programme_frame(request, deployment.programme, ""))


def with_today(form: Any, deployment: Deployment) -> Any:
    """The form, which knows the day at the site."""
    form.today = today_at(deployment)
    return form


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_checklist, find_deployment)
def group_chairs(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Name the two chairs."""
    question = about(
        deployment,
        _("Chairs of the readiness group"),
        _("Save the chairs"),
        _("The chairs are saved."),
        _("A clinical and an operational lead chair the group together."),
    )

    def make(data: Any) -> ChairsForm:
        return ChairsForm(data, group_of_site(deployment))

    def act(form: ChairsForm) -> None:
        name_chairs(deployment_id=deployment.pk, by=request.user, **form.cleaned_data)
        rescore_after_commit()

    return ask_about(request, deployment, question, make, act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_checklist, find_deployment)
def meeting_new(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Record a meeting."""
    question = about(deployment, _("Record a meeting"), _("Record the meeting"), _("The meeting is recorded."))

    def make(data: Any) -> MeetingForm:
        return with_today(MeetingForm(data, initial={"held_on": today_at(deployment)}), deployment)

    def act(form: MeetingForm) -> str:
        return made_once(request, deployment, form, record_meeting)

    return ask_about(request, deployment, question, make, act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_part, find_meeting)
def meeting_detail(request: UserRequest, meeting: Any) -> HttpResponse:
    """Put a recorded meeting right."""
    deployment = meeting.deployment
    question = about(deployment, _("Change a meeting"), _("Save the meeting"), _("The meeting is saved."))

    def make(data: Any) -> MeetingChangeForm:
        return with_today(MeetingChangeForm(data, meeting), deployment)

    def act(form: MeetingChangeForm) -> None:
        change_meeting(meeting_id=meeting.pk, by=request.user, **form.cleaned_data)

    return ask_about(request, deployment, question, make, act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_checklist, find_deployment)
def action_new(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Add an action."""
    question = about(deployment, _("Add an action"), _("Add the action"), _("The action is added."))

    def act(form: ActionForm) -> str:
        return made_once(request, deployment, form, add_action)

    return ask_about(request, deployment, question, ActionForm, act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_part, find_action)
def action_detail(request: UserRequest, action: Any) -> HttpResponse:
    """Change an action, or say that it is done."""
    deployment = action.deployment
    question = about(deployment, _("Change an action"), _("Save the action"), _("The action is saved."))

    def make(data: Any) -> ActionChangeForm:
        return with_today(ActionChangeForm(data, action), deployment)

    def act(form: ActionChangeForm) -> None:
        change_action(action_id=action.pk, by=request.user, **form.cleaned_data)

    return ask_about(request, deployment, question, make, act)
