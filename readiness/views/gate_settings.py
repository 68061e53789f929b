"""The gates of a programme, in its settings: which there are, and changing them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.choices import GateKind
from readiness.forms.gate_settings import GateSettingsForm, NewGateForm, RetireGateForm
from readiness.models import Gate
from readiness.services.gate_settings import add_gate, add_missing_gates, edit_gate, retire_gate, with_seats
from readiness.standard_gates import STANDARD_GATES
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_settings
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import manage_programme, read_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.vocabulary import seats_offered
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask

COLUMNS = (
    {"label": _("Gate")},
    {"label": _("Kind")},
    {"label": _("When")},
    {"label": _("Minimum score"), "numeric": True},
    {"label": _("Seats that sign")},
)


@dataclass(frozen=True)
class GateLine:
    """A gate as the list shows it."""

    gate: Gate
    seats: tuple[str, ...]

    @property
    def after(self) -> int:
        """How many days after the go-live it is held; below 0 for one before it."""
        return -(self.gate.due_days or 0)


def find_gate(user: Somebody, programme: str, gate: str) -> Gate:
    """The gate of an address like /p/<programme>/settings/gates/<gate>/."""
    found = find_programme(user, programme)
    row = get_object_or_404(found.gates.filter(retired_at=None), code=gate)
    row.programme = found
    return with_seats(row)


def change_gate(user: Somebody, gate: Gate) -> bool:
    """The programme's managers, and administrators."""
    return manage_programme(user, gate.programme)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def gate_settings(request: UserRequest, programme: Programme) -> HttpResponse:
    """The gates of a programme; a POST adds the standard ones that are missing."""
    manages = manage_programme(request.user, programme)
    if request.method == "POST":
        if not manages:
            raise PermissionDenied
        number = add_missing_gates(programme=programme, by=request.user)
        messages.success(request, ngettext("%(n)s gate is added.", "%(n)s gates are added.", number) % {"n": number})
        return redirect(request.path)
    every = list(programme.gates.order_by("-due_days", "code").prefetch_related("seats"))
    known = {gate.code for gate in every}
    rows = [GateLine(gate, tuple(map(str, gate.seats.all()))) for gate in every if gate.retired_at is None]
    context = programme_frame(request, programme, "settings") | {
        "rows": rows,
        "columns": COLUMNS,
        "manages": manages,
        "decides": any(row.gate.kind == GateKind.GO_LIVE for row in rows),
        "missing": [gate.name for gate in STANDARD_GATES if gate.code not in known],
    }
    context["trail"] = [*context["trail"], *([crumb_settings(programme)] if manages else [])]
    return render_page(request, "readiness/gate_settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def gate_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """Another gate."""

    def act(form: NewGateForm) -> str:
        def do() -> str:
            add_gate(programme=programme, by=request.user, **form.said)
            return list_address(programme)

        return done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)

    question = of_gates(
        programme, title=_("Add a gate"), button=_("Add the gate"), told=_("The gate is added."),
        lead=_("Every site of the programme passes it."),
    )  # fmt: skip
    context = programme_frame(request, programme, "settings")
    return ask(request, question, make=partial(NewGateForm, seats=seats_offered()), act=act, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_gate, find_gate)
def gate_change(request: UserRequest, gate: Gate) -> HttpResponse:
    """A gate, to be changed."""

    def act(form: GateSettingsForm) -> str:
        edit_gate(gate_id=gate.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        return list_address(gate.programme)

    question = of_gates(
        gate.programme, title=gate.name, button=_("Save"), told=_("The gate is saved."),
        lead=_("What was decided at it stays as it was. While a meeting is open, its kind, score and seats stay too."),
    )  # fmt: skip
    context = programme_frame(request, gate.programme, "settings") | {"gate": gate}
    make = partial(GateSettingsForm, row=gate, seats=seats_offered())
    return ask(request, question, make=make, act=act, context=context, template="readiness/gate_change.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_gate, find_gate)
def gate_retire(request: UserRequest, gate: Gate) -> HttpResponse:
    """A gate that is no longer asked for."""

    def act(form: RetireGateForm) -> str:
        reason = form.cleaned_data["reason"]
        retire_gate(gate_id=gate.pk, mark=form.cleaned_data["mark"], reason=reason, by=request.user)
        return list_address(gate.programme)

    last = gate.kind == GateKind.GO_LIVE
    question = of_gates(
        gate.programme,
        title=gettext("Retire the gate “%(name)s”?") % {"name": gate.name},
        lead=_("Without a go/no-go gate no site can go live.") if last else _("What was decided at it stays readable."),
        button=_("Retire the gate"),
        told=_("The gate is retired."),
    )
    context = programme_frame(request, gate.programme, "settings")
    return ask(request, question, make=partial(RetireGateForm, row=gate), act=act, context=context)


def of_gates(programme: Programme, **words: Any) -> Question:
    """A question below the list of gates."""
    return Question(back=list_address(programme), back_label=_("Gates"), caption=_("Gates"), **words)


def list_address(programme: Programme) -> str:
    """The page of the programme's gates."""
    return reverse("readiness:gate-settings", kwargs={"programme": programme.code})
