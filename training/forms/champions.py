"""Nominating a champion, describing one anew, standing one down."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm, choice_of, known_day
from training.choices import ChampionLevel
from training.models import Champion
from training.services.champions import CHAMPION, END

MOST_HOURS = 60
A_DAY = _("Enter a date like 2026-03-14")
VOLUNTEERED = (("yes", _("Volunteered")), ("no", _("Assigned")))


def level_field() -> forms.ChoiceField:
    """What the champion is called."""
    return choice_of(_("Level"), ChampionLevel.choices, _("Select a level"), initial=ChampionLevel.CHAMPION)


def volunteered_field() -> forms.ChoiceField:
    """How the champion came to it."""
    return choice_of(_("How did they come to it?"), VOLUNTEERED, _("Select volunteered or assigned"))


def hours_field() -> forms.DecimalField:
    """Hours that are set aside."""
    words = _("Enter hours from 0 to 60, like 7.5")
    return forms.DecimalField(
        label=_("Protected hours a week"),
        help_text=_("Hours set aside for helping colleagues, when somebody else does their work. 0 if there are none."),
        min_value=0,
        max_value=MOST_HOURS,
        decimal_places=1,
        max_digits=4,
        required=False,
        widget=forms.TextInput({"size": "5", "inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"), words
        ),
    )


class NominateForm(OnceForm):
    """Who becomes a champion, from when, for how many hours."""

    staff = forms.TypedChoiceField(
        label=_("Who?"),
        help_text=_("Those who were champions before, or are elsewhere, stand first."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a person")),
    )
    volunteered = volunteered_field()
    protected_hours = hours_field()
    level = level_field()
    from_on = known_day(_("From"), missing=A_DAY)

    def __init__(self, data: Any = None, *, people: Iterable[tuple[Any, Any]], **options: Any) -> None:
        """Offer these people: (id, words), or groups of them."""
        super().__init__(data, **options)
        field = self.fields["staff"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = list(people)

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        said = self.said
        return {
            "staff_id": said["staff"],
            "volunteered": said["volunteered"] == "yes",
            "protected_hours": said["protected_hours"],
            "level": ChampionLevel(said["level"]),
            "from_on": said["from_on"],
        }


class ChampionForm(RecordForm):
    """What is known of a champion."""

    marked = CHAMPION

    level = level_field()
    volunteered = volunteered_field()
    protected_hours = hours_field()

    @classmethod
    def standing(cls, row: Champion) -> dict[str, Any]:
        """As the record stands; nothing is chosen where nobody said how they came to it."""
        said = {True: "yes", False: "no", None: ""}[row.volunteered]
        return {"level": row.level, "volunteered": said, "protected_hours": row.protected_hours}

    @property
    def values(self) -> dict[str, Any]:
        """As the service takes it."""
        said = super().values
        return {**said, "volunteered": said["volunteered"] == "yes"}


class StandDownForm(RecordForm):
    """The last day of a champion, and which shifts after it are cancelled: all of them, unless somebody unticks one."""

    marked = END

    to_on = known_day(_("Last day as a champion"), missing=A_DAY)
    cancelling = forms.TypedMultipleChoiceField(
        label=_("Cancel these shifts"),
        help_text=_("Only those that begin after the last day are cancelled. Each then shows as a gap on the rota."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select from the shifts on this page")},
    )

    def __init__(self, data: Any = None, row: Any = None, *, shifts: Iterable[tuple[int, str]], **options: Any) -> None:
        """Offer these shifts: (id, words), all of them ticked."""
        offered = list(shifts)
        super().__init__(data, row, initial={"cancelling": [pk for pk, _words in offered]}, **options)
        field = self.fields["cancelling"]
        if isinstance(field, forms.TypedMultipleChoiceField) and offered:
            field.choices = offered
        elif not offered:
            del self.fields["cancelling"]

    @classmethod
    def standing(cls, row: Champion) -> dict[str, Any]:
        """The last day, if one is agreed."""
        return {"to_on": row.to_on}
