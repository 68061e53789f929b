"""Forms of logging in and of a person's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password")},
    )
    shared_device = forms.BooleanField(
        label=_("This is a shared device"),
        help_text=_("Select this if other people use it, such as a computer on a ward."),
        required=False,
    )
