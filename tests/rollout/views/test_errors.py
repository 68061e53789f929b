"""Each refusal as page, part and JSON: in house style, with an id to quote and nothing from inside."""

import pytest
from django.db import OperationalError
from django.test import Client

from rollout.models import User
from rollout.views.errors import WORDS
from tests.rollout.refusing_urls import SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rollout.refusing_urls")]

STATUSES = sorted(WORDS)
LOGGERS = ("django.request", "django.security.SuspiciousOperation", "django.security.RequestDataTooBig")


@pytest.fixture
def visitor(client: Client, ana: User, logged_errors) -> Client:
    """Ana, logged in; the errors asked for here are logged and belong to the test."""
    for logger in LOGGERS:
        logged_errors.expect(logger)
    client.raise_request_exception = False
    client.force_login(ana)
    return client


@pytest.mark.parametrize("status", STATUSES)
def test_refusal_as_page_is_in_house_style(visitor: Client, status: int):
    page = visitor.get(f"/{status}/")

    assert page.status_code == status
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'<h1 class="nhsuk-heading-l app-title">{WORDS[status][0]}</h1>' in page.text
    assert f"<title>{WORDS[status][0]} – Go-live readiness</title>" in page.text
    assert page.headers["X-Request-ID"] in page.text
    assert "UNDEFINED VARIABLE" not in page.text


@pytest.mark.parametrize("status", STATUSES)
def test_refusal_as_part_goes_to_the_place_for_problems(visitor: Client, status: int):
    part = visitor.get(f"/{status}/", headers={"HX-Request": "true"})

    assert part.status_code == status
    assert part.headers["HX-Retarget"] == "#problem"
    assert str(WORDS[status][0]) in part.text
    assert part.headers["X-Request-ID"] in part.text
    assert "<html" not in part.text


@pytest.mark.parametrize("status", STATUSES)
def test_refusal_as_json_is_a_problem_document(visitor: Client, status: int):
    answer = visitor.get(f"/{status}/", headers={"Accept": "application/json"})

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "reference"}
    assert (body["status"], body["reference"]) == (status, answer.headers["X-Request-ID"])


@pytest.mark.parametrize("address", ["400", "404", "413", "500", "lock"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_refusal_says_nothing_from_inside(visitor: Client, address: str, headers: dict[str, str]):
    answer = visitor.get(f"/{address}/", headers=headers)

    assert SECRET not in answer.text
    assert "Traceback" not in answer.text


def test_refusal_in_words_of_its_own_shows_them(visitor: Client):
    assert "Only the ward&#x27;s own manager may do this." in visitor.get("/403-words/").text
    assert "Ben changed the owner a minute ago." in visitor.get("/409/").text


def test_refusal_that_ends_says_when(visitor: Client):
    assert [visitor.get(f"/{address}/").headers["Retry-After"] for address in ("429", "503", "lock")] == [
        "600",
        "60",
        "30",
    ]


def test_wrong_method_still_names_the_right_ones(visitor: Client):
    assert visitor.get("/405/").headers["Allow"] == "POST"


def test_fault_says_whether_anything_was_changed(visitor: Client):
    assert "Nothing was changed." in visitor.get("/500/").text
    assert "Check whether your change was saved before you send it again." in visitor.post("/500/").text


@pytest.mark.django_db(transaction=True)
def test_statement_that_takes_too_long_is_a_503(visitor: Client):
    page = visitor.get("/slow/")

    assert page.status_code == 503
    assert "The service is busy" in page.text


def test_lost_database_is_a_503_before_the_view_too(visitor: Client, monkeypatch: pytest.MonkeyPatch):
    def no_answer(*_args: object) -> None:
        raise OperationalError(SECRET)

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", no_answer)
    page = visitor.get("/account/")

    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
    assert SECRET not in page.text


def test_fault_page_asks_the_database_nothing(visitor: Client, monkeypatch: pytest.MonkeyPatch):
    def no_answer(*_args: object) -> None:
        raise AssertionError("the navigation was worked out")

    monkeypatch.setattr("rollout.navigation.links_for", no_answer)

    assert visitor.get("/500/").status_code == 500


def test_page_not_found_needs_no_log_in(client: Client):
    assert client.get("/nowhere/").status_code == 404
