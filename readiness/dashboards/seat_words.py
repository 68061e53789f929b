"""Seats in words: "Clinical safety officer", "SRO"."""

from rollout.models import SeatRole
from rollout.models.vocabulary import seat_words

__all__ = ["seat_name", "seat_words"]


def seat_name(role: SeatRole) -> str:
    """The words of a seat."""
    return str(role)
