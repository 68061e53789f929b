"""The door of a session: its code on a screen, and employee numbers typed on the trainer's device."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.tasks import rescore_after_commit
from readiness.views.attendance import address_of, around_session, find_session
from rollout.htmx import render_page, wants_part
from rollout.qr import qr_picture
from rollout.rates import hold_to_rate
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.templatetags.formats import clock
from rollout.views.access import permitted
from training.dashboards.sheets import sheet_counts
from training.forms.attendance import LONGEST_NUMBER
from training.models import TrainingSession
from training.permissions import keep_session
from training.services.attendance import zone_of
from training.services.door import check_in_number, closes_at, code_at, is_open, opens_at, step_at


@require_safe
@permitted(keep_session, find_session)
def session_door(request: UserRequest, session: TrainingSession) -> HttpResponse:
    """The code of this half minute, as digits and to scan, and how many have checked in; 304 where that is shown."""
    now = timezone.now()
    counts = sheet_counts(session)
    code = code_at(session.pk, now) if is_open(session, now) else ""
    mark = f"{step_at(now) if code else 0}-{counts.attended}-{counts.placed}"
    if wants_part(request) and request.GET.get("seen") == mark:
        return HttpResponseNotModified()
    path = reverse("training:check-in", kwargs={"session": session.pk})
    context = around_session(
        request,
        session,
        code=code,
        qr=qr_picture(f"{settings.SITE_URL}{path}?c={code}") if code else None,
        typed_at=f"{settings.SITE_URL}{path}",
        counts=counts,
        mark=mark,
        paused=request.GET.get("live") == "off",
        **hours_of(session),
    )
    return render_page(request, "readiness/session_door.html", context, partial="door-code")


def hours_of(session: TrainingSession) -> dict[str, Any]:
    """From when until when people check in, by the clock of the site."""
    zone = zone_of(session)
    return {"opens": clock(opens_at(session).astimezone(zone)), "closes": clock(closes_at(session).astimezone(zone))}


class KioskForm(forms.Form):
    """One employee number after the other."""

    number = forms.CharField(
        label=_("Your employee number"),
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={
            "required": _("Enter your employee number"),
            "max_length": _("An employee number has at most %(limit_value)s characters"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_session, find_session)
def session_kiosk(request: UserRequest, session: TrainingSession) -> HttpResponse:
    """One field on the trainer's device, ready for the next person after each; it answers without a name."""
    form = KioskForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        hold_to_rate(request.user.pk, "door")
        if form.is_valid():
            try:
                check_in_number(session_id=session.pk, number=form.cleaned_data["number"], by=request.user)
            except Refused as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                rescore_after_commit()
                messages.success(request, gettext("Checked in: %(number)s.") % {"number": form.cleaned_data["number"]})
                return redirect(address_of(session, "session-kiosk"))
    shown = around_session(request, session, form=form, open=is_open(session, timezone.now()), **hours_of(session))
    return render_page(request, "readiness/session_kiosk.html", shown, status=status)
