"""Recent changes of a programme, a site, a checklist, an item or a gate: read once the reader opens them.

Each page shows them in a details element that fetches them; without scripts the link in it leads to them.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from readiness.dashboards.gate import reviews_of
from readiness.dashboards.recent import (
    Changes,
    Subject,
    programme_subjects,
    recent_changes,
    recent_changes_of_items,
)
from readiness.models import ChecklistItem, Condition, GateReview, Hazard, SignOff, Waiver
from readiness.views.frame import programme_frame
from readiness.views.gate_actions import find_gate
from readiness.views.items import find_item, keep_item
from rollout.htmx import render_page, wants_part
from rollout.models import Decision, Deployment, Programme
from rollout.permissions import (
    keep_checklist,
    manage_programme,
    read_deployment,
    read_programme,
    read_technical_admin,
    see_names_at,
)
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, find_programme, permitted

ITEMS, CHECKLIST = "items", "checklist"  # what ?of= may say


@require_safe
@permitted(read_programme, find_programme)
def programme_recent(request: UserRequest, programme: Programme) -> HttpResponse:
    """The programme, its waves, decisions, reviews and plans of its sites; `?of=items`: the items of the sites."""
    manages = manage_programme(request.user, programme)
    visible = Deployment.objects.visible_to(request.user).filter(programme=programme, site__retired_at=None)
    if request.GET.get("of") == ITEMS:
        deployments = list(visible.filter(retired_at=None).values_list("pk", flat=True))
        found = recent_changes_of_items(deployments, names=manages, undo=manages)
        back = reverse("readiness:item-list", kwargs={"programme": programme.code})
        return page(request, programme, found, back, gettext("Checklist items"))
    # That a site was taken out of the programme is a change of it too.
    deployments = list(visible.values_list("pk", flat=True))
    found = recent_changes(programme_subjects(programme, deployments), names=manages, undo=manages, across=True)
    return page(request, programme, found, reverse("readiness:programme-detail", kwargs={"programme": programme.code}))


@require_safe
@permitted(read_deployment, find_deployment)
def deployment_recent(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The site's plan, items, waivers, gates, hazards and decisions; or `?of=checklist`, one `?item=` or `?gate=`."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    undo, one_item, of = keep_checklist(request.user, deployment), False, deployment.site.name
    if code := request.GET.get("item", ""):
        item = find_item(request.user, **address, item=code)
        undo, one_item, of = keep_item(request.user, item), True, f"{item.template_item.text} – {of}"
        subjects = [Subject(ChecklistItem, "id", [item.pk])]
        back = reverse("readiness:checklist-item", kwargs={**address, "item": code})
    elif code := request.GET.get("gate", ""):
        held = find_gate(request.user, **address, gate=code)
        of = f"{held.gate.name} – {of}"
        subjects = gate_subjects(reviews_of(deployment, held.gate))
        back = reverse("readiness:gate-detail", kwargs={**address, "gate": code})
    elif request.GET.get("of") == CHECKLIST:
        subjects = [Subject(ChecklistItem, "deployment_id", [deployment.pk])]
        back = reverse("readiness:checklist", kwargs=address)
    else:
        models = (ChecklistItem, Waiver, GateReview, Hazard, Decision)
        subjects = [Subject(Deployment, "id", [deployment.pk])]
        subjects += [Subject(each, "deployment_id", [deployment.pk]) for each in models]
        back = reverse("readiness:deployment-detail", kwargs=address)
    names = see_names_at(request.user, deployment)
    found = recent_changes(subjects, names=names, undo=undo, one_item=one_item)
    return page(request, deployment.programme, found, back, of)


def gate_subjects(reviews: Sequence[GateReview]) -> list[Subject]:
    """A gate of a site each time it was held: what was frozen, signed, asked for and decided."""
    parts = ((GateReview, "id"), (SignOff, "review_id"), (Condition, "review_id"))
    return [Subject(model, column, [review.pk for review in reviews]) for model, column in parts]


def page(request: UserRequest, programme: Programme, changes: Changes, back: str, of: str = "") -> HttpResponse:
    """The changes as a page of their own, or for htmx the list alone. Undo comes back to the page they belong to.

    `of` names what in the programme they are of.
    """
    context: dict[str, Any] = {
        "changes": changes.rows,
        "bound": changes.bound,
        "programme": programme,
        "back": back,
        "of": of,
        "audit_href": reverse("rollout:audit") if read_technical_admin(request.user) else "",
    }
    if not wants_part(request):
        context |= programme_frame(request, programme, "")
    return render_page(request, "readiness/recent_changes.html", context, partial="changes")
