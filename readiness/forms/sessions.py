"""The filters of the list of training sessions."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.forms.sites import ANY
from training.models import Course

WHEN = (("coming", _("To come")), ("past", _("Over")), ("unrecorded", _("Over, attendance not recorded")))
PLACES = (("free", _("With free places")), ("waiting", _("With people who wait")))


class SessionFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing.

    Without `names` nobody is looked for by name, without `places` nobody learns how many places are taken.
    """

    is_filter = True

    site = forms.CharField(label=_("Site"), required=False, max_length=100)
    course = forms.ChoiceField(label=_("Course"), required=False)
    when = forms.ChoiceField(label=_("When"), required=False, choices=[ANY, *WHEN])
    places = forms.ChoiceField(label=_("Places"), required=False, choices=[ANY, *PLACES])
    trainer = forms.CharField(label=_("Trainer"), required=False, max_length=100)
    cancelled = forms.BooleanField(label=_("Cancelled sessions too"), required=False)

    def __init__(self, data: Any = None, *, courses: Iterable[Course], names: bool, places: bool) -> None:
        """Offer the courses of the programme, and of the rest what the reader may ask."""
        super().__init__(data)
        self.fields["course"] = forms.ChoiceField(
            label=_("Course"), required=False, choices=[ANY, *((each.code, each.name) for each in courses)]
        )
        if not names:
            del self.fields["trainer"]
        if not places:
            del self.fields["places"]
            self.fields["when"] = forms.ChoiceField(label=_("When"), required=False, choices=[ANY, *WHEN[:2]])
        self.order_fields(["site", "course", "when", "places", "trainer", "cancelled"])

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data
