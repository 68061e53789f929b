"""One change for many sites: the wave they are in, or what is declared of them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.saved_views import EVERYTHING
from readiness.dashboards.sites import chosen
from readiness.forms.kept_lists import site_filters
from readiness.forms.site_changes import StatusWishForm, WaveWishForm
from readiness.views.many import ALREADY, CHANGING, FORBIDDEN, NEW, Fates, Many, change_many, ids_in
from rollout.choices import DeclaredStatus
from rollout.models import Deployment, Programme
from rollout.permissions import read_programme
from rollout.requests import UserRequest
from rollout.services.many_plans import PlanOutlook, SitesChanged, change_sites, look_ahead
from rollout.templatetags.formats import count
from rollout.views.access import find_programme, permitted

FILTERS = ("q", "band", "stage", "wave", "differs", "since", "changed")
WAVE, STATUS = "wave", "status"


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def site_change(request: UserRequest, programme: Programme) -> HttpResponse:
    """`?do=wave|status` of the sites chosen, by their ids or with `all` by the filters of the list."""
    return change_many(request, programme, SITES)


def selected(request: UserRequest, programme: Programme, data: QueryDict) -> Any:
    """The sites chosen, as far as the person may know of them."""
    sites = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
    if data.get("all") == "on":
        return chosen(sites, site_filters(programme, request.user)(data).choice)
    return sites.filter(pk__in=ids_in(data))


def form_of(what: str, programme: Programme, data: Any) -> WaveWishForm | StatusWishForm:
    """What is asked about the sites."""
    if what == STATUS:
        return StatusWishForm(data, prefix=NEW)
    return WaveWishForm(data, waves=programme.waves.filter(retired_at=None), prefix=NEW)


def kept_filters(data: QueryDict) -> list[tuple[str, str]]:
    """The filters of the list, carried along."""
    return [(name, str(data[name])) for name in FILTERS if data.get(name)]


def back_address(programme: Programme, data: QueryDict) -> str:
    """The list with its filters."""
    address = reverse("readiness:deployment-list", kwargs={"programme": programme.code})
    return f"{address}?{urlencode([('saved', EVERYTHING), *kept_filters(data)])}"


def counted(number: int) -> str:
    """Sites by their number."""
    return ngettext("%(n)s site", "%(n)s sites", number) % {"n": count(number)}


def will_change(number: int) -> str:
    """How many sites would change, in words."""
    return ngettext("%(n)s site will change.", "%(n)s sites will change.", number) % {"n": count(number)}


def changed(number: int) -> str:
    """How many sites changed, in words."""
    if not number:
        return gettext("Nothing had to change: the sites stand so already.")
    return ngettext("%(n)s site changed.", "%(n)s sites changed.", number) % {"n": count(number)}


def others(outlook: PlanOutlook, what: str) -> list[tuple[int, str]]:
    """What becomes of the sites that do not change, in words."""
    already, forbidden = len(outlook.already), len(outlook.forbidden)
    stand = {
        WAVE: ("%(n)s is in this wave already.", "%(n)s are in this wave already."),
        STATUS: ("%(n)s was declared so today.", "%(n)s were declared so today."),
    }[what]
    return [
        (already, ngettext(*stand, already)),
        (forbidden, ngettext("%(n)s you may not edit.", "%(n)s you may not edit.", forbidden)),
    ]


def fates(outlook: PlanOutlook) -> Fates:
    """The sites by what would come of them."""
    return ((CHANGING, outlook.changing), (ALREADY, outlook.already), (FORBIDDEN, outlook.forbidden))


def row(request: UserRequest, programme: Programme) -> Callable[[Deployment], dict[str, Any]]:
    """A maker of lines that name a site and say how it stands."""

    def line(deployment: Deployment) -> dict[str, Any]:
        wave = deployment.wave
        status = deployment.declared_status
        stands = [
            gettext("Wave %(number)s") % {"number": wave.number} if wave else gettext("No wave"),
            str(DeclaredStatus(status).label) if status else gettext("Nothing declared"),
        ]
        return {"name": deployment.site.name, "notes": " · ".join(stands)}

    return line


SITES = Many(
    tab="sites",
    titles={WAVE: _("Change the wave"), STATUS: _("Declare the status")},
    form=form_of,
    chosen=selected,
    look_ahead=look_ahead,
    change=change_sites,
    overtaken=SitesChanged,
    fates=fates,
    row=row,
    others=others,
    carried=kept_filters,
    back=back_address,
    counted=counted,
    will_change=will_change,
    changed=changed,
    title=_("Change several sites"),
    nothing=_("No sites are selected"),
    how=_("Go back, select the sites you want to change, and then say what is to change."),
)
