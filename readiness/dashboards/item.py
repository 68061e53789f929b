"""One checklist item in words: everything that happened to it, what was waived, how long what was done holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Adoption, Assurance
from readiness.dashboards.checklist import ItemRow
from readiness.dashboards.evidence import file_words
from readiness.dashboards.who import People
from readiness.forms.items import STATES
from readiness.models import ChecklistEvent, ChecklistItem, EvidenceFile, Waiver

STATE_WORDS: Mapping[str, Any] = dict(STATES)
# What a template item says, column by column, as a sentence names it.
ADOPTED: Mapping[str, Any] = {
    "domain": _("domain"),
    "text": _("text"),
    "help": _("why it matters"),
    "weight": _("weight"),
    "blocking": _("whether it is blocking"),
    "golive": _("the go-live it counts from"),
    "due_days": _("due date"),
    "valid_days": _("shelf life"),
    "evidence_needed": _("whether it asks for evidence"),
    "seat_role_id": _("seat"),
    "check_code": _("system check"),
}


@dataclass(frozen=True)
class HistoryLine:
    """Something that happened to an item: when, what in sentences, by whom ("" where nobody is recorded)."""

    at: datetime
    said: tuple[str, ...]
    by: str
    retired: bool = False
    href: str = ""


@dataclass
class Before:
    """How an item stood before an event, as far as its earlier events tell."""

    state: str = "not_started"
    due_on: date | None = None
    owner: str = ""
    evidence: str = ""
    words: list[str] = field(default_factory=list)


def events_of(item: ChecklistItem) -> list[ChecklistEvent]:
    """Every event of an item, the oldest first. One query."""
    events = ChecklistEvent.objects.filter(item=item).select_related("owner__user").order_by("at", "pk")
    return list(events)


def history_of(
    events: Iterable[ChecklistEvent],
    files: Iterable[EvidenceFile],
    people: People,
    site: int,
    *,
    names: bool,
    opens: bool,
) -> list[HistoryLine]:
    """Everything that happened to an item, the newest first: what was said, and files added and retired.

    `names`: the reader may know the owners; `opens`: the reader may open the files, and so knows their names. Who did
    something is told as `people` allow. No query.
    """
    before = Before()
    lines = [
        HistoryLine(
            event.at,
            tuple(_sentences(event, before, names)),
            people.words(event.by_id, site) or (gettext("System check") if event.check_code else ""),
            bool(event.retired_at),
        )
        for event in events
    ]
    lines += [line for file in files for line in _of_file(file, people, site, opens)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _of_file(file: EvidenceFile, people: People, site: int, opens: bool) -> Iterator[HistoryLine]:
    words = file_words(file) if opens else gettext("A file")
    added = gettext("Evidence file added: %(file)s") % {"file": words}
    yield HistoryLine(file.uploaded_at, (added,), people.words(file.uploaded_by_id, site), bool(file.retired_at))
    if file.retired_at:
        said = [gettext("Evidence file retired: %(file)s") % {"file": words}]
        if file.retired_reason:
            said.append(gettext("Reason: %(text)s") % {"text": file.retired_reason})
        yield HistoryLine(file.retired_at, tuple(said), people.words(people.of_user(file.retired_by_id), site))


def _sentences(event: ChecklistEvent, before: Before, names: bool) -> Iterator[str]:
    """What an event says, each with what was so before; a retired one changes nothing after it."""
    counts = event.retired_at is None
    if event.adopted_version is not None:
        yield adopted_words(event.adopted_version, event.adopted_changes)
    if event.state:
        yield _changed(gettext("State"), STATE_WORDS[event.state], STATE_WORDS[before.state])
    if event.assurance:
        yield str(Assurance(event.assurance).label)
    if event.due_on:
        yield _changed(gettext("Due on"), _day(event.due_on), _day(before.due_on))
    if event.due_default:
        yield _changed(gettext("Due date"), gettext("counted from the go-live date"), _day(before.due_on))
    if event.owner or event.owner_removed:
        owner = str(event.owner) if event.owner else gettext("Nobody")
        yield _changed(gettext("Owner"), owner, before.owner) if names else gettext("Another owner")
    if event.reason:
        yield gettext("Reason: %(text)s") % {"text": event.reason}
    if event.evidence or event.evidence_removed:
        yield _changed(gettext("Evidence"), event.evidence or gettext("None"), before.evidence)
    if counts:
        before.state = event.state or before.state
        before.due_on = None if event.due_default else event.due_on or before.due_on
        before.owner = "" if event.owner_removed else str(event.owner) if event.owner else before.owner
        before.evidence = "" if event.evidence_removed else event.evidence or before.evidence


def adopted_words(version: int, changes: Sequence[str]) -> str:
    """What came of an item with a version of the template: "Taken over from version 3: text and due date changed"."""
    words = {"version": version}
    if Adoption.ADDED in changes:
        return gettext("Came into the checklist with version %(version)s") % words
    if Adoption.RETURNED in changes:
        return gettext("Came back into the checklist with version %(version)s") % words
    if Adoption.GONE in changes:
        return gettext("No longer asked for since version %(version)s was taken over") % words
    what = get_text_list([str(ADOPTED[name]) for name in changes], gettext("and"))
    return gettext("Taken over from version %(version)s: %(what)s changed") % {**words, "what": what}


def _changed(what: str, now: Any, before: Any) -> str:
    if not before or str(before) == str(now):
        return gettext("%(what)s: %(now)s") % {"what": what, "now": now}
    return gettext("%(what)s: %(now)s (before: %(before)s)") % {"what": what, "now": now, "before": before}


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def waivers_of(item: ChecklistItem) -> list[Waiver]:
    """The waivers asked for this item at its site, the newest first. One query."""
    waivers = Waiver.objects.filter(deployment=item.deployment_id, subject=item.code, retired_at=None)
    return list(waivers.order_by("-until_on", "-pk"))


def shelf_words(row: ItemRow) -> str:
    """How long what was done holds: "Valid until 3 May 2027, 40 days left"; "" where nothing was done or it lasts."""
    days, since = row.item.template_item.valid_days, row.standing.since_on
    if not days or row.standing.state != "done" or since is None:
        return ""
    until = since + timedelta(days=days)
    left = (until - row.day).days
    words = {"day": date_format(until, "j F Y"), "n": abs(left)}
    if row.standing.stale or left < 0:
        return (
            ngettext(
                "Ran out on %(day)s, %(n)s day ago: the item counts as not done",
                "Ran out on %(day)s, %(n)s days ago: the item counts as not done",
                abs(left),
            )
            % words
        )
    if left == 0:
        return gettext("Valid until %(day)s, today") % words
    return ngettext("Valid until %(day)s, %(n)s day left", "Valid until %(day)s, %(n)s days left", left) % words
