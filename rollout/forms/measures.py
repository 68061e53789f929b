"""A measure of a programme: what moves, from where to where, by when."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import Direction
from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm, choice_of, code_field, known_day, text_field
from rollout.services.measures import MEASURE

DIGITS, PLACES = 16, 4
MOST_WEEKS = 520


def figure_field(label: Any, **options: Any) -> forms.DecimalField:
    """A figure in the measure's own unit, to four decimals; it may be left empty."""
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=DIGITS,
        decimal_places=PLACES,
        widget=forms.TextInput({"inputmode": "decimal", "size": "10"}),
        error_messages={
            **dict.fromkeys(("max_digits", "max_decimal_places", "max_whole_digits"), _("Enter a shorter number")),
            "invalid": _("Enter a number like 62 or 62.5"),
            "min_value": _("Enter a number that is not below 0"),
        },
        **options,
    )


class FiguresForm(forms.Form):
    """What is asked of a measure, new or not."""

    name = text_field(_("Name"), 200, missing=_("Enter a name"), help_text=_("Such as “Notes written in the record”."))
    unit = text_field(_("Unit"), 40, help_text=_("A percent sign, minutes, visits a week: what one of it is."))
    direction = choice_of(_("Direction"), Direction.choices, _("Select a direction"), initial=Direction.UP)
    baseline = figure_field(_("Baseline"), help_text=_("Where it stood before the programme."))
    target = figure_field(_("Target"))
    target_date = known_day(_("Target date"))
    dip_depth = figure_field(
        _("Expected dip"),
        min_value=Decimal(0),
        help_text=_("How much worse it may get just after go-live without alarm, in the unit."),
    )
    dip_weeks = forms.IntegerField(
        label=_("Weeks of the expected dip"),
        required=False,
        min_value=0,
        max_value=MOST_WEEKS,
        widget=forms.TextInput({"inputmode": "numeric", "size": "4"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a number of weeks from 0 to 520")),
    )
    portfolio = text_field(_("Portfolio"), 60, help_text=_("Whose goal it is, if not the whole programme's."))
    headline = forms.BooleanField(
        label=_("This is the headline measure"),
        required=False,
        help_text=_("The one figure that stands on every page of the programme. There is one at a time."),
    )

    def clean(self) -> dict[str, Any]:
        """The target lies in the direction; a dip has both a depth and a length."""
        said = super().clean() or {}
        baseline, target, direction = (said.get(name) for name in ("baseline", "target", "direction"))
        if baseline is not None and target is not None and direction:
            if direction == Direction.UP and target <= baseline:
                self.add_error("target", gettext("Higher is better: the target must be above the baseline"))
            elif direction == Direction.DOWN and target >= baseline:
                self.add_error("target", gettext("Lower is better: the target must be below the baseline"))
        for one, other in (("dip_depth", "dip_weeks"), ("dip_weeks", "dip_depth")):
            if said.get(one) and said.get(other) is None and not {one, other} & self.errors.keys():
                self.add_error(other, gettext("Enter how deep the dip is, and how many weeks it lasts"))
        return said


class NewMeasureForm(FiguresForm, OnceForm):
    """A measure that is not there yet."""

    code = code_field(_("Code"), help_text=_("Short, such as NOTES. It names the measure in files and cannot change."))
    field_order = ("name", "code")


class MeasureForm(FiguresForm, RecordForm):
    """A measure that is there."""

    marked = MEASURE
