"""What people at the sample's sites say and ask for day by day: in meetings, at the start, in the resource plan."""

from collections.abc import Mapping
from typing import NamedTuple


class Need(NamedTuple):
    """So many people of a role from one week to another, counted from today's or from a go-live's week."""

    role: str
    first: int
    last: int
    people: str


# How a domain stood at the start, by its level from 1 to 4; nobody had everything in place.
LEVELS: Mapping[int, tuple[str, ...]] = {
    1: ("Nothing yet. Nobody was asked.", "We heard of it last week.", "Not begun, and nobody is named."),
    2: ("One person does this beside their work.", "There is a list, but nobody owns it.", "Some wards only."),
    3: ("Begun on most wards. No figures yet.", "Agreed, but not written down.", "Works on days, not on nights."),
    4: (
        "In place, and checked once.",
        "Well on the way: it was kept up after the last rollout.",
        "Done but for one ward.",
    ),
}
# The curve that a site plans to follow in training: days before go-live, and the share complete by then in percent.
CURVE = ((112, 0), (84, 10), (63, 32), (49, 55), (35, 74), (21, 87), (7, 95))
# Sites whose curve stumbles: two weeks in which nobody can be spared, and what they plan to do about it.
STUMBLE: Mapping[int, int] = {21: 76, 14: 87}
STUMBLING = ("WYC-1", "MER-2")
STUMBLE_WORDS = (
    "Two weeks without sessions: the wards cannot spare anybody then. We catch up afterwards, with sessions in the "
    "evening as well."
)
# From the first meeting of a group to its newest.
MEETINGS = (
    "First meeting. We agreed to meet every two weeks, both chairs at each, and went through the blocking items.",
    "Devices and rota first. Two wards ask for more time for training. The night shift is hardest to reach.",
    "Walked through a day on paper. Handover at 7am is where we would lose time, so we practise that.",
    "Went through what holds the score down. Each item has an owner and a day now.",
)
# Each asked for at the meeting of the same place; the last two are still open.
ACTIONS = (
    "Ask each ward manager for the names of their champions",
    "Walk the wards at night and write down where the signal fails",
    "Find rooms for the extra training sessions",
    "Tell all wards what changes on the first day, in one page",
)
NEEDS_OF_PROGRAMME: Mapping[str, tuple[Need, ...]] = {
    "EPR": (
        Need("programme_manager", 0, 25, "1"),
        Need("integration_lead", 0, 25, "1"),
        Need("supplier_lead", 0, 7, "1"),
        Need("supplier_lead", 8, 15, "2"),
        Need("trainer", 0, 25, "1"),
        Need("pharmacy_lead", 2, 12, "1.5"),
    ),
    "VIDEO": (Need("programme_manager", 0, 25, "1"), Need("trainer", 0, 11, "1"), Need("supplier_lead", 4, 9, "2")),
}
NEEDS_OF_SITE = (
    Need("clinical_lead", -8, 4, "1"),
    Need("operational_lead", -8, 4, "1"),
    Need("trainer", -8, -1, "1"),
    Need("trainer", 0, 1, "2"),
    Need("cnio", -1, 2, "1"),
)
