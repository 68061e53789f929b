"""Choosing a file to send."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.kept import LOST
from rollout.uploads import Unfit, Upload, harmless_name, kind_of, size_words
from rollout.uploads.kinds import ENDINGS

_AGAIN = _("Choose the file again: a page cannot keep it")


class UploadField(forms.FileField):
    """A file, checked by its content; its value is an Upload, or None where none was chosen."""

    widget = forms.FileInput

    def __init__(self, **options: Any) -> None:
        """Offer the kinds of files that are taken."""
        super().__init__(**options)
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in ENDINGS)

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        """The file, known and named. Raises ValidationError with words that say how to send it instead."""
        if not data:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        if getattr(data, "too_large", False):
            most = size_words(settings.UPLOAD_LARGEST)
            words = gettext("The file is larger than %(most)s. Send a smaller one, or give a link to it.")
            raise forms.ValidationError(words % {"most": most}, code="too_large")
        data.seek(0)  # a form may be read twice
        name, content = harmless_name(data.name or ""), data.read()
        try:
            return Upload(name, kind_of(name, content), content)
        except Unfit as unfit:
            raise forms.ValidationError(str(unfit), code="unfit") from unfit


def kinds_taken() -> str:
    """The kinds of files that are taken, and how large they may be, for a hint."""
    words = gettext("PDF, picture (PNG or JPEG), Word, Excel, PowerPoint, CSV or text, up to %(most)s.")
    return words % {"most": size_words(settings.UPLOAD_LARGEST)}


class UploadForm(forms.Form):
    """A form with files. A browser does not send a file again by itself, so the form asks for it where others fail."""

    def full_clean(self) -> None:
        """Where the form is shown again, say that a file that was chosen has to be chosen again.

        So too where the form comes from a log-in that ended meanwhile: it brings what was typed, but no file.
        """
        super().full_clean()
        for name in self.fields:
            key = self.add_prefix(name)
            if self.is_bound and f"{key}{LOST}" in self.data and not self.files.get(key) and name not in self.errors:
                self.add_error(name, _AGAIN)
        if self.is_bound and self.errors:
            self.ask_again()

    def ask_again(self) -> None:
        """Say it of each file that came and is good in itself."""
        for name, field in self.fields.items():
            if isinstance(field, UploadField) and self.files.get(self.add_prefix(name)) and name not in self.errors:
                self.add_error(name, _AGAIN)
