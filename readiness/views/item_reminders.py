"""Reminding the owners of many checklist items: a check page in words, then one message a person."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.querysets.checklists import ChecklistItemQuerySet
from readiness.services.item_reminders import ReminderOutlook, RemindersChanged, look_ahead, remind_owners
from readiness.tasks import remind_after_commit
from readiness.views.frame import programme_frame
from readiness.views.item_changes import back_address, carried, row, selected
from readiness.views.many import carried_ids, data_of, groups
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import read_programme
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.templatetags.formats import count
from rollout.views.access import find_programme, permitted


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def item_remind(request: UserRequest, programme: Programme) -> HttpResponse:
    """Of the items chosen: who would be reminded, and with `sure` the reminders themselves."""
    items = selected(request, programme, data_of(request))
    if request.method == "POST" and "sure" in request.POST:
        return remind(request, programme, items)
    return page(request, programme, look_ahead(items, by=request.user))


def remind(request: UserRequest, programme: Programme, items: ChecklistItemQuerySet) -> HttpResponse:
    """Write the reminders down, and say how many; or the check page again where something is in the way."""
    try:
        done = remind_owners(items, programme, mark=request.POST.get("mark", ""), by=request.user)
    except RemindersChanged:
        return page(request, programme, look_ahead(items, by=request.user), too_late=True, status=409)
    except Refused as refusal:
        return page(request, programme, look_ahead(items, by=request.user), refused=str(refusal), status=422)
    if not any(found for _heading, found in found_in(done)):
        return page(request, programme, done)
    remind_after_commit()
    messages.success(request, reminded_words(done))
    return redirect(back_address(programme, request.POST))


def page(
    request: UserRequest, programme: Programme, outlook: ReminderOutlook, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The check page; without anything chosen it says so."""
    found, data = found_in(outlook), data_of(request)
    number = sum(len(items) for _heading, items in found)
    context = programme_frame(request, programme, "items") | {
        "number": number,
        "outlook": outlook,
        "sentences": sentences(outlook),
        "carried": [*carried_ids(data), *carried(data)],
        "groups": groups(found, row(request, programme)),
        "back": back_address(programme, data),
        "mail_is_sent": settings.MAIL_IS_SENT,
        "too_late": False,
        "refused": "",
        **more,
    }
    return render_page(request, "readiness/item_remind.html", context, status=status if number else 422)


def found_in(outlook: ReminderOutlook) -> list[tuple[Any, Any]]:
    """The items under headings that say what would come of them."""
    return [
        (_("Their owners will be reminded"), outlook.reminding),
        (_("Their owners were reminded today"), outlook.already),
        (_("These have nobody to remind"), outlook.nobody),
        (_("Their owners want no reminders"), outlook.unwanted),
        (_("These need nothing now"), outlook.settled),
        (_("These you may not edit"), outlook.forbidden),
    ]


def reminded_words(outlook: ReminderOutlook) -> str:
    """ "12 people will be reminded of 35 items."."""
    if not outlook.reminding:
        return gettext("Nobody will be reminded.")
    people, items = outlook.people, len(outlook.reminding)
    return gettext("%(people)s will be reminded of %(items)s.") % {
        "people": ngettext("%(n)s person", "%(n)s people", people) % {"n": count(people)},
        "items": ngettext("%(n)s item", "%(n)s items", items) % {"n": count(items)},
    }


def sentences(outlook: ReminderOutlook) -> list[str]:
    """What would happen, in words, and why the other items remind nobody."""
    told = (
        (
            outlook.already,
            ngettext(
                "The owner of %(n)s item was reminded of it today.",
                "The owners of %(n)s items were reminded of them today.",
                len(outlook.already),
            ),
        ),
        (
            outlook.nobody,
            ngettext(
                "%(n)s item has nobody: no owner, or one who cannot log in.",
                "%(n)s items have nobody: no owner, or one who cannot log in.",
                len(outlook.nobody),
            ),
        ),
        (
            outlook.unwanted,
            ngettext(
                "The owner of %(n)s item wants no reminders.",
                "The owners of %(n)s items want no reminders.",
                len(outlook.unwanted),
            ),
        ),
        (
            outlook.settled,
            ngettext(
                "%(n)s item needs nothing now: it is done or does not apply, or its site is set aside.",
                "%(n)s items need nothing now: they are done or do not apply, or their site is set aside.",
                len(outlook.settled),
            ),
        ),
        (
            outlook.forbidden,
            ngettext("%(n)s item you may not edit.", "%(n)s items you may not edit.", len(outlook.forbidden)),
        ),
    )
    return [reminded_words(outlook), *(words % {"n": count(len(items))} for items, words in told if items)]
