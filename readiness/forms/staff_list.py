"""The filters of the staff of a site."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.staff_list import NOW, SHOWN
from readiness.forms.items import ANY


class StaffFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(
        label=_("Name or employee number"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    shown = forms.ChoiceField(label=_("Show"), required=False, choices=[("", dict(SHOWN)[NOW]), *SHOWN[1:]])
    ward = forms.ChoiceField(label=_("Ward"), required=False)
    group = forms.ChoiceField(label=_("Staff group"), required=False)

    def __init__(
        self, *args: Any, wards: Iterable[tuple[str, str]], groups: Iterable[tuple[str, str]], word: str, **kwargs: Any
    ) -> None:
        """Take the wards and the staff groups there as choices; `word` is what the programme calls a ward."""
        super().__init__(*args, **kwargs)
        for name, label, choices in (("ward", word.capitalize(), wards), ("group", _("Staff group"), groups)):
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[ANY, *choices])

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data
