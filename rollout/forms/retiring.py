"""Asking why something is taken out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.patient_data import NoPatientData
from rollout.forms.records import RecordForm, text_field
from rollout.models import Deployment
from rollout.services.deployments import plan_mark

# As long as the column that keeps it.
LONGEST_REASON = 500


def reason_field(label: Any) -> forms.CharField:
    """Why, in a sentence or two; it has to be said."""
    return text_field(label, LONGEST_REASON, missing=_("Say why"), widget=forms.Textarea({"rows": 3}))


class TakeOutForm(NoPatientData):
    """Why a record is taken out."""

    reason = reason_field(_("Why?"))


class TakeSiteOutForm(RecordForm, TakeOutForm):
    """Why a site is taken out of a programme; the mark is that of its plan."""

    @classmethod
    def mark_now(cls, row: Deployment) -> str:
        """The mark of the plan as it stands."""
        return plan_mark(row)

    @classmethod
    def standing(cls, row: Deployment) -> dict[str, Any]:
        """Nothing is written yet."""
        return {}
