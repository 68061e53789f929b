"""A checklist item changed in its row: the form opens at the address of the list, and so it works without scripts."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from readiness.forms.item_row import ItemRowForm
from readiness.forms.items import standing
from readiness.models import ChecklistItem, EvidenceFile
from readiness.services.items import ItemChanged, change_item
from readiness.tasks import rescore_after_commit
from readiness.views.items import keep_item
from rollout.forms.conflicts import differences
from rollout.models import Deployment
from rollout.requests import UserRequest
from rollout.views.in_place import CLOSED, InPlace, list_query

EDIT = "edit"  # of the query string of a checklist: the item whose form is open


@dataclass
class OpenRow:
    """The row of an item with its form; None where it was saved or is only shown again."""

    item: ChecklistItem
    edit: InPlace | None = None
    status: int = 200
    saved: bool = False
    changed: bool = False


def open_row(request: UserRequest, deployment: Deployment) -> OpenRow | None:
    """The row that the address of a checklist names, after what was sent for it; None where the address names none.

    Raises Http404 for an item that is not there and PermissionDenied for one that the person may not change.
    """
    code = request.GET.get(EDIT, "") or request.GET.get(CLOSED, "")
    if not code:
        return None
    back = f"{request.path}{list_query(request.GET, EDIT)}"
    join = "&" if "?" in back else "?"
    return answer_row(
        request,
        _item(request, deployment, code),
        shown=EDIT not in request.GET,
        action=f"{back}{join}{EDIT}={code}",
        back=back,
        cancel_href=f"{back}{join}{CLOSED}={code}",
    )


def answer_row(
    request: UserRequest, item: ChecklistItem, *, shown: bool, action: str, back: str, cancel_href: str
) -> OpenRow:
    """The row of an item: as it stands where it is only `shown`, with its form, or after what was sent for it.

    The addresses are those of InPlace, but that `back` is the list without the place of the row.
    """
    target = f"item-{item.pk}"
    edit = partial(
        InPlace,
        of=str(item.template_item.text),
        action=action,
        target=target,
        back=f"{back}#{target}",
        cancel_href=cancel_href,
    )
    if request.method != "POST":
        return OpenRow(item, None if shown else edit(_form(request, item)))
    form = _form(request, item, request.POST)
    if not form.is_valid():
        return OpenRow(item, edit(form), status=422)
    try:
        with form.reason_noted():
            event = change_item(
                item_id=item.pk, version=form.cleaned_data["version"], change=form.change, by=request.user
            )
    except ItemChanged:
        # The form keeps what was typed and would now replace what somebody else saved.
        now = _item(request, item.deployment, item.code)
        mine = _form(request, now, {**request.POST.dict(), "version": now.version})
        mine.is_valid()
        return OpenRow(now, edit(mine, too_late=True, differences=differences(form, standing(now))), status=409)
    rescore_after_commit()
    # Whoever gave their item to somebody else has saved it, and may not change it any more.
    return OpenRow(_found(request, item.deployment, item.code), saved=True, changed=event is not None)


def _item(request: UserRequest, deployment: Deployment, code: str) -> ChecklistItem:
    item = _found(request, deployment, code)
    if not keep_item(request.user, item):
        raise PermissionDenied
    return item


def _found(request: UserRequest, deployment: Deployment, code: str) -> ChecklistItem:
    items = ChecklistItem.objects.current().visible_to(request.user).filter(deployment=deployment, code=code)
    item = items.select_related("template_item__seat_role", "owner__user").first()
    if item is None:
        raise Http404("no such item")
    item.deployment = deployment
    return item


def _form(request: UserRequest, item: ChecklistItem, data: Any = None) -> ItemRowForm:
    files = EvidenceFile.objects.visible_to(request.user).current().filter(item=item)
    return ItemRowForm(data, item=item, has_files=files.exists())


def row_context(request: HttpRequest) -> dict[str, str]:
    """Addresses for the rows of a checklist: of the list, and one that "edit=<code>" or "row=<code>" completes."""
    list_href = f"{request.path}{list_query(request.GET, EDIT)}"
    return {"list_href": list_href, "row_base": f"{list_href}{'&' if '?' in list_href else '?'}"}
