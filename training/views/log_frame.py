"""What the pages of the log share: which ward they are about, and how a form of theirs is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext

from rollout.htmx import render_page
from rollout.models import User, Ward
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.templatetags.formats import clock
from rollout.views.questions import Question, ask
from training.choices import EntryKind
from training.dashboards.log_state import owner_id
from training.services.log_entries import Entry, take_entry
from training.services.log_places import deployments_at, log_wards, near_wards

MOST_WARDS = 500


def find_log_ward(user: User, ward: int) -> Ward:
    """A ward that the person may log for."""
    return get_object_or_404(log_wards(user).select_related("site"), pk=ward)


@dataclass(frozen=True)
class Where:
    """The wards a person stands on, and the one that the page is about: None where it has to be chosen first."""

    wards: list[Ward]
    ward: Ward | None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the ward, else the service's."""
        return ZoneInfo(self.ward.site.time_zone if self.ward else timezone.get_default_timezone_name())


def where(request: UserRequest) -> Where:
    """Read the ward of `?ward=`; without one it is the only one the person stands on. At most two queries."""
    near = near_wards(request.user).select_related("site")
    wards = list(near.order_by("site__name", "name", "pk")[:MOST_WARDS])
    written = request.GET.get("ward", "")
    if not written:
        return Where(wards, wards[0] if len(wards) == 1 else None)
    if not written.isascii() or not written.isdecimal() or len(written) > 18:
        raise Http404
    known = next((ward for ward in wards if ward.pk == int(written)), None)
    return Where(wards, known or find_log_ward(request.user, int(written)))


def to(name: str, ward: Ward | None, **query: Any) -> str:
    """The address of a page of the log, with the ward it is about."""
    query = ({"ward": ward.pk} if ward else {}) | query
    return reverse(f"training:{name}") + (f"?{urlencode(query)}" if query else "")


def around(request: UserRequest, place: Where, **more: Any) -> dict[str, Any]:
    """What every page of the log needs around its own."""
    return {"place": place, "ward": place.ward, "owner": owner_id(request.user), **more}


def word_at(wards: Sequence[Ward]) -> str:
    """What the programmes at these wards call a ward: their own word where they agree. One query."""
    said = {row.programme.ward_word for row in deployments_at(wards)} - {""}
    return said.pop() if len(said) == 1 else gettext("ward")


def choose_ward(request: UserRequest, place: Where, name: str, title: Any) -> HttpResponse:
    """Ask first which ward it is about; what was sent without one is not taken (422)."""
    wards = place.wards or list(
        log_wards(request.user)
        .filter(site__in=deployments_at(log_wards(request.user)[:MOST_WARDS]).values("site"))
        .select_related("site")
        .order_by("site__name", "name", "pk")[:MOST_WARDS]
    )
    choices = [(ward, to(name, ward)) for ward in wards]
    context = around(request, place, title=title, choices=choices, back=to("log-home", None), word=word_at(wards))
    return render_page(request, "training/log_ward.html", context, status=422 if request.method == "POST" else 200)


def ask_and_log(
    request: UserRequest,
    place: Where,
    *,
    kind: EntryKind,
    title: Any,
    button: Any,
    told: str,
    make: Any,
    more: Mapping[str, Any],
    template: str,
    context: Mapping[str, Any],
    only_show: bool = False,
) -> HttpResponse:
    """Show a form of the log, or take what it says as an entry; `more` is what the page adds to its body.

    With `only_show` the form is shown whatever was sent: something was searched for on the way.

    A refusal stands at its field; nothing of it is kept, so that the form can be mended and sent again.
    """
    question = Question(
        title=title,
        button=button,
        back=to("log-home", place.ward),
        back_label=gettext("Log"),
        told=lazy(lambda: told % {"time": clock(timezone.localtime(timezone=place.zone))}, str)(),
        caption=place.ward.name if place.ward else "",
    )

    word = word_at([place.ward] if place.ward else [])
    shown = around(request, place, kind=kind, word=word, **context)
    if only_show:
        return render_page(request, template, {**shown, "question": question, "form": make(None)})

    def act(form: Any) -> str:
        entry = Entry(form.cleaned_data["once"], kind, {**form.body(), **more}, mending=True)
        answer = take_entry(user=request.user, entry=entry)
        if not answer.good:
            refusal = Refused(answer.words)
            refusal.field = FIELDS.get(answer.field, answer.field)
            raise refusal
        return to("log-home", place.ward, added=kind)

    return ask(request, question, make=make, act=act, context=shown, template=template)


# Names of what a service refuses, where the form calls it otherwise.
FIELDS = {"not_a_patient": "notes"}
