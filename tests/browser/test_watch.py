"""The watch of the browser tests notices what it must: a guard that sees nothing would let everything pass."""

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Watch, findings

PAGE = "<!DOCTYPE html><html lang=en><head><title>Page</title></head><body><main><h1>Page</h1>{}</main></body></html>"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def serve(page: Page, body: str, headers: dict[str, str] | None = None) -> None:
    """Answer every request of the page with this body, so that nothing leaves the browser."""

    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body=PAGE.format(body), headers=headers or {})

    page.route("**/*", answer)
    page.goto("/")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<script>console.error('broken')</script>", "error: broken"),
        ("<script>nothing()</script>", "nothing is not defined"),
        ("<img src='https://other.example/a.png' alt='A'>", "asked another site: https://other.example/a.png"),
    ],
)
def test_watch_notices(body: str, problem: str, page: Page, watch: Watch) -> None:
    serve(page, body)

    noted = [watch.problems.pop() for _ in list(watch.problems)]
    assert any(problem in note for note in noted)


def test_watch_notices_what_the_policy_refuses(page: Page, watch: Watch) -> None:
    serve(page, "<script>1</script>", {"Content-Security-Policy": "script-src 'none'"})

    noted = [watch.problems.pop() for _ in list(watch.problems)]
    assert any("Content Security Policy" in note for note in noted)


def test_findings_name_a_picture_without_words(page: Page) -> None:
    serve(page, "<img src='/a.png'>")

    assert findings(page) == ["image-alt: ['<img src=\"/a.png\">']"]
