"""The shifts of a site: listed, planned, moved, cancelled."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness.dashboards.infrastructure import wards_in_scope
from readiness.dashboards.rota_offers import Offers, WantedSlot, offers_for
from readiness.dashboards.shift_list import shift_lines, shifts_at
from readiness.dashboards.shift_words import when_words
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame, programme_frame
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment, permitted
from rollout.views.questions import Question, ask
from training.forms.rota import FillForm, MoveForm, ShiftFilters, SlotForm
from training.models import ChampionShift, ShiftPattern
from training.permissions import keep_rota_at, keep_rota_of, wards_kept
from training.services.rota import cancel_shift, move_shift, plan_shift, take_up_shift

PER_PAGE = 50
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("When")},
    {"label": _("Where")},
    {"label": _("Champion")},
    {"label": _("State")},
    {"label": _("Actions"), "hidden": True},
)


@dataclass(frozen=True)
class PlacedShift:
    """A shift of the programme at a site."""

    deployment: Deployment
    shift: ChampionShift

    @property
    def programme(self) -> Programme:
        """The programme of the deployment."""
        return self.deployment.programme


def find_shift(user: Somebody, programme: str, site: str, shift: int) -> PlacedShift:
    """The shift of an address like /p/<programme>/s/<site>/rota/shifts/<shift>/."""
    deployment = find_deployment(user, programme, site)
    found = get_object_or_404(
        ChampionShift.objects.visible_to(user).select_related("ward", "staff"),
        pk=shift,
        programme=deployment.programme_id,
        ward__site=deployment.site_id,
        retired_at=None,
    )
    return PlacedShift(deployment, found)


def keep_shift(user: Somebody, placed: PlacedShift) -> bool:
    """Those who keep the rota of the shift's ward."""
    return keep_rota_of(user, placed.deployment, placed.shift.ward_id)


def address_of(name: str, deployment: Deployment, **more: Any) -> str:
    """A page of the site."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code, **more}
    return reverse(f"readiness:{name}", kwargs=address)


def patterns_of(programme: Programme) -> list[ShiftPattern]:
    """The shift patterns of the programme, in the order of the day."""
    return list(programme.shift_patterns.filter(retired_at=None))


@require_safe
@permitted(keep_rota_at, find_deployment)
def shift_list(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The shifts from a day on (`?since=`, today without one), of one ward with `?ward=`."""
    return list_page(request, deployment)


def list_page(request: UserRequest, deployment: Deployment, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The list, with what was refused above it."""
    filters = ShiftFilters(request.GET, wards=wards_in_scope(deployment))
    choice = filters.choice
    since = choice.get("since") or today_at(deployment)
    rows = shifts_at(deployment, request.user, since=since, ward_id=choice.get("ward"))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = deployment_frame(request, deployment, "rota") | {
        "filters": filters,
        "lines": shift_lines(deployment, request.user, list(page.object_list)),
        "page": page,
        "columns": COLUMNS,
        "since": since,
        "refusal": refusal,
    }
    return render_page(request, "readiness/shift_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_rota_at, find_deployment)
def shift_new(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Plan a shift: the slot stands in the address (`?ward=&on=&pattern=`), who takes it is asked."""
    form = slot_form(request, deployment)
    context = programme_frame(request, deployment.programme, "") | {"deployment": deployment}
    if not form.is_bound or not form.is_valid():
        wrong = form.is_bound or request.method == "POST"
        return render_page(
            request, "readiness/shift_slot.html", {**context, "form": form}, status=422 if wrong else 200
        )
    slot = WantedSlot(
        ward=form.wards[form.cleaned_data["ward"]],
        on=form.cleaned_data["on"],
        pattern=form.patterns[form.cleaned_data["pattern"]],
        span=form.span,
    )
    sent = request.POST.get("staff", "")
    also = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else None
    offers = offers_for(deployment, slot, request.user, also=also)
    return ask_who(request, deployment, slot, offers, context)


def slot_form(request: UserRequest, deployment: Deployment) -> SlotForm:
    """The form of the slot, filled from the address where it names one."""
    names = ("ward", "on", "pattern")
    return SlotForm(
        request.GET if any(name in request.GET for name in names) else None,
        wards=wards_kept(request.user, deployment, wards_in_scope(deployment)),
        patterns=patterns_of(deployment.programme),
        zone=ZoneInfo(deployment.site.time_zone),
    )


def ask_who(
    request: UserRequest, deployment: Deployment, slot: WantedSlot, offers: Offers, context: dict[str, Any]
) -> HttpResponse:
    """Ask which champion takes the slot."""
    zone = ZoneInfo(deployment.site.time_zone)
    question = Question(
        title=gettext("Plan a shift"),
        caption=deployment.site.name,
        lead=f"{slot.ward.name}, {slot.pattern.name}: {when_words(slot.span.starts_at, slot.span.ends_at, zone)}",
        button=_("Plan the shift"),
        back=address_of("deployment-rota", deployment),
        back_label=_("Champions"),
        told=_("The shift is planned."),
    )

    def act(form: FillForm) -> str:
        def do() -> str:
            plan_shift(
                programme_id=deployment.programme_id,
                ward_id=slot.ward.pk,
                staff_id=form.cleaned_data["staff"],
                span=slot.span,
                client_id=form.cleaned_data["once"],
                by=request.user,
            )
            rescore_after_commit()
            return question.back

        body = {**form.said, "at": request.get_full_path()}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    make = partial(FillForm, people=offers.choices)
    more = {"slot": slot, "offers": offers}
    return ask(request, question, make=make, act=act, context=context | more, template="readiness/shift_new.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_shift, find_shift)
def shift_detail(request: UserRequest, placed: PlacedShift) -> HttpResponse:
    """Move a shift to another ward, day or pattern; or cancel it, by the button below."""
    deployment, shift = placed.deployment, placed.shift
    zone = ZoneInfo(deployment.site.time_zone)
    question = Question(
        title=_("Move a shift"),
        caption=f"{when_words(shift.starts_at, shift.ends_at, zone)}, {shift.ward.name}",
        button=_("Move the shift"),
        back=address_of("shift-list", deployment),
        back_label=_("Shifts"),
        told=_("The shift is moved. The champion confirms it anew."),
    )

    def act(form: MoveForm) -> str:
        said = form.cleaned_data

        def do() -> str:
            move_shift(shift_id=shift.pk, mark=said["mark"], ward_id=said["ward"], span=form.span, by=request.user)
            rescore_after_commit()
            return question.back

        body = {name: said[name] for name in ("ward", "on", "pattern")} | {"at": request.path}
        return done_once(user=request.user, key=said["once"], body=body, do=do)

    wards = wards_kept(request.user, deployment, wards_in_scope(deployment))
    make = partial(MoveForm, row=shift, wards=wards, patterns=patterns_of(placed.programme), zone=zone)
    context = programme_frame(request, placed.programme, "") | {"placed": placed, "shift": shift}
    return ask(request, question, make=make, act=act, context=context, template="readiness/shift_detail.html")


@require_POST
@permitted(keep_shift, find_shift)
def shift_cancel(request: UserRequest, placed: PlacedShift) -> HttpResponse:
    """Cancel a shift. A second press finds it cancelled."""
    try:
        cancel_shift(shift_id=placed.shift.pk, by=request.user)
    except Refused as refusal:
        return list_page(request, placed.deployment, refusal=str(refusal), status=422)
    rescore_after_commit()
    messages.success(request, gettext("The shift is cancelled. It shows as a gap if nobody else is there."))
    return redirect(address_of("shift-list", placed.deployment))


@require_POST
@permitted(keep_shift, find_shift)
def shift_restore(request: UserRequest, placed: PlacedShift) -> HttpResponse:
    """Plan a cancelled shift again. A second press finds it planned."""
    try:
        take_up_shift(shift_id=placed.shift.pk, by=request.user)
    except Refused as refusal:
        return list_page(request, placed.deployment, refusal=str(refusal), status=422)
    rescore_after_commit()
    messages.success(request, gettext("The shift is planned again. The champion confirms it anew."))
    return redirect(address_of("shift-list", placed.deployment))
