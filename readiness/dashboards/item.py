"""One checklist item in words: what happened to it, and what was waived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from readiness.choices import Assurance
from readiness.forms.items import STATES
from readiness.models import ChecklistEvent, ChecklistItem, Waiver

STATE_WORDS: Mapping[str, Any] = dict(STATES)


@dataclass(frozen=True)
class HistoryLine:
    """One event: when, what in sentences, by whom ("" where the reader may not know)."""

    at: datetime
    said: tuple[str, ...]
    by: str
    retired: bool


def history_of(item: ChecklistItem, *, names: bool, until: datetime | None = None) -> list[HistoryLine]:
    """Every event of an item, the newest first; `names`: the reader may know who. One query."""
    events = ChecklistEvent.objects.filter(item=item).select_related("by__user", "owner__user").order_by("-at", "-pk")
    if until is not None:
        events = events.filter(at__lt=until)
    return [
        HistoryLine(
            event.at, tuple(_sentences(event, names)), str(event.by or "") if names else "", bool(event.retired_at)
        )
        for event in events
    ]


def _sentences(event: ChecklistEvent, names: bool) -> list[str]:
    said = []
    if event.state:
        said.append(gettext("State: %(state)s") % {"state": STATE_WORDS[event.state]})
    if event.assurance:
        said.append(str(Assurance(event.assurance).label))
    if event.due_on:
        said.append(gettext("Due on %(day)s") % {"day": date_format(event.due_on, "j F Y")})
    if event.due_default:
        said.append(gettext("Due date counted from the go-live date again"))
    if event.owner:
        said.append(gettext("Owner: %(name)s") % {"name": event.owner} if names else gettext("Another owner"))
    if event.reason:
        said.append(gettext("Reason: %(text)s") % {"text": event.reason})
    if event.evidence:
        said.append(gettext("Evidence: %(text)s") % {"text": event.evidence})
    return said


def waivers_of(item: ChecklistItem) -> list[Waiver]:
    """The waivers asked for this item at its site, the newest first. One query."""
    waivers = Waiver.objects.filter(deployment=item.deployment_id, subject=item.code, retired_at=None)
    return list(waivers.order_by("-until_on", "-pk"))
