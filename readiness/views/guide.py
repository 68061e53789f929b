"""Help for everybody, and the accessibility statement: pages of words, open without a log-in."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.guide import cap_lines, curve_points, domain_weights, shipped_model
from readiness.scoring.document import number_text
from rollout.choices import Role
from rollout.forms.roles import DOES
from rollout.htmx import render_page
from rollout.querysets.rights import rights_of

BAND_COLUMNS = ({"label": _("Band")}, {"label": _("What it means")})
CAP_COLUMNS = (
    {"label": _("What holds the score")},
    {"label": _("Held at"), "numeric": True},
    {"label": _("What lifts it")},
)


@dataclass(frozen=True)
class RoleHelp:
    """A role, what it does in one sentence, and whether the reader holds it."""

    code: str
    name: Any
    does: Any
    own: bool


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Short texts by role and by task, the reader's own roles first; the numbers are those of the shipped model."""
    held = rights_of(request.user).roles
    roles = [RoleHelp(role.value, role.label, DOES[role], role in held) for role in Role]
    model = shipped_model()
    context = {
        "roles": sorted(roles, key=lambda each: not each.own),
        "model": model,
        "numbers": {
            "ready": number_text(model.ready_at),
            "on_track": number_text(model.on_track_margin),
            "at_risk": number_text(model.at_risk_margin),
            "declared": f"{number_text(model.declared_credit * 100)}%",
        },
        "caps": cap_lines(model),
        "curve": curve_points(model),
        "weights": domain_weights(model),
        "band_columns": BAND_COLUMNS,
        "cap_columns": CAP_COLUMNS,
    }
    return render_page(request, "readiness/help.html", context)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the service promises to people who use it by keyboard, by voice, with a magnifier or a screen reader."""
    return render_page(request, "readiness/accessibility.html", {})
