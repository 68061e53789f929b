"""Who is asking: the network address, the device, and whether a person or a page on its own sent the request."""

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from rollout.models import User

DEVICE_COOKIE = "device"
DEVICE_COOKIE_SECONDS = 365 * 24 * 3600
PHONE_COOKIE = "ward-phone"


@dataclass(frozen=True)
class Client:
    """Where a request came from: an address (IPv6 by its /64) and the device cookie's number, "" without one."""

    address: str
    device: str


@dataclass(frozen=True)
class Device:
    """What the device cookie says: its random number, and whose own device it is (a keyed stamp, or "")."""

    number: str
    owner: str


def client_address(request: HttpRequest) -> str:
    """Return the address to count by. X-Forwarded-For is believed only behind a proxy named in TRUSTED_PROXIES."""
    trusted = set(getattr(settings, "TRUSTED_PROXIES", ()))
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address = request.META.get("REMOTE_ADDR", "")
    while address in trusted and hops:
        address = hops.pop()
    return _network(address)


def _network(address: str) -> str:
    """Return an IPv4 address as it is and an IPv6 one as its /64, which is what one household or phone gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def read_device(request: HttpRequest) -> Device | None:
    """Return what the signed device cookie says; None without a cookie or with one that was tampered with."""
    value = request.get_signed_cookie(DEVICE_COOKIE, default="", salt=DEVICE_COOKIE, max_age=DEVICE_COOKIE_SECONDS)
    number, _, owner = (value or "").partition(".")
    return Device(number, owner) if number else None


def is_own_device(request: HttpRequest, user: User) -> bool:
    """Say whether this person enrolled this device as their own, with the password they have now."""
    device = read_device(request)
    return device is not None and constant_time_compare(device.owner, owner_stamp(user))


def remember_device(response: HttpResponse, device: Device) -> None:
    """Set the device cookie, for a year."""
    response.set_signed_cookie(
        DEVICE_COOKIE,
        f"{device.number}.{device.owner}",
        salt=DEVICE_COOKIE,
        max_age=DEVICE_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def read_phone(request: HttpRequest) -> str:
    """Return the secret by which a ward's phone is known, "" on any other device. Nobody has checked it yet."""
    return request.COOKIES.get(PHONE_COOKIE, "")


def remember_phone(response: HttpResponse, secret: str) -> None:
    """Leave the secret on a ward's phone, for a year. Scripts cannot read it."""
    response.set_cookie(
        PHONE_COOKIE,
        secret,
        max_age=DEVICE_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_phone(response: HttpResponse) -> None:
    """Take the secret off the phone."""
    response.delete_cookie(PHONE_COOKIE, samesite="Lax")


def owner_stamp(user: User) -> str:
    """Return a stamp that only this person's present password gives, so that a new one ends the enrolment."""
    return salted_hmac("rollout.clients.own_device", f"{user.pk}:{user.password}", algorithm="sha256").hexdigest()[:32]


def is_background(request: HttpRequest) -> bool:
    """Say whether the page asked on its own (live refresh): that is no sign of a person being there."""
    return request.headers.get("X-Background") == "1"
