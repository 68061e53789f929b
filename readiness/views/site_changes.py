"""One change for many sites: the wave they are in. The question, a check page in words, then all of it at once."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.saved_views import EVERYTHING
from readiness.dashboards.sites import chosen
from readiness.forms.kept_lists import site_filters
from readiness.forms.site_changes import WaveWishForm
from readiness.tasks import rescore_after_commit
from readiness.views.done import say_done
from readiness.views.frame import programme_frame
from readiness.views.item_changes import DIGITS, MOST_CHOSEN, NEW, SHOWN
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import read_programme
from rollout.requests import UserRequest
from rollout.services.many_plans import SitesChanged, WaveOutlook, look_ahead, put_in_wave
from rollout.templatetags.formats import count
from rollout.views.access import find_programme, permitted

FILTERS = ("q", "band", "stage", "wave", "differs", "since", "changed")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def site_change(request: UserRequest, programme: Programme) -> HttpResponse:
    """The wave of the sites chosen, by their ids or with `all` by the filters of the list."""
    data = request.POST if request.method == "POST" else request.GET
    sites = selected(request, programme, data)
    number = sites.count()
    waves = list(programme.waves.filter(retired_at=None))
    posted = request.POST if request.method == "POST" else None
    form = WaveWishForm(posted, waves=waves, prefix=NEW)
    if not number:
        return page(request, programme, number=0, form=WaveWishForm(waves=waves, prefix=NEW), status=422)
    if posted is None:
        return page(request, programme, number=number, form=form)
    if not form.is_valid():
        return page(request, programme, number=number, form=form, status=422)
    wave = form.wave_wanted
    status = 200
    if "sure" in request.POST:
        try:
            done = put_in_wave(sites, wave, mark=request.POST.get("mark", ""), by=request.user)
        except SitesChanged:
            status = 409
        else:
            rescore_after_commit()
            say_done(request, changed_words(len(done.changing)))
            return redirect(back_address(programme, data))
    outlook = look_ahead(sites, wave.pk if wave else None, by=request.user)
    return page(request, programme, number=number, form=form, outlook=outlook, status=status)


def selected(request: UserRequest, programme: Programme, data: QueryDict) -> Any:
    """The sites chosen, as far as the person may know of them."""
    sites = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
    if data.get("all") == "on":
        return chosen(sites, site_filters(programme, request.user)(data).choice)
    written = data.getlist("item")[:MOST_CHOSEN]
    return sites.filter(pk__in=[int(pk) for pk in written if pk.isascii() and pk.isdecimal() and len(pk) <= DIGITS])


def kept_filters(data: QueryDict) -> list[tuple[str, str]]:
    """The filters of the list, carried along."""
    return [(name, str(data[name])) for name in FILTERS if data.get(name)]


def back_address(programme: Programme, data: QueryDict) -> str:
    """The list with its filters."""
    address = reverse("readiness:deployment-list", kwargs={"programme": programme.code})
    return f"{address}?{urlencode([('saved', EVERYTHING), *kept_filters(data)])}"


def changed_words(number: int) -> str:
    """How many sites changed, in words."""
    if not number:
        return gettext("Nothing had to change: the sites stand so already.")
    return ngettext("%(n)s site changed.", "%(n)s sites changed.", number) % {"n": count(number)}


def page(
    request: UserRequest,
    programme: Programme,
    *,
    number: int,
    form: WaveWishForm,
    outlook: WaveOutlook | None = None,
    status: int = 200,
) -> HttpResponse:
    """The question, or with an outlook the check page."""
    data = request.POST if request.method == "POST" else request.GET
    carried = [(name, value) for name in ("item", "all") for value in data.getlist(name)[:MOST_CHOSEN]]
    context = programme_frame(request, programme, "sites") | {
        "number": number,
        "form": form,
        "outlook": outlook,
        "sentences": sentences(outlook) if outlook else [],
        "value": form.wave_words if outlook else "",
        "carried": [*carried, *kept_filters(data)],
        "groups": groups(outlook) if outlook else [],
        "too_late": status == 409,
        "back": back_address(programme, data),
    }
    return render_page(request, "readiness/site_change.html", context, status=status)


def sentences(outlook: WaveOutlook) -> list[str]:
    """What would happen, in words."""
    number = len(outlook.changing)
    words = ngettext("%(n)s site will change.", "%(n)s sites will change.", number)
    told = [words % {"n": count(number)} if number else gettext("Nothing will change.")]
    if already := len(outlook.already):
        words = ngettext("%(n)s is in this wave already.", "%(n)s are in this wave already.", already)
        told.append(words % {"n": count(already)})
    if forbidden := len(outlook.forbidden):
        words = ngettext("%(n)s you may not edit.", "%(n)s you may not edit.", forbidden)
        told.append(words % {"n": count(forbidden)})
    return told


def groups(outlook: WaveOutlook) -> list[dict[str, Any]]:
    """The sites by what would come of them, the first of each group."""
    named = (
        (_("These will change"), outlook.changing, True),
        (_("These stand so already"), outlook.already, False),
        (_("These you may not edit"), outlook.forbidden, False),
    )
    return [
        {"heading": heading, "rows": rows[:SHOWN], "more": len(rows[SHOWN:]), "open": opened}
        for heading, rows, opened in named
        if rows
    ]
