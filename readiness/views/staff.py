"""The staff of a site as a list, and one person put right by hand."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.few import FEW
from readiness.dashboards.staff_list import (
    chosen,
    counts_by_ward,
    filter_choices,
    in_order,
    people_count,
    postings_shown,
    staff_table,
)
from readiness.forms.staff_list import StaffFilters
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame, programme_frame
from readiness.views.held_about import StaffAt, find_staff, see_staff
from readiness.views.log_ins import log_in_shown
from rollout.downloads import download_answer
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import (
    manage_programme,
    read_deployment,
    see_champions_at,
    see_counts_of_few,
    see_names_at,
)
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.once import done_once
from rollout.views.access import find_deployment, permitted
from rollout.views.questions import Question, ask
from training.choices import AbsenceKind
from training.forms.staff import AbsenceForm, NewAbsenceForm, PostingForm, StaffForm
from training.models import Absence, Posting
from training.services.staff import add_absence, change_absence, change_posting, describe_staff

PER_PAGE = 50
DAYS: tuple[dict[str, Any], ...] = ({"label": _("From")}, {"label": _("To")}, {"label": _("Actions"), "hidden": True})


@dataclass(frozen=True)
class RowAt:
    """A posting or an absence of somebody at a site."""

    at: StaffAt
    row: Any

    @property
    def programme(self) -> Programme:
        """The programme whose page it is on."""
        return self.at.programme


def find_posting(user: Somebody, programme: str, site: str, staff: int, posting: int) -> RowAt:
    """A posting at the site, of an address like …/staff/<staff>/postings/<posting>/."""
    at = find_staff(user, programme, site, staff)
    there = at.staff.postings.filter(retired_at=None, ward__site=at.deployment.site_id)
    return RowAt(at, get_object_or_404(there.select_related("ward"), pk=posting))


def find_absence(user: Somebody, programme: str, site: str, staff: int, absence: int) -> RowAt:
    """An absence, of an address like …/staff/<staff>/absences/<absence>/."""
    at = find_staff(user, programme, site, staff)
    return RowAt(at, get_object_or_404(at.staff.absences.filter(retired_at=None), pk=absence))


def see_row(user: Somebody, found: RowAt) -> bool:
    """Those who may read every name of the site."""
    return see_staff(user, found.at)


def place_of(deployment: Deployment) -> dict[str, Any]:
    """The parts of an address of the site."""
    return {"programme": deployment.programme.code, "site": deployment.site.code}


def columns_of(word: str) -> list[dict[str, Any]]:
    """The columns of the list."""
    return [
        {"label": _("Name"), "sort": "name"},
        {"label": _("Employee number"), "sort": "number"},
        {"label": word.capitalize(), "sort": "ward"},
        {"label": _("Staff group"), "sort": "group"},
        {"label": _("From"), "sort": "from"},
        {"label": _("To"), "sort": "to"},
    ]


@require_safe
@permitted(read_deployment, find_deployment)
def staff_list(request: UserRequest, deployment: Deployment) -> Any:
    """Who works at the site, filtered, in order, 50 a page; for those who may read no names how many."""
    day, word = today_at(deployment), deployment.programme.ward_word or str(_("ward"))
    few = see_counts_of_few(request.user, deployment)
    people = people_count(deployment, day)
    context = {
        "people": people,
        "few": few,
        "hidden": not few and people < FEW,
        "names": see_champions_at(request.user, deployment),
        "word": word,
        "keeps": see_names_at(request.user, deployment),
        "manages": manage_programme(request.user, deployment.programme),
    }
    if not context["names"]:
        frame = deployment_frame(request, deployment, "team")
        answer = download_answer(request, {})
        wards = counts_by_ward(deployment, day) if few else []
        context |= {
            "wards": wards,
            "ward_columns": [{"label": word.capitalize()}, {"label": _("People"), "numeric": True}],
        }
        return answer or render_page(request, "readiness/staff_list.html", {**frame, **context})
    form = StaffFilters(request.GET, word=word, **filter_choices(deployment, request.user))
    rows = in_order(
        chosen(postings_shown(deployment, request.user, day), form.choice, day), request.GET.get("sort", "")
    )
    if answer := download_answer(request, {"staff": lambda: staff_table(rows.iterator(500), word)}):
        return answer
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context |= {"form": form, "page": page, "columns": columns_of(word), "sort": request.GET.get("sort", "")}
    return render_page(
        request, "readiness/staff_list.html", {**deployment_frame(request, deployment, "team"), **context, "day": day}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(see_staff, find_staff)
def staff_detail(request: UserRequest, found: StaffAt) -> HttpResponse:
    """How somebody is described, with where they work here and when they are away."""
    site = found.deployment.site_id
    question = about(found, title=_("Member of staff"), told=_("The person is saved."), back=list_of(found))

    def act(form: StaffForm) -> str:
        describe_staff(staff_id=found.staff.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        rescore_after_commit()
        return address_of(found)

    context = {
        **programme_frame(request, found.programme, ""),
        "place": place_of(found.deployment),
        "found": found,
        "log_in": log_in_shown(request, found),
        "postings": found.staff.postings.filter(retired_at=None, ward__site=site).select_related("ward"),
        "absences": found.staff.absences.filter(retired_at=None),
        "posting_columns": [{"label": (found.programme.ward_word or str(_("ward"))).capitalize()}, *DAYS],
        "absence_columns": [{"label": _("Kind")}, *DAYS],
    }
    make = partial(StaffForm, row=found.staff)
    return ask(request, question, make=make, act=act, context=context, template="readiness/staff_detail.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(see_row, find_posting)
def posting_detail(request: UserRequest, found: RowAt) -> HttpResponse:
    """From when to when somebody works on a ward."""
    posting: Posting = found.row
    question = about(found.at, title=posting.ward.name, told=_("The days are saved."))

    def act(form: PostingForm) -> str:
        change_posting(posting_id=posting.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        rescore_after_commit()
        return question.back

    return ask(
        request,
        question,
        make=partial(PostingForm, row=posting),
        act=act,
        context=programme_frame(request, found.programme, ""),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(see_staff, find_staff)
def absence_new(request: UserRequest, found: StaffAt) -> HttpResponse:
    """A long absence."""
    question = about(found, title=_("Record an absence"), told=_("The absence is recorded."))

    def act(form: NewAbsenceForm) -> str:
        def do() -> str:
            said = form.said
            kind = AbsenceKind(said["kind"])
            add_absence(
                staff_id=found.staff.pk, from_on=said["from_on"], to_on=said["to_on"], kind=kind, by=request.user
            )
            rescore_after_commit()
            return question.back

        body = {**form.said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    return ask(request, question, make=NewAbsenceForm, act=act, context=programme_frame(request, found.programme, ""))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(see_row, find_absence)
def absence_detail(request: UserRequest, found: RowAt) -> HttpResponse:
    """A long absence that is on record."""
    absence: Absence = found.row
    question = about(found.at, title=_("Change an absence"), told=_("The absence is saved."))

    def act(form: AbsenceForm) -> str:
        said = form.values
        change_absence(
            absence_id=absence.pk,
            mark=form.cleaned_data["mark"],
            from_on=said["from_on"],
            to_on=said["to_on"],
            kind=AbsenceKind(said["kind"]),
            by=request.user,
        )
        rescore_after_commit()
        return question.back

    return ask(
        request,
        question,
        make=partial(AbsenceForm, row=absence),
        act=act,
        context=programme_frame(request, found.programme, ""),
    )


def address_of(found: StaffAt) -> str:
    """The page of the person."""
    return reverse("readiness:staff-detail", kwargs={**place_of(found.deployment), "staff": found.staff.pk})


def list_of(found: StaffAt) -> str:
    """The list of the site."""
    return reverse("readiness:staff-list", kwargs=place_of(found.deployment))


def about(found: StaffAt, **words: Any) -> Question:
    """A question about the person."""
    name = found.staff.name or found.staff.number
    back = words.pop("back", "")
    return Question(
        **{
            "button": _("Save"),
            "back": back or address_of(found),
            "back_label": _("Staff") if back else name,
            "caption": name,
            **words,
        }
    )
