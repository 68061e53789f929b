"""The sites of a programme as a list and as a heat map, and the progress of a run that works on their scores."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.freshness import freshness_of, newest_of, nothing_known
from readiness.dashboards.heat import shades
from readiness.dashboards.programmes import Bands, band_rows, bands_in
from readiness.dashboards.runs import working_on
from readiness.dashboards.saved_views import EVERYTHING
from readiness.dashboards.site_changes import changes_since
from readiness.dashboards.site_columns import (
    CHANGE,
    COLUMNS,
    HEAT_FIRST,
    HEAT_LAST,
    HEATMAP,
    LIST,
    SITE,
    WEAKEST,
    SiteColumn,
    columns_asked,
    domain_columns,
    orders,
)
from readiness.dashboards.site_rows import Look, ready_for_rows, rows_of
from readiness.dashboards.site_tables import sites_table
from readiness.dashboards.sites import chosen, domains_in_order, in_order, page_of_sites
from readiness.forms.kept_lists import SITES, ListOf, site_filters
from readiness.scoring import DOMAINS
from readiness.views.asked import day_asked
from readiness.views.days_to_come import day_to_come
from readiness.views.frame import programme_frame
from readiness.views.item_list import ALL, PAGE
from readiness.views.kept_views import open_views, opens, toolbar_views
from readiness.views.site_changes import STATUS, WAVE, kept_filters
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme
from rollout.permissions import manage_programme, read_programme
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted
from rollout.views.in_place import list_query

PROGRESS = "working"
# What can be done to many sites at once: the value of the button, and its words.
BULK_ACTIONS = ((WAVE, _("Change wave")), (STATUS, _("Declare status")))
# Of the query string, what the filters' form carries along when it is sent.
CARRIED = ("view", "columns", "as_of")


@require_safe
@permitted(read_programme, find_programme)
def deployment_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The sites, filtered, in order, 50 a page; for htmx the table alone or the progress of a run; or a file."""
    if wants_part(request) and request.headers.get("HX-Target") == PROGRESS:
        progress = {"working": working_on(programme), "programme": programme, "was_working": True}
        return render_page(request, "readiness/deployment_list.html", progress, partial=PROGRESS)
    of = ListOf(SITES, programme, request.user)
    views = open_views(of)
    if address := opens(request, of, views):
        return redirect(address)
    day = day_asked(request)
    form = of.filters(request.GET, shown=day or timezone.localdate())
    look = look_of(request, programme, form)
    everything = Deployment.objects.visible_to(request.user).filter(programme=programme)
    current = everything.current()
    if nothing_known(day, current):
        return day_to_come(request, _("Sites"), programme_frame(request, programme, "sites"), part="sites")
    sort = sort_asked(request, look)
    matching = chosen(current, form.choice, day)
    if answer := download_answer(request, {"sites": lambda: sites_table(in_order(matching, sort, day), look)}):
        return answer
    columns = columns_of(look)
    page = page_of_sites(matching, sort, request.GET.get("page", ""), look)
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "look": look,
        "columns": columns,
        "bulk": bulk_for(request, look),
        "list_query": list_query(request.GET),
        "bulk_actions": BULK_ACTIONS,
        "kept_by_change": kept_filters(request.GET),
        "selecting": request.GET.get("select") if request.GET.get("select") in (PAGE, ALL) else "",
        "programme": programme,
        "cell_keys": cell_keys(columns),
        "table_classes": "app-table--sites app-table--heat" if look.heat else "app-table--sites",
        "days": f"?as_of={day}" if day else "",
        "sort": sort,
        "orders": orders(columns),
        "kept": [("saved", request.GET.get("saved", EVERYTHING)), *carried(request)],
        "as_of": day,
        "today": timezone.localdate(),
        "part": wants_part(request),
        "freshness": freshness_of(row.score for row in page.object_list if row.score),
        "shades": shades(),
        "base": QueryDict(urlencode(carried(request))),
        "carried_by_columns": [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if value and name not in ("columns", "page")
        ],
        "choices": [(column, column.key in look.columns) for column in COLUMNS],
        "views": toolbar_views(request, of, views),
        "clear_href": f"{request.path}?{urlencode([('saved', EVERYTHING), *carried(request)])}",
    }
    if not wants_part(request):
        context |= programme_frame(request, programme, "sites") | about_all(
            request, programme, current, everything, look
        )
    return render_page(request, "readiness/deployment_list.html", context, partial="sites")


def list_row(request: UserRequest, deployment: Deployment) -> dict[str, Any]:
    """The context of templates/readiness/site_row.html: the row of a site in the list that the address tells of."""
    programme = deployment.programme
    look = look_of(request, programme, site_filters(programme, request.user)(request.GET, shown=timezone.localdate()))
    columns = columns_of(look)
    found = current_of(request, programme).filter(pk=deployment.pk)
    return {
        "page": {"object_list": rows_of(list(ready_for_rows(found, look)), look)},
        "look": look,
        "cell_keys": cell_keys(columns),
        "span": len(columns) - 1,
        "bulk": bulk_for(request, look),
        "list_query": list_query(request.GET),
        "programme": programme,
        "freshness": newest_of(group["age"] for group in band_rows("programme", current_of(request, programme), None)),
    }


def current_of(request: UserRequest, programme: Programme) -> QuerySet:
    """The sites of the programme that the user may know of."""
    return Deployment.objects.current().visible_to(request.user).filter(programme=programme)


def bulk_for(request: UserRequest, look: Look) -> bool:
    """Whether the user may change many of the sites at once, as the list shows them."""
    return manage_programme(request.user, look.programme) and not look.heat and not look.day


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """What the list's form does not hold itself and an answer to it should keep."""
    return [(name, value) for name in CARRIED for value in request.GET.getlist(name) if value]


def look_of(request: UserRequest, programme: Programme, form: Any) -> Look:
    """What the address asks to see. An unknown kind of view is the list."""
    return Look(
        programme=programme,
        user=request.user,
        day=day_asked(request),
        since=form.choice.get("since"),
        view=HEATMAP if request.GET.get("view") == HEATMAP else LIST,
        columns=columns_asked(",".join(request.GET.getlist("columns"))),
    )


def columns_of(look: Look) -> list[SiteColumn]:
    """The columns of the table, from left to right."""
    if look.heat:
        domains = domain_columns(domains_in_order(look.user, look.programme))
        first, rest = [SITE, *HEAT_FIRST], [*domains, *HEAT_LAST]
    else:
        first, rest = [SITE], [*(column for column in COLUMNS if column.key in look.columns), WEAKEST]
        # The change stands beside the score it is a change of.
        while look.since and rest and rest[0].key in ("score", "band"):
            first.append(rest.pop(0))
    columns = [*first, *([CHANGE] if look.since else []), *rest]
    # Each label is asked for once a row: in the reader's language from here on.
    return [replace(column, label=str(column.label)) for column in columns]


def cell_keys(columns: Sequence[SiteColumn]) -> list[str]:
    """What a row shows after the site's name, from left to right; "domains" stands for all of them."""
    keys = ["domains" if column.domain else column.key for column in columns if column.key != SITE.key]
    return list(dict.fromkeys(keys))


def sort_asked(request: HttpRequest, look: Look) -> str:
    """The order of ?sort=, but for one that would tell what is hidden from the reader."""
    sort = request.GET.get("sort", "")
    name = sort.removeprefix("-")
    return "" if name in DOMAINS and name not in domains_in_order(look.user, look.programme) else sort


def about_all(
    request: UserRequest, programme: Programme, current: QuerySet, everything: QuerySet, look: Look
) -> dict[str, Any]:
    """What the page says above the table, of all sites and not only of those that match."""
    day = look.day
    groups = band_rows("programme", current, day)
    return {
        "freshness": newest_of(group["age"] for group in groups),
        "bands": bands_in("programme", groups).get(programme.pk, Bands()),
        "changes": changes_since(current, everything, look.since, day) if look.since else None,
        "working": None if day else working_on(programme),
        "was_working": False,
        "manages": manage_programme(request.user, programme),
    }
