"""Entries of the log that were refused at their arrival: who manages the place takes them, or says why not."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.refused import line_of, refused_at, said_in
from readiness.forms.refused import ACCEPT, RefusedForm
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import see_names_of_team
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask
from training.models import RefusedEntry
from training.services.refused_entries import accept_refused, dismiss_refused

PER_PAGE = 50
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Entry")},
    {"label": _("Where")},
    {"label": _("Written")},
    {"label": _("Who sent it")},
    {"label": _("Why it was refused")},
    {"label": _("Actions"), "hidden": True},
)


def keep_refused(user: Somebody, programme: Programme) -> bool:
    """Decide on refused entries: the programme's managers, and the leads of its sites for their site."""
    return see_names_of_team(user, programme)


def find_refused(user: Somebody, programme: str, refused: int) -> RefusedEntry:
    """The entry of an address like /p/<programme>/log/refused/<refused>/."""
    return get_object_or_404(refused_at(user, find_programme(user, programme)), pk=refused)


def keep_this(user: Somebody, row: RefusedEntry) -> bool:
    """Whose it is to decide was asked when it was found."""
    return True


@require_safe
@permitted(keep_refused, find_programme)
def refused_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """What waits for a decision, the oldest first."""
    page = Paginator(refused_at(request.user, programme).waiting(), PER_PAGE).get_page(request.GET.get("page"))
    context = programme_frame(request, programme, "") | {
        "lines": [line_of(row) for row in page.object_list],
        "page": page,
        "columns": COLUMNS,
    }
    return render_page(request, "readiness/refused_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_this, find_refused)
def refused_detail(request: UserRequest, row: RefusedEntry) -> HttpResponse:
    """What an entry says, and what is to become of it."""
    line = line_of(row)
    question = Question(
        title=line.kind,
        caption=line.where,
        lead=_("This was written on a phone and refused when it arrived. Its writer was told."),
        button=_("Save the decision"),
        back=reverse("readiness:refused-list", kwargs={"programme": row.programme.code}),
        back_label=_("Refused entries"),
        told=_("The decision is saved."),
    )

    def act(form: RefusedForm) -> str:
        said = form.cleaned_data
        if said["become"] == ACCEPT:
            accept_refused(refused_id=row.pk, by=request.user)
            rescore_after_commit()
        else:
            dismiss_refused(refused_id=row.pk, words=said["words"], by=request.user)
        return question.back

    context = programme_frame(request, row.programme, "") | {"line": line, "said": said_in(row, request.user)}
    return ask(request, question, make=RefusedForm, act=act, context=context, template="readiness/refused_detail.html")
