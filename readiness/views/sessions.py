"""The training sessions of a programme: the list, and one of them with who is on it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.session_places import people_on, places_on
from readiness.dashboards.sessions import (
    chosen,
    in_order,
    lead,
    line_of,
    lines,
    may_ask,
    reader_of,
    sessions_of,
    sessions_table,
)
from readiness.forms.sessions import SessionFilters
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programme, crumb_programmes
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme
from rollout.permissions import manage_programme, read_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted
from training.hours import Span
from training.models import TrainingSession
from training.permissions import keep_session, keep_sessions, record_courses, record_session, sites_booked
from training.services.session_overlaps import overlaps_of

PER_PAGE = 50
WHEN: tuple[dict[str, Any], ...] = (
    {"label": _("When"), "sort": "when"},
    {"label": _("Course"), "sort": "course"},
    {"label": _("Where"), "sort": "site"},
)
TRAINER: dict[str, Any] = {"label": _("Trainer")}
PLACES: tuple[dict[str, Any], ...] = (
    {"label": _("Booked"), "numeric": True},
    {"label": _("Free"), "sort": "free", "numeric": True},
    {"label": _("Waiting"), "sort": "waiting", "numeric": True},
)
ORDERS = (
    ("", _("To come, the next first")),
    ("-when", _("Newest first")),
    ("course", _("Course")),
    ("site", _("Site")),
)
PLACE_ORDERS = (("-free", _("Most free places")), ("-waiting", _("Most waiting")))
PERSON_COLUMNS: tuple[dict[str, Any], ...] = ({"label": _("Person")}, {"label": _("Where")}, {"label": _("Place")})


@dataclass(frozen=True)
class PlacedSession:
    """A training session of a programme."""

    programme: Programme
    session: TrainingSession

    @property
    def deployment(self) -> Deployment | None:
        """No single site: a session belongs to the programme."""
        return None


def find_session(user: Somebody, programme: str, session: int) -> PlacedSession:
    """The session of an address like /p/<programme>/training/sessions/<session>/."""
    found = find_programme(user, programme)
    return PlacedSession(
        found, get_object_or_404(sessions_of(found, user).select_related("retired_by", "programme"), pk=session)
    )


def read_session(user: Somebody, placed: PlacedSession) -> bool:
    """Everybody who may know of it; who is on it, and how many, is narrowed on the page."""
    return True


def keep_placed(user: Somebody, placed: PlacedSession) -> bool:
    """Those who keep the session."""
    return keep_session(user, placed.session)


def address_of(name: str, programme: Programme, session: TrainingSession | None = None) -> str:
    """A page of the sessions."""
    more = {"session": session.pk} if session else {}
    return reverse(f"readiness:{name}", kwargs={"programme": programme.code, **more})


def crumbs(programme: Programme, *more: tuple[Any, str]) -> list[dict[str, Any]]:
    """The steps above a page of the sessions."""
    training = (gettext("Training"), address_of("programme-training", programme))
    steps = [{"label": label, "href": href} for label, href in (training, *more)]
    return [crumb_programmes(), crumb_programme(programme), *steps]


@require_safe
@permitted(read_programme, find_programme)
def session_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The sessions: filtered, in order, 50 a page; for htmx the table alone; or a file."""
    reader, sort, part = reader_of(programme, request.user), request.GET.get("sort", ""), wants_part(request)
    courses = programme.courses.order_by("name", "pk")
    form = SessionFilters(request.GET, courses=courses, names=reader.names, places=reader.places)
    everything = sessions_of(programme, request.user)
    shown = may_ask(form.choice, reader, chosen(everything, form.choice))
    shown = in_order(shown, sort, places=reader.places)
    if answer := download_answer(request, {"sessions": lambda: sessions_table(lines(shown, reader), reader)}):
        return answer
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"programme": programme, "part": part, "page": page, "form": form, "sort": sort}
    if not part:
        context |= programme_frame(request, programme, "training") | {
            "trail": crumbs(programme),
            "sentence": lead(everything, reader),
            "keeps": keep_sessions(request.user, programme),
            "manages": manage_programme(request.user, programme),
            "records": record_courses(request.user, programme),
        }
    context |= {
        "rows": lines(page.object_list, reader),
        "reader": reader,
        "columns": columns_of(names=reader.names, places=reader.places),
        "orders": ORDERS + (PLACE_ORDERS if reader.places else ()),
    }
    return render_page(request, "readiness/session_list.html", context, partial="sessions")


def columns_of(*, names: bool, places: bool) -> list[dict[str, Any]]:
    """The columns of the table, from left to right."""
    return [*WHEN, *([TRAINER] if names else []), *(PLACES if places else ())]


def to_come(session: TrainingSession) -> bool:
    """Whether its places can still be given and taken back: it has not begun and is not cancelled."""
    return session.retired_at is None and session.starts_at > timezone.now()


def site_known(session: TrainingSession, user: Somebody) -> bool:
    """Whether the site of a session is one of the programme's whose training the reader may open."""
    here = Deployment.objects.current().visible_to(user).filter(programme=session.programme_id, site=session.site_id)
    return here.exists()


@require_safe
@permitted(read_session, find_session)
def session_detail(request: UserRequest, placed: PlacedSession) -> HttpResponse:
    """One session: when, where, who holds it, and as far as the reader may know who is on it."""
    return detail_page(request, placed)


def detail_page(request: UserRequest, placed: PlacedSession, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page of a session, with what was refused above it."""
    programme, session = placed.programme, placed.session
    line, keeps = line_of(session, reader_of(programme, request.user)), keep_session(request.user, session)
    places = places_on(session, request.user)
    page = Paginator(places.rows, PER_PAGE).get_page(request.GET.get("page"))
    span = Span(session.starts_at, session.ends_at)
    overlaps = overlaps_of(session, [span], request.user).get(span, []) if keeps and not session.retired_at else []
    context = programme_frame(request, programme, "training") | {
        "trail": crumbs(programme, (gettext("Training sessions"), address_of("session-list", programme))),
        "row": line,
        "session": session,
        "keeps": keeps,
        "records": line.begun and record_session(request.user, session),
        "books": to_come(session) and sites_booked(request.user, programme).exists(),
        "people": people_on(page.object_list, timezone.localdate()),
        "others": places.others if line.counted else 0,
        "page": page,
        "columns": PERSON_COLUMNS,
        "overlaps": overlaps,
        "site_known": site_known(session, request.user),
        "link": session.room if session.room.startswith("https://") else "",
        "refusal": refusal,
    }
    return render_page(request, "readiness/session_detail.html", context, status=status)
