"""Organisations, sites and wards, and the part of a site that a programme comes to."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import SiteKind
from rollout.forms.once import OnceForm
from rollout.forms.records import LinesField, RecordForm, choice_of, code_field, known_day, text_field
from rollout.models import Deployment, Organisation, Site, Wave
from rollout.models.constraints import CODE_PATTERN
from rollout.models.organisations import validate_time_zone
from rollout.services.places import ORGANISATION, SITE, WARD
from rollout.services.scope import scope_mark

LONGEST_NAME = 200
MOST_WARDS = 500
# The choice of an organisation that is not in the list; no id is written like this.
NEW = "+"


class WardsField(LinesField):
    """Wards to add, one a line, each a code and a name. Gives (code, name) pairs; a code comes once."""

    def __init__(self, **options: Any) -> None:
        """Several hundred at most, which is more than any hospital has."""
        super().__init__(
            entry_length=LONGEST_NAME + 42,
            entries=MOST_WARDS,
            help_text=_("One a line: a code, a comma, the name. For example: A1, Acute medical unit"),
            **{"required": False, **options},
        )

    def clean(self, value: Any) -> list[tuple[str, str]]:
        """The pairs. The line that cannot be read is named."""
        wards = [tuple(part.strip() for part in line.partition(",")[::2]) for line in super().clean(value)]
        for code, name in wards:
            if not re.fullmatch(CODE_PATTERN, code) or not name:
                raise ValidationError(
                    gettext("Write a code without spaces, a comma and a name, not “%(line)s”")
                    % {"line": f"{code}, {name}" if name else code}
                )
            if len(name) > LONGEST_NAME:
                raise ValidationError(gettext("Write a name of at most 200 letters for %(code)s") % {"code": code})
        codes = [code.lower() for code, _name in wards]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValidationError(gettext("Write each code once: %(codes)s") % {"codes": ", ".join(twice)})
        return [(code, name) for code, name in wards]


def wave_field() -> forms.TypedChoiceField:
    """The wave that sites come in."""
    return forms.TypedChoiceField(
        label=_("Wave"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Select a wave of this programme")},
    )


def wave_choices(waves: Iterable[Wave]) -> list[tuple[Any, Any]]:
    """Waves as people know them."""
    named = [(wave.pk, f"{wave.number} – {wave.name}" if wave.name else str(wave.number)) for wave in waves]
    return [("", _("None yet")), *named]


class ComingForm(OnceForm):
    """When a site asked to come, and with which wave."""

    interest_on = known_day(_("Interest registered on"), help_text=_("Sites come in the order in which they asked."))
    wave_id = wave_field()

    def __init__(self, data: Any = None, *, waves: Iterable[Wave], **options: Any) -> None:
        """Offer the programme's waves."""
        super().__init__(data, **options)
        choosing(self, "wave_id", wave_choices(waves))


class AddSitesForm(ComingForm):
    """Sites that are known already, several at once."""

    sites = forms.TypedMultipleChoiceField(
        label=_("Sites"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select a site"), "invalid_choice": _("Select a site of the list")},
    )
    field_order = ("sites", "interest_on", "wave_id", "once")

    def __init__(self, data: Any = None, *, sites: Sequence[Site], waves: Iterable[Wave]) -> None:
        """Offer sites, each with its organisation."""
        super().__init__(data, waves=waves)
        choosing(self, "sites", [(site.pk, f"{site.name} – {site.organisation.name}") for site in sites])


def choosing(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field of a form its choices."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class SiteFields(forms.Form):
    """What a site is."""

    name = text_field(_("Name"), LONGEST_NAME, missing=_("Enter the name of the site"))
    kind = choice_of(_("Kind"), SiteKind.choices, _("Select the kind of site"))
    postcode = text_field(_("Postcode"), 12)
    time_zone = text_field(
        _("Time zone"),
        60,
        missing=_("Enter a time zone such as Europe/London"),
        initial="Europe/London",
        validators=[validate_time_zone],
        help_text=_("Its day ends when the day ends there."),
    )


class NewSiteForm(SiteFields, ComingForm):
    """A site that nobody has entered yet, with its wards, for a programme."""

    organisation = forms.ChoiceField(
        label=_("Organisation"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select an organisation")),
    )
    organisation_code = code_field(
        _("Code of the new organisation"), required=False, help_text=_("Its ODS code, or one of your own.")
    )
    organisation_name = text_field(_("Name of the new organisation"), LONGEST_NAME)
    code = code_field(
        _("Code of the site"), help_text=_("It stands in addresses and files, and does not change later.")
    )
    wards = WardsField(label=_("Wards"))
    field_order = (
        *("organisation", "organisation_code", "organisation_name", "code", "name", "kind", "postcode", "time_zone"),
        *("wards", "interest_on", "wave_id", "once"),
    )

    def __init__(self, data: Any = None, *, organisations: Iterable[Organisation], waves: Iterable[Wave]) -> None:
        """Offer the organisations that the person works with, and a new one."""
        known = [(row.pk, row.name) for row in organisations]
        first = [("", _("Select an organisation"))] if known else []
        super().__init__(data, waves=waves)
        choosing(self, "organisation", [*first, *known, (NEW, _("A new organisation"))])

    def clean(self) -> dict[str, Any]:
        """A new organisation has a code and a name."""
        said = super().clean() or {}
        if said.get("organisation") == NEW:
            if not said.get("organisation_code") and "organisation_code" not in self.errors:
                self.add_error("organisation_code", gettext("Enter a code for the organisation"))
            if not said.get("organisation_name") and "organisation_name" not in self.errors:
                self.add_error("organisation_name", gettext("Enter the name of the organisation"))
        return said

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        said = self.said
        chosen = said.pop("organisation")
        return {**said, "organisation_id": None if chosen == NEW else int(chosen)}


class ScopeForm(RecordForm):
    """The part of a site that the programme comes to."""

    ward_ids = forms.TypedMultipleChoiceField(
        label=_("Wards in scope"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Select none if the whole site is in scope."),
        error_messages={"invalid_choice": _("Select wards of this site")},
    )
    modules = LinesField(
        label=_("Modules"), required=False, entry_length=120, help_text=_("One a line. Leave empty if all come.")
    )
    dual_running_until_on = known_day(_("Old system kept running until"))

    def __init__(self, data: Any = None, row: Any = None, *, wards: Sequence[tuple[int, str]], word: str) -> None:
        """Offer the site's wards, by the programme's word for them."""
        super().__init__(data, row)
        choosing(self, "ward_ids", wards)
        self.fields["ward_ids"].label = gettext("Each %(word)s in scope") % {"word": word}

    @classmethod
    def mark_now(cls, row: Deployment) -> str:
        """The mark of the scope as it stands."""
        return scope_mark(row)

    @classmethod
    def standing(cls, row: Deployment) -> dict[str, Any]:
        """The scope as it stands."""
        return {
            "ward_ids": sorted(row.scope.values_list("ward_id", flat=True)),
            "modules": row.modules,
            "dual_running_until_on": row.dual_running_until_on,
        }


class WardsForm(OnceForm):
    """Wards to add to a site."""

    wards = WardsField(label=_("Wards to add"), required=True, error_messages={"required": _("Enter a ward")})


class WardForm(RecordForm):
    """A ward as it is called."""

    marked = WARD

    name = text_field(_("Name"), LONGEST_NAME, missing=_("Enter the name"))
    specialty = text_field(_("Specialty"), 120)


class SiteForm(SiteFields, RecordForm):
    """A site as it is described."""

    marked = SITE


class OrganisationFields(forms.Form):
    """What an organisation is."""

    name = text_field(_("Name"), LONGEST_NAME, missing=_("Enter the name of the organisation"))
    kind = text_field(_("Kind"), 60, help_text=_("Such as acute trust, council or supplier."))
    region = text_field(_("Region"), 120)


class OrganisationForm(OrganisationFields, RecordForm):
    """An organisation as it is described."""

    marked = ORGANISATION


class NewOrganisationForm(OrganisationFields, OnceForm):
    """An organisation to make."""

    organisation_code = code_field(
        _("Code"), help_text=_("Its ODS code, or one of your own. It does not change later.")
    )
    field_order = ("organisation_code", "name", "kind", "region", "once")

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        said = self.said
        code = said.pop("organisation_code")
        return {**said, "code": code}


class NewSiteOfForm(SiteFields, OnceForm):
    """A site of an organisation, without a programme yet."""

    code = code_field(_("Code"), help_text=_("It stands in addresses and files, and does not change later."))
    wards = WardsField(label=_("Wards"))
    field_order = ("code", "name", "kind", "postcode", "time_zone", "wards", "once")
