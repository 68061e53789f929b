"""A champion's own shifts: what is planned, and saying that one will be there."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness.dashboards.shift_words import shift_words
from readiness.dashboards.work.shifts import shifts_of
from readiness.tasks import rescore_after_commit
from rollout.htmx import render_page
from rollout.permissions import be_logged_in
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.views.access import permitted
from rollout.views.questions import Question, ask
from training.forms.rota import DeclineForm
from training.models import ChampionShift, StaffMember
from training.services.rota import confirm_shift, decline_shift

COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("When")},
    {"label": _("Where")},
    {"label": _("State")},
    {"label": _("Actions"), "hidden": True},
)


def find_own_shift(user: Somebody, shift: int) -> ChampionShift:
    """A shift of the person's own."""
    return get_object_or_404(
        ChampionShift.objects.visible_to(user)
        .filter(staff__user=user.pk, retired_at=None)
        .select_related("ward__site"),
        pk=shift,
    )


def is_own(user: Somebody, shift: ChampionShift) -> bool:
    """Nobody but the champion confirms a shift; whose it is was asked when it was found."""
    return be_logged_in(user)


@require_safe
@permitted(be_logged_in)
def own_shifts(request: UserRequest) -> HttpResponse:
    """The person's shifts of the next two weeks."""
    return shifts_page(request)


def shifts_page(request: UserRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The list, with what was refused above it."""
    context = {
        "shifts": shifts_of(request.user, timezone.now()),
        "columns": COLUMNS,
        "refusal": refusal,
        "linked": StaffMember.objects.current().filter(user=request.user).exists(),
    }
    return render_page(request, "readiness/own_shifts.html", context, status=status)


@require_POST
@permitted(is_own, find_own_shift)
def own_shift_confirm(request: UserRequest, shift: ChampionShift) -> HttpResponse:
    """Say that one will be there; saying so twice is saying so once."""
    try:
        confirm_shift(shift_id=shift.pk, by=request.user)
    except Refused as refusal:
        return shifts_page(request, refusal=str(refusal), status=422)
    messages.success(request, gettext("The shift is confirmed."))
    return redirect("readiness:own-shifts")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(is_own, find_own_shift)
def own_shift_decline(request: UserRequest, shift: ChampionShift) -> HttpResponse:
    """Say that one cannot be there, and why: the rota shows a gap, and whoever keeps it is told."""
    question = Question(
        title=_("I cannot make it"),
        caption=shift_words(shift.starts_at, shift.ends_at, ZoneInfo(shift.ward.site.time_zone), shift.ward.name),
        lead=_("The shift is cancelled and shows as a gap. Those who keep the rota see your reason."),
        button=_("Give the shift back"),
        back=reverse("readiness:own-shifts"),
        back_label=_("Your shifts"),
        told=_("The shift is given back. Those who keep the rota see it on their page."),
    )

    def act(form: DeclineForm) -> str:
        decline_shift(shift_id=shift.pk, reason=form.cleaned_data["reason"], by=request.user)
        rescore_after_commit()
        return question.back

    return ask(request, question, make=DeclineForm, act=act)
