"""Entries of the audit trail as sentences of a page: what changed, without ids and without names one may not read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.apps import apps
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext

from readiness.choices import Assurance
from readiness.forms.items import STATES
from readiness.models import ChecklistItem
from rollout.audit import ACTIONS
from rollout.choices import DeclaredStatus, Stage
from rollout.models import Deployment
from rollout.templatetags.formats import day

LONGEST = 120
STATE_WORDS: Mapping[str, Any] = dict(STATES)
# Columns that no sentence names: they follow from others, or say nothing to people.
SILENT = frozenset({"id", "version", "done_on", "declared_on", "declared_by_id", "stage_before", "edited_at"})
RETIRING = frozenset({"retired_at", "retired_by_id", "retired_reason"})


class Written(Protocol):
    """What is read of an entry."""

    @property
    def table(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def action(self) -> str: ...
    @property
    def before(self) -> Mapping[str, Any]: ...
    @property
    def after(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Names:
    """What items (text and site), people (where the reader may read them), waves and sites (of deployments) are called.

    All by id; sites only where a page tells of several.
    """

    items: Mapping[int, tuple[str, str]]
    people: Mapping[int, str]
    waves: Mapping[int, int]
    sites: Mapping[int, str] = field(default_factory=dict)
    across: bool = False


def said_of(entry: Written, names: Names, *, one_item: bool) -> str:
    """An entry in one sentence, "" where it says nothing to people."""
    if entry.action == "update":
        tell = {ChecklistItem._meta.db_table: _of_item, Deployment._meta.db_table: _of_plan}.get(entry.table, _of_any)
        parts = list(filter(None, tell(entry, names)))
        if not parts:
            return ""
        words = "; ".join(parts)
    else:
        named = entry.after.get("text") or entry.after.get("code") or ""
        words = ": ".join(filter(None, (str(ACTIONS[entry.action]), Truncator(named).chars(LONGEST))))
    about = _about(entry, names, one_item=one_item)
    return f"{about}: {words}" if about else words


def _about(entry: Written, names: Names, *, one_item: bool) -> str:
    """What the sentence is about, "" where the page says it already."""
    if entry.table == ChecklistItem._meta.db_table:
        text, site = names.items.get(entry.row, ("", ""))
        return "" if one_item else f"{text}, {site}" if names.across else text
    if entry.table == Deployment._meta.db_table:
        place = names.sites.get(entry.row)
        return gettext("Plan of %(site)s") % {"site": place} if place else gettext("Plan")
    model = next((each for each in apps.get_models() if each._meta.db_table == entry.table), None)
    return capfirst(str(model._meta.verbose_name)) if model else entry.table


def _of_item(entry: Written, names: Names) -> list[str]:
    after = entry.after
    told: list[str] = []
    if "state" in after:
        told.append(gettext("State: %(state)s") % {"state": STATE_WORDS[after["state"]]})
    elif "done_on" in after:
        told.append(gettext("Done again"))
    if after.get("assurance") in (Assurance.SEEN, Assurance.PROVED):
        told.append(str(Assurance(after["assurance"]).label))
    if "owner_id" in after:
        told.append(_owner(after["owner_id"], names))
    if "due_on" in after:
        due = after["due_on"]
        told.append(
            gettext("Due on %(day)s") % {"day": _day(due)}
            if due
            else gettext("Due date counted from the go-live date again")
        )
    if "evidence" in after:
        told.append(gettext("Evidence recorded") if after["evidence"] else gettext("Evidence taken back"))
    if after.get("reason"):
        told.append(gettext("Reason: %(text)s") % {"text": after["reason"]})
    if "template_item_id" in after:
        told.append(gettext("Taken over from another version of the template"))
    if after.get("retired_at"):
        told.append(gettext("Taken out of the checklist"))
    return told


def _owner(pk: int | None, names: Names) -> str:
    if pk is None:
        return gettext("Without an owner")
    return gettext("Owner: %(name)s") % {"name": names.people[pk]} if pk in names.people else gettext("Another owner")


def _of_plan(entry: Written, names: Names) -> list[str]:
    after = entry.after
    words: dict[str, Callable[[Any], str]] = {
        "stage": lambda value: gettext("Stage: %(stage)s") % {"stage": Stage(value).label},
        "wave_id": lambda value: gettext("Wave: %(wave)s") % {"wave": names.waves.get(value, gettext("none"))},
        "go_live_on": lambda value: gettext("Go-live: %(day)s") % {"day": _day(value)},
        "technical_go_live_on": lambda value: gettext("Technical go-live: %(day)s") % {"day": _day(value)},
        "dual_running_until_on": lambda value: gettext("Old system kept until: %(day)s") % {"day": _day(value)},
        "declared_status": lambda value: (
            gettext("Declared: %(status)s") % {"status": DeclaredStatus(value).label}
            if value
            else gettext("Nothing declared")
        ),
    }
    told = [tell(after[name]) for name, tell in words.items() if name in after]
    if "retired_at" in after:
        gone, back = gettext("Taken out of the programme"), gettext("Put back into the programme")
        told.append(gone if after["retired_at"] else back)
    if "declared_words" in after and "declared_status" not in after:
        told.append(gettext("Declared in other words"))
    others = after.keys() - words.keys() - SILENT - RETIRING - {"declared_words"}
    return [*told, *([_columns(entry, others)] if others else [])]


def _of_any(entry: Written, _names: Names) -> list[str]:
    told = []
    if "retired_at" in entry.after:
        told.append(gettext("Taken out") if entry.after["retired_at"] else gettext("Put back"))
    others = entry.after.keys() - SILENT - RETIRING
    return [*told, *([_columns(entry, others)] if others else [])]


def _columns(entry: Written, columns: Any) -> str:
    """The columns that changed, by what people call them."""
    model = next((each for each in apps.get_models() if each._meta.db_table == entry.table), None)
    called = {each.column: str(each.verbose_name) for each in model._meta.concrete_fields} if model else {}
    return gettext("changed: %(what)s") % {"what": ", ".join(sorted(called.get(name, name) for name in columns))}


def _day(written: str | None) -> str:
    return day(date.fromisoformat(written)) if written else gettext("none")
