"""Forms in the markup of the design system: label, hint, error and ARIA, the same for every field.

`{{ form }}` gives the error summary and every field; `{{ form.email.as_field_group }}` gives one. The markup is in
templates/forms/: here it is only decided which template a widget takes, so that no class name stands in Python and
Django's own admin keeps its widgets.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

# The first that fits decides; anything else that types into a line is an input.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.PasswordInput, "password"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.HiddenInput, "hidden"),
)
GROUPS = ("checkboxes", "radios")


class DesignBoundField(BoundField):
    """A field of a form that knows which of the design system's controls shows it."""

    @property
    def kind(self) -> str:
        """The name of the control, and of its template in forms/widgets/."""
        widget = self.field.widget
        return next((kind for widget_type, kind in KINDS if isinstance(widget, widget_type)), "input")

    @property
    def is_group(self) -> bool:
        """Whether the control is several inputs under one legend."""
        return self.kind in GROUPS

    @property
    def hint_id(self) -> str:
        """The id that Django names in aria-describedby for the help text."""
        return f"{self.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        """The id that Django names in aria-describedby for the errors."""
        return f"{self.auto_id}_error"

    @property
    def first_id(self) -> str:
        """Where a link of the error summary goes: the control, or the first of several."""
        return f"{self.auto_id}_0" if self.is_group else self.auto_id

    @property
    def described_by(self) -> str:
        """What aria-describedby of a group's fieldset says; single controls get it from Django."""
        ids = [self.hint_id] if self.help_text else []
        return " ".join([*ids, self.error_id] if self.errors else ids)

    @property
    def control_template(self) -> str:
        """The template that shows the control; it reads `widget`."""
        return f"forms/widgets/{self.kind}.html"

    def widget_context(self) -> dict[str, Any]:
        """What Django would give the widget's own template: name, value, attributes with ARIA, options."""
        widget = self.field.widget
        widget.is_localized = widget.is_localized or self.field.localize
        attrs = self.build_widget_attrs({"id": self.auto_id} if self.auto_id else {}, widget)
        return widget.get_context(self.html_name, self.value(), attrs)["widget"]


class DesignRenderer(TemplatesSetting):
    """Renders forms, fields and form sets with the project's own templates."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = DesignBoundField
