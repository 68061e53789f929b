"""What a form says of a field that was left empty."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from django import forms

import readiness.forms
import rollout.forms
import training.forms

UNHELPFUL = str(forms.Field.default_error_messages["required"])


def forms_of_people() -> Iterator[type[forms.BaseForm]]:
    """Every form of the packages of forms."""
    for package in (rollout.forms, training.forms, readiness.forms):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for _name, kind in inspect.getmembers(module, inspect.isclass):
                if issubclass(kind, forms.BaseForm) and kind.__module__ == found.name:
                    yield kind


def test_every_field_that_people_must_fill_says_how():
    asked = {
        f"{kind.__name__}.{name}": str(field.error_messages["required"])
        for kind in forms_of_people()
        for name, field in getattr(kind, "base_fields", {}).items()
        if field.required and not isinstance(field.widget, forms.HiddenInput)
    }

    assert len(asked) > 40
    assert [name for name, said in asked.items() if said == UNHELPFUL] == []
