"""Issues raised on the wards after go-live: log-ins first, then fewer of everything, a few still open."""

from datetime import date, timedelta
from random import Random

from readiness.sample.chance import client_id, days, working_time
from readiness.sample.plan import Scene, SitePlan

CATEGORIES = {
    "access": ("Cannot log in.", "Account has the wrong role.", "Card is not read.", "Locked out after the weekend."),
    "equipment": ("Tablet does not charge.", "No labels from the printer.", "Trolley battery is flat at noon."),
    "system": ("List is slow in the morning.", "Letter shows the wrong clinic.", "Result shown twice."),
    "training": ("How is a note corrected?", "Where do I find the old chart?", "How do I hand over a list?"),
    "process": ("Two ways to book the same scan.", "Who signs at night?", "Paper and screen do not agree."),
    "other": ("Poster has the old number.", "Screen faces the corridor."),
}
# How often each severity comes, from 1 (worst) to 5.
SEVERE, MILD = (3, 12, 35, 35, 15), (0, 3, 22, 45, 30)
FIRST_DAYS = (62, 10, 10, 8, 6, 4)
LATER = (28, 20, 22, 16, 10, 4)


def add_support_issues(scene: Scene) -> None:
    """Write support_issues.csv for the live sites."""
    for plan in scene.active_sites():
        if plan.is_live and plan.go is not None:
            rng = scene.rng("issues", plan.site)
            wards = len(scene.sites[plan.site].wards)
            for day in range(-plan.go):
                usual = wards * 1.5 * 0.86**day + 0.25
                if plan.story == "uneven_after_go_live":
                    usual += 2
                count = int(usual) + (rng.random() < usual % 1)
                for _ in range(count):
                    raise_issue(scene, plan, rng, scene.day(plan.go + day), FIRST_DAYS if day < 5 else LATER)


def raise_issue(scene: Scene, plan: SitePlan, rng: Random, on: date, weights: tuple[int, ...]) -> None:
    site = scene.sites[plan.site]
    category = rng.choices(tuple(CATEGORIES), weights)[0]
    severity = rng.choices((1, 2, 3, 4, 5), SEVERE if category in ("access", "system") else MILD)[0]
    raised = working_time(rng, on, site.zone)
    resolved = raised + timedelta(minutes=rng.expovariate(1 / (90 * severity)) + 4)
    still_open = (on >= scene.last_day - days(2) and rng.random() < 0.45) or rng.random() < 0.01
    if resolved.date() > scene.last_day:
        still_open = True
    scene.pack.add(
        "support_issues",
        client_id=client_id(rng),
        site=plan.site,
        ward=rng.choice(site.wards).code,
        raised_at=raised,
        category=category,
        tier="gold" if severity == 1 else "silver" if severity == 2 or rng.random() < 0.1 else "bronze",
        severity=severity,
        stops_work=severity <= 2,
        resolved_at=None if still_open else resolved.replace(microsecond=0),
        words=rng.choice(CATEGORIES[category]),
    )
