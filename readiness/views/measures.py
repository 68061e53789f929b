"""The measures of a programme: added, changed, taken out; one of them is the headline."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.programmes import measure_in_words
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programmes, crumb_settings
from rollout.forms.measures import MeasureForm, NewMeasureForm
from rollout.htmx import render_page
from rollout.models import Measure, Programme
from rollout.permissions import manage_part, manage_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.measures import add_measure, change_measure, restore_measure, retire_measure
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask

COLUMNS = (
    {"label": _("Measure")},
    {"label": _("From, to, by when")},
    {"label": _("Direction")},
    {"label": _("Change"), "classes": "app-screen-only"},
)


def find_measure(user: Somebody, programme: str, measure: str) -> Measure:
    """The measure of an address like /p/<programme>/settings/measures/<code>/."""
    return get_object_or_404(find_programme(user, programme).measures.filter(retired_at=None), code=measure)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def measure_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The measures. A POST takes the one that its button names out, or puts it back."""
    refusal = ""
    if request.method == "POST":
        try:
            messages.success(request, take(request, programme))
        except Refused as refused:
            refusal = str(refused)
        else:
            rescore_after_commit()
            return redirect(request.path)
    measures = list(programme.measures.order_by("-headline", "name", "pk"))
    context = programme_frame(request, programme, "settings") | {
        "trail": [crumb_programmes(), crumb_settings(programme)],
        "rows": [(measure, figures(measure)) for measure in measures if not measure.retired_at],
        "retired": [measure for measure in measures if measure.retired_at],
        "columns": COLUMNS,
        "refusal": refusal,
    }
    return render_page(request, "readiness/measure_list.html", context, status=422 if refusal else 200)


def figures(measure: Measure) -> str:
    """A measure in words without its name, which stands beside them; "" where it has no figures."""
    return measure_in_words(measure).removeprefix(measure.name).removeprefix(":").strip()


def take(request: UserRequest, programme: Programme) -> str:
    """Take a measure out or put it back, and say so. Raises Refused."""
    measure = programme.measures.filter(code=request.POST.get("measure", "").replace("\0", "")[:40]).first()
    if measure is None:
        raise Refused(gettext("There is no such measure here."))
    if request.POST.get("action") == "back":
        restore_measure(measure_id=measure.pk, by=request.user)
        return gettext("%(name)s is back.") % {"name": measure.name}
    retire_measure(measure_id=measure.pk, by=request.user)
    return gettext("%(name)s is taken out. It can be put back below.") % {"name": measure.name}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def measure_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """A measure more."""
    question = of_measures(
        programme, title=_("Add a measure"), button=_("Add the measure"), told=_("The measure is added.")
    )

    def act(form: NewMeasureForm) -> str:
        def do() -> str:
            add_measure(programme_id=programme.pk, by=request.user, **form.said)
            return question.back

        address = done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)
        rescore_after_commit()
        return address

    first = not programme.measures.filter(retired_at=None).exists()
    make = partial(NewMeasureForm, initial={"headline": first})
    return ask(request, question, make=make, act=act, context=programme_frame(request, programme, "settings"))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_part, find_measure)
def measure_detail(request: UserRequest, measure: Measure) -> HttpResponse:
    """One measure."""
    programme = measure.programme
    question = of_measures(
        programme,
        title=_("Change the measure"),
        caption=measure.name,
        button=_("Save"),
        told=_("The measure is saved."),
    )

    def act(form: MeasureForm) -> str:
        change_measure(measure_id=measure.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        rescore_after_commit()
        return question.back

    make = partial(MeasureForm, row=measure)
    return ask(request, question, make=make, act=act, context=programme_frame(request, programme, "settings"))


def of_measures(programme: Programme, **words: Any) -> Question:
    """A question below the page of the measures."""
    back = reverse("readiness:measure-list", kwargs={"programme": programme.code})
    return Question(back=back, back_label=_("Measures"), **words)
