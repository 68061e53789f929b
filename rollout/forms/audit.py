"""Searching the audit trail."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rollout.forms.days import PeriodForm, day_field
from rollout.models.base import AUDITED

ANY = ("", _("Any"))
ACTIONS = (("insert", _("Added")), ("update", _("Changed")), ("delete", _("Removed")))


def kinds() -> list[tuple[str, Any]]:
    """Every kind of record that has an audit trail: its table, and what people call it."""
    named = [(model._meta.db_table, model._meta.verbose_name) for model in AUDITED]
    return sorted(named, key=lambda kind: str(kind[1]).casefold())


class AuditFilters(PeriodForm):
    """What to look for: a kind of record, one row, who, what was done, when."""

    is_filter = True

    record = forms.ChoiceField(label=_("Kind of record"), required=False)
    row = forms.IntegerField(label=_("Number of the record"), required=False, min_value=1, max_value=2**63 - 1)
    who = forms.CharField(label=_("Email address of who"), required=False, max_length=254)
    action = forms.ChoiceField(label=_("What was done"), required=False, choices=[ANY, *ACTIONS])
    first = day_field(_("From"), required=False)
    last = day_field(_("To"), required=False)

    def __init__(self, data: Any = None) -> None:
        """Offer every kind of record."""
        super().__init__(data)
        self.fields["record"] = forms.ChoiceField(
            label=_("Kind of record"), required=False, choices=[ANY, *((t, str(n).capitalize()) for t, n in kinds())]
        )
        self.order_fields(["record", "row", "who", "action", "first", "last"])

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """From when, and before when, by the reader's clock."""
        first, last = self.choice.get("first"), self.choice.get("last")
        return midnight(first), midnight(last + timedelta(days=1)) if last else None


def midnight(day: date | None) -> datetime | None:
    """The beginning of a day on the reader's clock."""
    return None if day is None else timezone.make_aware(datetime.combine(day, time.min))
