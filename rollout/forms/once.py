"""Forms that make something: each carries a key, so that sending it twice makes one thing."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError


class KeyField(forms.UUIDField):
    """The key of a form; one that cannot be read counts as none."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """The key as a UUID, None where there is no readable one."""
        try:
            return super().to_python(value)
        except ValidationError:
            return None


class OnceForm(forms.Form):
    """A form with a hidden key of its own, given when it is shown. To be sent through `services.once.done_once`.

    A form that comes without a readable key (typed by hand, say) counts as a new one.
    """

    once = KeyField(initial=uuid4, required=False)

    def clean_once(self) -> UUID:
        """The key of this form."""
        return self.cleaned_data["once"] or uuid4()

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, without its key: what the service takes, and what makes two sendings the same."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}
