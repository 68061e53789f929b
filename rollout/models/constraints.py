"""Builders of the constraints every package needs. Migrations keep what they build, never the builders."""

from django.db.models import CharField, CheckConstraint, F, Func, Q, TextChoices, Value
from django.db.models.lookups import Contains

CODE_PATTERN = r"^[A-Za-z0-9_.-]{1,40}$"


def code_check(name: str, field: str = "code") -> CheckConstraint:
    """The code holds letters, digits, '-', '_' and '.', 1 to 40 of them."""
    return CheckConstraint(condition=Q(**{f"{field}__regex": CODE_PATTERN}), name=name)


def choice_check(name: str, field: str, choices: type[TextChoices], *, blank: bool = False) -> CheckConstraint:
    """The field holds one of the choices, or an empty text where `blank` says so."""
    values = [*choices.values, ""] if blank else list(choices.values)
    return CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def order_check(name: str, first: str, last: str) -> CheckConstraint:
    """`last` is empty, or `first` is empty, or `last` is not before `first`."""
    condition = Q(**{f"{last}__isnull": True}) | Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__gte": F(first)})
    return CheckConstraint(condition=condition, name=name)


def range_check(name: str, field: str, low: int, high: int, *, null: bool = False) -> CheckConstraint:
    """The number lies between `low` and `high`, both included, or is empty where `null` says so."""
    condition = Q(**{f"{field}__range": (low, high)})
    return CheckConstraint(condition=condition | Q(**{f"{field}__isnull": True}) if null else condition, name=name)


def not_negative(name: str, *fields: str) -> CheckConstraint:
    """No field is below zero; empty is allowed (a comparison with NULL passes a CHECK)."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0})
    return CheckConstraint(condition=condition, name=name)


def list_check(name: str, field: str) -> CheckConstraint:
    """No entry of the list holds a semicolon, which parts the entries in a programme pack."""
    written = Func(F(field), Value(""), function="array_to_string", output_field=CharField())
    return CheckConstraint(condition=~Q(Contains(written, Value(";"))), name=name)
