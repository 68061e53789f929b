"""Champions: a site's rota of the fortnight from go-live, and all sites of a programme, those with gaps first."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from readiness.dashboards import rota_list
from readiness.dashboards.cover import ChampionCover, champion_cover, seen_at
from readiness.dashboards.cover_tables import files
from readiness.dashboards.cover_words import clock_words, missing, sentences
from readiness.views.frame import deployment_frame
from readiness.views.standings import Listing, standing_list
from rollout.downloads import download_answer
from rollout.htmx import render_page
from rollout.models import Deployment, Programme, Ward
from rollout.permissions import read_deployment, read_programme, see_counts_of_few
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, find_programme, permitted
from training.permissions import keep_rota_at, wards_kept

GAPS_SHOWN = 12
SHIFT = {"label": gettext_lazy("Shift")}
NEEDS = {"label": gettext_lazy("Needs"), "numeric": True}
FILL = {"label": gettext_lazy("Fill"), "hidden": True}
HAS = {"label": gettext_lazy("Has"), "numeric": True}
STAFF_COLUMNS = (
    {"label": gettext_lazy("Staff"), "numeric": True},
    {"label": gettext_lazy("Champions"), "numeric": True},
    {"label": gettext_lazy("Of them trained"), "numeric": True},
    {"label": gettext_lazy("Needed"), "numeric": True},
    {"label": gettext_lazy("Enough")},
)

LISTING = Listing(
    name="rota",
    heading=gettext_lazy("Champions"),
    caption=gettext_lazy("Sites with their champions"),
    site_url="readiness:deployment-rota",
    rows="readiness/rota_rows.html",
    columns=(
        {"label": gettext_lazy("Site"), "sort": "site"},
        {"label": gettext_lazy("Rota"), "sort": "first"},
        {"label": gettext_lazy("Gaps from now on"), "sort": "gaps", "numeric": True},
        {"label": gettext_lazy("Covered"), "sort": "covered", "numeric": True},
        {"label": gettext_lazy("Champions for every area"), "sort": "champions", "numeric": True},
        {"label": gettext_lazy("Days to go"), "sort": "days", "numeric": True},
        {"label": gettext_lazy("Wave"), "sort": "wave"},
        {"label": gettext_lazy("Stage")},
    ),
    orders=(
        ("first", gettext_lazy("Gaps first, the next to go live on top")),
        ("-gaps", gettext_lazy("Most gaps first")),
        ("champions", gettext_lazy("Fewest champions first")),
        ("site", gettext_lazy("By name")),
    ),
    only=gettext_lazy("Only sites with gaps to fill"),
    nothing=gettext_lazy("The sites of the programme stand here once they are imported, each with its champions."),
    lines=rota_list.rota_lines,
    ordered=rota_list.ordered,
    keeps=lambda line: line.open,
    sentences=rota_list.sentences,
    table=rota_list.table_of,
)


@require_safe
@permitted(read_programme, find_programme)
def programme_rota(request: UserRequest, programme: Programme) -> Any:
    """All sites of a programme by their champions, those with gaps to fill first."""
    return standing_list(request, programme, LISTING)


@require_safe
@permitted(read_deployment, find_deployment)
def deployment_rota(request: UserRequest, deployment: Deployment) -> Any:
    """A site's champions on a day: gaps first, then every slot of the fortnight, then the champions of each ward."""
    context = deployment_frame(request, deployment, "rota")
    head = context["head"]
    if head is None:
        return download_answer(request, {}) or render_page(request, "readiness/deployment_rota.html", context)
    at = seen_at(context["as_of"], ZoneInfo(deployment.site.time_zone))
    few = see_counts_of_few(request.user, deployment)
    cover = champion_cover(deployment, head.score, request.user, few=few, at=at)
    if answer := download_answer(request, files(cover)):
        return answer
    word = {"label": (deployment.programme.ward_word or gettext("ward")).capitalize()}
    day = {"label": gettext("Day")}
    zone = deployment.site.time_zone
    keeps = context["as_of"] is None and keep_rota_at(request.user, deployment)
    fills = {ward.pk for ward in wards_kept(request.user, deployment, gap_wards(cover))} if keeps else set()
    gaps = sorted(cover.gaps, key=lambda slot: slot.ward.pk not in fills)
    context |= {
        "cover": cover,
        "keeps": keeps,
        "fills": fills,
        "sentences": sentences(cover),
        "missing": missing(cover, deployment),
        "clock_changes": [clock_words(slot) for slot in cover.clock_changes],
        "site_zone": zone if zone != timezone.get_current_timezone_name() else "",
        "gaps": gaps[:GAPS_SHOWN],
        "more_gaps": len(cover.gaps) - GAPS_SHOWN,
        "gap_columns": (day, word, SHIFT, *((HAS,) if cover.few else ()), NEEDS, *((FILL,) if keeps else ())),
        "bare_columns": (word, SHIFT, {"label": gettext("Slots"), "numeric": True}, {"label": gettext("Days")}),
        "champion_columns": (word, *(STAFF_COLUMNS if cover.few else STAFF_COLUMNS[-1:])),
        "day_columns": (day, *({"label": pattern.name.capitalize()} for pattern in cover.patterns)),
        "word": word["label"],
    }
    return render_page(request, "readiness/deployment_rota.html", context)


def gap_wards(cover: ChampionCover) -> list[Ward]:
    """The wards that have a gap to fill."""
    return list({slot.ward.pk: slot.ward for slot in cover.gaps}.values())
