"""Recent changes of the pages of a programme, its sites, checklists, items and gates: read when the page shows them."""

from collections.abc import Callable

from django.http import HttpRequest

from readiness.dashboards.recent import Recent, Subject, recent_changes, recent_changes_of_items
from readiness.models import ChecklistItem, GateReview, Hazard, Waiver
from readiness.views.asked import day_asked
from rollout.models import Decision, Deployment, PriorityReview, Programme, Wave
from rollout.permissions import keep_checklist, manage_programme, see_names_at
from rollout.requests import UserRequest

Read = Callable[[], list[Recent]]


def shows_today(request: HttpRequest) -> bool:
    """Whether the page shows the present: changes are not shown back in time."""
    return day_asked(request) is None


def recent_of_programme(request: UserRequest, programme: Programme) -> Read:
    """The programme itself, its waves, decisions, reviews, and the plans of its sites."""
    models = (Wave, Decision, PriorityReview, Deployment)
    subjects = [
        Subject(Programme, "id", programme.pk),
        *(Subject(each, "programme_id", programme.pk) for each in models),
    ]
    manages = manage_programme(request.user, programme)
    return lambda: recent_changes(subjects, names=manages, undo=manages)


def recent_of_site(request: UserRequest, deployment: Deployment) -> Read:
    """The site's plan, items, waivers, gates, hazards and decisions."""
    models = (ChecklistItem, Waiver, GateReview, Hazard, Decision)
    subjects = [Subject(Deployment, "id", deployment.pk), *(_at(each, deployment) for each in models)]
    return _read(request, deployment, subjects)


def recent_of_checklist(request: UserRequest, deployment: Deployment) -> Read:
    """The items of the site."""
    return _read(request, deployment, [_at(ChecklistItem, deployment)])


def recent_of_item(request: UserRequest, item: ChecklistItem, *, keeps: bool) -> Read:
    """One item; whoever keeps it may undo."""
    names = see_names_at(request.user, item.deployment)
    return lambda: recent_changes(
        [Subject(ChecklistItem, "id", item.pk)], names=names, undo=keeps and shows_today(request), one_item=True
    )


def recent_of_gate(request: UserRequest, deployment: Deployment, gate_id: int) -> Read:
    """The gate itself as it was held at the site."""
    reviews = GateReview.objects.filter(deployment=deployment, gate=gate_id).values_list("pk", flat=True)
    return lambda: _read(request, deployment, [Subject(GateReview, "id", pk) for pk in reviews[:5]])()


def recent_of_list(request: UserRequest, programme: Programme) -> Read:
    """The items of all sites."""
    manages = manage_programme(request.user, programme)
    return lambda: recent_changes_of_items(programme.pk, names=manages, undo=manages)


def _at(model: type, deployment: Deployment) -> Subject:
    return Subject(model, "deployment_id", deployment.pk)


def _read(request: UserRequest, deployment: Deployment, subjects: list[Subject]) -> Read:
    names = see_names_at(request.user, deployment)
    undo = keep_checklist(request.user, deployment) and shows_today(request)
    return lambda: recent_changes(subjects, names=names, undo=undo) if subjects else []
