"""Log-in tests: whether each person could sign in on a device of their own ward, and if not, why."""

from readiness.sample.chance import days, days_before, working_time
from readiness.sample.plan import Scene

REASONS = ("no_account", "wrong_role", "card", "device", "other")
REASON_WEIGHTS = (35, 25, 20, 15, 5)
DEVICES = ("trolley computer", "desk computer", "tablet", "hand-held")
MIDDLE_DAYS, SPREAD_DAYS = 27, 5.5


def add_access_checks(scene: Scene) -> None:
    """Write access_checks.csv: most pass at once, some after a second try, and a few never."""
    for plan in scene.active_sites():
        if plan.stage == "stopped" or plan.go is None:
            continue
        rng = scene.rng("access", plan.site)
        zone = scene.sites[plan.site].zone
        never = 0.3 if plan.story == "uneven_after_go_live" else 0.012
        for member, ward in scene.staff_in_scope(plan):
            before = days_before(rng.random(), middle=MIDDLE_DAYS, spread=SPREAD_DAYS) + plan.pace
            tested = max(scene.before_go_live(plan, max(before, 3)), member.first_day + days(1))
            fails = 0 if rng.random() > 0.14 else 1
            hopeless = rng.random() < never
            on = tested
            for attempt in range(3 if hopeless else fails + 1):
                if on > scene.last_day:
                    break
                passed = not hopeless and attempt >= fails
                scene.pack.add(
                    "access_checks",
                    organisation=member.organisation,
                    number=member.number,
                    checked_at=working_time(rng, on, zone),
                    site=plan.site,
                    ward=ward,
                    device=rng.choice(DEVICES),
                    passed=passed,
                    reason="" if passed else rng.choices(REASONS, REASON_WEIGHTS)[0],
                )
                on += days(rng.randrange(2, 7))
