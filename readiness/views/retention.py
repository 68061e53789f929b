"""When the names of a programme's staff are removed, and removing them now."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.forms.retention import KeptDaysForm, RemoveNowForm
from readiness.views.frame import programme_frame
from readiness.views.programme_settings import of_settings
from rollout.models import Programme
from rollout.permissions import manage_programme
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask
from training.services.retention import keep_names_for, removal_of, remove_names_of


def retention_address(programme: Programme) -> str:
    """The page of a programme that says when names go."""
    return reverse("readiness:programme-retention", kwargs={"programme": programme.code})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def programme_retention(request: UserRequest, programme: Programme) -> HttpResponse:
    """When names go, of how many people, what stays; and after how many days."""
    question = of_settings(
        programme, title=_("Names of staff after closing"), button=_("Save"), told=_("The number of days is saved.")
    )

    def act(form: KeptDaysForm) -> str:
        days, mark = form.cleaned_data["names_kept_days"], form.cleaned_data["mark"]
        keep_names_for(programme_id=programme.pk, mark=mark, days=days, by=request.user)
        return retention_address(programme)

    context = programme_frame(request, programme, "settings") | {"removal": removal_of(programme)}
    make = partial(KeptDaysForm, row=programme)
    return ask(request, question, make=make, act=act, context=context, template="readiness/programme_retention.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def retention_now(request: UserRequest, programme: Programme) -> HttpResponse:
    """Ask once more, then remove the names of a closed programme's people: it cannot be undone."""
    question = Question(
        title=_("Remove the names now?"),
        caption=programme.name,
        button=_("Remove the names"),
        back=retention_address(programme),
        back_label=_("Names of staff after closing"),
        told=_("The names are removed."),
    )

    def act(form: Any) -> str:
        def do() -> str:
            remove_names_of(programme_id=programme.pk, by=request.user)
            return question.back

        return done_once(user=request.user, key=form.cleaned_data["once"], body={"at": request.path}, do=do)

    context = programme_frame(request, programme, "") | {"removal": removal_of(programme), "now": True}
    template = "readiness/programme_retention.html"
    return ask(request, question, make=RemoveNowForm, act=act, context=context, template=template)
