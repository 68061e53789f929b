"""What is held about a person: for the person, and for those who answer the person's request."""

import zipfile
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from readiness.dashboards.held_about import About, held_about_staff, held_about_user
from readiness.views.frame import programme_frame
from rollout.downloads.files import new_file, write_csv
from rollout.downloads.tables import Table
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import be_logged_in, see_names_at
from rollout.querysets.rights import Somebody
from rollout.rates import hold_to_rate
from rollout.requests import UserRequest
from rollout.templatetags.formats import count, day, moment
from rollout.views.access import find_deployment, permitted
from training.models import StaffMember


@dataclass(frozen=True)
class StaffAt:
    """A member of staff who works or worked at a site, as its readers may know of them."""

    deployment: Deployment
    staff: StaffMember

    @property
    def programme(self) -> Programme:
        """The programme of the deployment."""
        return self.deployment.programme


def find_staff(user: Somebody, programme: str, site: str, staff: int) -> StaffAt:
    """The member of staff of an address like /p/<programme>/s/<site>/staff/<staff>/."""
    deployment = find_deployment(user, programme, site)
    people = StaffMember.objects.visible_to(user).filter(retired_at=None, names_removed_at=None)
    there = people.filter(postings__ward__site=deployment.site_id, postings__retired_at=None).distinct()
    return StaffAt(deployment, get_object_or_404(there.select_related("organisation", "group", "user"), pk=staff))


def see_staff(user: Somebody, found: StaffAt) -> bool:
    """Those who may read every name of the site."""
    return see_names_at(user, found.deployment)


@require_safe
@permitted(be_logged_in)
def held_own(request: UserRequest) -> Any:
    """Everything that is held about whoever looks."""
    about = held_about_user(request.user)
    context = {"back": reverse("rollout:account"), "back_label": gettext("Your account"), "own": True}
    return _answer(request, about, context, programme=None)


@require_safe
@permitted(see_staff, find_staff)
def held_staff(request: UserRequest, found: StaffAt) -> Any:
    """What is held about a member of staff, to be given to them."""
    place = {"programme": found.programme.code, "site": found.deployment.site.code}
    context = {
        "back": reverse("readiness:staff-detail", kwargs={**place, "staff": found.staff.pk}),
        "back_label": gettext("The person"),
        "person": found.staff.name or found.staff.number,
        "own": False,
    }
    return _answer(request, held_about_staff(found.staff, request.user), context, programme=found.programme)


def _answer(request: UserRequest, about: About, context: dict[str, Any], *, programme: Programme | None) -> Any:
    """The page, or all of it as one file."""
    if (asked := request.GET.get("download")) is not None:
        if asked != "zip":
            raise Http404("no such file")
        hold_to_rate(request.user.pk, "export")
        return _zipped(about)
    frame = programme_frame(request, programme, "") if programme else {}
    tables = [{"table": each, "columns": _columns(each), "rows": _cells(each)} for each in about.tables]
    return render_page(request, "readiness/held_about.html", {**frame, **context, "tables": tables})


def _columns(table: Table) -> list[dict[str, Any]]:
    return [{"label": column.label} for column in table.columns]


def _cells(table: Table) -> list[list[str]]:
    return [
        [_words(value, column.kind) for value, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]


def _words(value: Any, kind: str) -> str:
    """A cell as the page says it."""
    if value is None or value == "":
        return "–"
    if kind == "yes_no":
        return gettext("Yes") if value else gettext("No")
    if kind in ("day", "moment"):
        return day(value) if kind == "day" else moment(value)
    return count(value) if kind == "whole" else str(value)


def _zipped(about: About) -> HttpResponseBase:
    """One CSV file for each table, in a ZIP."""
    file = new_file()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for table in about.tables:
            parts.writestr(f"{table.name}.csv", write_csv(table).read())
    file.seek(0)
    name = f"held-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
