"""One thing that was found."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Hit:
    """A link to what was found: its name or words, its code, and where it belongs."""

    href: str
    title: Any
    code: str = ""
    notes: str = ""


def deployment_address(programme: str, site: str) -> str:
    """The page of a programme at a site, by their codes."""
    return reverse("readiness:deployment-detail", kwargs={"programme": programme, "site": site})


def programme_address(programme: str) -> str:
    """The page of a programme, by its code."""
    return reverse("readiness:programme-detail", kwargs={"programme": programme})


def joined(*parts: Any) -> str:
    """The parts that are there, with commas."""
    return ", ".join(str(part) for part in parts if part)
