"""Words that look as if they named a patient: found, asked about, and let through with a reason."""

import pytest
from django import forms

from rollout.audit import acting
from rollout.forms.patient_data import NoPatientData, looks_like_nhs_number
from rollout.models import AuditEntry
from tests import factories as make


class Words(NoPatientData):
    words = forms.CharField()
    kind = forms.ChoiceField(choices=[("9434765919", "A code")], required=False)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)


@pytest.mark.parametrize(
    "text",
    [
        "9434765919",
        "Patient 943 476 5919 fell",
        "943-476-5919",
        "943\u2013476\u20135919.",
        "943\u00a0476\u00a05919",
        "\uff19\uff14\uff13\uff14\uff17\uff16\uff15\uff19\uff11\uff19",
        "1234567890 and 9434765919",
        "4010232137",
    ],
)
def test_nhs_number_is_recognised(text: str):
    assert looks_like_nhs_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9434765918",
        "94347659190",
        "020 7946 0018",
        "943 476",
        "2026-03-14 10:30",
        "943  476  5919",
        "1000000000",
    ],
)
def test_other_digits_are_none(text: str):
    assert not looks_like_nhs_number(text)


def test_doubtful_text_is_refused_and_asks_for_a_reason():
    form = Words({"words": "Ask 943 476 5919"})

    assert form.errors == {
        "words": [
            "This looks like an NHS number. Take patient details out, or say below why the number is something else"
        ]
    }
    assert "Why is this number not about a patient?" in form.as_p()
    assert "9434765919" not in str(form.errors)


@pytest.mark.parametrize(
    ("reason", "errors"),
    [
        ("It is the order number of the printer", {}),
        ("   ", {"words", "not_a_patient"}),
        ("x" * 201, {"words", "not_a_patient"}),
        ("It is 943 476 5919", {"not_a_patient"}),
    ],
)
def test_reason_lets_the_text_through(reason: str, errors: set[str]):
    form = Words({"words": "943 476 5919", "not_a_patient": reason})

    assert set(form.errors) == set(errors)
    if not errors:
        assert form.cleaned_data == {"words": "943 476 5919", "kind": "", "mark": ""}


def test_plain_text_choices_and_hidden_marks_ask_nothing():
    form = Words({"words": "All well", "kind": "9434765919", "mark": "a9434765919b"})

    assert form.is_valid()
    assert "not_a_patient" not in form.fields


@pytest.mark.django_db
def test_reason_stands_in_the_audit_trail_and_nowhere_after():
    form = Words({"words": "943 476 5919", "not_a_patient": "An order number"})
    plain = Words({"words": "All well"})
    user = make.make_user()

    for each in (form, plain):
        assert each.is_valid()
        with each.reason_noted(), acting(user, "words written"):
            make.make_organisation()

    reasons = AuditEntry.objects.filter(table="rollout_organisation").order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["words written; looks like an NHS number, but: An order number", "words written"]
