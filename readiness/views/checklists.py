"""A site's checklist, and one item of it: how it stands, and saying how it stands now."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.checklist import after, checklist_of, checklist_table, limits_of, rows_of
from readiness.dashboards.item import history_of, waivers_of
from readiness.forms.items import ChecklistFilters, ItemForm, standing
from readiness.models import ChecklistItem
from readiness.services.items import ItemChanged, NotDone, OwnWork, change_item, confirm_item, renew_item
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame
from rollout.downloads import download_answer
from rollout.forms.conflicts import differences
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment
from rollout.permissions import keep_checklist, read_deployment, see_names_at
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, permitted

COLUMNS = (
    {"label": _("Item")},
    {"label": _("Due")},
    {"label": _("Owner")},
    {"label": _("State")},
)
WAIVER_COLUMNS = ({"label": _("Reason")}, {"label": _("State")}, {"label": _("From")}, {"label": _("Until")})


def day_at(deployment: Deployment) -> date:
    """Today at the site."""
    return timezone.localdate(timezone=ZoneInfo(deployment.site.time_zone))


@require_safe
@permitted(read_deployment, find_deployment)
def checklist(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The items of a site's checklist by domain, filtered, the next due first; or, for htmx, the list alone."""
    context = deployment_frame(request, deployment, "checklist")
    day = context["as_of"] or day_at(deployment)
    form = ChecklistFilters(request.GET)
    names = see_names_at(request.user, deployment)
    shown = checklist_of(deployment, day, form.choice)
    if answer := download_answer(request, {"checklist": lambda: checklist_table(deployment, shown, names=names)}):
        return answer
    context |= {
        "shown": shown,
        "form": form,
        "columns": COLUMNS,
        "day": day,
        "names": names,
        "keeps": keep_checklist(request.user, deployment) and not context["as_of"],
        "part": wants_part(request),
    }
    return render_page(request, "readiness/checklist_detail.html", context, partial="items")


def find_item(user: Somebody, programme: str, site: str, item: str) -> ChecklistItem:
    """The item of an address like /p/<programme>/s/<site>/checklist/<item>/."""
    deployment = find_deployment(user, programme, site)
    items = ChecklistItem.objects.current().visible_to(user).filter(deployment=deployment)
    found = get_object_or_404(items.select_related("template_item__seat_role", "owner__user"), code=item)
    found.deployment = deployment
    return found


def read_item(user: Somebody, item: ChecklistItem) -> bool:
    """Everybody who may know of the deployment."""
    return read_deployment(user, item.deployment)


def keep_item(user: Somebody, item: ChecklistItem) -> bool:
    """Those who keep the checklist, and the item's owner."""
    owns = item.owner is not None and item.owner.user_id is not None and item.owner.user_id == user.pk
    return owns or keep_checklist(user, item.deployment)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_item, find_item)
def checklist_item(request: UserRequest, item: ChecklistItem) -> HttpResponse:
    """One item with its history; a POST says how it stands now, that it was done again, or that somebody saw it."""
    keeps = keep_item(request.user, item)
    if request.method != "POST":
        return page(request, item, ItemForm(item=item), keeps)
    if not keeps:
        raise PermissionDenied
    form = ItemForm(request.POST, item=item)
    action = ACTIONS.get(request.POST.get("action", ""))
    try:
        if action is not None:
            action(item_id=item.pk, version=form.sent_version, by=request.user)
        elif form.is_valid():
            version = form.cleaned_data["version"]
            change_item(item_id=item.pk, version=version, change=form.change, by=request.user)
        else:
            return page(request, item, form, keeps, status=422)
    except ItemChanged as changed:
        return conflict(request, item, changed.item, form, keeps)
    except OwnWork:
        form.add_error(None, gettext("You said yourself that this is done. Ask somebody else to look at the evidence."))
        return page(request, item, form, keeps, status=422)
    except NotDone:
        form.add_error(None, gettext("This item is not finished, so there is nothing to confirm yet."))
        return page(request, item, form, keeps, status=422)
    rescore_after_commit()
    messages.success(request, gettext("Saved: %(item)s") % {"item": item.template_item.text})
    return redirect(request.path)


ACTIONS = {"seen": confirm_item, "again": renew_item}


def conflict(
    request: UserRequest, item: ChecklistItem, now: ChecklistItem, form: ItemForm, keeps: bool
) -> HttpResponse:
    """Both versions side by side: the form keeps what was typed and would now replace what somebody else saved."""
    item.refresh_from_db()
    if not form.is_bound or not form.is_valid():
        return page(request, item, ItemForm(item=item), keeps, status=409, differences=[], too_late=True)
    mine = ItemForm({**request.POST.dict(), "version": now.version}, item=item)
    mine.is_valid()
    return page(request, item, mine, keeps, status=409, differences=differences(mine, standing(item)), too_late=True)


def page(
    request: UserRequest, item: ChecklistItem, form: ItemForm, keeps: bool, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of an item."""
    deployment = item.deployment
    context = deployment_frame(request, deployment, "checklist")
    day = context["as_of"] or day_at(deployment)
    names = see_names_at(request.user, deployment)
    rows = rows_of(deployment, day)
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    context["trail"] = [
        *context["trail"],
        {"label": deployment.site.name, "href": reverse("readiness:deployment-detail", kwargs=address)},
        {"label": gettext("Checklist"), "href": reverse("readiness:checklist", kwargs=address)},
    ]
    context |= {
        "item": item,
        "row": next(row for row in rows if row.item.pk == item.pk),
        "next": after(rows, item),
        "form": form if keeps and not context["as_of"] else None,
        "limits": limits_of(deployment),
        "day": day,
        "names": names,
        "history": history_of(item, names=names),
        "waivers": waivers_of(item),
        "waiver_columns": WAIVER_COLUMNS,
        "differences": None,
        "too_late": False,
        **more,
    }
    return render_page(request, "readiness/checklist_item.html", context, status=status)
