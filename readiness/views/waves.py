"""The waves of a programme: added, named, put in order, filled with sites; and the sites that asked to start."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.programme.wave_sites import in_order_for_waves, of_wave, wave_lines, waves_taken_out
from readiness.dashboards.sites import PER_PAGE
from readiness.forms.sites import wave_name
from readiness.forms.waves import WaveSiteFilters
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programmes, crumb_settings
from rollout.forms.conflicts import Difference
from rollout.forms.waves import InterestForm, IntoWaveForm, NewWaveForm, SeenField, WaveForm, seen_value
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme, Wave
from rollout.permissions import decide_for_deployment, manage_part, manage_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.edits import RecordChanged
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.services.waves import (
    add_wave,
    bring_back_wave,
    change_wave,
    move_wave,
    put_into_wave,
    register_interest,
    retire_wave,
)
from rollout.views.access import find_deployment, find_programme, permitted
from rollout.views.questions import Question, ask

WAVE_COLUMNS = (
    {"label": _("Wave")},
    {"label": _("Window")},
    {"label": _("Sites")},
    {"label": _("Order"), "classes": "app-screen-only"},
)
SITE_COLUMNS = (
    {"label": _("Select"), "hidden": True},
    {"label": _("Site")},
    {"label": _("Wave")},
    {"label": _("Asked to start on")},
    {"label": _("Stage")},
    {"label": _("Go-live")},
)


def find_wave(user: Somebody, programme: str, wave: int) -> Wave:
    """The wave of an address like /p/<programme>/waves/<id>/."""
    return get_object_or_404(find_programme(user, programme).waves.filter(retired_at=None), pk=wave)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def wave_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The waves and who is in which. A POST moves a wave, takes an empty one out or back, or puts sites into one."""
    deployments = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
    if request.method != "POST":
        return wave_page(request, programme, deployments)
    action = request.POST.get("action", "")
    try:
        return put(request, programme, deployments) if action == "put" else order(request, programme, action)
    except Refused as refused:
        return wave_page(request, programme, deployments, status=422, refusal=str(refused))


def order(request: UserRequest, programme: Programme, action: str) -> HttpResponse:
    """Move a wave up or down, take it out or put it back. Raises Refused where there is none, or sites are in it."""
    named = programme.waves.all() if action == "back" else programme.waves.filter(retired_at=None)
    wave = {str(wave.pk): wave for wave in named}.get(request.POST.get("wave", ""))
    if wave is None or action not in ("up", "down", "out", "back"):
        raise Refused(gettext("There is no such wave here any more."))
    if action == "back":
        bring_back_wave(wave_id=wave.pk, by=request.user)
        said = gettext("Wave %(wave)s is put back.") % {"wave": wave_name(wave)}
    elif action == "out":
        retire_wave(wave_id=wave.pk, by=request.user)
        said = gettext("Wave %(wave)s is taken out.") % {"wave": wave_name(wave)}
    else:
        seen = request.POST.get("seen", "")
        number = int(seen) if seen.isdecimal() and len(seen) < 5 else 0
        moved = move_wave(wave_id=wave.pk, seen=number, up=action == "up", by=request.user)
        said = gettext("“%(wave)s” is wave %(number)s now.") % {"wave": moved, "number": moved.number}
    messages.success(request, said)
    return redirect(f"{request.path}#wave-table")


def put(request: UserRequest, programme: Programme, deployments: QuerySet) -> HttpResponse:
    """Put the ticked sites into a wave; those that somebody else moved meanwhile are told, and none is moved then."""
    waves = {wave.pk: wave_name(wave) for wave in programme.waves.filter(retired_at=None)}
    ticked = SeenField.read(request.POST.getlist("sites"))
    here = deployments.filter(pk__in=ticked).values_list("pk", flat=True)
    form = IntoWaveForm(request.POST, waves=waves.items(), ids=here)
    if not form.is_valid():
        return wave_page(request, programme, deployments, form=form, status=422)
    said = form.cleaned_data
    try:
        with form.reason_noted():
            moved = put_into_wave(
                programme_id=programme.pk,
                seen=said["sites"],
                wave_id=form.wave_id,
                reason=said["reason"],
                by=request.user,
            )
    except RecordChanged as changed:
        mine = waves.get(form.wave_id or 0, gettext("No wave"))
        found = [Difference(row.site.name, waves.get(row.wave_id, gettext("No wave")), mine) for row in changed.row]
        return wave_page(request, programme, deployments, form=form, status=409, too_late=True, differences=found)
    rescore_after_commit()
    words = ngettext("%(n)s site is moved.", "%(n)s sites are moved.", moved) % {"n": moved}
    messages.success(request, words if moved else gettext("The sites are in that wave already."))
    return redirect(f"{request.get_full_path()}#results")


def wave_page(
    request: UserRequest,
    programme: Programme,
    deployments: QuerySet,
    *,
    form: IntoWaveForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of the waves, or with htmx its sites alone."""
    lines = wave_lines(programme)
    filters = WaveSiteFilters(request.GET, waves=[(line.wave.number, wave_name(line.wave)) for line in lines])
    choice = filters.choice
    rows = in_order_for_waves(of_wave(deployments, choice.get("wave", ""), choice.get("q", "")))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    into = form or IntoWaveForm(waves=[(line.wave.pk, wave_name(line.wave)) for line in lines], ids=())
    context = programme_frame(request, programme, "settings") | {
        "trail": [crumb_programmes(), crumb_settings(programme)],
        "lines": lines,
        "waveless": deployments.filter(wave=None).count(),
        "wave_columns": WAVE_COLUMNS,
        "gone": waves_taken_out(programme),
        "filters": filters,
        "page": page,
        "rows": [(row, seen_value(row), row.pk in into.ticked) for row in page.object_list],
        "site_columns": SITE_COLUMNS,
        "into": into,
        "form": form,
        "refusal": "",
        "too_late": False,
        "differences": None,
        "part": wants_part(request),
        **more,
    }
    return render_page(request, "readiness/wave_list.html", context, partial="sites", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def wave_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """A wave more, after the last one."""
    question = of_waves(
        programme, title=_("Add a wave"), button=_("Add the wave"), told=_("The wave is added, after the others.")
    )

    def act(form: NewWaveForm) -> str:
        def do() -> str:
            add_wave(programme_id=programme.pk, by=request.user, **form.said)
            return question.back

        return done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)

    context = programme_frame(request, programme, "settings")
    return ask(request, question, make=NewWaveForm, act=act, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_part, find_wave)
def wave_detail(request: UserRequest, wave: Wave) -> HttpResponse:
    """The name of a wave and its window."""
    programme = wave.programme
    question = of_waves(
        programme,
        title=_("Change the wave"),
        caption=wave_name(wave),
        lead=_("The sites in the wave and their dates stay as they are."),
        button=_("Save"),
        told=_("The wave is saved."),
    )

    def act(form: WaveForm) -> str:
        change_wave(wave_id=wave.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        return question.back

    context = programme_frame(request, programme, "settings")
    return ask(request, question, make=partial(WaveForm, row=wave), act=act, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(decide_for_deployment, find_deployment)
def site_interest(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The day on which a site asked to start."""
    question = of_waves(
        deployment.programme,
        title=_("Register interest"),
        caption=deployment.site.name,
        lead=_("Volunteers start first: this day gives the site its turn."),
        button=_("Save the day"),
        told=_("The day is saved."),
    )

    def act(form: InterestForm) -> str:
        register_interest(
            deployment_id=deployment.pk,
            mark=form.cleaned_data["mark"],
            interest_on=form.cleaned_data["interest_on"],
            by=request.user,
        )
        return f"{question.back}#results"

    context = programme_frame(request, deployment.programme, "settings")
    return ask(request, question, make=partial(InterestForm, row=deployment), act=act, context=context)


def of_waves(programme: Programme, **words: Any) -> Question:
    """A question below the page of the waves."""
    back = reverse("readiness:wave-list", kwargs={"programme": programme.code})
    return Question(back=back, back_label=_("Waves"), **words)
