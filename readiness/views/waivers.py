"""The waivers of a site: asking for one, deciding, revoking."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.waivers import subjects_of, waiver_rows
from readiness.forms.waivers import WaiverForm
from readiness.gates.rules import DECISIVE
from readiness.services.gates import seats_of
from readiness.services.waivers import ask_waiver, decide_waiver, revoke_waiver
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame
from rollout.htmx import render_page
from rollout.models import Deployment, User
from rollout.permissions import (
    decide_for_deployment,
    discuss_deployment,
    keep_checklist,
    read_deployment,
    see_names_at,
)
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment, permitted

COLUMNS = (
    {"label": _("What")},
    {"label": _("State")},
    {"label": _("Until")},
    {"label": _("Reason")},
    {"label": _("Asked and decided")},
)
DECIDE = frozenset({"approve", "deny", "revoke"})


def decide_here(user: User, deployment: Deployment) -> bool:
    """The programme's managers, and the seats whose no cannot be overruled."""
    if decide_for_deployment(user, deployment):
        return True
    return seats_of(user, deployment).filter(code__in=DECISIVE).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_deployment, find_deployment)
def waiver_list(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The waivers of a site. A POST asks for one, or approves, denies or revokes one."""
    context = deployment_frame(request, deployment, "checklist")
    day = context["as_of"] or today_at(deployment)
    decides = decide_here(request.user, deployment)
    asks = keep_checklist(request.user, deployment)
    form: WaiverForm | None = None
    refusal = ""
    if asks:
        subjects = subjects_of(deployment, day, context["head"].score.caps if context["head"] else ())
        data = request.POST if request.POST.get("action") == "ask" else None
        form = WaiverForm(data, subjects=subjects, subject=request.GET.get("subject", ""))
    if request.method == "POST":
        action = request.POST.get("action", "")
        if not (decides if action in DECIDE else asks):
            raise PermissionDenied
        try:
            said = decide(request, deployment, action) if action in DECIDE else ask(request, deployment, form)
        except Refused as refused:
            refusal = str(refused)
        else:
            if said:
                rescore_after_commit()
                messages.success(request, said)
                return redirect(request.path)
    context |= {
        "rows": waiver_rows(deployment, day),
        "columns": COLUMNS,
        "form": None if context["as_of"] else form,
        "decides": decides and not context["as_of"],
        "names": see_names_at(request.user, deployment),
        "discusses": discuss_deployment(request.user, deployment) and not context["as_of"],
        "refusal": refusal,
    }
    return render_page(request, "readiness/waiver_list.html", context, status=422 if request.method == "POST" else 200)


def ask(request: UserRequest, deployment: Deployment, form: WaiverForm | None) -> str:
    """Ask for a waiver; "" where the form is not right."""
    if form is None or not form.is_bound or not form.is_valid():
        return ""
    with form.reason_noted():
        ask_waiver(deployment=deployment, by=request.user, **form.values)
    return gettext("The waiver is asked for. Somebody else decides.")


def decide(request: UserRequest, deployment: Deployment, action: str) -> str:
    """Approve, deny or revoke the waiver that the button names. Raises Refused where there is none."""
    known: dict[str, Any] = {str(row.waiver.pk): row.waiver.pk for row in waiver_rows(deployment, today_at(deployment))}
    waiver_id = known.get(request.POST.get("waiver", ""))
    if waiver_id is None:
        raise Refused(gettext("There is no such waiver here."))
    if action == "revoke":
        revoke_waiver(waiver_id=waiver_id, by=request.user)
        return gettext("The waiver is revoked.")
    decide_waiver(waiver_id=waiver_id, approve=action == "approve", by=request.user)
    return gettext("The waiver is approved.") if action == "approve" else gettext("The waiver is denied.")
