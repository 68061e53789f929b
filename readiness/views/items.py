"""One item of a site's checklist: how it stands, and saying how it stands now."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.checklist import after, limits_of, rows_of
from readiness.dashboards.comments import thread_on
from readiness.dashboards.evidence import files_of, rows_in_force
from readiness.dashboards.item import events_of, history_of, shelf_words, waivers_of
from readiness.dashboards.proof import proof_of
from readiness.dashboards.who import people_of
from readiness.forms.items import ItemForm, RetireFileForm, standing
from readiness.models import ChecklistItem
from readiness.services.evidence import answer_item, retire_evidence
from readiness.services.items import ItemChanged, NotDone, OwnWork, confirm_item, renew_item
from readiness.tasks import rescore_after_commit
from readiness.views.done import say_done
from readiness.views.frame import deployment_frame
from rollout.forms.conflicts import differences
from rollout.htmx import render_page
from rollout.permissions import (
    keep_checklist,
    read_deployment,
    read_evidence_at,
    see_counts_of_few,
    see_names_at,
)
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment, permitted

WAIVER_COLUMNS = ({"label": _("Reason")}, {"label": _("State")}, {"label": _("From")}, {"label": _("Until")})
LINES = 50  # of a history on a page


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


def read_evidence(user: Somebody, item: ChecklistItem) -> bool:
    """Those who keep the item, and those who sign for its site."""
    return keep_item(user, item) or read_evidence_at(user, item.deployment)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_item, find_item)
def checklist_item(request: UserRequest, item: ChecklistItem) -> HttpResponse:
    """One item with its history; a POST says how it stands now, that it was done again, or that somebody saw it."""
    if request.method != "POST":
        return page(request, item)
    if not keep_item(request.user, item):
        raise PermissionDenied
    action = request.POST.get("action", "")
    if action == "retire":
        return retire_file(request, item)
    form = form_of(request, item)
    try:
        if action in ACTIONS:
            ACTIONS[action](item_id=item.pk, version=form.sent_version, by=request.user)
        elif form.is_valid():
            with form.reason_noted():
                save(request, item, form)
        else:
            return page(request, item, form, status=422)
    except ItemChanged as changed:
        return conflict(request, item, changed.item, form)
    except (OwnWork, NotDone) as mistaken:
        return page(request, item, refusal=str(MISTAKES[type(mistaken)]), status=422)
    except Refused as refused:
        form.add_error("file" if form.upload else None, str(refused))
        return page(request, item, form, status=422)
    rescore_after_commit()
    say_done(request, gettext("Saved: %(item)s") % {"item": item.template_item.text})
    return redirect(request.path)


ACTIONS = {"seen": confirm_item, "again": renew_item}
MISTAKES = {
    OwnWork: _("You said yourself that this is done. Ask somebody else to look at the evidence."),
    NotDone: _("This item is not finished, so there is nothing to confirm yet."),
}


def form_of(request: UserRequest, item: ChecklistItem) -> ItemForm:
    """The form as it was sent."""
    has_files = bool(rows_in_force(item, files_of(item)))
    return ItemForm(request.POST, request.FILES, item=item, has_files=has_files)


def save(request: UserRequest, item: ChecklistItem, form: ItemForm) -> None:
    """Save an answer; one with a file is saved once, however often its form is sent."""
    answer = partial(
        answer_item,
        item_id=item.pk,
        version=form.cleaned_data["version"],
        change=form.change,
        upload=form.upload,
        by=request.user,
    )
    if form.upload is None:
        answer()
        return

    def do() -> str:
        answer()
        return request.path

    done_once(user=request.user, key=form.cleaned_data["once"], body=form.body, do=do)


def retire_file(request: UserRequest, item: ChecklistItem) -> HttpResponse:
    """Take a file that the button names out of the item's evidence."""
    known = {str(row.file.pk): row.file for row in rows_in_force(item, files_of(item))}
    file = known.get(request.POST.get("file", ""))
    if file is None:
        return page(request, item, refusal=gettext("There is no such file any more."), status=422)
    form = RetireFileForm(request.POST)
    if not form.is_valid():
        return page(request, item, retire_form=form, retiring=file.pk, status=422)
    with form.reason_noted():
        retire_evidence(file_id=file.pk, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, gettext("Retired: %(file)s. It stays in the history.") % {"file": file.name})
    return redirect(request.path)


def conflict(request: UserRequest, item: ChecklistItem, now: ChecklistItem, form: ItemForm) -> HttpResponse:
    """Both versions side by side: the form keeps what was typed and would now replace what somebody else saved."""
    item.refresh_from_db()
    if not form.is_valid():
        return page(request, item, status=409, differences=[], too_late=True)
    mine = ItemForm({**request.POST.dict(), "version": now.version}, request.FILES, item=item)
    mine.is_valid()
    mine.ask_again()
    return page(request, item, mine, status=409, differences=differences(mine, standing(item)), too_late=True)


def page(request: UserRequest, item: ChecklistItem, form: ItemForm | None = None, **more: Any) -> HttpResponse:
    """The page of an item; `form` is the one that was sent."""
    deployment, user = item.deployment, request.user
    context = deployment_frame(request, deployment, "checklist")
    day = context["as_of"] or today_at(deployment)
    now, keeps = not context["as_of"], keep_item(user, item)
    names = see_names_at(user, deployment)
    files, events, rows = files_of(item), events_of(item), rows_of(deployment, day)
    opens = read_evidence(user, item)
    people = people_of(
        [*(event.by_id for event in events), *(file.uploaded_by_id for file in files)],
        deployment.programme,
        lambda _site: names,
        users=[file.retired_by_id for file in files],
    )
    history = history_of(events, files, people, deployment.site_id, names=names, opens=opens)
    row = next(row for row in rows if row.item.pk == item.pk)
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    context["trail"] = [
        *context["trail"],
        {"label": deployment.site.name, "href": reverse("readiness:deployment-detail", kwargs=address)},
        {"label": gettext("Checklist"), "href": reverse("readiness:checklist", kwargs=address)},
    ]
    in_force = rows_in_force(item, files)
    context |= {
        "item": item,
        "row": row,
        "shelf": shelf_words(row),
        "proof": proof_of(item, day, few=see_counts_of_few(user, deployment)) if now else None,
        "next": after(rows, item),
        "form": (form or ItemForm(item=item, has_files=bool(in_force))) if keeps and now else None,
        "retire_form": RetireFileForm() if keeps and now else None,
        "retiring": None,
        "files": in_force,
        "opens": opens,
        "limits": limits_of(deployment),
        "day": day,
        "names": names,
        "history": Paginator(history, LINES).get_page(request.GET.get("page")),
        "waivers": waivers_of(item),
        "waiver_columns": WAIVER_COLUMNS,
        "thread": thread_on(item, user, programme=deployment.programme, deployment=deployment) if now else None,
        "differences": None,
        "too_late": False,
        "refusal": "",
        "error_count": int("refusal" in more),
        **{name: value for name, value in more.items() if name != "status"},
    }
    return render_page(request, "readiness/checklist_item.html", context, status=more.get("status", 200))
