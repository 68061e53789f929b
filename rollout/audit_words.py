"""The audit trail as a person reads it: names of what records point to, choices and moments in words.

The trail itself and its file keep the exact values. People stay numbers, as everywhere in the trail.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import DateField, DateTimeField, Field, ForeignKey, Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext

from rollout.audit import AuditLine, Change
from rollout.templatetags.formats import day, moment

# So many kinds of records are named on a page, each in one query: those that stand there most.
MOST_KINDS = 8
OF_PEOPLE = frozenset({"email", "label"})
# What a deployment is known by, alone and where another record is of it.
DEPLOYMENT, KNOWN_BY, OF_DEPLOYMENT = "rollout.deployment", ("site__name", "site__code"), "site__name"
MOST_AROUND = 2  # records that one without a name is told by

Names = Mapping[tuple[type[Model], int], str]


def in_words(lines: Sequence[AuditLine]) -> list[AuditLine]:
    """The lines with their changes in words, and the name of the record. At most MOST_KINDS queries."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    names = _names(lines, models)
    return [_worded(line, models.get(line.table), names) for line in lines]


def _worded(line: AuditLine, model: type[Model] | None, names: Names) -> AuditLine:
    if model is None:
        return line
    fields = _fields(model)
    changes = tuple(
        replace(
            each,
            before=_said(fields.get(each.key), each.before, names),
            after=_said(fields.get(each.key), each.after, names),
        )
        for each in line.changes
        if (each.before, each.after) != (None, None)
    )
    return replace(line, changes=changes, name=names.get((model, line.row_id), ""))


def _said(field: "Field[Any, Any] | None", written: str | None, names: Names) -> str | None:
    """A value as people write it; as it is kept where it cannot be read."""
    if field is None or written is None:
        return written
    if isinstance(field, ForeignKey):
        number = gettext("number %(number)s") % {"number": written}
        return names.get((field.related_model, int(written)), number) if written.isdecimal() else written
    if isinstance(field, DateTimeField):
        at = _moment(written)
        return moment(at) if at else written
    if isinstance(field, DateField):
        on = _day(written)
        return day(on) if on else written
    choices = {str(value): str(label) for value, label in field.flatchoices}
    return choices.get(written, written)


def _moment(written: str) -> datetime | None:
    """A moment that says its zone, by the reader's clock; None for anything else."""
    try:
        at = parse_datetime(written)
    except ValueError:
        return None
    return timezone.localtime(at) if at and at.tzinfo else None


def _day(written: str) -> date | None:
    try:
        return parse_date(written)
    except ValueError:
        return None


def _names(lines: Sequence[AuditLine], models: Mapping[str, type[Model]]) -> dict[tuple[type[Model], int], str]:
    """The names of the records and of what they point to, kind by kind."""
    wanted: dict[type[Model], Counter[int]] = {}
    for line in lines:
        if model := models.get(line.table):
            for named, pk in (*_pointed(line.changes, model), (model, line.row_id)):
                if _known_by(named):
                    wanted.setdefault(named, Counter())[pk] += 1
    most = sorted(wanted, key=lambda model: (-wanted[model].total(), model._meta.label))[:MOST_KINDS]
    found: dict[tuple[type[Model], int], str] = {}
    for model in most:
        rows = model._base_manager.filter(pk__in=wanted[model]).values_list("pk", *_known_by(model))
        found |= {(model, pk): " ".join(str(word) for word in words if word) for pk, *words in rows}
    return found


def _pointed(changes: Sequence[Change], model: type[Model]) -> Iterator[tuple[type[Model], int]]:
    """The records that the changed columns point to."""
    fields = _fields(model)
    for each in changes:
        field = fields.get(each.key)
        if isinstance(field, ForeignKey):
            target: type[Model] = field.related_model
            yield from ((target, int(value)) for value in (each.before, each.after) if value and value.isdecimal())


def _fields(model: type[Model]) -> "dict[str, Field[Any, Any]]":
    return {field.column: field for field in model._meta.concrete_fields if field.column}


def _known_by(model: type[Model]) -> tuple[str, ...]:
    """The columns that a kind of record is known by; none for people. Without a name it is known by what it is of."""
    if model._meta.label_lower == DEPLOYMENT:
        return KNOWN_BY
    names = {field.name for field in model._meta.concrete_fields}
    if names & OF_PEOPLE:
        return ()
    own = tuple(name for name in ("name", "code") if name in names)
    return own if "name" in names else (*own, *_around(model))


def _around(model: type[Model]) -> list[str]:
    """The columns that name what a record belongs to: its site, else its programme, and what else has a name."""
    found = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            target = field.related_model
            names = {each.name for each in target._meta.concrete_fields}
            if target._meta.label_lower == DEPLOYMENT:
                found["deployment"] = f"{field.name}__{OF_DEPLOYMENT}"
            elif "name" in names and not names & OF_PEOPLE:
                found[field.name] = f"{field.name}__name"
    if "deployment" in found:
        found.pop("programme", None)
    return list(found.values())[:MOST_AROUND]
