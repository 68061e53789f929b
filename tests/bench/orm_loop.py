"""What one would write first: a loop over sites that asks the ORM for everything. The nightly run is held against it.

It gives the same readings as readiness.indicators for the bench's world; the bench checks that it does.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from readiness.models import ChecklistEvent, ChecklistItem, Hazard
from readiness.scoring import DOMAINS
from rollout.models import Commitment, Deployment, EngagementEvent, Measure, Pilot, PulseResponse, SiteTarget, Ward
from training.models import AccessCheck, Attendance, Champion, ChampionShift, Course, Posting, ShiftPattern


def values_of(deployment: Deployment, day: date) -> dict[str, Fraction]:
    """The value, before its target, of each indicator of one deployment. Queries grow with staff, wards and items."""
    go_live = deployment.go_live
    zone = ZoneInfo(deployment.site.time_zone)
    valid_until = max(day, go_live)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    wards = list(Ward.objects.filter(site=deployment.site))
    staff = []
    for ward in wards:
        for posting in Posting.objects.filter(ward=ward, from_on__lte=day).select_related("staff__group"):
            if posting.to_on is None or posting.to_on >= day:
                staff.append((posting.staff, ward))
    values = _checklist(deployment, day, end, zone)
    courses = list(Course.objects.filter(programme=deployment.programme, active=True).prefetch_related("groups"))

    def completed(person, course):
        return any(
            (course.valid_days is None or row.on + timedelta(days=course.valid_days) >= valid_until)
            and (not course.assessed or row.passed)
            for row in Attendance.objects.filter(staff=person, course=course, state="attended", on__lte=day)
        )

    pairs = {
        (person, course): completed(person, course)
        for person, _ward in staff
        for course in courses
        if not course.for_champions and (not course.groups.all() or person.group in course.groups.all())
    }
    managers = [done for (person, _course), done in pairs.items() if person.line_manager]
    values["training.completion"] = _share(pairs.values())
    values["training.managers"] = _share(managers)
    values["technical.access"] = _share(
        bool(
            (
                latest := AccessCheck.objects.filter(
                    staff=person, programme=deployment.programme, checked_at__lt=end
                ).first()
            )
            and latest.passed
        )
        for person, _ward in staff
    )
    values["champions.ratio"] = _ratio(deployment, day, staff, [c for c in courses if c.for_champions], completed)
    values["champions.cover"] = _cover(deployment, day, go_live, zone, {ward for _person, ward in staff})
    groups = {person.group for person, _ward in staff}
    reached = set()
    for event in EngagementEvent.objects.filter(programme=deployment.programme, sites=deployment.site):
        if day - timedelta(days=90) < event.held_on <= day:
            reached |= set(event.groups.all())
    values["engagement.reach"] = _share(group in reached for group in groups)
    answers = [
        row.confidence
        for row in PulseResponse.objects.filter(deployment=deployment)
        if day - timedelta(days=60) < row.answered_on <= day
    ]
    values["engagement.confidence"] = Fraction(sum(answers) - len(answers), 4 * len(answers))
    values["goals.targets"] = _share(
        SiteTarget.objects.filter(measure=measure, deployment=deployment, agreed_on__lte=day).exists()
        for measure in Measure.objects.filter(programme=deployment.programme)
    )
    values["partnerships.commitments"] = _share(
        bool(row.delivered_on and row.delivered_on <= day)
        for row in Commitment.objects.filter(deployment=deployment, due_on__lte=valid_until)
    )
    values["pilots.outcome"] = _share(
        pilot.outcome == "scale" and pilot.decided_on <= day and pilot.secured_on <= day
        for pilot in Pilot.objects.filter(programme=deployment.programme, ends_on__lte=day)
    )
    values["governance.hazards"] = _share(
        bool(row.accepted_on and row.accepted_on <= day)
        for row in Hazard.objects.filter(deployment=deployment, raised_on__lte=day)
    )
    return values


def _share(truths) -> Fraction:
    truths = list(truths)
    return Fraction(sum(truths), len(truths))


def _checklist(deployment, day, end, zone) -> dict[str, Fraction]:
    levels = {"": 1, "declared": 1, "seen": 2, "proved": 3}
    weights, credited = defaultdict(int), defaultdict(Fraction)
    for item in ChecklistItem.objects.filter(deployment=deployment).select_related("template_item"):
        rule = item.template_item
        state, level, since = "not_started", 0, None
        for event in ChecklistEvent.objects.filter(item=item, at__lt=end).order_by("at"):
            if event.state:
                state, level, since = event.state, levels[event.assurance], event.at.astimezone(zone).date()
            elif state == "done":
                level = max(level, levels[event.assurance])
        done = state == "done" and (rule.valid_days is None or since + timedelta(days=rule.valid_days) >= day)
        weights[rule.domain] += rule.weight
        if done:
            credited[rule.domain] += rule.weight * (Fraction(4, 5) if rule.evidence_needed and level == 1 else 1)
    return {f"checklist.{domain}": credited[domain] / weights[domain] for domain in DOMAINS}


def _ratio(deployment, day, staff, courses, completed) -> Fraction:
    people = defaultdict(int)
    champions = defaultdict(int)
    for person, ward in staff:
        people[ward] += 1
        active = [
            row
            for row in Champion.objects.filter(staff=person, programme=deployment.programme, from_on__lte=day)
            if row.to_on is None or row.to_on >= day
        ]
        if active and all(completed(person, course) for course in courses):
            champions[ward] += 1
    held = sum(n * min(Fraction(1), Fraction(champions[ward], max(1, -(-n // 10)))) for ward, n in people.items())
    return held / sum(people.values())


def _cover(deployment, day, go_live, zone, wards) -> Fraction:
    slots = []
    for ward in wards:
        for n in range(14):
            for pattern in ShiftPattern.objects.filter(programme=deployment.programme):
                on = go_live + timedelta(days=n)
                starts = datetime.combine(on, pattern.starts, zone).astimezone(ZoneInfo("UTC"))
                last = on + timedelta(days=pattern.ends <= pattern.starts)
                ends = datetime.combine(last, pattern.ends, zone).astimezone(ZoneInfo("UTC"))
                there = {
                    shift.staff_id
                    for shift in ChampionShift.objects.filter(
                        ward=ward,
                        programme=deployment.programme,
                        planned_on__lte=day,
                        starts_at__lt=ends,
                        ends_at__gt=starts,
                    )
                    if 2 * (min(shift.ends_at, ends) - max(shift.starts_at, starts)) >= ends - starts
                }
                slots.append(len(there) >= pattern.minimum)
    return _share(slots)
