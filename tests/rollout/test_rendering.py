"""Forms in the markup of the design system."""

import pytest
from django import forms
from django.template.loader import render_to_string

CHOICES = [("a", "Ward A"), ("b", "Ward <B>")]


class Everything(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="As on the badge", max_length=20)
    size = forms.CharField(label="Size", required=False, widget=forms.TextInput(attrs={"size": 5}))
    secret = forms.CharField(label="Secret", widget=forms.PasswordInput)
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea)
    ward = forms.ChoiceField(label="Ward", choices=CHOICES)
    pattern = forms.ChoiceField(label="Pattern", choices=CHOICES, widget=forms.RadioSelect, help_text="One of them")
    groups = forms.MultipleChoiceField(
        label="Groups", choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    agree = forms.BooleanField(label="Agree", help_text="You may change it later")
    file = forms.FileField(label="File", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def empty() -> Everything:
    """The form as first shown."""
    return Everything()


@pytest.fixture
def wrong() -> Everything:
    """The form sent with nothing right in it."""
    return Everything({"name": '"><script>', "size": "12", "groups": ["b"]})


def test_field_ties_label_hint_and_control_together(empty: Everything):
    html = str(empty["name"].as_field_group())

    assert '<label class="nhsuk-label nhsuk-label--s" for="id_name">Name</label>' in html
    assert '<div class="nhsuk-hint" id="id_name_helptext">As on the badge</div>' in html
    assert 'class="nhsuk-input" type="text" name="name"' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert "error" not in html


def test_field_ties_its_error_to_the_control(wrong: Everything):
    html = str(wrong["secret"].as_field_group())

    assert 'class="nhsuk-form-group nhsuk-form-group--error' in html
    assert 'id="id_secret_error"' in html
    assert 'aria-describedby="id_secret_error"' in html
    assert 'aria-invalid="true"' in html


def test_typed_values_come_back_escaped(wrong: Everything):
    html = str(wrong)

    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert "<script>" not in html
    assert 'value="12"' in html


def test_width_of_an_input_follows_its_size(empty: Everything):
    assert "nhsuk-input--width-5" in str(empty["size"].as_field_group())


@pytest.mark.parametrize(("name", "kind"), [("pattern", "radios"), ("groups", "checkboxes")])
def test_group_has_a_legend_and_labels_of_its_own(empty: Everything, name: str, kind: str):
    html = str(empty[name].as_field_group())

    assert "<fieldset" in html
    assert 'nhsuk-fieldset__legend--s">' in html
    assert f'<label class="nhsuk-label nhsuk-{kind}__label" for="id_{name}_1">Ward &lt;B&gt;</label>' in html
    assert f'for="id_{name}"' not in html


def test_group_is_described_by_hint_and_error(wrong: Everything):
    assert '<fieldset class="nhsuk-fieldset" aria-describedby="id_pattern_helptext id_pattern_error">' in str(
        wrong["pattern"].as_field_group()
    )


def test_chosen_options_stay_chosen(wrong: Everything):
    html = str(wrong["groups"].as_field_group())

    assert html.count("checked") == 1
    assert 'value="b" checked' in html


def test_single_checkbox_is_labelled_once(empty: Everything):
    html = str(empty["agree"].as_field_group())

    assert html.count("Agree") == 1
    assert '<label class="nhsuk-label nhsuk-checkboxes__label" for="id_agree">Agree</label>' in html
    assert 'id="id_agree_helptext"' in html


def test_password_never_comes_back(wrong: Everything):
    form = Everything({"secret": "typed"})

    html = str(form["secret"].as_field_group())

    assert "typed" not in html
    assert 'data-module="nhsuk-password-input"' in html


def test_optional_fields_say_so_but_not_in_filters(empty: Everything):
    assert "(optional)" in str(empty["notes"].as_field_group())
    assert "(optional)" in str(empty["groups"].as_field_group())

    empty.is_filter = True

    assert "(optional)" not in str(empty)
    assert "nhsuk-radios--small" in str(empty)


def test_hidden_field_is_only_an_input(empty: Everything):
    assert str(empty["token"].as_field_group()).strip() == '<input type="hidden" name="token" id="id_token">'


def test_every_id_is_used_once(wrong: Everything):
    ids = [part.partition('"')[0] for part in str(wrong).split(' id="')[1:]]

    assert len(ids) == len(set(ids))


def test_error_summary_links_to_each_wrong_field(wrong: Everything):
    html = render_to_string("components/error_summary.html", {"form": wrong})

    assert [part.partition('"')[0] for part in html.split('href="#')[1:]] == [
        "id_secret",
        "id_ward",
        "id_pattern_0",
        "id_agree",
    ]


def test_plain_rendering_of_a_field_is_left_to_django(empty: Everything):
    assert "nhsuk" not in str(empty["name"])
