"""Who and why, for the audit triggers: said once a transaction, before its first write; and the trail read back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.logs import request_id as current_request
from rollout.models import AuditEntry, User
from rollout.querysets.audit import AuditEntryQuerySet

# What a person said for the audit beyond what the service says.
_noted: ContextVar[str] = ContextVar("noted", default="")


@contextmanager
def noting(words: str) -> Iterator[None]:
    """Every `acting` inside adds these words to its reason; "" adds nothing."""
    before = _noted.set(words)
    try:
        yield
    finally:
        _noted.reset(before)


@contextmanager
def acting(user: User | None, reason: str = "", *, request_id: str = "") -> Iterator[None]:
    """A transaction whose audit entries name this user (None: the program itself), the reason and the request.

    Without a `request_id` it is that of the request being answered, so that what a person did at once is found again.
    Inside another `acting` the inner one holds until its end. Reasons are cut at 500 characters.
    """
    reason = "; ".join(filter(None, (reason, _noted.get())))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('rollout.user_id', true), current_setting('rollout.reason', true), "
            "current_setting('rollout.request_id', true)"
        )
        before = cursor.fetchone()
        _say(cursor, (str(user.pk) if user else "", reason[:500], (request_id or current_request.get())[:64]))
        yield
        _say(cursor, tuple(value or "" for value in before))


def _say(cursor: Any, values: Sequence[str]) -> None:
    cursor.execute(
        "SELECT set_config('rollout.user_id', %s, true), set_config('rollout.reason', %s, true), "
        "set_config('rollout.request_id', %s, true)",
        values,
    )


@contextmanager
def importing() -> Iterator[None]:
    """A transaction whose rows are an import's: no audit entry a row, and not "edited by hand"."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rollout.importing', 'on', true)")
        yield
        cursor.execute("SELECT set_config('rollout.importing', '', true)")


def note_names(row: Model, columns: Sequence[str]) -> None:
    """Write down that columns of a record changed which the trail leaves out, since they could name a person.

    What they say is not kept. To be called inside the `acting` that changes them.
    """
    _note(row, dict.fromkeys(columns), dict.fromkeys(columns, gettext("changed, not kept here")))


def note_list(row: Model, column: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Write down that a list of a record changed which stands in a table of its own, and so in no row of the record.

    To be called inside the `acting` that changes it; the words name no person.
    """
    _note(row, {column: list(before)}, {column: list(after)})


def _note(row: Model, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO rollout_auditentry ("table", row_id, action, before, after, user_id, reason, request_id) '
            "SELECT %s, %s, 'update', %s::jsonb, %s::jsonb, "
            "NULLIF(current_setting('rollout.user_id', true), '')::bigint, current_setting('rollout.reason', true), "
            "current_setting('rollout.request_id', true)",
            (row._meta.db_table, row.pk, json.dumps(before), json.dumps(after)),
        )


# The trail read back ------------------------------------------------------------------------------------------------

ACTIONS: Mapping[str, Any] = {"insert": _("Added"), "update": _("Changed"), "delete": _("Removed")}


@dataclass(frozen=True)
class Change:
    """One column of a record before and after, as the trail keeps it; None where there is no value.

    `key` is the column as the database calls it.
    """

    column: str
    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class AuditLine:
    """One entry in words. `who` is "" where the program itself did it; `href` leads to the record as it stands now.

    `name` is what the record is known by, where that was asked for.
    """

    pk: int
    at: datetime
    who: str
    action: str
    record: str
    row_id: int
    changes: tuple[Change, ...]
    reason: str
    href: str
    table: str
    name: str = ""


def matching(
    entries: AuditEntryQuerySet, choice: Mapping[str, Any], moments: tuple[datetime | None, datetime | None]
) -> QuerySet:
    """Entries that fit the choice of rollout.forms.audit.AuditFilters, the newest first."""
    fields = {"record": "table", "row": "row_id", "action": "action", "who": "user__email__iexact"}
    wanted = {field: choice[name] for name, field in fields.items() if choice.get(name)}
    return entries.between(*moments).filter(**wanted).order_by("-pk")


def lines_of(entries: QuerySet) -> Iterator[AuditLine]:
    """Entries in words; one query."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    for entry in entries.select_related("user"):
        model = models.get(entry.table)
        yield AuditLine(
            pk=entry.pk,
            at=entry.at,
            who=entry.user.email if entry.user else "",
            action=str(ACTIONS[entry.action]),
            record=str(model._meta.verbose_name).capitalize() if model else entry.table,
            row_id=entry.row_id,
            changes=tuple(_changes(entry, model)),
            reason=entry.reason,
            href=_address(model, entry.row_id),
            table=entry.table,
        )


def _changes(entry: AuditEntry, model: Any) -> Iterator[Change]:
    names = {field.column: str(field.verbose_name) for field in model._meta.concrete_fields} if model else {}
    before, after = entry.before or {}, entry.after or {}
    for column in [*before, *(name for name in after if name not in before)]:
        if column != "id" and before.get(column) != after.get(column):
            yield Change(names.get(column, column), column, _written(before.get(column)), _written(after.get(column)))


def _written(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _address(model: Any, row_id: int) -> str:
    """The record in the technical admin, "" where it is not shown there."""
    if model is None:
        return ""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row_id])
    except NoReverseMatch:
        return ""
