"""What phones ask and send: the state they keep, and the entries of their outbox. JSON alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from rollout.json_requests import Unreadable, read_json, speaks_json
from rollout.permissions import be_logged_in
from rollout.requests import UserRequest
from rollout.views.access import permitted
from training.choices import EntryAnswer
from training.dashboards.log_phone import phone_lists
from training.dashboards.log_state import MOST_RECEIPTS, log_state, owner_id
from training.services.log_entries import Answer, Entry, take_entries

MOST_ENTRIES = 100
MOST_BYTES = 256 * 1024
NOT_YOURS = "not_yours"


@speaks_json
@require_safe
@permitted(be_logged_in)
def state(request: UserRequest) -> JsonResponse:
    """What the phone keeps for the next 7 days, and a fresh token to send with. `?ids=` are up to 100 sent ids."""
    written = [part for part in request.GET.get("ids", "").split(",") if part]
    ids = [number for part in written[:MOST_RECEIPTS] if (number := number_of(part))]
    now = timezone.now()
    known = {"csrf_token": get_token(request), "person": str(request.user), "phone": phone_lists(request)}
    return JsonResponse({**known, **log_state(request.user, receipts=ids, now=now)})


@speaks_json
@require_POST
@permitted(be_logged_in)
def entries(request: UserRequest) -> JsonResponse:
    """Take the entries of an outbox, in their order, and answer each on its own."""
    sent = read_json(request, most_bytes=MOST_BYTES)
    found = sent.get("entries") if isinstance(sent, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable(gettext("Send an object with a list of entries."))
    if len(found) > MOST_ENTRIES:
        raise Unreadable(gettext("Send at most %(n)s entries at once.") % {"n": MOST_ENTRIES})
    device_now = moment_of(sent.get("device_now"))
    answers: list[dict[str, Any]] = [{} for _each in found]
    readable: list[tuple[int, Entry]] = []
    for place, each in enumerate(found):
        entry = entry_of(each, device_now)
        if entry is None:
            answers[place] = unreadable(each)
        elif each.get("owner") != owner_id(request.user):
            answers[place] = {"client_id": str(entry.client_id), "answer": NOT_YOURS, "at": None, "words": ""}
        else:
            readable.append((place, entry))
    taken = take_entries(user=request.user, entries=(entry for _place, entry in readable))
    for (place, _entry), answer in zip(readable, taken, strict=True):
        answers[place] = said(answer)
    return JsonResponse({"answers": answers, "sent_at": timezone.now().isoformat()})


def entry_of(sent: Mapping[str, Any], device_now: datetime | None) -> Entry | None:
    """An entry as it came; None where it has no readable id, kind, time or body."""
    client_id, kind, body = number_of(sent.get("client_id")), sent.get("kind"), sent.get("body")
    device_at = moment_of(sent.get("device_at"))
    if client_id is None or device_at is None or not isinstance(kind, str) or not isinstance(body, dict):
        return None
    return Entry(client_id, kind, body, device_at, device_now)


def number_of(written: Any) -> UUID | None:
    """A UUID as phones write it: 36 characters. None for anything else."""
    if not isinstance(written, str) or len(written) != 36:
        return None
    try:
        return UUID(written)
    except ValueError:
        return None


def moment_of(written: Any) -> datetime | None:
    """A moment with its distance from UTC; None for anything else, and for years that no clock shows."""
    if not isinstance(written, str) or len(written) > 40:
        return None
    try:
        moment = parse_datetime(written)
    except ValueError:
        return None
    if moment is None or moment.utcoffset() is None or not 2000 <= moment.year < 2200:
        return None
    return moment


def unreadable(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to what is no entry; nothing of it is kept."""
    client_id = number_of(sent.get("client_id"))
    return {
        "client_id": str(client_id) if client_id else None,
        "answer": EntryAnswer.REFUSED,
        "at": None,
        "words": gettext("This entry could not be read. Write it again."),
    }


def said(answer: Answer) -> dict[str, Any]:
    """An answer as JSON."""
    return {
        "client_id": str(answer.client_id),
        "answer": answer.answer,
        "at": answer.at.isoformat() if answer.at else None,
        "words": answer.words,
        "field": answer.field,
        "skew_minutes": answer.skew_minutes,
        "record_id": answer.record_id,
    }
