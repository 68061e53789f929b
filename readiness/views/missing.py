"""Who is missing at a site: counts for everybody, names for those who book them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.infrastructure import wards_in_scope
from readiness.dashboards.missing import (
    Tally,
    Vocabulary,
    counted_at,
    lines_of,
    missing_at,
    missing_table,
    sentence_of,
    tallies,
    vocabulary_of,
)
from readiness.dashboards.training_tables import HIDDEN
from readiness.forms.missing import FILTERS, MissingFilters
from readiness.indicators.missing import Missing
from readiness.views.frame import deployment_frame
from readiness.views.item_list import ALL, PAGE, SELECT
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment
from rollout.permissions import read_deployment, see_counts_of_few
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, permitted
from training.models import Course
from training.permissions import book_at, wards_booked

PER_PAGE = 50
ORDERS = (
    ("", _("Not booked first")),
    ("name", _("By name")),
    ("-lacks", _("Most courses first")),
    ("expires", _("Runs out soonest first")),
    ("ward", _("By ward")),
)
BOOK = (("choose", _("Book on a session")),)


@dataclass(frozen=True)
class Listed:
    """Everybody at a site who fits the filters and whom the reader books, in the order asked for."""

    deployment: Deployment
    form: MissingFilters
    rows: list[Missing]
    told: Vocabulary
    word: str


def listed(user: Any, deployment: Deployment, data: QueryDict, *, course: Course | None = None) -> Listed:
    """The list as a query string asks for it; of one course alone with `course`. Eight queries."""
    word = deployment.programme.ward_word or gettext("ward")
    wards = wards_in_scope(deployment)
    told = vocabulary_of(deployment, wards, course=course)
    mine = wards_booked(user, deployment)
    offered = [ward for ward in wards if mine is None or ward.pk in mine]
    form = MissingFilters(
        data, courses=told.courses.values(), wards=offered, groups=told.groups.values(), ward_word=word
    )
    rows = missing_at(deployment, form.asked(wards=mine), data.get("sort", ""))
    return Listed(deployment, form, rows, told, word)


def list_context(request: UserRequest, found: Listed, *, actions: Any, change_href: str) -> dict[str, Any]:
    """What readiness/missing_people.html shows of it: a page of 50, with what can be done to many."""
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    columns: list[dict[str, Any]] = [
        SELECT,
        {"label": _("Person"), "sort": "name"},
        {"label": found.word.capitalize(), "sort": "ward"},
        {"label": _("Staff group"), "sort": "group"},
        {"label": _("Missing"), "sort": "lacks"},
    ]
    selecting = request.GET.get("select")
    return {
        "form": found.form,
        "page": page,
        "lines": lines_of(page.object_list, request.user, found.deployment, found.told),
        "columns": columns,
        "sentence": sentence_of(found.rows, filtered=found.form.has_changed()),
        "tallies": linked(found, request.GET),
        "selecting": selecting if selecting in (PAGE, ALL) else "",
        "bulk_actions": actions,
        "change_href": change_href,
        "kept_by_change": carried(request.GET),
        "sort": request.GET.get("sort", ""),
        "orders": ORDERS,
        "part": wants_part(request),
        "clear_href": request.path,
    }


def linked(found: Listed, data: Mapping[str, Any]) -> list[tuple[str, list[tuple[Tally, str]]]]:
    """The people listed by ward, staff group and course, each number with the address that lists them."""
    words = {"ward": found.word.capitalize(), "group": gettext("Staff group"), "course": gettext("Course")}
    kept = dict(carried(data))
    return [
        (words[name], [(tally, f"?{urlencode({**kept, name: tally.code})}") for tally in rows])
        for name, rows in tallies(found.rows, found.told).items()
        if name in found.form.fields
    ]


def carried(data: Mapping[str, Any], *more: str) -> list[tuple[str, str]]:
    """The filters of the list, as an action on what they match carries them along."""
    return [(name, str(data[name])) for name in (*FILTERS, "sort", "site", *more) if data.get(name)]


def ids_of(rows: Iterable[Missing]) -> list[int]:
    """The people of some rows, in their order."""
    return [row.staff_id for row in rows]


@require_safe
@permitted(read_deployment, find_deployment)
def training_missing(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Who lacks a course that must last until go-live: by name for those who book them, in numbers for the others."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    context: dict[str, Any] = {"programme": deployment.programme, "deployment": deployment}
    books = book_at(request.user, deployment)
    found = listed(request.user, deployment, request.GET) if books else None
    if found and (answer := download_answer(request, {"missing": lambda: file_of(request, found)})):
        return answer
    if not found or not wants_part(request):
        context |= deployment_frame(request, deployment, "training")
    if found:
        choose = reverse("readiness:training-book", kwargs=address)
        context |= list_context(request, found, actions=BOOK, change_href=choose)
    if not found or wards_booked(request.user, deployment) is not None:
        context |= counts(request, deployment, context.get("head"))
    context |= {"books": books, "ward_word": deployment.programme.ward_word or gettext("ward")}
    # Who reads numbers alone has no list that could come as a part.
    return render_page(request, "readiness/training_missing.html", context, partial="people" if found else "")


def file_of(request: UserRequest, found: Listed) -> Any:
    """The list as a file."""
    return missing_table(found.rows, request.user, found.deployment, found.told, found.word)


def counts(request: UserRequest, deployment: Deployment, head: Any) -> dict[str, Any]:
    """The numbers of the whole site, for those who read no names there; nothing before the first score."""
    if head is None:
        return {"counted": None}
    few = see_counts_of_few(request.user, deployment)
    word = deployment.programme.ward_word or gettext("ward")
    numbers = ({"label": _("People who lack a course"), "numeric": True}, {"label": _("Courses"), "numeric": True})
    return {
        "counted": counted_at(deployment, head.score, few=few),
        "ward_columns": [{"label": word.capitalize()}, *numbers],
        "group_columns": [{"label": _("Staff group")}, *numbers],
        "hidden_words": HIDDEN,
    }
