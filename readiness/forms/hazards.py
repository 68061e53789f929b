"""The hazard log: filters, entering a hazard, rating it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.forms.sites import ANY
from readiness.services.hazards import HAZARD
from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.records import RecordForm, text_field, words_field
from rollout.models import Deployment

LIKELIHOODS = ((1, _("Very low")), (2, _("Low")), (3, _("Medium")), (4, _("High")), (5, _("Very high")))
SEVERITIES = ((1, _("Minor")), (2, _("Significant")), (3, _("Considerable")), (4, _("Major")), (5, _("Catastrophic")))
STATES = (("open", _("Open")), ("accepted", _("Accepted")), ("closed", _("Closed")))


def rated(label: Any, words: Iterable[tuple[int, Any]], missing: Any) -> forms.TypedChoiceField:
    """A rating from 1 to 5, each with its word."""
    return forms.TypedChoiceField(
        label=label,
        choices=[(number, f"{number} – {word}") for number, word in words],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )


class RatedForm(NoPatientData):
    """What could happen, how likely, how badly, and what is done about it."""

    text = words_field(
        _("What could happen"),
        missing=_("Write what could happen"),
        help_text=_("The harm to a patient and what leads to it. Do not include patient details."),
    )
    likelihood = rated(_("How likely is it?"), LIKELIHOODS, _("Select how likely it is"))
    severity = rated(_("How bad would it be?"), SEVERITIES, _("Select how bad it would be"))
    mitigation = words_field(_("What is done about it"), help_text=_("Needed before somebody can accept the rest."))


class NewHazardForm(RatedForm, OnceForm):
    """A hazard that is not in the log yet, of a site or of the whole programme.

    `whole` says whether the person may enter one for the whole programme, `deployments` where else they may.
    """

    site = text_field(_("Site"), 200, help_text=_("Its code or its whole name."))
    field_order = ("site", "text", "likelihood", "severity", "mitigation")

    def __init__(self, data: Any = None, *, whole: bool, deployments: "QuerySet[Deployment]", **options: Any) -> None:
        """Ask for a site where one is needed."""
        super().__init__(data, **options)
        self.deployments = deployments
        field = self.fields["site"]
        field.required = not whole
        field.error_messages["required"] = gettext("Enter the site")
        if whole:
            field.help_text = _("Its code or its whole name. Leave it empty where it counts at every site.")

    def clean_site(self) -> Deployment | None:
        """The deployment that is meant; None for the whole programme."""
        written = " ".join(self.cleaned_data["site"].split())
        if not written:
            return None
        meant = self.deployments.filter(Q(site__code=written) | Q(site__name__iexact=written))
        found = list(meant.select_related("site").order_by("pk")[:2])
        exact = [each for each in found if each.site.code == written]
        if len(exact or found) != 1:
            raise forms.ValidationError(
                gettext("More than one site has this name. Enter its code.")
                if found
                else gettext("There is no such site here where you keep the hazard log. Enter its code.")
            )
        return (exact or found)[0]


class HazardForm(RatedForm, RecordForm):
    """A hazard of the log."""

    marked = HAZARD


class HazardFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *STATES])
    site = forms.CharField(label=_("Site, by name or code"), required=False, max_length=100)

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data
