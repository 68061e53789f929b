"""An item of the list of all sites' items, edited in its row; without scripts on a page of its own."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.item_list import rows_for, with_all
from readiness.forms.kept_lists import ITEMS, ListOf
from readiness.models import ChecklistItem
from readiness.views.done import say_done
from readiness.views.frame import programme_frame
from readiness.views.item_list import columns_of
from readiness.views.item_row import OpenRow, answer_row
from readiness.views.items import find_item, keep_item
from readiness.views.kept_views import ALL
from rollout.htmx import render_page, wants_part
from rollout.logs import request_id
from rollout.permissions import see_names_of_team
from rollout.requests import UserRequest
from rollout.views.access import permitted
from rollout.views.in_place import CLOSED, InPlace, closing, list_query
from rollout.views.questions import Question


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_item, find_item)
def listed_item(request: UserRequest, item: ChecklistItem) -> HttpResponse:
    """The form of an item, or what came of it; the address carries the filters of the list it stands in."""
    address = request.get_full_path()
    of = ListOf(ITEMS, item.deployment.programme, request.user)
    back = f"{of.address}{list_query(request.GET) or ALL}"
    opened = answer_row(
        request, item, shown=CLOSED in request.GET, action=address, back=back, cancel_href=closing(address)
    )
    if wants_part(request):
        return row_alone(request, opened, back)
    if opened.edit:
        return page(request, opened, opened.edit)
    if opened.saved:
        say_done(request, gettext("Saved: %(item)s") % {"item": item.template_item.text})
    return redirect(f"{back}#item-{item.pk}")


def page(request: UserRequest, opened: OpenRow, edit: InPlace) -> HttpResponse:
    """The form on a page of its own."""
    deployment = opened.item.deployment
    question = Question(
        title=gettext("Change state, owner and due date"),
        button=_("Save"),
        back=edit.back,
        back_label=_("Checklist items"),
        told="",
        caption=f"{edit.of} – {deployment.site.name}",
    )
    context = programme_frame(request, deployment.programme, "items") | {
        "question": question,
        "form": edit.form,
        "too_late": edit.too_late,
        "differences": edit.differences,
    }
    return render_page(request, "rollout/question.html", context, status=opened.status)


def row_alone(request: UserRequest, opened: OpenRow, back: str) -> HttpResponse:
    """The row of an item that takes its place in the list, or its form."""
    item, day = opened.item, timezone.localdate()
    programme = item.deployment.programme
    names = see_names_of_team(request.user, programme)
    listed = with_all(ChecklistItem.objects.visible_to(request.user).filter(pk=item.pk).with_due())
    context = {
        "page": {"object_list": rows_for(programme, request.user, day)(listed)},
        "programme": programme,
        "names": names,
        "changes": True,
        "span": len(columns_of(changes=True, names=names)) - 2,
        "list_query": list_query(request.GET),
        "day": day,
        "opened": opened,
        "back": f"{back}#item-{item.pk}",
        "act": request_id.get(),
        "alone": True,
    }
    return render_page(request, "readiness/item_row.html", context, status=opened.status)
