"""The log as an app on a phone: its shell, its service worker, its manifest, and what a ward's phone may know.

None of it says anything of a person, so that a phone may keep it after its people have logged out.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rollout.json_requests import speaks_json
from training.dashboards.log_phone import phone_lists
from training.log_words import log_words

# The addresses that the shell answers for on a phone that has it.
PAGES = ("/log/", "/log/shift/", "/log/attendance/", "/log/issue/", "/log/outbox/")
SCRIPTS = ("js/log/outbox.js", "js/log/draw.js", "js/log/forms.js", "js/log/pages.js")
ASSETS = ("build/app.css", "img/icon.svg", *SCRIPTS)
ICONS = (("img/log-192.png", "192x192", "any"), ("img/log-512.png", "512x512", "any maskable"))


def shell_page() -> str:
    """The shell: without a request there is nobody in it, no token and no nonce, so that it may be kept."""
    return render_to_string(
        "training/log_shell.html", {"words": log_words(), "scripts": SCRIPTS, "back_label": _("Log")}
    )


def worker_source() -> str:
    """The worker as it stands in our files."""
    return Path(str(finders.find("js/log/worker.js"))).read_text()


def version_of(shell: str, worker: str) -> str:
    """Changes whenever anything of the app does: the shell names its assets by their hashes. 16 hex digits."""
    return hashlib.sha256("\0".join((shell, worker, *map(static, ASSETS))).encode()).hexdigest()[:16]


@login_not_required
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page that a phone keeps and fills by itself. The header lets the worker know it from a captive portal."""
    page = shell_page()
    return HttpResponse(page, headers={"X-Log-Version": version_of(page, worker_source())})


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of /log/: its source below a line that says what it keeps."""
    source = worker_source()
    known = {
        "version": version_of(shell_page(), source),
        "shell": reverse("training:log-shell"),
        "pages": PAGES,
        "assets": [static(name) for name in ASSETS],
        "outbox": static("js/log/outbox.js"),
    }
    content = f"self.LOG = {json.dumps(known)};\n{source}"
    return HttpResponse(content, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the log on its home screen."""
    known: dict[str, Any] = {
        "id": "/log/",
        "name": _("Go-live readiness: log"),
        "short_name": _("Log"),
        "start_url": "/log/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f0f4f5",
        "theme_color": "#005eb8",
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return HttpResponse(json.dumps(known), content_type="application/manifest+json")


@speaks_json
@login_not_required
@require_safe
def phone(request: HttpRequest) -> JsonResponse:
    """What a phone that its ward enrolled may know while nobody is logged in: its ward and the shifts, no names."""
    return JsonResponse({"phone": phone_lists(request)})
