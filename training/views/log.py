"""The log, in plain forms: what a ward manager, a champion or a trainer writes from where they stand."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rollout.choices import Role
from rollout.htmx import render_page, wants_part
from rollout.models import Ward
from rollout.permissions import rights_of, write_log
from rollout.requests import UserRequest
from rollout.views.access import permitted
from training.choices import EntryKind
from training.dashboards import log_home
from training.forms.log import OTHER, AccessForm, IssueForm, MarkForm, ShiftForm
from training.models import ChampionShift
from training.services.log_entries import Entry, take_entry
from training.views.log_frame import Where, around, ask_and_log, choose_ward, find_log_ward, to, where

ANOTHER = {
    EntryKind.SHIFT: ("log-shift", gettext_lazy("Add another shift")),
    EntryKind.ACCESS: ("log-access", gettext_lazy("Test another log-in")),
    EntryKind.ISSUE: ("log-issue", gettext_lazy("Report another issue")),
}


@require_safe
@permitted(write_log)
def log(request: UserRequest) -> HttpResponse:
    """Today's planned shifts, each with one tap, and what else can be logged. `?ward=` presets the ward."""
    return page(request, where(request))


def page(request: UserRequest, place: Where, *, shift: int = 0, problem: str = "", status: int = 200) -> HttpResponse:
    """The page; `problem` is said at one of its shifts."""
    now, rights = timezone.now(), rights_of(request.user)
    wards = [place.ward] if "ward" in request.GET and place.ward else place.wards
    added = request.GET.get("added", "")
    another = ANOTHER.get(EntryKind(added)) if added in ANOTHER else None
    context = around(
        request,
        place,
        rows=log_home.shift_rows(request.user, wards, now),
        problem_at=shift,
        problem=problem,
        error_count=1 if problem else 0,
        numbers=log_home.support_numbers(wards, now),
        another=(to(another[0], place.ward), another[1]) if another else None,
        on_wards=bool(wards) or not rights.roles <= {Role.TRAINER},
        keeps_wards=bool(rights.roles - {Role.CHAMPION, Role.TRAINER}),
        keeps_sheets=bool(rights.roles - {Role.CHAMPION}),
        now=now,
    )
    return render_page(request, "training/log.html", context, status=status)


@require_POST
@permitted(write_log)
def mark(request: UserRequest) -> HttpResponse:
    """One tap on a planned shift: worked, missed, confirmed or put back. The answer is its row, or the log again."""
    form = MarkForm(request.POST)
    place = where(request)
    if not form.is_valid():
        return page(request, place, problem=gettext("That could not be read. Try again."), status=422)
    entry = Entry(form.cleaned_data["once"], form.cleaned_data["kind"], form.body(), mending=True)
    answer = take_entry(user=request.user, entry=entry)
    shift_id = form.cleaned_data["shift"]
    words = "" if answer.good else answer.words
    if wants_part(request):
        return row(request, place, shift_id, words)
    if words:
        return page(request, place, shift=shift_id, problem=words, status=422)
    return redirect(to("log-home", place.ward if "ward" in request.GET else None) + f"#shift-{shift_id}")


def row(request: UserRequest, place: Where, shift_id: int, words: str) -> HttpResponse:
    """The row of one shift as it stands now, with what was refused."""
    shifts = ChampionShift.objects.visible_to(request.user).filter(pk=shift_id, retired_at=None)
    found = list(shifts.select_related("staff", "ward__site", "programme"))
    rows = log_home.rows_of(found, log_home.last_marks(found), request.user, timezone.now())
    context = around(request, place, row=rows[0] if rows else None, problem_at=shift_id, problem=words, focus=True)
    return render_page(request, "training/log_row.html", context, status=422 if words else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(write_log)
def shift(request: UserRequest) -> HttpResponse:
    """Log another shift. `?on=` and `?q=` choose and search champions; a search in the form keeps what was typed."""
    place = where(request)
    if place.ward is None:
        return choose_ward(request, place, "log-shift", gettext("Log another shift"))
    said = request.POST if request.method == "POST" else request.GET
    today = timezone.localdate(timezone=place.zone)
    deployments = log_home.programmes_at(place.ward)
    patterns = log_home.patterns_at(deployments)
    search = " ".join(said.get("q", "").split())[:100]
    searching = wants_search(request, search)
    day = day_of(said.get("on", ""), said.get("other_on", ""), today)
    champions = log_home.champions_at(request.user, place.ward, deployments, day, search=search)

    def make(data: Any) -> ShiftForm:
        source = request.POST if searching else request.GET
        initial: dict[str, Any] = {
            name: source[name] for name in ShiftForm.base_fields if name in source and name != "once"
        }
        if len(champions) == 1:
            initial.setdefault("champion", champions[0][0])
        return ShiftForm(data, today=today, patterns=patterns, champions=champions, initial=initial)

    return ask_and_log(
        request,
        place,
        kind=EntryKind.SHIFT,
        title=gettext("Log another shift"),
        button=gettext("Save shift"),
        told=gettext("Shift sent at %(time)s."),
        make=make,
        more={"ward": place.ward.pk},
        template="training/log_shift.html",
        context={"deployments": deployments, "search": search, "champions": champions, "day": day, "today": today},
        only_show=searching,
    )


def wants_search(request: UserRequest, search: str) -> bool:
    """Whether a form is sent to search a champion: by its button, or by Enter after a name not searched for yet."""
    asked = "enter" in request.POST and search not in ("", request.POST.get("searched", ""))
    return asked or "search" in request.POST


def day_of(on: str, other_on: str, today: date) -> date:
    """The day that a form is about, as far as it can be read: its champions are offered."""
    try:
        return min(date.fromisoformat(other_on if on == OTHER else on), today + timedelta(days=1))
    except ValueError:
        return today


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(write_log)
def access(request: UserRequest) -> HttpResponse:
    """Record a log-in test of a colleague. `?programme=` says which, where the ward has several; `?staff=` who."""
    place = where(request)
    if place.ward is None:
        return choose_ward(request, place, "log-access", gettext("Test a log-in"))
    deployments = log_home.programmes_at(place.ward)
    code = request.GET.get("programme", "")
    chosen = [row for row in deployments if row.programme.code == code] or deployments[:1]
    people = log_home.colleagues_at(request.user, place.ward, chosen)
    return ask_and_log(
        request,
        place,
        kind=EntryKind.ACCESS,
        title=gettext("Test a log-in"),
        button=gettext("Save test"),
        told=gettext("Log-in test sent at %(time)s."),
        make=lambda data: AccessForm(data, people=people, initial={"staff": request.GET.get("staff", "")}),
        more={"ward": place.ward.pk, **({"programme": chosen[0].programme.code} if chosen else {})},
        template="training/log_access.html",
        context={"people": people, "chosen": chosen[0] if chosen else None, "deployments": deployments},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(write_log)
def issue(request: UserRequest) -> HttpResponse:
    """Report an issue of a ward: what is wrong, and whether it stops work."""
    place = where(request)
    if place.ward is None:
        return choose_ward(request, place, "log-issue", gettext("Report an issue"))
    return ask_and_log(
        request,
        place,
        kind=EntryKind.ISSUE,
        title=gettext("Report an issue"),
        button=gettext("Send issue"),
        told=gettext("Issue sent at %(time)s."),
        make=lambda data: IssueForm(data),
        more={"ward": place.ward.pk},
        template="training/log_form.html",
        context={},
    )


@require_safe
@permitted(write_log, find_log_ward)
def at_ward(request: UserRequest, ward: Ward) -> HttpResponse:
    """What a QR code on the wall leads to: the log, with this ward chosen. The code gives no right."""
    return redirect(to("log-home", ward))
