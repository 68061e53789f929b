"""No patient data: words that hold what looks like an NHS number are not kept without a reason."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.audit import noting

# Ten digits in one piece, or 3-3-4 with one space, dot or dash between; a part of a longer number is none.
_TEN_DIGITS = re.compile(r"(?<![0-9])[0-9]{3}[\s.\-\u2010-\u2013]?[0-9]{3}[\s.\-\u2010-\u2013]?[0-9]{4}(?![0-9])")
_WEIGHTS = range(10, 1, -1)
_DOUBT = _("This looks like an NHS number. Take patient details out, or say below why the number is something else")
REASON = "not_a_patient"
LONGEST_REASON = 200


def looks_like_nhs_number(text: str) -> bool:
    """Whether ten digits somewhere in the text pass the check of an NHS number: weighted sum modulo 11."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_checks([int(each) for each in found if each.isdigit()]) for found in _TEN_DIGITS.findall(plain))


def _checks(digits: list[int]) -> bool:
    rest = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    return (11 - rest) % 11 == digits[-1]


class NoPatientData(forms.Form):
    """Mix into a form with free text: what looks like an NHS number is refused until somebody says what else it is.

    The question for the reason is asked only then, beside the field in doubt. A view calls its service inside
    `with form.reason_noted():`, so that the reason stands in the audit trail; the number itself is never repeated.
    """

    def clean(self) -> dict[str, Any]:
        """Look through every text of the form."""
        said = super().clean() or {}
        doubtful = [name for name, value in said.items() if self._is_text(name) and looks_like_nhs_number(str(value))]
        if doubtful:
            self._ask_why(doubtful)
        return said

    def _is_text(self, name: str) -> bool:
        """Whether a field holds words of a person: neither chosen from a list nor written by the page itself."""
        field = self.fields[name]
        return (
            isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField) and not field.widget.is_hidden
        )

    def _ask_why(self, doubtful: list[str]) -> None:
        field = self.fields[REASON] = forms.CharField(
            label=_("Why is this number not about a patient?"),
            max_length=LONGEST_REASON,
            help_text=_("For example: it is a telephone number. Your reason is kept."),
            error_messages={"required": _("Say what the number is")},
        )
        given = self.data.get(self.add_prefix(REASON), "")
        try:
            self._reason = field.clean(given)
        except forms.ValidationError as error:
            if given:
                self.add_error(REASON, error)
            for name in doubtful:
                self.add_error(name, _DOUBT)
        else:
            if looks_like_nhs_number(self._reason):
                self.add_error(REASON, gettext("Say why in words, without the number"))

    def reason_noted(self) -> Any:
        """A context in which the audit also keeps why the number is not about a patient, where there was one."""
        reason = getattr(self, "_reason", "")
        return noting(f"looks like an NHS number, but: {reason}" if reason else "")
