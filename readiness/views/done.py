"""Success said after the redirect, with the way to undo it."""

from django.contrib import messages
from django.http import HttpRequest

from readiness.services.undoing import can_be_undone
from rollout.logs import request_id

UNDO = "undo-"


def say_done(request: HttpRequest, words: str) -> None:
    """Say what was done; where this request wrote what can be undone, the banner offers that. One query."""
    act = request_id.get()
    messages.success(request, words, extra_tags=f"{UNDO}{act}" if can_be_undone([act]) else "")
