"""What the logs say: one line a record, who by number, never by name."""

import io
import json
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from rollout import logs


@pytest.fixture
def written() -> tuple[logging.Logger, io.StringIO]:
    """A logger of its own with the site's format, and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.Logger("rollout.test")
    logger.addHandler(handler)
    return logger, stream


def test_record_is_one_line_of_json(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written

    logger.info("scored %s of %s", 3, 4)

    line = json.loads(stream.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "INFO", "logger": "rollout.test", "message": "scored 3 of 4"}


@pytest.mark.parametrize("text", ["a\nERROR forged", "a\r\nb", "a\x1b[31mred", "a\u2028b", "a\x00b"])
def test_no_line_can_be_forged(text: str, written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written

    logger.warning("path %s", text)

    raw = stream.getvalue()
    assert raw.count("\n") == 1
    assert raw.isascii()
    assert all(ord(letter) >= 32 for letter in raw[:-1])
    assert json.loads(raw)["message"] == f"path {text}"


@pytest.mark.parametrize(
    "text",
    [
        "refused ana.whitlock@example.nhs.uk",
        "duplicate key\nDETAIL:  Key (email)=(ana.whitlock@example.nhs.uk) already exists.",
        "ana.whitlock@localhost,",
        "DETAIL:  Failing row contains (7, Ana Whitlock, null).",
    ],
)
def test_names_and_addresses_are_left_out(text: str, written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written

    try:
        raise ValueError(text)
    except ValueError:
        logger.exception("failed: %s", text)

    assert "hitlock" not in stream.getvalue()
    assert "ValueError" in json.loads(stream.getvalue())["error"]


def test_refusal_says_who_by_number_and_where(written: tuple[logging.Logger, io.StringIO], rf: RequestFactory) -> None:
    logger, stream = written
    request = rf.post("/p/EPR/?secret=1")
    request._cached_user = type("Someone", (), {"pk": 42, "email": "ana@example.org"})()

    logger.warning("Forbidden", extra={"request": request, "status_code": 403})

    line = json.loads(stream.getvalue())
    assert {name: line[name] for name in ("user", "method", "path", "status")} == {
        "user": 42,
        "method": "POST",
        "path": "/p/EPR/",
        "status": 403,
    }
    assert "secret" not in stream.getvalue()


def test_every_answer_carries_the_id_of_its_log_lines(
    written: tuple[logging.Logger, io.StringIO], rf: RequestFactory
) -> None:
    logger, stream = written

    def view(request: HttpRequest) -> HttpResponse:
        logger.info("seen")
        return HttpResponse(request.META["REQUEST_ID"])

    answer = logs.RequestIdMiddleware(view)(rf.get("/", headers={"X-Request-ID": "forged"}))
    logger.info("afterwards")

    seen, afterwards = (json.loads(line) for line in stream.getvalue().splitlines())
    assert seen["request"] == answer.headers["X-Request-ID"] == answer.content.decode() != "forged"
    assert "request" not in afterwards
