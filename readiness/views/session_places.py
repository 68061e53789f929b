"""The places on a session, taken back or moved to another session of the course: many at once."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.places import PlaceLine, just_booked, place_lines, places_kept
from readiness.dashboards.sessions import SessionLine, lines, reader_of, sessions_of
from readiness.forms.missing import CancelForm
from readiness.tasks import remind_after_commit
from readiness.views.item_list import ALL, PAGE, SELECT
from readiness.views.many import carried_ids, ids_in
from readiness.views.session_book import MOST_SESSIONS, MOST_SITES, book_placed, mail_words, session_frame
from readiness.views.sessions import PlacedSession, address_of, find_session, to_come
from rollout.htmx import render_page
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.templatetags.formats import count
from rollout.views.access import permitted
from training.services.bookings import cancel_places, move_places

PER_PAGE = 50
COLUMNS: tuple[dict[str, Any], ...] = (
    SELECT,
    {"label": _("Person")},
    {"label": _("Where")},
    {"label": _("Place")},
)
ACTIONS = (("cancel", _("Cancel places")), ("move", _("Move to another session")))


@dataclass(frozen=True)
class Selected:
    """The places chosen, of those that the reader keeps."""

    staff: list[int]
    data: QueryDict


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(book_placed, find_session)
def session_places(request: UserRequest, placed: PlacedSession) -> HttpResponse:
    """Who is booked and who waits, in order; with `do=cancel|move` the question about those chosen, then the change."""
    data = request.POST if request.method == "POST" else request.GET
    what, kept = data.get("do", ""), places_kept(placed.session, request.user)
    wanted = set(ids_in(data))
    if request.method == "POST" and "just" in data:
        # By the booking and not by its people, of whom there may be more than a form has fields.
        wanted = set(just_booked(placed.session, data["just"], request.user))
    everybody = data.get("all") == "on"
    chosen = [row.staff_id for row in kept if everybody or row.staff_id in wanted]
    if what in ("cancel", "move"):
        selected = Selected(chosen, data)
        if request.method != "POST":
            return ask(request, placed, selected, what)
        return cancel(request, placed, selected) if what == "cancel" else move(request, placed, selected)
    return page(request, placed)


def page(request: UserRequest, placed: PlacedSession, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The places, those who wait in the order in which they move up."""
    kept = places_kept(placed.session, request.user)
    shown = Paginator(kept, PER_PAGE).get_page(request.GET.get("page"))
    just = just_booked(placed.session, request.GET.get("just", ""), request.user)
    selecting = request.GET.get("select")
    total = (vars(placed.session)["waiting_count"] or 0) + (vars(placed.session)["taken_count"] or 0)
    context = session_frame(request, placed) | {
        "page": shown,
        "lines": place_lines(shown.object_list),
        "columns": COLUMNS,
        "others": max(total - len(kept), 0),
        "just": just,
        "selecting": selecting if selecting in (PAGE, ALL) else "",
        "bulk_actions": ACTIONS,
        "begun": not to_come(placed.session),
        "here": address_of("session-places", placed.programme, placed.session),
        "book_href": address_of("session-book", placed.programme, placed.session),
        "refusal": refusal,
    }
    return render_page(request, "readiness/session_place_list.html", context, partial="places", status=status)


def ask(
    request: UserRequest, placed: PlacedSession, selected: Selected, what: str, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The question: why they are cancelled, or which session they move to."""
    names: list[PlaceLine] = place_lines(
        row for row in places_kept(placed.session, request.user) if row.staff_id in set(selected.staff)
    )
    context = session_frame(request, placed) | {
        "what": what,
        "number": len(selected.staff),
        "names": names[:PER_PAGE],
        "more": max(len(names) - PER_PAGE, 0),
        "form": CancelForm() if what == "cancel" else None,
        "others": with_room(other_sessions(request, placed)) if what == "move" else [],
        "carried": [*carried_ids(selected.data), ("do", what)],
        "here": address_of("session-places", placed.programme, placed.session),
        "refusal": refusal,
    }
    return render_page(
        request, "readiness/session_place_change.html", context, status=status if selected.staff else 422
    )


def with_room(rows: list[SessionLine]) -> list[SessionLine]:
    """Those of the sessions that somebody can move to, the nearest."""
    return [row for row in rows if row.session.capacity is None or row.free][:MOST_SESSIONS]


def other_sessions(request: UserRequest, placed: PlacedSession) -> list[SessionLine]:
    """The other sessions of the course to come, those at the same site first."""
    session = placed.session
    found = (
        sessions_of(placed.programme, request.user)
        .current()
        .filter(course=session.course_id, starts_at__gt=timezone.now())
        .exclude(pk=session.pk)
        .order_by("starts_at", "pk")
    )
    rows = lines(found[:MOST_SITES], reader_of(placed.programme, request.user))
    return sorted(rows, key=lambda row: row.session.site_id != session.site_id)


def moved_up_words(number: int) -> str:
    """How many who waited have a place now."""
    words = ngettext(
        "%(n)s person moved up from the waiting list.", "%(n)s people moved up from the waiting list.", number
    )
    return words % {"n": count(number)}


def cancel(request: UserRequest, placed: PlacedSession, selected: Selected) -> HttpResponse:
    """Take the places back; who waits moves up."""
    form = CancelForm(request.POST)
    if not selected.staff:
        # Sent again: they have no place any more, which is what was asked for.
        messages.success(request, gettext("These places are cancelled already."))
        return redirect(address_of("session-places", placed.programme, placed.session))
    if not form.is_valid():
        return ask(request, placed, selected, "cancel", refusal=gettext("The reason is too long."), status=422)
    try:
        freed = cancel_places(
            session=placed.session, staff_ids=selected.staff, by=request.user, reason=form.cleaned_data["reason"]
        )
    except Refused as refused:
        return page(request, placed, refusal=str(refused), status=422)
    remind_after_commit()
    words = ngettext("%(n)s place is cancelled.", "%(n)s places are cancelled.", freed.cancelled)
    said = [words % {"n": count(freed.cancelled)}]
    if freed.moved_up:
        said.append(moved_up_words(freed.moved_up))
    messages.success(request, " ".join(said))
    return redirect(address_of("session-places", placed.programme, placed.session))


def move(request: UserRequest, placed: PlacedSession, selected: Selected) -> HttpResponse:
    """Move people to the session whose button was pressed."""
    to = request.POST.get("to", "")
    target = next((row.session for row in other_sessions(request, placed) if str(row.session.pk) == to), None)
    if target is None:
        refusal = gettext("Select the session they move to.")
        return ask(request, placed, selected, "move", refusal=refusal, status=422)
    try:
        done = move_places(session=placed.session, to=target, staff_ids=selected.staff, by=request.user)
    except Refused as refused:
        return ask(request, placed, selected, "move", refusal=str(refused), status=422)
    remind_after_commit()
    words = ngettext("%(n)s person moved to this session.", "%(n)s people moved to this session.", done.moved)
    said = [words % {"n": count(done.moved)}]
    if done.stayed:
        words = ngettext(
            "%(n)s found no free place and stays where they were.",
            "%(n)s found no free place and stay where they were.",
            done.stayed,
        )
        said.append(words % {"n": count(done.stayed)})
    messages.success(request, " ".join([*said, *mail_words(done.unaddressed)]))
    return redirect(address_of("session-places", placed.programme, target))
