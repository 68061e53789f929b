"""One address, two answers."""

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings

from rollout.models import User

TEMPLATES = [
    {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], settings.BASE_DIR / "tests/rollout/templates"]}
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rollout.refusing_urls")]


@pytest.fixture
def visitor(client: Client, ana: User):
    """Ana, logged in, where the test's own page exists."""
    client.force_login(ana)
    with override_settings(TEMPLATES=TEMPLATES):
        yield client


def test_render_page_answers_with_the_page(visitor: Client):
    page = visitor.get("/page/")

    assert page.text.lstrip().startswith("<!DOCTYPE html>")
    assert "HX-Request" in page.headers["Vary"]


def test_render_page_answers_htmx_with_the_part(visitor: Client):
    part = visitor.get("/page/", headers={"HX-Request": "true"})

    assert part.text.strip().startswith('<form id="part"')
    assert "<html" not in part.text
    assert "HX-Request" in part.headers["Vary"]


def test_render_page_answers_a_history_restore_with_the_page(visitor: Client):
    page = visitor.get("/page/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert page.text.lstrip().startswith("<!DOCTYPE html>")


def test_invalid_form_is_422_in_both_answers(visitor: Client):
    page = visitor.post("/page/", {"words": ""})
    part = visitor.post("/page/", {"words": ""}, headers={"HX-Request": "true"})

    assert [page.status_code, part.status_code] == [422, 422]
    assert "<title>Error: Note" in page.text
    assert "There is a problem" in page.text
    assert 'id="id_words_error"' in part.text


def test_part_carries_a_csrf_field_of_its_own(visitor: Client):
    part = visitor.get("/page/", headers={"HX-Request": "true"})

    assert part.text.count('name="csrfmiddlewaretoken"') == 1
