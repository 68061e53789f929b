"""What a phone that its ward enrolled knows, whoever is logged in on it: no person's name."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from rollout.clients import read_phone
from rollout.services.phones import phone_of
from training.dashboards.log_state import patterns_of, programmes_of, ward_of
from training.services.log_places import OVER, deployments_at


def phone_lists(request: HttpRequest) -> dict[str, Any] | None:
    """The phone's name, its ward, and the programmes and shifts there; None on a device that no ward enrolled."""
    phone = phone_of(read_phone(request)) if read_phone(request) else None
    if phone is None:
        return None
    deployments = [row for row in deployments_at([phone.ward]) if row.programme.state not in OVER]
    return {
        "name": phone.name,
        "wards": [ward_of(phone.ward, timezone.now())],
        "programmes": programmes_of(deployments),
        "patterns": patterns_of(deployments),
    }
