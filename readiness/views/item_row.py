"""A checklist item changed in its row: the form opens at the address of the list, and so it works without scripts."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict

from readiness.forms.item_row import ItemRowForm
from readiness.forms.items import standing
from readiness.models import ChecklistItem, EvidenceFile
from readiness.services.items import ItemChanged, change_item
from readiness.tasks import rescore_after_commit
from readiness.views.items import keep_item
from rollout.forms.conflicts import Difference, differences
from rollout.models import Deployment
from rollout.requests import UserRequest

EDIT, ROW = "edit", "row"  # of the query string: the item whose form is open, and the one shown again after Cancel


@dataclass
class OpenRow:
    """The row of an item with its form; None where it was saved or is only shown again."""

    item: ChecklistItem
    form: ItemRowForm | None = None
    status: int = 200
    too_late: bool = False
    found: list[Difference] | None = None
    saved: bool = False
    changed: bool = False


def open_row(request: UserRequest, deployment: Deployment) -> OpenRow | None:
    """The row that the address names, after what was sent for it; None where the address names none.

    Raises Http404 for an item that is not there and PermissionDenied for one that the person may not change.
    """
    code = request.GET.get(EDIT, "") or request.GET.get(ROW, "")
    if not code:
        return None
    item = _item(request, deployment, code)
    if request.method != "POST":
        return OpenRow(item, _form(request, item) if request.GET.get(EDIT) else None)
    form = _form(request, item, request.POST)
    if not form.is_valid():
        return OpenRow(item, form, status=422)
    try:
        with form.reason_noted():
            event = change_item(
                item_id=item.pk, version=form.cleaned_data["version"], change=form.change, by=request.user
            )
    except ItemChanged as changed:
        return _conflict(request, deployment, changed.item, form)
    rescore_after_commit()
    return OpenRow(_item(request, deployment, code), saved=True, changed=event is not None)


def _item(request: UserRequest, deployment: Deployment, code: str) -> ChecklistItem:
    items = ChecklistItem.objects.current().visible_to(request.user).filter(deployment=deployment, code=code)
    item = items.select_related("template_item__seat_role", "owner__user").first()
    if item is None:
        raise Http404("no such item")
    item.deployment = deployment
    if not keep_item(request.user, item):
        raise PermissionDenied
    return item


def _form(request: UserRequest, item: ChecklistItem, data: Any = None) -> ItemRowForm:
    files = EvidenceFile.objects.visible_to(request.user).current().filter(item=item)
    return ItemRowForm(data, item=item, has_files=files.exists())


def _conflict(request: UserRequest, deployment: Deployment, now: ChecklistItem, form: ItemRowForm) -> OpenRow:
    """Both versions side by side: the form keeps what was typed and would now replace what somebody else saved."""
    item = _item(request, deployment, now.code)
    mine = _form(request, item, {**request.POST.dict(), "version": item.version})
    mine.is_valid()
    return OpenRow(item, mine, status=409, too_late=True, found=differences(form, standing(item)))


def row_context(request: HttpRequest) -> dict[str, str]:
    """Addresses for the rows of a list: of the list itself, and one that "edit=<code>" or "row=<code>" completes."""
    query = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
    for name in (EDIT, ROW):
        query.pop(name, None)
    rest = query.urlencode()
    return {
        "list_href": f"{request.path}?{rest}" if rest else request.path,
        "row_base": f"{request.path}?{rest}&" if rest else f"{request.path}?",
    }
