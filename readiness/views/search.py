"""Search: one field, results by kind, each kind in full on a page of its own."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from readiness.dashboards.search import MOST_CHARACTERS, PER_PAGE, asked, found, found_of_kind, sites_with_item
from readiness.dashboards.search.items import item_at_site_hit
from rollout.htmx import render_page
from rollout.permissions import be_logged_in
from rollout.rates import hold_to_rate
from rollout.requests import UserRequest
from rollout.views.access import permitted


@require_safe
@permitted(be_logged_in)
def search(request: UserRequest) -> HttpResponse:
    """Everything found, a few of each kind; with `kind` all of one kind; with `item` the sites that have an item.

    For htmx the best few of each kind, as the dialog of the header shows them.
    """
    hold_to_rate(request.user.pk, "search")
    words = asked(request.GET.get("q", ""))
    context: dict[str, Any] = {"asked": words, "search_text": words.text, "longest": MOST_CHARACTERS}
    item = request.GET.get("item", "").replace("\x00", "")
    if item:
        context |= sites_of_item(request, item)
    elif all_of_kind := found_of_kind(request.user, words, request.GET.get("kind", ""), request.GET.get("page")):
        group, page = all_of_kind
        context |= {"groups": [group] if group.total else [], "page": page, "one_kind": True, "total": group.total}
    else:
        groups = found(request.user, words)
        context |= {"groups": groups, "total": sum(group.total for group in groups)}
    return render_page(request, "readiness/search_results.html", context, partial="found")


def sites_of_item(request: UserRequest, item: str) -> dict[str, Any]:
    """The page of the sites that have a checklist item."""
    programme = request.GET.get("programme", "").replace("\x00", "")
    page = Paginator(sites_with_item(request.user, programme, item), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    return {
        "item": item,
        "item_text": rows[0]["template_item__text"] if rows else "",
        "hits": [item_at_site_hit(row, programme, item) for row in rows],
        "page": page,
        "total": page.paginator.count,
    }
