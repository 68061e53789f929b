"""One change for many records of a list: the question, a check page in words, then all of it at once.

The records chosen travel as ids, or as the filters of the list where everything that matches was chosen.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.tasks import rescore_after_commit
from readiness.views.done import say_done
from readiness.views.frame import programme_frame
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.requests import UserRequest
from rollout.templatetags.formats import count

MOST_CHOSEN = 1_000  # ids in one form; more are chosen by filter
SHOWN = 50
DIGITS = 18
NEW = "new"  # before the fields of what is to become of the records: the filters have names like theirs

Fates = Iterable[tuple[Any, Sequence[Any]]]


@dataclass(frozen=True)
class Many:
    """What a list says of changing many of its records.

    `titles` names what may become of them (?do=). `counted`, `will_change` and `changed` say a number of them in words,
    `others` what becomes of those that do not change. `back` is the list, with what was chosen in it.
    """

    tab: str
    titles: Mapping[str, Any]
    form: Callable[..., Any]
    chosen: Callable[[UserRequest, Programme, QueryDict], Any]
    look_ahead: Callable[..., Any]
    change: Callable[..., Any]
    overtaken: type[Exception]
    fates: Callable[[Any], Fates]
    row: Callable[[UserRequest, Programme], Callable[[Any], dict[str, Any]]]
    others: Callable[[Any, str], Iterable[tuple[int, str]]]
    carried: Callable[[QueryDict], list[tuple[str, str]]]
    back: Callable[[Programme, QueryDict], str]
    counted: Callable[[int], str]
    will_change: Callable[[int], str]
    changed: Callable[[int], str]
    title: Any
    nothing: Any
    how: Any


def change_many(request: UserRequest, programme: Programme, many: Many) -> HttpResponse:
    """`?do=` of the records chosen: the question, the check page, and with `sure` the change itself."""
    data = data_of(request)
    what = data.get("do", "")
    chosen = many.chosen(request, programme, data)
    number = chosen.count() if what in many.titles else 0
    if not number:
        return page(request, programme, many, number=0, form=None, status=422)
    form = many.form(what, programme, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return page(request, programme, many, number=number, form=form)
    if not form.is_valid():
        return page(request, programme, many, number=number, form=form, status=422)
    overtaken = False
    if "sure" in request.POST:
        try:
            with getattr(form, "reason_noted", nullcontext)():
                done = many.change(chosen, form.wish, mark=request.POST.get("mark", ""), by=request.user)
        except many.overtaken:
            overtaken = True
        else:
            rescore_after_commit()
            say_done(request, many.changed(len(done.changing)))
            return redirect(many.back(programme, data))
    outlook = many.look_ahead(chosen, form.wish, by=request.user)
    status = 409 if overtaken else 200
    return page(request, programme, many, number=number, form=form, outlook=outlook, status=status)


def page(
    request: UserRequest,
    programme: Programme,
    many: Many,
    *,
    number: int,
    form: Any,
    outlook: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The question, or with an outlook the check page."""
    data = data_of(request)
    what = data.get("do", "")
    title = many.titles.get(what, many.title)
    context = programme_frame(request, programme, many.tab) | {
        "many": many,
        "title": title,
        "heading": heading(many, title, number, outlook),
        "number": number,
        "form": form,
        "outlook": outlook,
        "sentences": sentences(many, outlook, what) if outlook else [],
        "value": form.wish_words if outlook else "",
        "typed": [(field.html_name, field.value() or "") for field in form] if outlook else [],
        "carried": [*carried_ids(data), *many.carried(data), ("do", what)],
        "groups": groups(many.fates(outlook), many.row(request, programme)) if outlook else [],
        "button": gettext("Change %(number)s") % {"number": many.counted(len(outlook.changing))} if outlook else "",
        "too_late": status == 409,
        "back": many.back(programme, data),
    }
    return render_page(request, "readiness/many_change.html", context, status=status)


def heading(many: Many, title: Any, number: int, outlook: Any) -> str:
    """What the page is about."""
    if not number:
        return str(many.nothing)
    if outlook:
        return gettext("Check before changing")
    return gettext("%(title)s of %(number)s") % {"title": title, "number": many.counted(number)}


def sentences(many: Many, outlook: Any, what: str) -> list[str]:
    """What would happen, in words: "35 items will change.", "3 already have this owner.", "2 you may not edit."."""
    number = len(outlook.changing)
    first = many.will_change(number) if number else gettext("Nothing will change.")
    return [first, *(words % {"n": count(others)} for others, words in many.others(outlook, what) if others)]


def data_of(request: UserRequest) -> QueryDict:
    """What was chosen: of the address, or of the form that brings it back."""
    return request.POST if request.method == "POST" else request.GET


def ids_in(data: QueryDict) -> list[int]:
    """The ids chosen; what is none is passed over."""
    written = data.getlist("item")[:MOST_CHOSEN]
    return [int(pk) for pk in written if pk.isascii() and pk.isdecimal() and len(pk) <= DIGITS]


def carried_ids(data: QueryDict) -> list[tuple[str, str]]:
    """What was chosen, for a form to bring back."""
    return [(name, value) for name in ("item", "all") for value in data.getlist(name)[:MOST_CHOSEN]]


def groups(found: Fates, row: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups of records under their headings, the first of each by name, and the first group open."""
    return [
        {
            "heading": heading,
            "rows": [row(each) for each in rows[:SHOWN]],
            "more": max(len(rows) - SHOWN, 0),
            "open": number == 0,
        }
        for number, (heading, rows) in enumerate(found)
        if rows
    ]


CHANGING, ALREADY, FORBIDDEN = _("These will change"), _("These stand so already"), _("These you may not edit")
