"""How the whole service is, for administrators: its parts, the nightly runs, every run, and days to work out again."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.health import in_one_sentence, nights
from readiness.dashboards.runs import Sign, signs_of_life, with_names
from readiness.forms.runs import RunOfAnyForm
from readiness.models import RecomputeRun
from readiness.views.runs import answer, ask, detail
from rollout.broker import broker_answers
from rollout.htmx import wants_part
from rollout.models import Programme, User
from rollout.permissions import read_technical_admin
from rollout.requests import UserRequest
from rollout.views.access import permitted

SIGN_COLUMNS = ({"label": _("Part")}, {"label": _("Last seen")}, {"label": _("State")})
NIGHT_COLUMNS = (
    {"label": _("Programme")},
    {"label": _("Newest nightly run")},
    {"label": _("Worked out")},
    {"label": _("Failed"), "numeric": True},
    {"label": _("Next run from")},
    {"label": _("On time")},
)
MOST_PROGRAMMES = 100


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_technical_admin)
def health(request: UserRequest) -> HttpResponse:
    """The parts of the service, each programme's nightly run, all runs; a POST asks for days to be worked out again."""
    form = RunOfAnyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and ask(request, form, form.cleaned_data["programme"]):
        return redirect("readiness:health")
    context: dict[str, Any] = {"programme": None, "programme_band": None, "trail": [], "form": form, "health": True}
    if not wants_part(request):
        context |= parts_and_nights(request.user)
    runs = RecomputeRun.objects.visible_to(request.user)
    return answer(request, runs, address_in_health, context, status=422 if form.is_bound else 200)


def parts_and_nights(user: User) -> dict[str, Any]:
    """What stands above the runs, and does not change with their progress."""
    signs = [*signs_of_life(), *servers()]
    found = nights(list(Programme.objects.current().visible_to(user).order_by("name", "pk")), address_in_health)
    return {
        "lead": in_one_sentence(signs, sum(night.late is not None for night in found)),
        "signs": signs,
        "sign_columns": SIGN_COLUMNS,
        "nights": found[:MOST_PROGRAMMES],
        "more_nights": max(0, len(found) - MOST_PROGRAMMES),
        "night_columns": NIGHT_COLUMNS,
    }


def servers() -> list[Sign]:
    """The servers that the page itself reaches: the database, or there would be no page, and the broker."""
    now = timezone.now()
    reached = broker_answers()
    return [
        Sign(_("Database (PostgreSQL)"), now, False, _("Answered this page.")),
        Sign(
            _("Message broker (Redis)"),
            now if reached else None,
            not reached,
            _("Wakes the worker; nothing is kept in it that is not in the database."),
        ),
    ]


@require_safe
@permitted(read_technical_admin)
def health_run(request: UserRequest, run: int) -> HttpResponse:
    """One run, of a programme or of several."""
    return detail(request, get_object_or_404(with_names(RecomputeRun.objects.visible_to(request.user)), pk=run), None)


def address_in_health(run: RecomputeRun) -> str:
    """Where a run is shown to administrators."""
    return reverse("readiness:health-run", kwargs={"run": run.pk})
