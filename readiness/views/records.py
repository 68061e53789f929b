"""The records behind the count of an indicator, for one site on one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls.converters import StringConverter
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from readiness.dashboards.deployment import IndicatorLine, figure, scored
from readiness.dashboards.records import Behind, Choice, Listing, Place, Row, behind, cells_of, shown_columns, viewer_of
from readiness.dashboards.records.cells import NUMERIC
from readiness.dashboards.why import left_out_of
from readiness.explain.evidence import CHECKLIST
from readiness.forms.why import RecordFilters
from readiness.scoring import CODES, State
from readiness.views.frame import deployment_frame
from rollout.choices import Stage
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme
from rollout.permissions import read_deployment
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.templatetags.formats import day as day_words
from rollout.views.access import find_deployment, permitted

TALLIES = (
    ("yes", gettext_lazy("counts")),
    ("part", gettext_lazy("counts in part")),
    ("no", gettext_lazy("does not count")),
)
# Of the query string what a search keeps.
KEPT = ("counts", "sort", "as_of", "revision")


class IndicatorCode(StringConverter):
    """The code of an indicator in an address: training.completion."""

    regex = "[a-z]+[.][a-z]+"

    def to_python(self, value: str) -> str:
        """The code as it is. Raises ValueError, and so leads nowhere, for one that is no indicator."""
        if value not in CODES:
            raise ValueError(value)
        return value


@dataclass(frozen=True)
class IndicatorAt:
    """An indicator of one deployment."""

    deployment: Deployment
    code: str

    @property
    def programme(self) -> Programme:
        """The programme whose page it is on."""
        return self.deployment.programme


def find_indicator(user: Somebody, programme: str, site: str, indicator: str) -> IndicatorAt:
    """The indicator of an address like /p/<programme>/s/<site>/why/<indicator>/."""
    return IndicatorAt(find_deployment(user, programme, site), indicator)


def read_indicator(user: Somebody, found: IndicatorAt) -> bool:
    """Everybody who may read the deployment; whom the records name is narrowed by the reader's rights."""
    return read_deployment(user, found.deployment)


@require_safe
@permitted(read_indicator, find_indicator)
def indicator_records(request: UserRequest, found: IndicatorAt) -> Any:
    """The records behind a count, filtered, in order, 50 a page; or, for htmx, the list alone."""
    deployment, code = found.deployment, found.code
    frame = deployment_frame(request, deployment, "why")
    head = frame["head"]
    if head is None:
        answer = download_answer(request, {})
        return answer or render_page(request, "readiness/indicator_records.html", {**frame, "code": code})
    viewer = viewer_of(request.user, deployment)
    shown = scored(deployment, head, few=viewer.few)
    line = next(line for line in shown.lines if line.row.code == code)
    place = Place(deployment, head.score.day, shown.judgement.model, viewer)
    form = RecordFilters(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    choice = Choice(words, *(request.GET.get(name, "") for name in ("counts", "sort", "page")))
    records = behind(code, place, choice, hidden=line.hidden)
    about = [
        (gettext("Site"), deployment.site.name),
        (gettext("Indicator"), line.words.name),
        (gettext("Day"), day_words(place.day)),
    ]
    if answer := download_answer(request, records.tables(about)):
        return answer
    explained = code.startswith(CHECKLIST) or line.row.state is State.NOT_APPLICABLE
    context = {
        **frame,
        "code": code,
        "line": line,
        "records": records,
        "form": form,
        "columns": columns_of(records.listing, sort=True) if records.listing else (),
        "rows": rows_of(records.listing, records.page) if records.listing and records.page else (),
        "sums": [
            {"listing": each, "columns": columns_of(each), "rows": rows_of(each, each.rows)}
            for each in records.listings.sums
        ],
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
        "now": counted_now(records),
        "whole": shown.hidden,
        "few": viewer.few,
        "training_href": training_address(frame),
        "tallies": tallies(request, records, choice),
        "left_out": left_out_of(deployment, place.day, names=viewer.names).get(code, ()) if explained else (),
        "differs": not line.hidden and deployment.stage != Stage.EMBEDDED and differs(line, records),
        "part": wants_part(request),
    }
    return render_page(request, "readiness/indicator_records.html", context, partial="records")


def columns_of(listing: Listing, *, sort: bool = False) -> list[dict[str, Any]]:
    """The columns of the table on the page, where one cell says whether a row counts and why."""
    return [
        {"label": column.label, "sort": column.key if sort else "", "numeric": column.kind in NUMERIC}
        for column in shown_columns(listing)
    ]


def rows_of(listing: Listing, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows with their cells in words."""
    columns = shown_columns(listing)
    return [
        {
            "cells": list(cells_of(listing, row, columns)),
            "counts": row.counts,
            "verdict": row.verdict,
            "why": row.why,
            "href": row.href,
        }
        for row in rows
    ]


def counted_now(records: Behind) -> str:
    """What the records as they are known now give, "164 of 200"."""
    now = records.reading
    return gettext("%(part)s of %(whole)s") % {"part": figure(now.numerator), "whole": figure(now.denominator)}


def training_address(frame: dict[str, Any]) -> str:
    """The page of training, which splits people without telling of few."""
    return next((tab["href"] for tab in frame["tabs"] if tab["href"].split("?")[0].endswith("/training/")), "")


def tallies(request: UserRequest, records: Behind, choice: Choice) -> list[dict[str, Any]]:
    """Links that show all rows, those that count, and those that do not, each with their number."""
    query = request.GET.copy()
    for name in ("counts", "page"):
        query.pop(name, None)

    def link(word: str, label: Any, number: int) -> dict[str, Any]:
        asked = query.copy()
        if word:
            asked["counts"] = word
        return {"label": label, "number": number, "href": f"?{asked.urlencode()}", "current": choice.counts == word}

    kinds = [link(word, label, records.tallies[word]) for word, label in TALLIES if records.tallies.get(word)]
    return [link("", gettext("all"), records.all), *kinds] if records.listing else []


def differs(line: IndicatorLine, records: Behind) -> bool:
    """Whether the records as they are known now count otherwise than the stored score did."""
    now = records.reading
    return (line.row.numerator, line.row.denominator) != (now.numerator, now.denominator)
