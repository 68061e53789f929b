"""Forms of logging in and of a person's own account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import MessageKind
from rollout.clients import Client
from rollout.services.sign_in import WrongCredentials, check_credentials

LONGEST_PASSWORD = 4096  # working out the hash of a longer one would cost more than anybody needs


class LogInForm(forms.Form):
    """E-mail address and password. Managers may fill it in and paste works; what is wrong is said in one way only."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={
            "required": _("Enter your email address"),
            "invalid": _("Enter an email address in the right form, like name@example.org"),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password")},
    )
    shared_device = forms.BooleanField(
        label=_("This is a shared device"),
        help_text=_("Select this if other people use it, such as a computer on a ward."),
        required=False,
    )


class MailForm(forms.Form):
    """Which kinds of mail a person wants; none is an answer too."""

    wanted = forms.MultipleChoiceField(
        label=_("Emails you want"),
        choices=MessageKind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select from the kinds of email on this page")},
    )

    @property
    def kinds(self) -> set[MessageKind]:
        """The kinds chosen, of a valid form."""
        return {MessageKind(kind) for kind in self.cleaned_data["wanted"]}


class NewPassword(SetPasswordForm):
    """A new password, twice, as every form asks for it."""

    new_password1 = forms.CharField(
        label=_("New password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; not a common one, and not like your name or email address."),
        error_messages={"required": _("Enter a new password")},
    )
    new_password2 = forms.CharField(
        label=_("New password again"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter the new password again")},
    )


class OwnPasswordForm(NewPassword, PasswordChangeForm):
    """The present password, which is checked like a log-in and counted like one, and the new one twice.

    `is_valid` raises TooManyAttempts.
    """

    old_password = forms.CharField(
        label=_("Present password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your present password")},
    )

    def __init__(self, user: Any, data: Any = None, *, client: Client) -> None:
        """Keep where the request came from, by which tries are counted."""
        super().__init__(user, data)
        self.client = client

    def clean_old_password(self) -> str:
        """The present password, if it is that."""
        password: str = self.cleaned_data["old_password"]
        try:
            check_credentials(email=self.user.email, password=password, client=self.client)
        except WrongCredentials:
            raise ValidationError(gettext("This is not your present password.")) from None
        return password
