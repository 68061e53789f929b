"""Forms sent twice: one thing made, one answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django import forms
from django.db import IntegrityError, connection
from django.utils import timezone

from rollout.forms.once import OnceForm
from rollout.models import Programme, Submission, User
from rollout.services.once import done_once, forget_old_submissions
from rollout.services.refusals import Refused
from tests import factories as make

KEY = UUID(int=1)


class NameForm(OnceForm):
    name = forms.CharField()


@pytest.fixture
def ana(db: None) -> User:
    return make.make_user(name="Ana")


def make_it(by: User, code: str = "EPR", key: UUID = KEY) -> str:
    """Make a programme through the door, as a view does."""

    def do() -> str:
        Programme.objects.create(code=code, name="Records")
        return f"/p/{code}/"

    return done_once(user=by, key=key, body={"code": code}, do=do)


def test_form_sent_twice_makes_one_and_answers_alike(ana: User):
    assert [make_it(ana), make_it(ana)] == ["/p/EPR/", "/p/EPR/"]
    assert Programme.objects.count() == 1


def test_other_words_under_one_key_are_refused(ana: User):
    make_it(ana)

    with pytest.raises(Refused, match="sent before with other words"):
        make_it(ana, "VIDEO")

    assert [programme.code for programme in Programme.objects.all()] == ["EPR"]


def test_key_belongs_to_its_user(ana: User):
    make_it(ana)

    assert make_it(make.make_user(email="ben@example.org"), "VIDEO") == "/p/VIDEO/"


def test_what_fails_can_be_sent_again(ana: User):
    def fails() -> str:
        raise Refused("Not yet.")

    with pytest.raises(Refused, match="Not yet"):
        done_once(user=ana, key=KEY, body={"code": "EPR"}, do=fails)

    assert make_it(ana) == "/p/EPR/"


@pytest.mark.django_db(transaction=True)
def test_eight_sendings_at_once_make_one():
    ana = make.make_user(name="Ana")

    def send(_number: int) -> str:
        try:
            return make_it(ana)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(send, range(8)))

    assert answers == {"/p/EPR/"}
    assert (Programme.objects.count(), Submission.objects.count()) == (1, 1)


def test_old_submissions_are_forgotten(ana: User):
    make_it(ana)
    make_it(ana, "VIDEO", uuid4())
    Submission.objects.filter(key=KEY).update(at=timezone.now() - timedelta(days=31))

    assert forget_old_submissions() == 1
    assert Submission.objects.exclude(key=KEY).count() == Submission.objects.count() == 1


def test_database_refuses_a_body_that_is_no_hash(ana: User):
    with pytest.raises(IntegrityError, match="rollout_submission_hashed"):
        Submission.objects.create(user=ana, key=KEY, body="words")


def test_form_brings_a_key_of_its_own_and_says_the_rest():
    shown = NameForm()
    first, second = str(shown["once"].value()), str(NameForm()["once"].value())

    form = NameForm({"once": first, "name": "EPR"})

    assert first != second
    assert form.is_valid()
    assert (form.cleaned_data["once"], form.said) == (UUID(first), {"name": "EPR"})
    assert f'value="{first}"' in str(form)


@pytest.mark.parametrize("once", ["", "none", "1" * 40, "\x00"])
def test_form_without_a_readable_key_is_a_new_one(once: str):
    form = NameForm({"once": once, "name": "EPR"})

    assert form.is_valid()
    assert isinstance(form.cleaned_data["once"], UUID)
