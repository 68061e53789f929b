"""Log-in tests: whether each person could sign in on a device of their own ward, and if not, why."""

from collections.abc import Sequence
from random import Random

from readiness.sample.chance import days, days_before, working_time
from readiness.sample.plan import Scene

REASONS = ("no_account", "wrong_role", "card", "device", "other")
REASON_WEIGHTS = (35, 25, 20, 15, 5)
DEVICES = ("trolley 1", "trolley 2", "desk", "hand-held")
# The device of a ward on which a log-in fails where the device is to blame, and how often a test is not on one's own
# ward, or nobody writes down where it was.
BROKEN = "trolley 2"
ELSEWHERE, NOWHERE = 0.03, 0.02
MIDDLE_DAYS, SPREAD_DAYS = 27, 5.5


def add_access_checks(scene: Scene) -> None:
    """Write access_checks.csv: most pass at once, some after a second try, and a few never."""
    for plan in scene.active_sites():
        if plan.stage == "stopped" or plan.go is None:
            continue
        rng = scene.rng("access", plan.site)
        zone = scene.sites[plan.site].zone
        never = 0.3 if plan.story == "uneven_after_go_live" else 0.012
        at = scene.rng("device", plan.site)
        people = list(scene.staff_in_scope(plan))
        wards = sorted({ward for _member, ward in people})
        for member, ward in people:
            before = days_before(rng.random(), middle=MIDDLE_DAYS, spread=SPREAD_DAYS) + plan.pace
            tested = max(scene.before_go_live(plan, max(before, 3)), member.first_day + days(1))
            fails = 0 if rng.random() > 0.14 else 1
            hopeless = rng.random() < never
            on = tested
            for attempt in range(3 if hopeless else fails + 1):
                if on > scene.last_day:
                    break
                passed = not hopeless and attempt >= fails
                checked_at = working_time(rng, on, zone)
                reason = "" if passed else rng.choices(REASONS, REASON_WEIGHTS)[0]
                there, device = _place(at, ward, wards, reason)
                scene.pack.add(
                    "access_checks",
                    organisation=member.organisation,
                    number=member.number,
                    checked_at=checked_at,
                    site=plan.site,
                    ward=there,
                    device=device,
                    passed=passed,
                    reason=reason,
                )
                on += days(rng.randrange(2, 7))


def _place(rng: Random, own: str, wards: Sequence[str], reason: str) -> tuple[str, str]:
    """Where a test was, and on which device: nearly always one of the own ward."""
    chance, other = rng.random(), rng.choice(wards)
    ward = other if chance < ELSEWHERE else own
    device = BROKEN if reason == "device" else rng.choice(DEVICES)
    return ("" if chance > 1 - NOWHERE else ward), f"{ward} {device}"
