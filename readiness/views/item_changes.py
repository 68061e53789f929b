"""One change for many checklist items: their owner, due date or state."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.item_list import chosen, items_of
from readiness.forms.item_list import WISHES
from readiness.forms.kept_lists import item_filters
from readiness.models import ChecklistItem
from readiness.querysets.checklists import ChecklistItemQuerySet
from readiness.services.bulk_items import DUE, OWNER, STATE, Outlook, SelectionChanged, change_items, look_ahead
from readiness.views.item_list import kept_in, list_address
from readiness.views.many import ALREADY, CHANGING, FORBIDDEN, NEW, Fates, Many, change_many, ids_in
from rollout.models import Programme
from rollout.permissions import places_with_names, read_programme
from rollout.requests import UserRequest
from rollout.templatetags.formats import count
from rollout.views.access import find_programme, permitted


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def item_change(request: UserRequest, programme: Programme) -> HttpResponse:
    """`?do=owner|due|state` of the items chosen: the question, the check page, and with `sure` the change itself."""
    return change_many(request, programme, ITEMS)


def selected(request: UserRequest, programme: Programme, data: QueryDict) -> ChecklistItemQuerySet:
    """The items chosen: by their ids, or with `all` by the filters of the list."""
    items = items_of(programme, request.user)
    if data.get("all") == "on":
        choice = item_filters(programme, request.user)(data).choice
        return chosen(items, choice, timezone.localdate(), request.user)
    return items.filter(pk__in=ids_in(data))


def form_of(what: str, programme: Programme, data: Any) -> Any:
    """What is asked about the items."""
    return WISHES[what](data, prefix=NEW)


def carried(data: QueryDict) -> list[tuple[str, str]]:
    """Where the items were chosen: on which list, and with which filters."""
    return [*(("from", value) for value in data.getlist("from")[:1]), *kept_in(data)]


def back_address(programme: Programme, data: QueryDict) -> str:
    """Where the items were chosen: the checklist of the one site named by `from`, else the list with its filters."""
    if data.get("from") == "checklist" and data.get("site"):
        try:
            return reverse("readiness:checklist", kwargs={"programme": programme.code, "site": data["site"]})
        except LookupError:
            raise Http404("no such site") from None
    return list_address(programme, kept_in(data))


def counted(number: int) -> str:
    """Items by their number."""
    return ngettext("%(n)s item", "%(n)s items", number) % {"n": count(number)}


def will_change(number: int) -> str:
    """How many items would change, in words."""
    return ngettext("%(n)s item will change.", "%(n)s items will change.", number) % {"n": count(number)}


def changed(number: int) -> str:
    """How many items changed, in words."""
    if not number:
        return gettext("Nothing had to change: the items stand so already.")
    return ngettext("%(n)s item changed.", "%(n)s items changed.", number) % {"n": count(number)}


def others(outlook: Outlook, what: str) -> list[tuple[int, str]]:
    """What becomes of the items that do not change, in words."""
    already, forbidden, lacking = len(outlook.already), len(outlook.forbidden), len(outlook.lacking)
    stand = {
        OWNER: ("%(n)s already has this owner.", "%(n)s already have this owner."),
        DUE: ("%(n)s already has this due date.", "%(n)s already have this due date."),
        STATE: ("%(n)s is in this state already.", "%(n)s are in this state already."),
    }[what]
    ask = ngettext(
        "%(n)s asks for evidence first: complete it on its own page.",
        "%(n)s ask for evidence first: complete them on their own pages.",
        lacking,
    )
    return [
        (already, ngettext(*stand, already)),
        (forbidden, ngettext("%(n)s you may not edit.", "%(n)s you may not edit.", forbidden)),
        (lacking, ask),
    ]


def fates(outlook: Outlook) -> Fates:
    """The items by what would come of them."""
    return (
        (CHANGING, outlook.changing),
        (ALREADY, outlook.already),
        (_("These ask for evidence first"), outlook.lacking),
        (FORBIDDEN, outlook.forbidden),
    )


def row(request: UserRequest, programme: Programme) -> Callable[[ChecklistItem], dict[str, Any]]:
    """A maker of lines that name an item, its site, and its owner to those who may know."""
    may_name = places_with_names(request.user, programme)

    def line(item: ChecklistItem) -> dict[str, Any]:
        site = item.deployment.site
        owner = str(item.owner) if item.owner and may_name(site.pk) else ""
        return {"name": item.template_item.text, "notes": f"{site.name} · {owner}" if owner else site.name}

    return line


ITEMS = Many(
    tab="items",
    titles={OWNER: _("Change the owner"), DUE: _("Change the due date"), STATE: _("Change the state")},
    form=form_of,
    chosen=selected,
    look_ahead=look_ahead,
    change=change_items,
    overtaken=SelectionChanged,
    fates=fates,
    row=row,
    others=others,
    carried=carried,
    back=back_address,
    counted=counted,
    will_change=will_change,
    changed=changed,
    title=_("Change several items"),
    nothing=_("No items are selected"),
    how=_("Go back, select the items you want to change, and then say what is to change."),
)
