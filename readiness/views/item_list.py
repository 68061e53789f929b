"""The checklist items of all sites of a programme as one list."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.item_list import (
    chosen,
    in_order,
    items_of,
    items_table,
    order_words,
    page_of_items,
    rows_for,
    with_all,
)
from readiness.dashboards.saved_views import EVERYTHING
from readiness.forms.item_list import FILTERS
from readiness.forms.kept_lists import ITEMS, ListOf
from readiness.views.asked import day_asked
from readiness.views.frame import programme_frame
from readiness.views.kept_views import ALL as ALL_ITEMS
from readiness.views.kept_views import open_views, opens, toolbar_views
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Programme
from rollout.permissions import read_programme
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted
from rollout.views.in_place import list_query

COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Item"), "sort": "item"},
    {"label": _("Site"), "sort": "site"},
    {"label": _("Due"), "sort": "due"},
    {"label": _("State"), "sort": "state"},
)
SELECT = {"label": _("Select"), "hidden": True}
OWNER = {"label": _("Owner")}
CHANGE = {"label": _("Edit"), "hidden": True}
ORDERS = ("due", "-due", "site", "item", "state")
PAGE, ALL = "page", "all"  # what ?select= may say


@require_safe
@permitted(read_programme, find_programme)
def item_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The items, filtered, in order, 50 a page, with what can be done to many of them; for htmx the list alone."""
    of = ListOf(ITEMS, programme, request.user)
    views = open_views(of)
    if address := opens(request, of, views):
        return redirect(address)
    day = timezone.localdate()
    rows = rows_for(programme, request.user, day)
    form = of.filters(request.GET)
    items = in_order(
        chosen(items_of(programme, request.user), form.choice, day, request.user), request.GET.get("sort", "")
    )
    if answer := download_answer(
        request, {"items": lambda: items_table(programme, rows(with_all(items).iterator(500)))}
    ):
        return answer
    page = page_of_items(items, request.GET.get("page", ""), rows)
    changes = not day_asked(request) and any(row.keeps for row in page.object_list)
    names = "owner" in form.fields
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "columns": columns_of(changes=changes, names=names),
        "list_query": list_query(request.GET),
        "names": names,
        "changes": changes,
        "selecting": request.GET.get("select") if request.GET.get("select") in (PAGE, ALL) else "",
        "kept_by_change": kept_in(request.GET),
        "kept": [("saved", request.GET.get("saved", EVERYTHING))],
        "views": toolbar_views(request, of, views),
        "clear_href": f"{request.path}{ALL_ITEMS}",
        "sort": request.GET.get("sort", ""),
        "orders": [(sort, order_words(sort)) for sort in ORDERS],
        "day": day,
        "part": wants_part(request),
        "change_href": reverse("readiness:item-change", kwargs={"programme": programme.code}),
    }
    if not wants_part(request):
        everything = items_of(programme, request.user)
        context |= programme_frame(request, programme, "items") | {
            "late_count": everything.owed(day).filter(due__lt=day).count(),
        }
    else:
        context |= {"programme": programme, "as_of": day_asked(request)}
    return render_page(request, "readiness/item_list.html", context, partial="items")


def columns_of(*, changes: bool, names: bool) -> list[dict[str, Any]]:
    """The columns of the table, from left to right."""
    return [*([SELECT] if changes else []), *COLUMNS, *([OWNER] if names else []), *([CHANGE] if changes else [])]


def kept_in(data: QueryDict) -> list[tuple[str, str]]:
    """The filters of the list, as an action on what they match carries them along."""
    return [(name, value) for name in FILTERS for value in data.getlist(name)[:1] if value]


def list_address(programme: Programme, filters: list[tuple[str, str]]) -> str:
    """The list with these filters, and not as its first view has it."""
    address = reverse("readiness:item-list", kwargs={"programme": programme.code})
    return f"{address}?{urlencode([('saved', EVERYTHING), *filters])}"
