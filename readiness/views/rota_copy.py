"""Copying a day or a week of a site's rota: asked, looked at, made."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.champions import name_of
from readiness.dashboards.infrastructure import wards_in_scope
from readiness.dashboards.shift_words import when_words
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.shifts import address_of
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment, permitted
from training.forms.rota import CopyCheckForm, CopyForm
from training.models import StaffMember
from training.permissions import keep_rota_at, wards_kept
from training.services.rota_copy import Copied, CopyPlan, RotaChanged, copy_shifts, look_ahead

SHOWN = 50
COLUMNS: tuple[dict[str, Any], ...] = ({"label": _("When")}, {"label": _("Where")}, {"label": _("Champion")})
WHY_COLUMNS: tuple[dict[str, Any], ...] = (*COLUMNS, {"label": _("Why not")})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_rota_at, find_deployment)
def rota_copy(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Ask what is copied; then show what would be made, and with a POST make it."""
    wards = wards_kept(request.user, deployment, wards_in_scope(deployment))
    form = CopyForm(request.GET if "what" in request.GET or "to_on" in request.GET else None, wards=wards)
    context = programme_frame(request, deployment.programme, "") | {"deployment": deployment, "form": form}
    if not form.is_bound or not form.is_valid():
        wrong = form.is_bound or request.method == "POST"
        return render_page(request, "readiness/rota_copy.html", context, status=422 if wrong else 200)
    plan = form.plan(deployment.programme_id, ZoneInfo(deployment.site.time_zone))
    if request.method == "POST":
        return make_copies(request, deployment, plan, context)
    return check_page(request, plan, context)


def check_page(
    request: UserRequest,
    plan: CopyPlan,
    context: dict[str, Any],
    *,
    refusal: str = "",
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What would be made, what stands so already, and what cannot be, in words."""
    outlook = look_ahead(plan, by=request.user)
    known = StaffMember.objects.visible_to(request.user).in_bulk(
        {each.source.staff_id for each in (*outlook.made, *outlook.refused)}
    )

    def lines(copies: tuple[Copied, ...]) -> list[dict[str, Any]]:
        return [
            {
                "when": when_words(each.span.starts_at, each.span.ends_at, plan.zone),
                "where": each.source.ward.name,
                "name": name_of(known[each.source.staff_id]) if each.source.staff_id in known else gettext("Somebody"),
                "why": each.why,
            }
            for each in copies[:SHOWN]
        ]

    more = {
        "check": CopyCheckForm(initial={"mark": outlook.mark}),
        "outlook": outlook,
        "made": lines(outlook.made),
        "refused": lines(outlook.refused),
        "columns": COLUMNS,
        "why_columns": WHY_COLUMNS,
        "refusal": refusal,
        "changed": changed,
    }
    return render_page(request, "readiness/rota_copy_check.html", context | more, status=status)


def make_copies(request: UserRequest, deployment: Deployment, plan: CopyPlan, context: dict[str, Any]) -> HttpResponse:
    """Make what the check page showed, once; show it anew where it is otherwise by now."""
    sent = CopyCheckForm(request.POST)
    if not sent.is_valid():
        return check_page(request, plan, context, refusal=gettext("Look at the copy, then make it."), status=422)
    said = sent.cleaned_data
    made: list[int] = []

    def do() -> str:
        made.append(copy_shifts(plan, mark=said["mark"], by=request.user))
        rescore_after_commit()
        return address_of("deployment-rota", deployment)

    body = {"mark": said["mark"], "at": request.get_full_path()}
    try:
        address = done_once(user=request.user, key=said["once"], body=body, do=do)
    except RotaChanged:
        return check_page(request, plan, context, changed=True, status=409)
    except Refused as refused:
        return check_page(request, plan, context, refusal=str(refused), status=422)
    words = ngettext("%(n)s shift is planned.", "%(n)s shifts are planned.", sum(made)) % {"n": sum(made)}
    messages.success(request, words if made else gettext("The shifts are planned already."))
    return redirect(address)
