"""The champions of a site: the list, nominating, changing, standing down."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.champion_words import champions_sentence
from readiness.dashboards.champions import candidates, champion_lines, champions_at, name_of
from readiness.dashboards.infrastructure import wards_in_scope
from readiness.dashboards.shift_words import shift_words
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame, programme_frame
from rollout.htmx import render_page
from rollout.models import Deployment, Programme, Ward
from rollout.permissions import keep_checklist, manage_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.once import done_once
from rollout.views.access import find_deployment, permitted
from rollout.views.questions import Question, ask
from training.forms.champions import ChampionForm, NominateForm, StandDownForm
from training.models import Champion
from training.permissions import keep_rota_at, keep_rota_of, wards_kept
from training.services.champions import change_champion, nominate, shifts_after, stand_down

PER_PAGE = 50
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Champion")},
    {"label": _("Where")},
    {"label": _("Level")},
    {"label": _("Protected hours a week"), "numeric": True},
    {"label": _("Worked"), "numeric": True},
    {"label": _("Planned"), "numeric": True},
    {"label": _("Look out for")},
    {"label": _("Since")},
    {"label": _("Actions"), "hidden": True},
)


@dataclass(frozen=True)
class PlacedChampion:
    """A champion of the programme at a site, and the ward they work on."""

    deployment: Deployment
    champion: Champion
    ward: Ward

    @property
    def programme(self) -> Programme:
        """The programme of the deployment."""
        return self.deployment.programme


def find_champion(user: Somebody, programme: str, site: str, champion: int) -> PlacedChampion:
    """The champion of an address like /p/<programme>/s/<site>/champions/<champion>/."""
    deployment = find_deployment(user, programme, site)
    wards = {ward.pk: ward for ward in wards_in_scope(deployment)}
    today = today_at(deployment)
    found = champions_at(deployment, user, list(wards.values()), today).filter(pk=champion).first()
    if found is None:
        raise Http404("no such champion here")
    posting = found.staff.postings.on(today).filter(ward__in=wards).order_by("-from_on", "-pk").first()
    if posting is None:
        raise Http404("moved away")
    return PlacedChampion(deployment, found, wards[posting.ward_id])


def keep_champion(user: Somebody, placed: PlacedChampion) -> bool:
    """Those who keep the rota of the champion's ward."""
    return keep_rota_of(user, placed.deployment, placed.ward.pk)


def about(deployment: Deployment, **words: Any) -> Question:
    """A question below the list of champions."""
    return Question(
        **{
            "back": address_of("champion-list", deployment),
            "back_label": _("Champions"),
            "caption": deployment.site.name,
            **words,
        }
    )


def address_of(name: str, deployment: Deployment, **more: Any) -> str:
    """A page of the site."""
    return reverse(
        f"readiness:{name}", kwargs={"programme": deployment.programme.code, "site": deployment.site.code, **more}
    )


@require_safe
@permitted(keep_rota_at, find_deployment)
def champion_list(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The champions of all wards in scope with their hours, those who stood down last."""
    wards, today = wards_in_scope(deployment), today_at(deployment)
    rows = champions_at(deployment, request.user, wards, today)
    standing = [row for row in rows if row.to_on is None or row.to_on >= today]
    ended = [row for row in rows if row not in standing]
    page = Paginator([*standing, *ended], PER_PAGE).get_page(request.GET.get("page"))
    lines = champion_lines(deployment, request.user, list(page.object_list))
    context = deployment_frame(request, deployment, "rota") | {
        "lead_sentence": champions_sentence(len(standing), len(ended)),
        "lines": lines,
        "page": page,
        "columns": COLUMNS,
        "meets": keep_checklist(request.user, deployment),
    }
    return render_page(request, "readiness/champion_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_rota_at, find_deployment)
def champion_new(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Nominate a champion; `?q=` searches the staff of the wards that one keeps."""
    q = " ".join(request.GET.get("q", "").split())[:100]
    wards = wards_kept(request.user, deployment, wards_in_scope(deployment))
    sent = request.POST.get("staff", "")
    also = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else None
    people = candidates(deployment, request.user, wards, q=q, also=also)
    question = about(
        deployment,
        title=_("Nominate a champion"),
        button=_("Nominate"),
        told=_("The champion is nominated."),
        lead=_("Champions are colleagues who help on the spot. Ask who is at ease with clinical systems."),
    )

    def act(form: NominateForm) -> str:
        def do() -> str:
            nominate(programme_id=deployment.programme_id, by=request.user, **form.values)
            rescore_after_commit()
            return question.back

        body = {**form.said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    make = partial(NominateForm, people=people.choices, initial={"from_on": today_at(deployment)})
    context = programme_frame(request, deployment.programme, "") | {"q": q, "people": people}
    return ask(request, question, make=make, act=act, context=context, template="readiness/champion_new.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_champion, find_champion)
def champion_detail(request: UserRequest, placed: PlacedChampion) -> HttpResponse:
    """The level and the protected hours of a champion."""
    question = about(
        placed.deployment,
        title=_("Change a champion"),
        caption=f"{name_of(placed.champion.staff)}, {placed.ward.name}",
        button=_("Save"),
        told=_("The champion is saved."),
    )

    def act(form: ChampionForm) -> str:
        change_champion(champion_id=placed.champion.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        return question.back

    context = programme_frame(request, placed.programme, "") | {
        "placed": placed,
        "name": name_of(placed.champion.staff),
        "links": manage_programme(request.user, placed.programme),
    }
    make = partial(ChampionForm, row=placed.champion)
    return ask(request, question, make=make, act=act, context=context, template="readiness/champion_detail.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_champion, find_champion)
def champion_stand_down(request: UserRequest, placed: PlacedChampion) -> HttpResponse:
    """The last day of a champion, with the shifts that are planned after today."""
    deployment, champion = placed.deployment, placed.champion
    zone, today = ZoneInfo(deployment.site.time_zone), today_at(deployment)
    rows = shifts_after(champion, today, zone).select_related("ward").order_by("starts_at", "pk")
    shifts = [(row.pk, shift_words(row.starts_at, row.ends_at, zone, row.ward.name)) for row in rows]
    question = about(
        deployment,
        title=_("Stand a champion down"),
        caption=f"{name_of(champion.staff)}, {placed.ward.name}",
        lead=_("The record stays, so that a later programme knows who helped before."),
        button=_("Save the last day"),
        told=_("The last day is saved."),
    )

    def act(form: StandDownForm) -> str:
        said = form.cleaned_data
        stand_down(
            champion_id=champion.pk,
            mark=said["mark"],
            to_on=said["to_on"],
            cancelling=said.get("cancelling", ()),
            zone=zone,
            today=today,
            by=request.user,
        )
        rescore_after_commit()
        return question.back

    context = programme_frame(request, placed.programme, "")
    return ask(request, question, make=partial(StandDownForm, row=champion, shifts=shifts), act=act, context=context)
