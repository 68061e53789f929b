"""The hazard log of a programme: the list, entering a hazard, rating it, accepting what is left, closing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.hazards import chosen, hazards_of, hazards_table, in_order, lead, limit_of, lines
from readiness.dashboards.who import people_of
from readiness.forms.hazards import HazardFilters, HazardForm, NewHazardForm
from readiness.gates.rules import DECISIVE
from readiness.models import Hazard
from readiness.services.hazards import (
    accept_hazard,
    change_hazard,
    close_hazard,
    keep_hazards,
    kept_by,
    raise_hazard,
    reopen_hazard,
    seats_here,
)
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programme, crumb_programmes
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme, User
from rollout.permissions import places_with_names, read_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask

PER_PAGE = 50
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("What could happen"), "sort": "code"},
    {"label": _("Where"), "sort": "site"},
    {"label": _("Rating"), "sort": "rating"},
    {"label": _("What is done about it")},
    {"label": _("State")},
    {"label": _("Raised on"), "sort": "raised"},
)
ORDERS = (("", _("Open ones, the highest rated first")), ("-rating", _("Rating")), ("raised", _("Oldest first")))


@dataclass(frozen=True)
class Found:
    """A hazard and the programme in whose log it stands."""

    programme: Programme
    hazard: Hazard

    @property
    def deployment(self) -> Deployment | None:
        """Where it is; None for the whole programme."""
        return self.hazard.deployment


def find_hazard(user: Somebody, programme: str, hazard: str) -> Found:
    """The hazard of an address like /p/<programme>/hazards/<code>/."""
    found = find_programme(user, programme)
    hazards = Hazard.objects.current().visible_to(user).select_related("deployment__site", "deployment__programme")
    return Found(found, get_object_or_404(hazards.filter(programme=found), code=hazard))


def accept_here(user: Any, found: Found) -> bool:
    """Accept what is left of a hazard: the seats whose no cannot be overruled at a gate."""
    return bool(DECISIVE & seats_here(user, found.programme, found.deployment))


def read_hazard(user: Somebody, found: Found) -> bool:
    """Everybody who may know of it: the log names no staff."""
    return True


def enter_hazards(user: Any, programme: Programme) -> bool:
    """Whether there is a place in the programme where the user keeps the log."""
    return keep_hazards(user, programme, None) or kept_by(user, programme).exists()


def address_of(name: str, programme: Programme, hazard: Hazard | None = None) -> str:
    """A page of the log."""
    more = {"hazard": hazard.code} if hazard else {}
    return reverse(f"readiness:{name}", kwargs={"programme": programme.code, **more})


@require_safe
@permitted(read_programme, find_programme)
def hazard_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The log: filtered, in order, 50 a page; for htmx the table alone; or a file."""
    form, sort, part = HazardFilters(request.GET), request.GET.get("sort", ""), wants_part(request)
    everything, limit = hazards_of(programme, request.user), limit_of(programme)
    shown = in_order(chosen(everything, form.choice), sort)
    may_name = places_with_names(request.user, programme)

    def told(rows: Any) -> Any:
        found = list(rows)
        return lines(found, people_of([each.accepted_by_id for each in found], programme, may_name), limit.rating)

    if answer := download_answer(request, {"hazards": lambda: hazards_table(told(shown))}):
        return answer
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"programme": programme, "part": part, "page": page, "form": form, "sort": sort}
    if not part:
        context |= programme_frame(request, programme, "hazards") | {
            "sentence": lead(everything, limit),
            "enters": enter_hazards(request.user, programme),
        }
    context |= {"rows": told(page.object_list), "columns": COLUMNS, "orders": ORDERS, "limit": limit}
    return render_page(request, "readiness/hazard_list.html", context, partial="hazards")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(enter_hazards, find_programme)
def hazard_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """A hazard more."""
    question = Question(
        title=_("Enter a hazard"),
        button=_("Enter the hazard"),
        back=address_of("hazard-list", programme),
        back_label=_("Hazard log"),
        told=_("The hazard is in the log."),
    )

    def act(form: NewHazardForm) -> str:
        said = form.said

        def do() -> str:
            values = {name: said[name] for name in ("text", "likelihood", "severity", "mitigation")}
            raise_hazard(programme=programme, deployment=said["site"], by=request.user, **values)
            rescore_after_commit()
            return question.back

        return done_once(user=request.user, key=form.cleaned_data["once"], body=said, do=do)

    make = partial(
        NewHazardForm,
        whole=keep_hazards(request.user, programme, None),
        deployments=kept_by(request.user, programme),
        initial={"site": request.GET.get("site", "")},
    )
    return ask(request, question, make=make, act=act, context=programme_frame(request, programme, ""))


ACTS: Mapping[str, tuple[Callable[..., Hazard], Callable[[User, Found], bool], Any]] = {
    "accept": (accept_hazard, accept_here, _("The hazard is accepted in your name.")),
    "close": (
        close_hazard,
        lambda user, found: keep_hazards(user, found.programme, found.deployment),
        _("The hazard is closed."),
    ),
    "again": (
        reopen_hazard,
        lambda user, found: keep_hazards(user, found.programme, found.deployment),
        _("The hazard is open again."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_hazard, find_hazard)
def hazard_detail(request: UserRequest, found: Found) -> HttpResponse:
    """One hazard. A POST accepts it, closes it or takes it up again, as its button says."""
    programme, refusal = found.programme, ""
    may = {name: allowed(request.user, found) for name, (_act, allowed, _told) in ACTS.items()}
    if request.method == "POST":
        act, _allowed, told = ACTS.get(request.POST.get("action", ""), (None, None, ""))
        if not may.get(request.POST.get("action", ""), any(may.values())):
            raise PermissionDenied
        try:
            if act is None:
                raise Refused(gettext("Choose what is to be done."))
            act(hazard_id=found.hazard.pk, by=request.user)
        except Refused as refused:
            refusal = str(refused)
        else:
            rescore_after_commit()
            messages.success(request, str(told))
            return redirect(request.path)
    limit = limit_of(programme)
    people = people_of([found.hazard.accepted_by_id], programme, places_with_names(request.user, programme))
    context = programme_frame(request, programme, "hazards") | {
        "trail": [crumb_programmes(), crumb_programme(programme), log_crumb(programme)],
        "row": lines([found.hazard], people, limit.rating)[0],
        "limit": limit,
        "may": may,
        "refusal": refusal,
    }
    return render_page(request, "readiness/hazard_detail.html", context, status=422 if refusal else 200)


def log_crumb(programme: Programme) -> dict[str, Any]:
    """The step of the breadcrumb above a hazard."""
    return {"label": gettext("Hazard log"), "href": address_of("hazard-list", programme)}


def change_hazards(user: Any, found: Found) -> bool:
    """Describe and rate the hazard."""
    return keep_hazards(user, found.programme, found.deployment)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_hazards, find_hazard)
def hazard_change(request: UserRequest, found: Found) -> HttpResponse:
    """Describe or rate a hazard anew."""
    question = Question(
        title=_("Change the hazard"),
        caption=found.hazard.code,
        button=_("Save"),
        back=address_of("hazard-detail", found.programme, found.hazard),
        back_label=_("The hazard"),
        told=_("The hazard is saved."),
        lead=_("A hazard that is rated higher than before has to be accepted again."),
    )

    def act(form: HazardForm) -> str:
        change_hazard(hazard_id=found.hazard.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        rescore_after_commit()
        return question.back

    make = partial(HazardForm, row=found.hazard)
    return ask(request, question, make=make, act=act, context=programme_frame(request, found.programme, ""))
