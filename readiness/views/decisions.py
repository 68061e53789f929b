"""The decision log of a programme, and writing down what holds from a day on."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.board.scope import scope_of
from readiness.dashboards.decision_log import chosen, in_order
from readiness.dashboards.programme.decisions import decisions_of, decisions_table, lines
from readiness.dashboards.undecided import undecided_of, undecided_table
from readiness.dashboards.who import people_of
from readiness.forms.decisions import DecisionFilters
from readiness.views.asked import day_asked
from readiness.views.frame import programme_frame
from rollout.downloads import Table, download_answer
from rollout.forms.decisions import StandardForm
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme
from rollout.permissions import discuss_programme, manage_programme, places_with_names, read_programme
from rollout.requests import UserRequest
from rollout.services.decisions import record_standard
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_programme, permitted

PER_PAGE = 50
SHOWN = 10  # of what is not decided yet
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("What"), "sort": "code"},
    {"label": _("Kind"), "sort": "kind"},
    {"label": _("From"), "sort": "from"},
    {"label": _("For which sites"), "sort": "site"},
    {"label": _("Reason")},
    {"label": _("By")},
)
ORDERS = (("", _("What waits, then the newest")), *((each["sort"], each["label"]) for each in COLUMNS[1:4]))
UNDECIDED_COLUMNS = ({"label": _("What")}, {"label": _("Where")}, {"label": _("Waits for")}, {"label": _("Since")})


@require_safe
@permitted(read_programme, find_programme)
def programme_decisions(request: UserRequest, programme: Programme) -> HttpResponse:
    """What is not decided yet and how long it has waited, then the log; or, for htmx, the log alone."""
    today, as_of = timezone.localdate(), day_asked(request)
    # What was decided for a site stays in the log when the site is taken out of the programme.
    deployments = Deployment.objects.visible_to(request.user).filter(programme=programme, site__retired_at=None)
    form = DecisionFilters(request.GET)
    sort = request.GET.get("sort", "")
    decisions = in_order(chosen(decisions_of(programme, deployments), form.choice, as_of), sort)
    scope = scope_of(request.user, [programme], today=today, as_of=as_of, since=today)
    may_name = places_with_names(request.user, programme)

    def told(rows: Any) -> Any:
        found = list(rows)
        return lines(found, people_of([row.by_id for row in found], programme, may_name))

    def undecided_file() -> Table:
        return undecided_table(undecided_of(scope), scope.day)

    files = {"decisions": lambda: decisions_table(told(decisions)), "undecided": undecided_file}
    if answer := download_answer(request, files):
        return answer
    page = Paginator(decisions, PER_PAGE).get_page(request.GET.get("page"))
    part = wants_part(request)
    context: dict[str, Any] = {"programme": programme, "part": part, "page": page, "form": form, "sort": sort}
    if not part:
        waiting = undecided_of(scope)
        whole = request.GET.get("undecided") == "all"
        context |= programme_frame(request, programme, "decisions")
        context |= {
            "undecided": waiting if whole else waiting[:SHOWN],
            "undecided_total": len(waiting),
            "whole": whole,
            "undecided_columns": UNDECIDED_COLUMNS,
            "records": manage_programme(request.user, programme) and as_of is None,
        }
    context["discusses"] = discuss_programme(request.user, programme) and as_of is None
    context |= {"rows": told(page.object_list), "columns": COLUMNS, "orders": ORDERS, "today": today, "day": scope.day}
    return render_page(request, "readiness/decision_list.html", context, partial="decisions")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def decision_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """Write down a decision that holds for all sites, for a wave or for some sites."""
    waves = programme.waves.filter(retired_at=None)
    form = StandardForm(request.POST if request.method == "POST" else None, waves=waves)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        deployments = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
        sites = form.places(deployments)
        try:
            if not form.errors:
                return redirect(keep(request, programme, form, sites))
        except Refused as refused:
            refusal = str(refused)
    back = reverse("readiness:programme-decisions", kwargs={"programme": programme.code})
    context = {**programme_frame(request, programme, "decisions"), "form": form, "refusal": refusal, "back": back}
    return render_page(request, "readiness/decision_form.html", context, status=422 if form.is_bound else 200)


def keep(request: UserRequest, programme: Programme, form: StandardForm, sites: list[int] | None) -> str:
    """Keep the decision once, and say so. Returns the address to go to. Raises Refused."""
    said = {name: form.cleaned_data[name] for name in ("text", "reason", "from_on")}

    def do() -> str:
        kept = record_standard(programme_id=programme.pk, sites=sites, by=request.user, **said)
        number = len(kept) if sites is not None else 0
        messages.success(
            request,
            ngettext(
                "The decision is written down for %(n)s site.", "The decision is written down for %(n)s sites.", number
            )
            % {"n": number}
            if number
            else gettext("The decision is written down for all sites."),
        )
        return reverse("readiness:programme-decisions", kwargs={"programme": programme.code})

    with form.reason_noted():
        return done_once(user=request.user, key=form.cleaned_data["once"], body={**said, "sites": sites}, do=do)
