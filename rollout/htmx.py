"""One URL, one template, two answers: the whole page, or one named part of it when htmx asks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Say whether htmx asked for a part. Restoring history needs the page, even when htmx asks."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def wants_json(request: HttpRequest) -> bool:
    """Say whether the client would rather have JSON than a page, or asks a view that speaks nothing else."""
    if getattr(getattr(request.resolver_match, "func", None), "speaks_json", False):
        return True
    kinds = ["text/html", "application/json", "application/problem+json"]
    return request.get_preferred_type(kinds) not in (None, "text/html")


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with the page, or with its `{% partialdef <partial> %}` when htmx asks for a part.

    The same address gives both, so the answer says that it depends on the header: a cache must not mix them up.
    """
    part = f"#{partial}" if partial and wants_part(request) else ""
    response = render(request, template + part, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
