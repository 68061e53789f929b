"""Success said after the redirect, with the way to undo it."""

from django.contrib import messages
from django.http import HttpRequest

from rollout.logs import request_id

UNDO = "undo-"


def say_done(request: HttpRequest, words: str, *, undo: bool) -> None:
    """Say what was done; with `undo` the banner offers to undo what this request changed."""
    messages.success(request, words, extra_tags=f"{UNDO}{request_id.get()}" if undo else "")
