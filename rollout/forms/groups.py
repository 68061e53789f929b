"""The readiness group of a site: chairs, meetings, actions."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.people import people_field, person_field, written_for
from rollout.forms.records import RecordForm, known_day, words_field
from rollout.forms.seats import A_DAY
from rollout.models import GroupAction, GroupMeeting, ReadinessGroup
from rollout.services.groups import ACTION, chairs_mark, meeting_mark


class ChairsForm(RecordForm):
    """The two chairs, a clinical and an operational one; the group may not be there yet."""

    clinical_chair = person_field(_("Clinical chair"))
    operational_chair = person_field(_("Operational chair"))

    @classmethod
    def mark_now(cls, row: ReadinessGroup | None) -> str:
        """The mark of the chairs as they are."""
        return chairs_mark(row)

    @classmethod
    def standing(cls, row: ReadinessGroup | None) -> dict[str, Any]:
        """Who chairs the group now."""
        clinical, operational = (row.clinical_chair, row.operational_chair) if row else (None, None)
        return {"clinical_chair": written_for(clinical), "operational_chair": written_for(operational)}


class MeetingFields(NoPatientData, forms.Form):
    """A day, who came, what was said. `today` is the site's, given by the view."""

    held_on = known_day(_("Held on"), missing=A_DAY)
    came = people_field(_("Who came?"))
    words = words_field(_("Notes"), help_text=_("What was agreed and why. Do not include patient details."))

    today: date = date.max

    def clean_held_on(self) -> date:
        """A meeting is written down once it was held."""
        held_on: date = self.cleaned_data["held_on"]
        if held_on > self.today:
            raise ValidationError(gettext("Enter a day that is not in the future"))
        return held_on


class MeetingForm(MeetingFields, OnceForm):
    """A meeting to record."""


class MeetingChangeForm(MeetingFields, RecordForm):
    """A meeting as it is recorded, to be put right."""

    @classmethod
    def mark_now(cls, row: GroupMeeting) -> str:
        """The mark of the meeting as it is recorded."""
        return meeting_mark(row)

    @classmethod
    def standing(cls, row: GroupMeeting) -> dict[str, Any]:
        """The meeting as it is recorded."""
        came = [written_for(person) for person in row.came.select_related("user")]
        return {"held_on": row.held_on, "came": came, "words": row.words}


class ActionFields(NoPatientData, forms.Form):
    """What is to be done, by whom, by when."""

    text = words_field(_("What is to be done?"), missing=_("Enter what is to be done"), rows=2)
    owner = person_field(_("Owner"), missing=_("Enter who does it"))
    due_on = known_day(_("Due on"), missing=A_DAY)


class ActionForm(ActionFields, OnceForm):
    """An action to add."""


class ActionChangeForm(ActionFields, RecordForm):
    """An action as it stands. `today` is the site's, given by the view."""

    marked = ACTION

    done_on = known_day(_("Done on"), help_text=_("Leave empty while it is open."))

    today: date = date.max

    @classmethod
    def standing(cls, row: GroupAction) -> dict[str, Any]:
        """The action as it is recorded."""
        return {"text": row.text, "owner": written_for(row.owner), "due_on": row.due_on, "done_on": row.done_on}

    def clean_done_on(self) -> date | None:
        """Nothing is done in the future."""
        done_on: date | None = self.cleaned_data["done_on"]
        if done_on and done_on > self.today:
            raise ValidationError(gettext("Enter a day that is not in the future"))
        return done_on
