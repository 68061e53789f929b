"""Seats in words: "Clinical safety officer", "SRO"."""

from rollout.models import SeatRole

# Codes of seats that are abbreviations, in whole or in their first part; everybody who meets them knows them so.
SHORT = {"sro": "SRO", "ccio": "CCIO", "cnio": "CNIO", "ig": "IG"}


def seat_words(code: str, name: str = "") -> str:
    """The name of a seat, else its code as a person would write it: "ig_lead" is "IG lead"."""
    if name or not code:
        return name
    first, *rest = code.split("_")
    return " ".join([SHORT.get(first, first.capitalize()), *rest])


def seat_name(role: SeatRole) -> str:
    """The words of a seat."""
    return seat_words(role.code, role.name)
