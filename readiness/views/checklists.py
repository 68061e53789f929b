"""A site's checklist."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from readiness.dashboards.checklist import ChecklistShown, checklist_of, checklist_table
from readiness.dashboards.templates import version_at
from readiness.forms.items import ChecklistFilters
from readiness.models import ChecklistItem
from readiness.views.asked import day_asked
from readiness.views.done import say_done
from readiness.views.frame import deployment_frame
from readiness.views.item_list import ALL, PAGE, kept_in
from readiness.views.item_row import OpenRow, open_row, row_context
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.logs import request_id
from rollout.models import Deployment
from rollout.permissions import keep_checklist, read_deployment, see_names_at
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, permitted

# Of the query string: the domain whose items stand open since one of them was saved; all domains.
AT, GROUPS = "at", "groups"


def day_at(deployment: Deployment) -> date:
    """Today at the site."""
    return timezone.localdate(timezone=ZoneInfo(deployment.site.time_zone))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_deployment, find_deployment)
def checklist(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The items of a site's checklist by domain, filtered, the next due first; or, for htmx, the list or a row alone.

    `?edit=<item>` opens the form of an item in its row, and a POST there saves it.
    """
    as_of = day_asked(request)
    opened = None if as_of else open_row(request, deployment)
    if opened is None and request.method == "POST":
        raise Http404("no row to save")
    day = as_of or day_at(deployment)
    form = ChecklistFilters(request.GET)
    keeps = keep_checklist(request.user, deployment) and not as_of
    names = see_names_at(request.user, deployment)
    context: dict[str, Any] = {
        "opened": opened,
        "day": day,
        "names": names,
        "keeps": keeps,
        "changes": keeps,
        "selecting": request.GET.get("select") if request.GET.get("select") in (PAGE, ALL) else "",
        **row_context(request),
    }
    if opened and wants_part(request):
        return row_alone(request, deployment, opened, context)
    if opened and opened.saved:
        words = gettext("Saved: %(item)s") % {"item": opened.item.template_item.text}
        say_done(request, words)
        return redirect(f"{at_domain(context['list_href'], opened.item)}#item-{opened.item.pk}")
    shown = checklist_of(deployment, day, form.choice)
    if answer := download_answer(request, {"checklist": lambda: checklist_table(deployment, shown, names=names)}):
        return answer
    context |= deployment_frame(request, deployment, "checklist") | {
        "shown": shown,
        "form": form,
        "open_groups": open_groups(request, shown, form, opened, everything=bool(context["selecting"])),
        "part": wants_part(request),
        "kept": kept_in(request.GET),
        "standing": None if as_of else version_at(deployment),
        "change_href": reverse("readiness:item-change", kwargs={"programme": deployment.programme.code}),
    }
    status = opened.status if opened else 200
    return render_page(request, "readiness/checklist_detail.html", context, partial="items", status=status)


def at_domain(href: str, item: ChecklistItem) -> str:
    """The address of the list with the domain of an item open."""
    path, _mark, query = href.partition("?")
    kept = QueryDict(query, mutable=True)
    kept[AT] = item.template_item.domain
    return f"{path}?{kept.urlencode()}"


def open_groups(
    request: UserRequest, shown: ChecklistShown, form: ChecklistFilters, opened: OpenRow | None, *, everything: bool
) -> set[str]:
    """The domains whose items stand open: where something is due, late or in hand; all where items are looked for."""
    if everything or form.has_changed() or request.GET.get(GROUPS) == ALL:
        return {group.domain for group in shown.groups}
    in_hand = opened.item.template_item.domain if opened else request.GET.get(AT, "")
    return {group.domain for group in shown.groups if group.opens} | {in_hand}


def row_alone(request: UserRequest, deployment: Deployment, opened: OpenRow, context: dict[str, Any]) -> HttpResponse:
    """The row of an item that takes its place on the page, with what is said above and beside the list."""
    shown = checklist_of(deployment, context["day"], {})
    context |= {
        "deployment": deployment,
        "programme": deployment.programme,
        "as_of": None,
        "shown": shown,
        "row": next(row for row in shown.rows if row.item.pk == opened.item.pk),
        "act": request_id.get(),
        "alone": True,
    }
    return render_page(request, "readiness/checklist_row.html", context, status=opened.status)
