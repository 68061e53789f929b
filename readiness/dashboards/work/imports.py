"""Imports that somebody began and left: what waits for their answer, and what came of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import FileImportState, LineFate
from readiness.dashboards.file_imports import finding
from readiness.dashboards.work.duties import Changed, Duties, Duty, shortened
from readiness.imports.registry import BY_CODE
from readiness.models import FileImport
from rollout.models import User
from rollout.querysets.rights import rights_of

TOLD = ("pk", "name", "kind", "state", "told", "counts", "touched_at", "programme__code", "programme__name")
VERBS: dict[str, Any] = {
    FileImportState.CHOSEN: _("Say how its dates are written"),
    FileImportState.CHECKED: _("Load it or give it up"),
    FileImportState.FAILED: _("Try again or give it up"),
}
# A check that found nothing to do asks for nothing.
TO_LOAD = Q(*((f"counts__{fate}__gt", 0) for fate in LineFate.values if fate != LineFate.SAME), _connector=Q.OR)
ASKS = (
    Q(state=FileImportState.FAILED)
    | Q(state=FileImportState.CHECKED) & TO_LOAD
    | Q(state=FileImportState.CHOSEN) & ~Q(told="")
)
ENDED = Q(state__in=(FileImportState.LOADED, FileImportState.UNDONE)) | Q(state=FileImportState.CHECKED) & ~TO_LOAD


@dataclass(frozen=True)
class Left:
    """Imports of somebody's own that the worker has done with: those that need an answer, and those that ended."""

    asking: Sequence[Mapping[str, Any]] = ()
    over: Sequence[Mapping[str, Any]] = ()

    def duties(self, most: int) -> Duties:
        """Those that need an answer, the oldest first."""
        return Duties([_duty(row) for row in self.asking[:most]], len(self.asking))

    def ended(self) -> Iterator[Changed]:
        """What came of the others."""
        for row in self.over:
            checked = row["state"] == FileImportState.CHECKED
            yield Changed(
                what=row["name"],
                happened=finding(row["counts"]) if checked else _happened(row),
                verb=_("See what came of it"),
                href=_address(row),
                at=row["touched_at"],
                programme=row["programme__name"],
            )


def imports_left(user: User, since: datetime) -> Left:
    """What the person began: all that asks for an answer, and what ended since then. One query, for importers alone."""
    rights = rights_of(user)
    if not rights.administrator and not rights.managed:
        return Left()
    own = FileImport.objects.visible_to(user).filter(by=user, programme__retired_at=None)
    asks = ASKS & Q(forgotten_at=None)
    found = own.filter(asks | ENDED & Q(touched_at__gt=since)).annotate(asks=Case(When(asks, then=True), default=False))
    rows = list(found.order_by("touched_at", "pk").values(*TOLD, "asks"))
    return Left([row for row in rows if row["asks"]], [row for row in rows if not row["asks"]])


def _happened(row: Mapping[str, Any]) -> Any:
    return _("Your import is undone") if row["state"] == FileImportState.UNDONE else _("Your import is loaded")


def _duty(row: Mapping[str, Any]) -> Duty:
    kind = BY_CODE.get(row["kind"])
    checked = row["state"] == FileImportState.CHECKED
    return Duty(
        verb=VERBS[row["state"]],
        what=row["name"],
        kind=gettext("Import: %(kind)s") % {"kind": kind.name if kind else row["kind"]},
        href=_address(row),
        programme=row["programme__name"],
        on=timezone.localdate(row["touched_at"]),
        since=True,
        note=finding(row["counts"]) if checked else shortened(row["told"]),
    )


def _address(row: Mapping[str, Any]) -> str:
    where = {"programme": row["programme__code"], "number": row["pk"]}
    return reverse("readiness:import-detail", kwargs=where)
