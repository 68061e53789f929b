"""What of a rota hangs on a wall: the shifts of a ward with names, and its poster with a QR code."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from readiness.dashboards.cover import champion_cover, seen_at
from readiness.dashboards.infrastructure import wards_in_scope
from readiness.views.frame import deployment_frame, programme_frame
from rollout.htmx import render_page
from rollout.models import Deployment, Programme, Ward
from rollout.permissions import see_counts_of_few
from rollout.qr import qr_picture
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, permitted
from training.permissions import keep_rota_at, keep_rota_of, wards_kept


@dataclass(frozen=True)
class PlacedWard:
    """A ward of a site."""

    deployment: Deployment
    ward: Ward

    @property
    def programme(self) -> Programme:
        """The programme of the deployment."""
        return self.deployment.programme


def find_ward(user: Somebody, programme: str, site: str, ward: int) -> PlacedWard:
    """The ward of an address like /p/<programme>/s/<site>/rota/poster/<ward>/."""
    deployment = find_deployment(user, programme, site)
    return PlacedWard(deployment, get_object_or_404(deployment.site.wards.filter(retired_at=None), pk=ward))


def keep_placed_ward(user: Somebody, placed: PlacedWard) -> bool:
    """Those who keep the rota of the ward."""
    return keep_rota_of(user, placed.deployment, placed.ward.pk)


@require_safe
@permitted(keep_rota_at, find_deployment)
def rota_print(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The fortnight of the wards one keeps, a sheet each with names; one of them with `?ward=`."""
    context: dict[str, Any] = deployment_frame(request, deployment, "rota")
    kept = wards_kept(request.user, deployment, wards_in_scope(deployment))
    chosen = {ward.pk for ward in kept if request.GET.get("ward", "") in ("", str(ward.pk))}
    rotas, patterns = [], []
    if head := context["head"]:
        few = see_counts_of_few(request.user, deployment)
        at = seen_at(context["as_of"], ZoneInfo(deployment.site.time_zone))
        cover = champion_cover(deployment, head.score, request.user, few=few, at=at)
        rotas = [each for each in cover.wards_in_rota if each.ward.pk in chosen]
        patterns = list(cover.patterns)
    columns = [{"label": gettext("Day")}, *({"label": pattern.name.capitalize()} for pattern in patterns)]
    context |= {"rotas": rotas, "kept": kept, "columns": columns}
    return render_page(request, "readiness/rota_print.html", context)


@require_safe
@permitted(keep_placed_ward, find_ward)
def ward_poster(request: UserRequest, placed: PlacedWard) -> HttpResponse:
    """The ward's passport: what goes live when, whom to call, and the QR code that opens the log there.

    The code holds only the ward's address; rights come from the log-in. It names nobody.
    """
    address = f"{settings.SITE_URL}{reverse('training:log-at-ward', kwargs={'ward': placed.ward.pk})}"
    context = programme_frame(request, placed.programme, "") | {
        "deployment": placed.deployment,
        "ward": placed.ward,
        "address": address,
        "qr": qr_picture(address),
        "patterns": placed.programme.shift_patterns.filter(retired_at=None),
    }
    return render_page(request, "readiness/ward_poster.html", context)
