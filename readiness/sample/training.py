"""Courses, sessions and attendance: an S-curve towards each go-live.

With people who do not turn up, fail an assessment, wait for a place, or walk in.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from random import Random

from readiness.sample.chance import days, days_before, moment, weekday_on_or_after
from readiness.sample.people import Member
from readiness.sample.plan import CoursePlan, Scene, SitePlan
from readiness.sample.team import person_in

MISSED, CANCELLED, FAILED = 0.06, 0.025, 0.05
BOOKED_AHEAD_DAYS, PLANNED_AHEAD_DAYS = 21, 33
FEWEST = 5
# Within so many days somebody says who came to a session; until then, of this share of them nobody has.
SAID_WITHIN_DAYS, UNSAID = 4, 0.4
# How many days before the others a group has its courses.
GROUP_LEAD = {"manager": 12, "doctor": -5, "support": -3}


@dataclass
class Place:
    """A person's place on a course: on the day, in which state; `passed` is empty where nothing was assessed."""

    member: Member
    on: date
    state: str
    passed: bool | None = None


def add_courses(scene: Scene) -> None:
    for course in scene.plan.courses:
        scene.pack.add(
            "courses",
            code=course.code,
            name=course.name,
            mode=course.mode,
            groups=course.groups,
            mandatory=course.mandatory,
            valid_days=course.valid_days,
            for_champions=course.for_champions,
            assessed=course.assessed,
            active=course.active,
        )


def add_training(scene: Scene) -> None:
    """Write sessions.csv and attendance.csv for every course that all staff of its groups take."""
    for plan in scene.active_sites():
        if plan.stage == "stopped":
            continue
        here = [
            member
            for member in scene.staff_of[plan.site]
            if (last := member.postings[-1]).site == plan.site and (not plan.wards or last.ward in plan.wards)
        ]
        for course in scene.plan.courses:
            if course.active and not course.for_champions:
                wanted = [member for member in here if not course.groups or member.group in course.groups]
                teach(scene, plan, course, completion_days(scene, plan, course, wanted))


def completion_days(
    scene: Scene, plan: SitePlan, course: CoursePlan, members: list[Member]
) -> list[tuple[Member, date]]:
    """The day on which each person completes the course; who never will is left out."""
    rng = scene.rng("completion", plan.site, course.code)
    ward_lead = {ward.code: rng.gauss(0, 4) for ward in scene.sites[plan.site].wards}
    completions = []
    for member in members:
        share = rng.random()
        posting = member.postings[-1]
        late = rng.randrange(4, 60)
        if share < plan.trained:
            before = days_before(share / plan.trained, middle=course.middle, spread=course.spread)
            before += plan.training_pace + ward_lead[posting.ward] + GROUP_LEAD.get(member.group, 0)
            # Whoever is trained by go-live at all is trained two days before it at the latest.
            on = scene.before_go_live(plan, max(before, 2.0))
        elif plan.is_live and rng.random() < 0.6:
            on = scene.before_go_live(plan, -late)
        else:
            continue
        on = weekday_on_or_after(max(on, member.first_day + days(3 + late / 6)))
        if posting.until is None or on <= posting.until:
            completions.append((member, on))
    return completions


def teach(scene: Scene, plan: SitePlan, course: CoursePlan, completions: list[tuple[Member, date]]) -> None:
    """Write the attendance that leads to these completions, and the sessions it takes place in."""
    rng = scene.rng("teaching", plan.site, course.code)
    if course.mode == "e-learning":
        for member, on in completions:
            if on <= scene.last_day:
                add_attendance(scene, course, Place(member, on, "attended", course.assessed or None))
        return
    # One to three fixed weekdays, by how many must be taught; a large site uses every weekday of the last fortnight.
    weekdays = tuple(sorted(rng.sample(range(5), min(1 + len(completions) // 60, 3))))
    crowded = scene.before_go_live(plan, 16 if len(completions) > 60 else -400)
    planned: dict[date, list[Place]] = defaultdict(list)
    waiting = []
    for member, on in completions:
        day = on if on >= crowded else weekday_on_or_after(on, weekdays)
        if len(completions) < 30 and day.isocalendar().week % 2:
            # A small group is taught every other week.
            day += days(7)
        if day > scene.day(PLANNED_AHEAD_DAYS):
            waiting.append(member)
            continue
        if day <= scene.last_day:
            planned[day].append(Place(member, day, "attended", course.assessed or None))
            for place in setbacks(rng, course, member, day):
                first = weekday_on_or_after(place.on, weekdays)
                if member.first_day < first < day:
                    planned[first].append(Place(member, first, place.state, place.passed))
            renewed = day + days((course.valid_days or 0) - rng.randrange(2, 20))
            if course.valid_days and day < renewed <= scene.last_day and rng.random() < 0.8:
                again = weekday_on_or_after(renewed)
                if again <= scene.last_day:
                    planned[again].append(Place(member, again, "attended", course.assessed or None))
        elif (day <= scene.day(BOOKED_AHEAD_DAYS) and rng.random() < 0.9) or rng.random() < 0.4:
            planned[day].append(Place(member, day, "booked"))
    hold_sessions(scene, plan, course, rng, planned, waiting)


def setbacks(rng: Random, course: CoursePlan, member: Member, day: date) -> list[Place]:
    """What went wrong before it went right: not turned up, cancelled, or not passed at the first try."""
    fate, before = rng.random(), day - days(rng.randrange(5, 16))
    if fate < MISSED:
        return [Place(member, before, "did_not_attend")]
    if fate < MISSED + CANCELLED:
        return [Place(member, before, "cancelled")]
    if course.assessed and fate < MISSED + CANCELLED + FAILED:
        return [Place(member, before, "attended", passed=False)]
    return []


def hold_sessions(
    scene: Scene,
    plan: SitePlan,
    course: CoursePlan,
    rng: Random,
    planned: dict[date, list[Place]],
    waiting: list[Member],
) -> None:
    """Share the people of each day out over sessions, mornings before afternoons, and fill some to a waiting list."""
    site = scene.sites[plan.site]
    planned = gather(scene, planned)
    usual = 14 if len(site.wards) > 6 else 10
    number = 0
    for day in sorted(planned):
        people = planned[day]
        groups = -(-len(people) // (usual - 1))
        for index in range(groups):
            number += 1
            code = f"{course.code}-{plan.site}-{number:03}"
            places = as_recorded(scene, code, day, people[index::groups])
            starts = moment(day, time(*((9, 0), (13, 30), (9, 15), (13, 45))[index % 4]), site.zone)
            crowd = [place for place in places if place.state != "cancelled"]
            full = day > scene.today and waiting and len(crowd) > 3 and rng.random() < 0.35
            scene.pack.add(
                "sessions",
                code=code,
                course=course.code,
                site=plan.site,
                room=f"Training room {index % 4 + 1}" if course.mode == "classroom" else "Practice ward",
                starts_at=starts,
                ends_at=starts + timedelta(hours=course.hours),
                # Now and then somebody walked in over capacity, and was taught.
                capacity=len(crowd) if full else usual if rng.random() < 0.97 else max(len(crowd) - 1, 1),
                trainer=person_in(scene, "" if number % 4 == 0 else plan.site, "trainer"),
            )
            for place in places:
                add_attendance(scene, course, place, code)
            for _ in range(min(rng.randrange(1, 5), len(waiting)) if full else 0):
                add_attendance(scene, course, Place(waiting.pop(0), day, "waiting"), code)


def as_recorded(scene: Scene, code: str, day: date, places: list[Place]) -> list[Place]:
    """What is recorded of a session by now: of one in the last days sometimes nobody has said yet who came."""
    late = scene.last_day - days(SAID_WITHIN_DAYS) < day <= scene.last_day
    if not late or scene.rng("unrecorded", code).random() >= UNSAID:
        return places
    return [place if place.state == "cancelled" else replace(place, state="booked", passed=None) for place in places]


def gather(scene: Scene, planned: dict[date, list[Place]]) -> dict[date, list[Place]]:
    """Hold no course for one or two people: they wait for the next day on which it is taught, at most three weeks."""
    gathered: dict[date, list[Place]] = {}
    carried: list[Place] = []
    teaching_days = sorted(planned)
    for day, following in zip(teaching_days, [*teaching_days[1:], None], strict=False):
        known = {place.member.key for place in planned[day]}
        people = planned[day] + [replace(place, on=day) for place in carried if place.member.key not in known]
        near = following is not None and following - day < days(21)
        same_side = following is not None and (following <= scene.last_day) == (day <= scene.last_day)
        if len(people) < FEWEST and near and same_side:
            carried = people
        else:
            gathered[day], carried = people, []
    return gathered


def add_attendance(scene: Scene, course: CoursePlan, place: Place, session: str = "") -> None:
    scene.pack.add(
        "attendance",
        course=course.code,
        organisation=place.member.organisation,
        number=place.member.number,
        date=place.on,
        session=session,
        state=place.state,
        passed=place.passed,
    )
