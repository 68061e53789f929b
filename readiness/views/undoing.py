"""Undo: what one request changed, changed back by new events."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.urls.converters import StringConverter
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from readiness.models import ChecklistItem
from readiness.services.undoing import ITEMS, PLANS, Undoing, look_ahead, touched, undo
from readiness.tasks import rescore_after_commit
from readiness.views.done import say_done
from readiness.views.frame import programme_frame
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.querysets.rights import Somebody, deployments_kept, rights_of
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.templatetags.formats import count
from rollout.views.access import find_programme, permitted

SHOWN = 50


class Act(StringConverter):
    """The id of a request in an address, as our own middleware makes them: 32 hexadecimal digits."""

    regex = "[0-9a-f]{32}"


@dataclass(frozen=True)
class Change:
    """What one request changed in a programme; `kept` says whether the person may change any of it."""

    programme: Programme
    act: str
    kept: bool


def find_change(user: Somebody, programme: str, act: str) -> Change:
    """The change of an address like /p/<programme>/undo/<act>/, if it touched anything there that the user may see."""
    found = find_programme(user, programme)
    items = (
        ChecklistItem.objects.current().visible_to(user).filter(deployment__programme=found, pk__in=touched(act, ITEMS))
    )
    sites = Deployment.objects.current().visible_to(user).filter(programme=found, pk__in=touched(act, PLANS))
    kept_sites = sites.filter(deployments_kept(rights_of(user)))
    if not items.exists() and not sites.exists():
        raise Http404("no such change")
    return Change(found, act, items.kept_by(user).exists() or kept_sites.exists())


def change_back(user: Somebody, change: Change) -> bool:
    """Whoever may change any of the records that were changed."""
    return change.kept


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_back, find_change)
def act_undo(request: UserRequest, change: Change) -> HttpResponse:
    """What a request changed and can be changed back; a POST does it, and goes on to the page it was asked from."""
    if request.method != "POST":
        return page(request, change)
    try:
        done = undo(act=change.act, by=request.user)
    except Refused as refusal:
        return page(request, change, refusal=str(refusal), status=422)
    rescore_after_commit()
    words = ngettext("%(n)s change is undone.", "%(n)s changes are undone.", done.count) % {"n": count(done.count)}
    say_done(request, " ".join([words, *left_words(done)]))
    return redirect(back_address(request, change.programme))


def left_words(done: Undoing) -> list[str]:
    """What stays as it is, and why, in sentences."""
    told = []
    for why in dict.fromkeys(left.why for left in done.left):
        number = sum(left.why == why for left in done.left)
        words = ngettext("%(n)s stays as it is: %(why)s", "%(n)s stay as they are: %(why)s", number)
        told.append(words % {"n": count(number), "why": why})
    if done.forbidden:
        words = ngettext("%(n)s you may not edit.", "%(n)s you may not edit.", done.forbidden)
        told.append(words % {"n": count(done.forbidden)})
    return told


def back_address(request: UserRequest, programme: Programme) -> str:
    """The page that Undo was pressed on, if it is one of ours; else the sites of the programme."""
    written = request.POST.get("back", "")
    if written.startswith("/") and url_has_allowed_host_and_scheme(written, allowed_hosts=None):
        return written
    return reverse("readiness:deployment-list", kwargs={"programme": programme.code})


def page(request: UserRequest, change: Change, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page of a change."""
    undoing = look_ahead(act=change.act, by=request.user)
    context: dict[str, Any] = programme_frame(request, change.programme, "sites") | {
        "undoing": undoing,
        "refusal": refusal,
        "left": left_words(undoing),
        "records": [*((item, item.deployment) for item, _said in undoing.items[:SHOWN])],
        "plans": [deployment for deployment, _values in undoing.plans[:SHOWN]],
        "more": max(len(undoing.items) - SHOWN, 0) + max(len(undoing.plans) - SHOWN, 0),
        "back": back_address(request, change.programme),
    }
    return render_page(request, "readiness/act_undo.html", context, status=status)
