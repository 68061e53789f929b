"""What the first visit weighs, compressed: UX.md section 13."""

import gzip
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders


def weight(*names: str) -> int:
    """Bytes of static files as a web server would send them, each compressed."""
    return sum(len(gzip.compress(Path(finders.find(name)).read_bytes(), 9)) for name in names)


def test_style_sheet_is_within_its_budget():
    assert weight("build/app.css") <= 34 * 1024


def test_scripts_are_within_their_budget():
    ours = [f"js/{path.name}" for path in Path(settings.BASE_DIR, "static", "js").glob("*.js")]
    ours.append("js/log/register.js")

    assert {"js/app.js", "js/parts.js", "js/session.js"} <= set(ours)
    assert weight("nhsuk-frontend/nhsuk-frontend.min.js", "django_htmx/htmx-2.min.js", *ours) <= 38 * 1024


def test_scripts_of_the_log_are_within_their_budget():
    """The shell that a phone keeps has none but these, and the pages of the log from the server one more of them."""
    ours = [f"js/log/{path.name}" for path in Path(settings.BASE_DIR, "static", "js", "log").glob("*.js")]

    assert {"js/log/outbox.js", "js/log/pages.js", "js/log/worker.js"} <= set(ours)
    assert weight(*ours) <= 16 * 1024


def test_style_sheet_asks_for_no_face_and_no_other_site():
    sheet = Path(finders.find("build/app.css")).read_text()

    assert "@font-face" not in sheet
    assert "frutiger" not in sheet.lower()
    assert "http" not in sheet.replace("http://www.w3.org/2000/svg", "")


def test_every_picture_of_the_style_sheet_is_served():
    sheet = Path(finders.find("build/app.css")).read_text()
    pictures = {part.split(")")[0].strip("\"'") for part in sheet.split("url(")[1:]}

    missing = [name for name in pictures if name.startswith("/assets/") and not finders.find(name[len("/assets/") :])]

    assert missing == []
