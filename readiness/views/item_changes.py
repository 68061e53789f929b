"""One change for many checklist items: what is to become of them, a check page in words, then all of it at once.

The items chosen travel as ids, or as the filters of the list where everything that matches was chosen.
"""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
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
from readiness.tasks import rescore_after_commit
from readiness.views.done import say_done
from readiness.views.frame import programme_frame
from readiness.views.item_list import kept_filters, list_address
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import places_with_names, read_programme
from rollout.requests import UserRequest
from rollout.templatetags.formats import count
from rollout.templatetags.formats import day as day_words
from rollout.views.access import find_programme, permitted

MOST_CHOSEN = 1_000  # ids in one form; more are chosen by filter
SHOWN = 50
NEW = "new"  # before the fields of what is to become of the items: the filters have names like theirs
DIGITS = 18
TITLES = {OWNER: _("Change the owner"), DUE: _("Change the due date"), STATE: _("Change the state")}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def item_change(request: UserRequest, programme: Programme) -> HttpResponse:
    """`?do=owner|due|state` of the items chosen: the question, the check page, and with `sure` the change itself."""
    data = request.POST if request.method == "POST" else request.GET
    what = data.get("do", "")
    items = selected(request, programme, data)
    number = items.count() if what in WISHES else 0
    if not number:
        return page(request, programme, what, number=0, form=None, status=422)
    if request.method != "POST":
        return page(request, programme, what, number=number, form=WISHES[what](prefix=NEW))
    form = WISHES[what](request.POST, prefix=NEW)
    if not form.is_valid():
        return page(request, programme, what, number=number, form=form, status=422)
    if "sure" not in request.POST:
        outlook = look_ahead(items, form.wish, by=request.user)
        return page(request, programme, what, number=number, form=form, outlook=outlook)
    try:
        with getattr(form, "reason_noted", nullcontext)():
            done = change_items(items, form.wish, mark=request.POST.get("mark", ""), by=request.user)
    except SelectionChanged:
        outlook = look_ahead(items, form.wish, by=request.user)
        return page(request, programme, what, number=number, form=form, outlook=outlook, too_late=True, status=409)
    rescore_after_commit()
    say_done(request, changed_words(len(done.changing)))
    return redirect(back_address(request, programme))


def selected(request: UserRequest, programme: Programme, data: QueryDict) -> ChecklistItemQuerySet:
    """The items chosen: by their ids, or with `all` by the filters of the list."""
    items = items_of(programme, request.user)
    if data.get("all") == "on":
        choice = item_filters(programme, request.user)(data).choice
        return chosen(items, choice, timezone.localdate(), request.user)
    written = data.getlist("item")[:MOST_CHOSEN]
    return items.filter(pk__in=[int(pk) for pk in written if pk.isascii() and pk.isdecimal() and len(pk) <= DIGITS])


def carried(request: UserRequest) -> list[tuple[str, str]]:
    """What was chosen, and where, for a form to bring back."""
    data = request.POST if request.method == "POST" else request.GET
    names = ("item", "all", "from")
    return [*((name, value) for name in names for value in data.getlist(name)[:MOST_CHOSEN]), *kept_filters(request)]


def changed_words(number: int) -> str:
    """How many items changed, in words."""
    if not number:
        return gettext("Nothing had to change: the items stand so already.")
    return ngettext("%(n)s item changed.", "%(n)s items changed.", number) % {"n": count(number)}


def back_address(request: UserRequest, programme: Programme) -> str:
    """Where the items were chosen: the checklist of the one site named by `from`, else the list with its filters."""
    data = request.POST if request.method == "POST" else request.GET
    if data.get("from") == "checklist" and data.get("site"):
        try:
            return reverse("readiness:checklist", kwargs={"programme": programme.code, "site": data["site"]})
        except LookupError:
            raise Http404("no such site") from None
    return list_address(programme, kept_filters(request))


def page(
    request: UserRequest,
    programme: Programme,
    what: str,
    *,
    number: int,
    form: forms.Form | None,
    outlook: Outlook | None = None,
    status: int = 200,
    too_late: bool = False,
) -> HttpResponse:
    """The question, or with an outlook the check page."""
    context = programme_frame(request, programme, "items") | {
        "what": what,
        "title": TITLES.get(what, _("Change several items")),
        "number": number,
        "form": form,
        "outlook": outlook,
        "sentences": sentences(outlook, what) if outlook else [],
        "value": value_words(form) if form and outlook else "",
        "typed": [(field.html_name, field.value() or "") for field in form] if form and outlook else [],
        "carried": [*carried(request), ("do", what)],
        "groups": groups(request, programme, outlook) if outlook else [],
        "too_late": too_late,
        "back": back_address(request, programme),
    }
    return render_page(request, "readiness/item_change.html", context, status=status)


def sentences(outlook: Outlook, what: str) -> list[str]:
    """What would happen, in words: "35 items will change.", "3 already have this owner.", "2 you may not edit."."""
    already = {
        OWNER: ("%(n)s already has this owner.", "%(n)s already have this owner."),
        DUE: ("%(n)s already has this due date.", "%(n)s already have this due date."),
        STATE: ("%(n)s is in this state already.", "%(n)s are in this state already."),
    }[what]
    told = [
        (outlook.already, ngettext(*already, len(outlook.already))),
        (outlook.forbidden, ngettext("%(n)s you may not edit.", "%(n)s you may not edit.", len(outlook.forbidden))),
        (
            outlook.lacking,
            ngettext(
                "%(n)s asks for evidence first: complete it on its own page.",
                "%(n)s ask for evidence first: complete them on their own pages.",
                len(outlook.lacking),
            ),
        ),
    ]
    number = len(outlook.changing)
    first = (
        ngettext("%(n)s item will change.", "%(n)s items will change.", number)
        if number
        else gettext("Nothing will change.")
    )
    return [
        words % {"n": count(len(rows))} for rows, words in [(outlook.changing, first), *told] if rows or words == first
    ]


def value_words(form: Any) -> str:
    """What the items would get, in words."""
    wish = form.wish
    if wish.what == OWNER:
        return str(wish.owner)
    if wish.what == DUE:
        return day_words(wish.due_on) or gettext("Counted from the go-live date")
    state = dict(form.fields["state"].choices)[wish.state]
    return f"{state}: {wish.reason}" if wish.reason else str(state)


def groups(request: UserRequest, programme: Programme, outlook: Outlook) -> list[dict[str, Any]]:
    """The items by what would come of them."""
    return groups_of(
        request,
        programme,
        (
            (_("These will change"), outlook.changing),
            (_("These stand so already"), outlook.already),
            (_("These ask for evidence first"), outlook.lacking),
            (_("These you may not edit"), outlook.forbidden),
        ),
    )


def groups_of(
    request: UserRequest, programme: Programme, found: Iterable[tuple[Any, Sequence[ChecklistItem]]]
) -> list[dict[str, Any]]:
    """Groups of items under their headings, the first of each by name, and the first group open."""
    may_name = places_with_names(request.user, programme)
    return [
        {
            "heading": heading,
            "rows": [
                {"item": item, "owner": str(item.owner) if item.owner and may_name(item.deployment.site_id) else ""}
                for item in items[:SHOWN]
            ],
            "more": max(len(items) - SHOWN, 0),
            "open": number == 0,
        }
        for number, (heading, items) in enumerate(found)
        if items
    ]
