"""Champions, the shift patterns, and the rota of each go-live fortnight with its gaps."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random

from readiness.sample.chance import client_id, days, moment
from readiness.sample.people import DEMO_CHAMPION, Member
from readiness.sample.plan import PatternPlan, Scene, SitePlan
from readiness.sample.training import teach

FORTNIGHT_DAYS = 14
REST = timedelta(hours=10)
# A ward of `uncovered_nights` without a champion at night, and the site's other such ward.
DARK_WARDS = ("W3", "W5")
NOTES = (
    "Mostly questions about the medicines chart.",
    "Printer in the bay was out of labels.",
    "Quiet shift; showed three people how to find old letters.",
    "Two people could not log in, sorted by the desk.",
    "Handover took longer than usual.",
    "Doctors asked for a shorter list of favourites.",
)


def add_champions(scene: Scene) -> None:
    """Write champions.csv, their course, shift_patterns.csv and shifts.csv."""
    for pattern in scene.plan.patterns:
        scene.pack.add(
            "shift_patterns", name=pattern.name, starts=pattern.starts, ends=pattern.ends, minimum=pattern.minimum
        )
    course = next(course for course in scene.plan.courses if course.for_champions)
    for plan in scene.active_sites():
        if plan.stage == "stopped" or plan.go is None:
            continue
        rng = scene.rng("champions", plan.site)
        by_ward = nominate(scene, plan, rng)
        completions = []
        for chosen in by_ward.values():
            for member, since in chosen:
                wanted = scene.before_go_live(plan, rng.gauss(course.middle, course.spread) + plan.training_pace)
                completions.append((member, max(wanted, since + days(4))))
        teach(scene, plan, course, completions)
        fill_rota(scene, plan, by_ward)


def nominate(scene: Scene, plan: SitePlan, rng: Random) -> dict[str, list[tuple[Member, date]]]:
    """Choose the champions of each ward and since when; the ward manager names them."""
    by_ward = defaultdict(list)
    staff = scene.staff_in_scope(plan)
    for ward in sorted({ward for _, ward in staff}):
        here = [member for member, its_ward in staff if its_ward == ward]
        manager = next((member.email for member in here if member.line_manager), "")
        settled = [
            member
            for member in here
            if not member.line_manager and len(member.postings) == 1 and member.postings[0].until is None
        ]
        rng.shuffle(settled)
        settled.sort(key=lambda member: (member.email != DEMO_CHAMPION, member.group in ("support", "admin")))
        wanted = -(-len(here) // 10) + rng.choice((1, 2, 2, 3))
        for place, member in enumerate(settled[:wanted]):
            since = scene.before_go_live(plan, rng.uniform(66, 112) + plan.pace)
            since = max(since, member.first_day)
            if since > scene.last_day:
                continue
            ended = since + days(rng.randrange(20, 60)) if rng.random() < 0.02 else None
            ended = ended if ended and ended < scene.last_day else None
            scene.pack.add(
                "champions",
                organisation=member.organisation,
                number=member.number,
                from_=since,
                to=ended,
                level=("super_user", "champion", "champion", "ambassador")[place % 4],
                volunteered=rng.random() < 0.7,
                protected_hours=rng.choice(("2", "4", "4", "7.5")),
                nominated_by=manager,
            )
            if ended is None:
                by_ward[ward].append((member, since))
    return by_ward


def fill_rota(scene: Scene, plan: SitePlan, by_ward: dict[str, list[tuple[Member, date]]]) -> None:
    """Give each slot of the fortnight to the champion of the ward with the fewest shifts who is rested."""
    rng = scene.rng("rota", plan.site)
    go = scene.before_go_live(plan, 0)
    for ward, chosen in by_ward.items():
        load = {member.key: 0 for member, _ in chosen}
        for offset in range(FORTNIGHT_DAYS):
            for pattern in scene.plan.patterns:
                dark = plan.story == "uncovered_nights" and ward in DARK_WARDS and pattern.name == "night"
                planned_on = scene.before_go_live(plan, rng.uniform(24, 64) + plan.pace)
                if dark or planned_on > scene.last_day or rng.random() < 0.015:
                    continue
                starts, ends = slot(scene, plan, go + days(offset), pattern)
                rested = [
                    member
                    for member, since in chosen
                    if since <= planned_on
                    and all(ends + REST <= begun or ended + REST <= starts for begun, ended in scene.busy[member.key])
                ]
                if rested:
                    member = min(rested, key=lambda candidate: load[candidate.key])
                    load[member.key] += 1
                    add_shift(scene, plan, rng, member, ward, starts, ends, planned_on)


def slot(scene: Scene, plan: SitePlan, day: date, pattern: PatternPlan) -> tuple[datetime, datetime]:
    """The first and last moment of the pattern on the day, by the site's clock."""
    zone = scene.sites[plan.site].zone
    begins, ends = time.fromisoformat(pattern.starts), time.fromisoformat(pattern.ends)
    return moment(day, begins, zone), moment(day if ends > begins else day + days(1), ends, zone)


def add_shift(
    scene: Scene,
    plan: SitePlan,
    rng: Random,
    member: Member,
    ward: str,
    starts: datetime,
    ends: datetime,
    planned_on: date,
) -> None:
    """Write a shift: worked, missed or cancelled where it is over, else planned or confirmed."""
    over, fate = ends.date() <= scene.last_day, rng.random()
    ended_on = None
    if over:
        state = "worked" if fate < 0.965 else "missed"
        ended_on = starts.date() if state == "missed" else None
    else:
        state = "confirmed" if fate < 0.6 and starts.date() <= scene.day(20) else "planned"
    if fate > 0.99 and planned_on < starts.date() - days(6):
        state, ended_on = "cancelled", min(starts.date() - days(4), scene.last_day)
    else:
        scene.busy[member.key].append((starts, ends))
    worked = state == "worked"
    scene.pack.add(
        "shifts",
        client_id=client_id(rng),
        organisation=member.organisation,
        number=member.number,
        site=plan.site,
        ward=ward,
        starts_at=starts,
        ends_at=ends,
        state=state,
        planned_on=planned_on,
        ended_on=ended_on,
        staff_helped=rng.randrange(2, 19) if worked else None,
        notes=rng.choice(NOTES) if worked and rng.random() < 0.15 else "",
    )
