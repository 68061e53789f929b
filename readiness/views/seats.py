"""The seats of a programme, and of a site: filled, handed over, ended."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.seat_book import seat_book
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.team import seat_columns
from readiness.views.trail import crumb_settings
from rollout.forms.seats import EndForm, HandOverForm, SeatChangeForm, SeatForm
from rollout.htmx import render_page
from rollout.models import Deployment, Programme, Seat
from rollout.permissions import keep_checklist, manage_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.once import done_once
from rollout.services.seats import end_seat, fill_seat, hand_over_seat, retire_seat
from rollout.views.access import find_deployment, find_programme, permitted
from rollout.views.questions import Question, ask


@dataclass(frozen=True)
class Place:
    """Where seats are kept: a programme, or a site within it; and the seat in question, if one is."""

    programme: Programme
    deployment: Deployment | None
    seat: Seat | None = None

    @property
    def name(self) -> str:
        """The site; "" where the seats are the programme's own, which every page names anyway."""
        return self.deployment.site.name if self.deployment else ""

    @property
    def back(self) -> str:
        """The page of its seats."""
        if self.deployment is None:
            return reverse("readiness:seat-list", kwargs={"programme": self.programme.code})
        address = {"programme": self.programme.code, "site": self.deployment.site.code}
        return reverse("readiness:deployment-team", kwargs=address)


def find_place(user: Somebody, programme: str, site: str = "", seat: int = 0) -> Place:
    """The programme or site of an address, and its seat where the address names one."""
    deployment = find_deployment(user, programme, site) if site else None
    found = deployment.programme if deployment else find_programme(user, programme)
    if not seat:
        return Place(found, deployment)
    seats = found.seats.filter(retired_at=None, site=deployment.site if deployment else None)
    return Place(found, deployment, get_object_or_404(seats.select_related("role", "discipline"), pk=seat))


def keep_seats(user: Somebody, place: Place) -> bool:
    """The programme's managers; of a site its leads too."""
    return keep_checklist(user, place.deployment) if place.deployment else manage_programme(user, place.programme)


@require_safe
@permitted(manage_programme, find_programme)
def seat_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The seats of the programme itself."""
    context = programme_frame(request, programme, "settings")
    context["trail"] = [*context["trail"], crumb_settings(programme)]
    context |= {"book": seat_book(programme, None, context["as_of"] or timezone.localdate()), "keeps": True}
    context |= {"names": True, "seat_columns": seat_columns(True)}
    return render_page(request, "readiness/seat_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_seats, find_place)
def seat_new(request: UserRequest, place: Place) -> HttpResponse:
    """Somebody takes a seat; `?role=` presets which."""
    today = today_at(place.deployment) if place.deployment else timezone.localdate()
    book = seat_book(place.programme, place.deployment.site if place.deployment else None, today)
    initial = {"role": request.GET.get("role", ""), "from_on": today}

    def act(form: SeatForm) -> str:
        values = form.values

        def do() -> str:
            site_id = place.deployment.site_id if place.deployment else None
            fill_seat(programme_id=place.programme.pk, site_id=site_id, by=request.user, **values)
            rescore_after_commit()
            return place.back

        body = {**values, "at": place.back}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    question = Question(
        title=_("Fill a seat"),
        button=_("Fill the seat"),
        back=place.back,
        back_label=_("Seats"),
        told=_("The seat is filled."),
        caption=place.name,
        lead=_("A seat says who answers for something here. It gives no log-in and no rights by itself."),
    )
    make = partial(SeatForm, roles=book.choices, initial=initial)
    return ask(request, question, make=make, act=act, context=programme_frame(request, place.programme, ""))


@dataclass(frozen=True)
class Doing:
    """A way to change a seat: its words, its form, its service."""

    title: Any
    button: Any
    told: Any
    form: Callable[..., SeatChangeForm]
    act: Callable[..., Seat]
    lead: Any = ""


DOINGS = {
    "hand-over": Doing(
        _("Hand the seat over"),
        _("Hand over"),
        _("The seat is handed over."),
        HandOverForm,
        hand_over_seat,
    ),
    "end": Doing(
        _("End the seat"),
        _("End the seat"),
        _("The seat is ended."),
        EndForm,
        end_seat,
        _("Without somebody who follows, the seat then stands empty. What was recorded stays."),
    ),
    "mistake": Doing(
        _("Take out what was entered by mistake"),
        _("Take it out"),
        _("The entry is taken out."),
        SeatChangeForm,
        retire_seat,
        _("For an entry that never was true. Where somebody did hold the seat, end it instead."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_seats, find_place)
def seat_detail(request: UserRequest, place: Place) -> HttpResponse:
    """Change who holds a seat: `?do=` says how, handing over unless it says otherwise."""
    seat = place.seat
    if seat is None:
        raise ValueError("the address names a seat")
    doing = DOINGS.get(request.GET.get("do", ""), DOINGS["hand-over"])

    def act(form: SeatChangeForm) -> str:
        doing.act(seat_id=seat.pk, by=request.user, **form.cleaned_data)
        rescore_after_commit()
        return place.back

    question = Question(
        title=doing.title,
        button=doing.button,
        back=place.back,
        back_label=_("Seats"),
        told=doing.told,
        caption=" – ".join(filter(None, [place.name, str(seat.role)])),
        lead=doing.lead,
    )
    context = programme_frame(request, place.programme, "") | {"seat": seat}

    def make(data: Any) -> SeatChangeForm:
        seat.refresh_from_db()
        return doing.form(data, seat)

    return ask(request, question, make=make, act=act, context=context, template="readiness/seat_detail.html")
