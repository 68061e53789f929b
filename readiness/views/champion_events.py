"""Where champions meet: forums and visits of a site, recorded and taken back."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness.tasks import rescore_after_commit
from readiness.views.champions import about, address_of
from readiness.views.frame import deployment_frame, programme_frame
from rollout.choices import EngagementKind
from rollout.forms.engagement import EventForm
from rollout.htmx import render_page
from rollout.models import Deployment, EngagementEvent, Programme
from rollout.permissions import keep_checklist
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.engagement import record_event, retire_event
from rollout.services.once import done_once
from rollout.views.access import find_deployment, permitted
from rollout.views.questions import ask

KINDS = (EngagementKind.FORUM, EngagementKind.VISIT)
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("When")},
    {"label": _("What")},
    {"label": _("Sites")},
    {"label": _("People"), "numeric": True},
    {"label": _("In words")},
    {"label": _("Change"), "hidden": True},
)
MOST = 50


@dataclass(frozen=True)
class PlacedEvent:
    """An event of a site."""

    deployment: Deployment
    event: EngagementEvent

    @property
    def programme(self) -> Programme:
        """The programme of the deployment."""
        return self.deployment.programme


def find_event(user: Somebody, programme: str, site: str, event: int) -> PlacedEvent:
    """The forum or visit of an address like /p/<programme>/s/<site>/champions/events/<event>/."""
    deployment = find_deployment(user, programme, site)
    events = deployment.programme.engagement_events.filter(sites=deployment.site_id, kind__in=KINDS)
    return PlacedEvent(deployment, get_object_or_404(events.distinct(), pk=event))


def keep_event(user: Somebody, placed: PlacedEvent) -> bool:
    """Those who keep the site's checklist."""
    return keep_checklist(user, placed.deployment)


@require_safe
@permitted(keep_checklist, find_deployment)
def event_list(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The site's forums and visits, the latest first."""
    events = deployment.programme.engagement_events.filter(sites=deployment.site_id, kind__in=KINDS, retired_at=None)
    context = deployment_frame(request, deployment, "rota") | {
        "events": list(events.prefetch_related("sites").order_by("-held_on", "-pk")[:MOST]),
        "columns": COLUMNS,
    }
    return render_page(request, "readiness/champion_events.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_checklist, find_deployment)
def event_new(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Record a forum or a visit."""
    question = about(
        deployment,
        title=_("Record a forum or a visit"),
        button=_("Record it"),
        told=_("It is recorded."),
        back=address_of("champion-events", deployment),
        back_label=_("Forums and visits"),
    )
    today = today_at(deployment)

    def act(form: EventForm) -> str:
        def do() -> str:
            said = {**form.said, "kind": EngagementKind(form.said["kind"])}
            said.pop("not_a_patient", None)
            record_event(deployment=deployment, today=today, by=request.user, **said)
            rescore_after_commit()
            return question.back

        body = {**form.said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    make = partial(EventForm, initial={"held_on": today})
    return ask(request, question, make=make, act=act, context=programme_frame(request, deployment.programme, ""))


@require_POST
@permitted(keep_event, find_event)
def event_retire(request: UserRequest, placed: PlacedEvent) -> HttpResponse:
    """Take an event back that was recorded by mistake."""
    retire_event(event_id=placed.event.pk, by=request.user)
    rescore_after_commit()
    messages.success(request, gettext("It is taken back."))
    return redirect(address_of("champion-events", placed.deployment))
