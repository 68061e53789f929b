"""Who is asking."""

import pytest
from django.test import RequestFactory

from rollout.clients import client_address, is_background, read_device


def asked(address: str, forwarded: str = ""):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


@pytest.mark.parametrize(
    ("address", "forwarded", "counted"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "not an address", "unknown"),
        ("", "", "unknown"),
        ("2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "", "2001:db8:1:2::/64"),
    ],
)
def test_client_address_believes_known_proxies_only(settings, address: str, forwarded: str, counted: str):
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.0.2"]

    assert client_address(asked(address, forwarded)) == counted


def test_read_device_refuses_a_forged_cookie():
    request = asked("203.0.113.5")
    request.COOKIES["device"] = "1234.owner"

    assert read_device(request) is None


@pytest.mark.parametrize(("value", "answer"), [("1", True), ("0", False), ("", False)])
def test_is_background_reads_one_header(value: str, answer: bool):
    assert is_background(RequestFactory().get("/", headers={"X-Background": value})) is answer
