"""Changing the plan of a deployment: one small form for each step."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import DeclaredStatus, Stage
from rollout.forms.days import day_field
from rollout.forms.patient_data import NoPatientData
from rollout.models import Deployment, Wave
from rollout.services.deployments import plan_mark, today_at
from rollout.services.stages import NEXT

LONGEST = 2000


def reason_field(label: Any, missing: Any = "", **options: Any) -> forms.CharField:
    """Why, in a person's words; `missing` is said where there are none, and asks for a reason by default."""
    said = {"required": missing or _("Say why, so that others can follow it")}
    widget = forms.Textarea({"rows": 4})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, error_messages=said, **options)


def wave_field() -> forms.TypedChoiceField:
    """The wave of a site, by its id; `offer_waves` gives it its choices."""
    return forms.TypedChoiceField(label=_("Wave"), required=False, coerce=int, empty_value=None)


def offer_waves(form: forms.Form, waves: Iterable[Wave]) -> None:
    """Let the form's wave be one of these, or none."""
    named = [(wave.pk, f"{wave.number} – {wave.name}" if wave.name else str(wave.number)) for wave in waves]
    field = form.fields["wave_id"]
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", _("None")), *named]


class PlanForm(NoPatientData):
    """What every step brings back: the mark of the plan that was on the page."""

    mark = forms.RegexField(r"^[0-9a-f]{16}$", widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, deployment: Deployment) -> None:
        """Start from how the deployment stands."""
        self.deployment = deployment
        super().__init__(data, initial={**self.standing(deployment), "mark": plan_mark(deployment)})

    @staticmethod
    def standing(deployment: Deployment) -> dict[str, Any]:
        """The values of the form as the deployment stands."""
        return {}

    @property
    def values(self) -> dict[str, Any]:
        """What is asked for, of a valid form, as the service takes it."""
        return dict(self.cleaned_data)


class DeclaredMixin(forms.Form):
    """Green, amber or red, in words."""

    status = forms.ChoiceField(
        label=_("How do you declare the site?"),
        choices=DeclaredStatus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select green, amber or red")},
    )
    words = reason_field(
        _("In words"),
        missing=_("Say what the colour rests on"),
        help_text=_("What the colour rests on, and what you need. Do not include patient details."),
    )


class StatusForm(DeclaredMixin, PlanForm):
    """What is declared of a site."""

    @staticmethod
    def standing(deployment: Deployment) -> dict[str, Any]:
        """The colour and words declared last."""
        return {"status": deployment.declared_status, "words": deployment.declared_words}

    @property
    def values(self) -> dict[str, Any]:
        """The colour as its own kind of value."""
        return {**self.cleaned_data, "status": DeclaredStatus(self.cleaned_data["status"])}


class StandingForm(PlanForm):
    """A site in a row of a list: the wave it is in, and what is declared of it."""

    wave_id = wave_field()
    status = forms.ChoiceField(
        label=_("Declared"),
        choices=DeclaredStatus.choices,
        error_messages={"required": _("Select green, amber or red")},
    )
    words = reason_field(
        _("In words"),
        missing=_("Say what the colour rests on"),
        help_text=_("What the colour rests on. Do not include patient details."),
    )
    field_order = ("wave_id", "status", "words", "mark")

    def __init__(self, data: Any = None, *, deployment: Deployment, waves: Iterable[Wave]) -> None:
        """Offer the programme's waves, and nothing declared only where nothing was."""
        super().__init__(data, deployment=deployment)
        self.auto_id = f"id_{deployment.pk}_%s"  # other rows may be open beside it
        offer_waves(self, waves)
        self.fields["words"].widget.attrs["rows"] = 2
        self.fields["words"].required = bool(deployment.declared_words)
        status = self.fields["status"]
        status.required = bool(deployment.declared_status)
        if isinstance(status, forms.ChoiceField) and not status.required:
            status.choices = [("", _("Nothing declared")), *DeclaredStatus.choices]

    @staticmethod
    def standing(deployment: Deployment) -> dict[str, Any]:
        """The wave, and the colour and words declared last."""
        return {"wave_id": deployment.wave_id, **StatusForm.standing(deployment)}

    def clean_words(self) -> str:
        """The words; those that stand already where only the ends of lines differ, which a browser writes its way."""
        said, before = str(self.cleaned_data["words"]), self.deployment.declared_words
        return before if said.splitlines() == before.strip().splitlines() else said

    def clean(self) -> dict[str, Any]:
        """A colour that is new rests on something, and words belong to a colour."""
        said = super().clean() or {}
        status, words = said.get("status", ""), said.get("words", "")
        before = (self.deployment.declared_status, self.deployment.declared_words)
        if "status" not in self.errors and "words" not in self.errors and (status, words) != before:
            if not status:
                self.add_error("status", gettext("Select green, amber or red"))
            elif not words:
                self.add_error("words", gettext("Say what the colour rests on"))
        return said


class DatesMixin(forms.Form):
    """The two go-lives, the technical one not after the other."""

    technical_go_live_on = day_field(_("Technical go-live"), required=False)
    go_live_on = day_field(_("Go-live"), required=False)

    def clean(self) -> dict[str, Any]:
        """The technical go-live comes first, or on the same day."""
        said = super().clean() or {}
        technical, user = said.get("technical_go_live_on"), said.get("go_live_on")
        if technical and user and technical > user:
            self.add_error("technical_go_live_on", gettext("The technical go-live must not be after the go-live"))
        return said


class DatesForm(DatesMixin, PlanForm):
    """Dates and wave. A date that was set and changes asks why."""

    dual_running_until_on = day_field(_("Old system kept running until"), required=False)
    wave_id = wave_field()
    reason = reason_field(
        _("Reason"), required=False, help_text=_("Needed where a date that was set changes. The old date is kept.")
    )
    field_order = ("technical_go_live_on", "go_live_on", "dual_running_until_on", "wave_id", "reason", "mark")

    def __init__(self, data: Any = None, *, deployment: Deployment, waves: Iterable[Wave]) -> None:
        """Offer the programme's waves."""
        super().__init__(data, deployment=deployment)
        offer_waves(self, waves)

    @staticmethod
    def standing(deployment: Deployment) -> dict[str, Any]:
        """The dates and the wave as they are planned."""
        names = ("technical_go_live_on", "go_live_on", "dual_running_until_on", "wave_id")
        return {name: getattr(deployment, name) for name in names}

    def clean(self) -> dict[str, Any]:
        """A date that people rely on does not move without a word."""
        said = super().clean()
        before = self.standing(self.deployment)
        moved = [
            name for name in ("technical_go_live_on", "go_live_on") if before[name] and before[name] != said.get(name)
        ]
        if moved and not said.get("reason") and not self.errors:
            self.add_error("reason", gettext("Say why the date changes"))
        return said


class StageForm(PlanForm):
    """The day on which the next stage began; `to` is the stage that was next when the form was opened."""

    to = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput)
    happened_on = day_field(_("On which day did it happen?"))

    def __init__(self, data: Any = None, *, deployment: Deployment) -> None:
        """Offer today, which it is most often."""
        super().__init__(data, deployment=deployment)
        self.initial["happened_on"] = today_at(deployment)

    @staticmethod
    def standing(deployment: Deployment) -> dict[str, Any]:
        """The stage that is next."""
        return {"to": NEXT.get(deployment.stage, "")}

    @property
    def values(self) -> dict[str, Any]:
        """The stage as its own kind of value."""
        return {**self.cleaned_data, "to": Stage(self.cleaned_data["to"])}


class DeferForm(DatesMixin, PlanForm):
    """Why, and until when: new dates, or none yet."""

    reason = reason_field(_("Why is the go-live deferred?"))
    technical_go_live_on = day_field(_("New technical go-live"), required=False)
    go_live_on = day_field(
        _("New go-live"),
        required=False,
        help_text=_("Leave both empty while nobody knows. The old dates are kept in the history."),
    )
    field_order = ("reason", "technical_go_live_on", "go_live_on", "mark")


class ReasonForm(PlanForm):
    """A decision that needs nothing but its reason."""

    reason = reason_field(_("Reason"))
