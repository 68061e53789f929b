"""Booking many people at once: a session is chosen for them, what would come of it is shown, then it is done."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.champions import name_of
from readiness.dashboards.sessions import line_of, lines, reader_of, sessions_of
from readiness.forms.missing import BookForm
from readiness.tasks import remind_after_commit
from readiness.views.frame import programme_frame
from readiness.views.many import carried_ids, groups, ids_in
from readiness.views.missing import Listed, carried, file_of, ids_of, list_context, listed
from readiness.views.sessions import PlacedSession, address_of, crumbs, find_session, to_come
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.logs import request_id
from rollout.models import Deployment
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.templatetags.formats import count
from rollout.views.access import find_deployment, permitted
from training.permissions import book_at, sites_booked
from training.services.booking_outlook import BookingOutlook, Chosen, Fate, look_ahead
from training.services.bookings import Booked, BookingChanged, book
from training.services.place_messages import HELD_BACK

MOST_SITES = 300
MOST_SESSIONS = 50  # to choose from; the nearest
CHECK = (("check", _("Book on this session")),)
SESSION_COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("When")},
    {"label": _("Course")},
    {"label": _("Where")},
    {"label": _("Free"), "numeric": True},
    {"label": _("Waiting"), "numeric": True},
    {"label": _("Choose"), "hidden": True},
)
FATE_WORDS = {
    Fate.BOOKED: ngettext_lazy("%(n)s person will be booked.", "%(n)s people will be booked.", "k"),
    Fate.WAITING: ngettext_lazy("%(n)s goes on the waiting list.", "%(n)s go on the waiting list.", "k"),
    Fate.ALREADY: ngettext_lazy("%(n)s stands on this session already.", "%(n)s stand on this session already.", "k"),
    Fate.ELSEWHERE: ngettext_lazy(
        "%(n)s stands on another session of the course. Move them from there.",
        "%(n)s stand on other sessions of the course. Move them from there.",
        "k",
    ),
    Fate.AWAY: ngettext_lazy("%(n)s is away that day.", "%(n)s are away that day.", "k"),
    Fate.ON_SHIFT: ngettext_lazy("%(n)s is on a champion shift then.", "%(n)s are on a champion shift then.", "k"),
    Fate.GONE: ngettext_lazy("%(n)s works here no more by then.", "%(n)s work here no more by then.", "k"),
}
FORBIDDEN_WORDS = ngettext_lazy("%(n)s is not yours to book.", "%(n)s are not yours to book.", "k")
WITHOUT_WORDS = ngettext_lazy("%(n)s does not lack this course.", "%(n)s do not lack this course.", "k")
HEADINGS = (
    (_("These will be booked"), (Fate.BOOKED,)),
    (_("These go on the waiting list"), (Fate.WAITING,)),
    (_("These have a place already"), (Fate.ALREADY, Fate.ELSEWHERE)),
    (_("These cannot come"), (Fate.AWAY, Fate.ON_SHIFT, Fate.GONE)),
)


def book_placed(user: Somebody, placed: PlacedSession) -> bool:
    """Those who book people of some site of the programme."""
    return sites_booked(user, placed.programme).exists()


def chosen_of(found: Listed, data: QueryDict) -> list[int]:
    """The people chosen of a list: by their ids, or with `all` everybody on it."""
    if data.get("all") == "on":
        return ids_of(found.rows)
    wanted = set(ids_in(data))
    return [pk for pk in ids_of(found.rows) if pk in wanted]


@require_safe
@permitted(book_at, find_deployment)
def training_book(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The sessions to come of the courses that the people chosen lack, to choose one of them."""
    found = listed(request.user, deployment, request.GET)
    chosen = set(chosen_of(found, request.GET))
    lacked = {each.course_id for row in found.rows if row.staff_id in chosen for each in row.courses}
    coming = sessions_of(deployment.programme, request.user).current().filter(starts_at__gt=timezone.now())
    sessions = coming.filter(course__in=lacked)
    reader = reader_of(deployment.programme, request.user)
    rows = sorted(
        lines(sessions.order_by("starts_at", "pk"), reader),
        key=lambda row: row.session.site_id not in (None, deployment.site_id),
    )
    back = reverse(
        "readiness:training-missing",
        kwargs={"programme": deployment.programme.code, "site": deployment.site.code},
    )
    context = programme_frame(request, deployment.programme, "training") | {
        "deployment": deployment,
        "number": len(chosen),
        "rows": rows[:MOST_SESSIONS],
        "more": max(len(rows) - MOST_SESSIONS, 0),
        "columns": SESSION_COLUMNS,
        "carried": [*carried_ids(request.GET), *carried(request.GET), ("site", deployment.site.code)],
        "back": back,
    }
    return render_page(request, "readiness/session_choose.html", context, status=200 if chosen else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(book_placed, find_session)
def session_book(request: UserRequest, placed: PlacedSession) -> HttpResponse:
    """Who lacks the course of a session, of its own site first; with `do=check` what booking those chosen would do."""
    data = request.POST if request.method == "POST" else request.GET
    sites = list(
        sites_booked(request.user, placed.programme)
        .select_related("site", "programme")
        .order_by("site__name")[:MOST_SITES]
    )
    deployment = site_of(placed, sites, data.get("site", ""))
    found = listed(request.user, deployment, data, course=placed.session.course)
    if request.method == "POST":
        return do_book(request, placed, found)
    if data.get("do") == "check":
        return check_page(request, placed, found)
    if answer := download_answer(request, {"missing": lambda: file_of(request, found)}):
        return answer
    here = address_of("session-book", placed.programme, placed.session)
    context: dict[str, Any] = {"programme": placed.programme, "deployment": deployment, "placed": placed}
    context["open"] = to_come(placed.session)
    if not wants_part(request):
        context |= session_frame(request, placed)
    context |= list_context(request, found, actions=CHECK, change_href=here)
    context |= {
        "sites": sites,
        "kept": [("site", deployment.site.code)],
        "clear_href": f"{here}?site={deployment.site.code}",
    }
    context["kept_by_change"] = [*carried(request.GET), *([] if request.GET.get("site") else context["kept"])]
    return render_page(request, "readiness/session_book.html", context, partial="people")


def site_of(placed: PlacedSession, sites: list[Deployment], code: str) -> Deployment:
    """The site whose people are shown: the one asked for, else the session's own, else the first. Raises Http404."""
    by_code = {each.site.code: each for each in sites}
    if code:
        if code not in by_code:
            raise Http404("no such site to book people of")
        return by_code[code]
    own = placed.session.site.code if placed.session.site else ""
    return by_code.get(own, sites[0])


def session_frame(request: UserRequest, placed: PlacedSession) -> dict[str, Any]:
    """What stands around a page of a session's places."""
    programme, session = placed.programme, placed.session
    line = line_of(session, reader_of(programme, request.user))
    steps = (
        (gettext("Training sessions"), address_of("session-list", programme)),
        (f"{session.course.name}, {line.on}", address_of("session-detail", programme, session)),
    )
    return programme_frame(request, programme, "training") | {
        "trail": crumbs(programme, *steps),
        "session": session,
        "row": line,
    }


def check_page(
    request: UserRequest, placed: PlacedSession, found: Listed, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """What booking the people chosen would come to, in words and by name; nothing is written."""
    data = request.POST if request.method == "POST" else request.GET
    chosen = chosen_of(found, data)
    outlook = None
    try:
        outlook = look_ahead(session=placed.session, staff_ids=chosen, by=request.user) if chosen else None
    except Refused as refused:
        refusal, status = refusal or str(refused), 422
    without = 0 if data.get("all") == "on" else len(set(ids_in(data))) - len(chosen)
    booking = len(outlook.of(Fate.BOOKED, Fate.WAITING)) if outlook else 0
    here = address_of("session-book", placed.programme, placed.session)
    context = session_frame(request, placed) | {
        "outlook": outlook,
        "sentences": sentences(outlook, without) if outlook else [],
        "groups": groups(fates(outlook), told) if outlook else [],
        "booking": booking,
        "booked": bool(outlook and outlook.of(Fate.BOOKED)),
        "check": BookForm(initial={"mark": outlook.mark}) if outlook else None,
        "carried": [*carried_ids(data), *carried(data, "do")],
        "refusal": refusal,
        "too_late": status == 409,
        "back": f"{here}?site={found.deployment.site.code}",
        "here": here,
    }
    return render_page(request, "readiness/session_book_check.html", context, status=status if chosen else 422)


def fates(outlook: BookingOutlook) -> list[tuple[Any, list[Chosen]]]:
    """Everybody under what comes of them."""
    return [(heading, outlook.of(*which)) for heading, which in HEADINGS]


def told(chosen: Chosen) -> dict[str, Any]:
    """One of them, with why not."""
    return {"name": name_of(chosen.person), "notes": chosen.why}


def sentences(outlook: BookingOutlook, without: int) -> list[str]:
    """What would happen: "12 people will be booked.", "3 go on the waiting list.", "1 is away that day."."""
    numbers = [(len(outlook.of(fate)), words) for fate, words in FATE_WORDS.items()]
    numbers += [(outlook.forbidden, FORBIDDEN_WORDS), (without, WITHOUT_WORDS)]
    first = [] if outlook.of(Fate.BOOKED) else [gettext("Nobody will be booked.")]
    return first + [str(words % {"k": number, "n": count(number)}) for number, words in numbers if number]


def do_book(request: UserRequest, placed: PlacedSession, found: Listed) -> HttpResponse:
    """Book what the check page showed, once; show it anew where it is otherwise by now."""
    form, refusal = BookForm(request.POST), gettext("Look at who would be booked, then book.")
    if not form.is_valid():
        return check_page(request, placed, found, refusal=refusal, status=422)
    said, made = form.cleaned_data, list[Booked]()

    def do() -> str:
        chosen = chosen_of(found, request.POST)
        if not chosen:
            raise Refused(refusal)
        made.append(book(session=placed.session, staff_ids=chosen, by=request.user, mark=said["mark"]))
        remind_after_commit(after=HELD_BACK)
        return f"{address_of('session-places', placed.programme, placed.session)}?just={request_id.get()}"

    # What was sent, not whom it finds: once they are booked a filter may find others.
    body = {
        "session": placed.session.pk,
        "mark": said["mark"],
        "sent": [*carried_ids(request.POST), *carried(request.POST)],
    }
    try:
        address = done_once(user=request.user, key=said["once"], body=body, do=do)
    except BookingChanged:
        return check_page(request, placed, found, status=409)
    except Refused as refused:
        return check_page(request, placed, found, refusal=str(refused), status=422)
    messages.success(request, " ".join(result(made[0])) if made else gettext("They are booked already."))
    return redirect(address)


def result(done: Booked) -> list[str]:
    """What came of a booking, in sentences."""
    found = []
    if done.booked:
        words = ngettext("%(n)s person is booked.", "%(n)s people are booked.", done.booked)
        found.append(words % {"n": count(done.booked)})
    if done.waiting:
        words = ngettext("%(n)s is on the waiting list.", "%(n)s are on the waiting list.", done.waiting)
        found.append(words % {"n": count(done.waiting)})
    return [*found, *mail_words(done.unaddressed)]


def mail_words(unaddressed: int) -> list[str]:
    """Who is not mailed, where somebody is not."""
    if not settings.MAIL_IS_SENT:
        return [gettext("No mail is sent from here: tell them yourself.")]
    if not unaddressed:
        return []
    words = ngettext(
        "%(n)s has no email address: tell them yourself.",
        "%(n)s have no email address: tell them yourself.",
        unaddressed,
    )
    return [words % {"n": count(unaddressed)}]
