"""The standard template and what happened to each of its items at each site, and the waivers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from readiness.sample.chance import days, working_time
from readiness.sample.plan import TECHNICAL_LEAD_DAYS, Scene, SitePlan
from readiness.sample.team import person_in
from readiness.standard_template import StandardItem, standard_items

# Items that a story leaves undone: the item, and its last state.
UNDONE = {
    "watermelon": {"CONT-WRITTEN": "in_progress"},
    "waiver_lapsed": {"TRAIN-ROOMS": "in_progress"},
    "waiver_in_force": {"TRAIN-ROOMS": "in_progress"},
    "blocked": {"TECH-INTERFACES": "blocked"},
    "agreement_unsigned": {"GOV-SHARE-SIGNED": "in_progress"},
    "uncovered_nights": {"CHAMP-NIGHTS": "in_progress"},
    "uneven_after_go_live": {
        "TRAIN-REFRESH": "in_progress",
        "TRAIN-STARTERS": "in_progress",
        "TRAIN-HELP": "in_progress",
        "CONT-ACTIVITY": "in_progress",
        "CHAMP-NIGHTS": "in_progress",
        "RES-SHIFTS": "in_progress",
    },
    "behind_in_training": {"TRAIN-BACKFILL": "blocked", "TRAIN-MANAGERS": "in_progress"},
}
BLOCKED_REASONS = (
    "Waiting for the estates team.",
    "The supplier has not answered for two weeks.",
    "The owner left; nobody has taken it on.",
    "Needs money that is not yet agreed.",
)
STORY_REASONS = {
    "TECH-INTERFACES": "The laboratory's test system is away until next month.",
    "TRAIN-BACKFILL": "Two wards say that they cannot release anybody before the end of the month.",
}
EVIDENCE = (
    "Minutes of the readiness group, item {n}",
    "Shared folder, file {n}",
    "Seen on a walk round with the site lead",
    "Signed form, number {n}",
    "Photographs of the ward board",
)
NOT_HERE = {
    "PART-COSTS": "No development is shared at this site.",
    "TECH-OLD": "The old system here is paper; it is kept in the records library.",
}
OWNER_SEATS = {
    "leadership": "sro",
    "training": "trainer",
    "governance": "clinical_safety_officer",
    "continuity": "operational_lead",
    "champions": "operational_lead",
}


@dataclass(frozen=True)
class Work:
    """How one item goes at one site: the days it was begun and done (after the last day: not yet)."""

    begun: date
    done: date


def add_template(scene: Scene) -> None:
    for item in standard_items():
        scene.pack.add("template", **vars(item))


def add_checklists(scene: Scene) -> None:
    """Write checklist_events.csv: owners first, then begun, done, seen by others, renewed."""
    for plan in scene.active_sites():
        for item in standard_items():
            add_item(scene, plan, item)


def work_on(scene: Scene, plan: SitePlan, item: StandardItem, rng: Random) -> Work:
    """Done about ten days before it is due, later or earlier with the site's pace; a blocking item always in time."""
    due = item.due_days + (TECHNICAL_LEAD_DAYS if item.golive == "technical" else 0)
    lead = rng.gauss(11, 7) + plan.pace
    before = due + (max(lead, 2) if item.blocking else lead)
    done = scene.before_go_live(plan, max(before, 1))
    return Work(done - days(rng.randrange(8, 40)), done)


def add_item(scene: Scene, plan: SitePlan, item: StandardItem) -> None:
    rng = scene.rng("item", plan.site, item.code)
    work = work_on(scene, plan, item, rng)
    clock = Clock(scene, plan, item, rng)
    owner = person_in(scene, plan.site, OWNER_SEATS.get(item.domain, "clinical_lead"))
    owned = work.begun - days(rng.randrange(5, 50))
    if owned > scene.last_day or (plan.stage == "stopped" and work.begun > scene.day(-33)):
        return
    clock.event(owned, owner=owner)
    if item.code in NOT_HERE and rng.random() < 0.2:
        clock.event(owned + days(4), state="not_applicable", reason=NOT_HERE[item.code])
        return
    undone = UNDONE.get(plan.story, {}).get(item.code)
    clock.event(work.begun, state="in_progress")
    if undone:
        if undone == "blocked":
            clock.event(scene.day(-9), state="blocked", reason=STORY_REASONS[item.code])
        return
    if not item.blocking and rng.random() < 0.04 and work.begun + days(3) < work.done:
        clock.event(work.begun + days(3), state="blocked", reason=rng.choice(BLOCKED_REASONS))
    if not item.blocking and rng.random() < 0.05:
        # Somebody asked for more time, and later the date followed the go-live again.
        clock.event(work.begun + days(5), due=scene.before_go_live(plan, item.due_days - 7).isoformat())
        clock.event(work.begun + days(9), due="default")
    record_done(scene, clock, item, work.done, rng)


def record_done(scene: Scene, clock: "Clock", item: StandardItem, done: date, rng: Random) -> None:
    """Record that it is done, who vouched for it, and each renewal before its shelf life runs out."""
    while done <= scene.last_day:
        evidence = rng.choice(EVIDENCE).format(n=rng.randrange(1, 60)) if item.evidence else ""
        if item.check:
            clock.event(done, state="done", assurance="proved", evidence=evidence)
        else:
            straight = rng.random() < 0.3
            clock.event(done, state="done", assurance="seen" if straight else "declared", evidence=evidence)
            if item.evidence and not straight and rng.random() < 0.8:
                clock.event(done + days(rng.randrange(2, 12)), assurance="seen")
        if item.valid_days is None:
            return
        done += days(item.valid_days - rng.randrange(3, 9))


class Clock:
    """Writes the events of one item at one site, each at a later moment than the one before, none in the future."""

    def __init__(self, scene: Scene, plan: SitePlan, item: StandardItem, rng: Random) -> None:
        self.scene, self.plan, self.item, self.rng = scene, plan, item, rng
        self.last: datetime | None = None

    def event(self, on: date, **values: str) -> None:
        if on > self.scene.last_day:
            return
        at = working_time(self.rng, on, self.scene.sites[self.plan.site].zone)
        if self.last and at <= self.last:
            at = self.last + timedelta(minutes=self.rng.randrange(5, 90))
        self.last = at
        self.scene.pack.add("checklist_events", site=self.plan.site, item=self.item.code, at=at, **values)


# Code, site, what is waived, reason, state, then days from today: asked, decided, revoked, from, until.
WAIVERS = {
    "EPR": (
        (
            "WV-1",
            "HAR-3",
            "TRAIN-ROOMS",
            "The training suite opens late; rooms are borrowed until then.",
            "approved",
            -52,
            -50,
            None,
            -50,
            -4,
        ),
        (
            "WV-2",
            "WYC-3",
            "TRAIN-ROOMS",
            "The last twenty seats come with the new suite.",
            "approved",
            -44,
            -41,
            None,
            -41,
            12,
        ),
        (
            "WV-3",
            "DUN-2",
            "agreement_unsigned",
            "The partner promised to sign after its next board.",
            "denied",
            -12,
            -10,
            None,
            None,
            10,
        ),
        (
            "WV-4",
            "FEN-3",
            "TECH-INTERFACES",
            "We would like to test by hand instead.",
            "asked",
            -6,
            None,
            None,
            None,
            30,
        ),
        (
            "WV-5",
            "CAL-1",
            "CONT-WRITTEN",
            "The old procedure was thought to be enough.",
            "revoked",
            -40,
            -38,
            -11,
            -38,
            20,
        ),
        (
            "WV-6",
            "WYC-1",
            "collision:{week}",
            "Both teams asked to keep their dates.",
            "asked",
            -5,
            None,
            None,
            None,
            60,
        ),
    ),
    "VIDEO": (
        (
            "WV-1",
            "HAR-1",
            "TECH-DEVICES",
            "Two clinics share their cameras until the delivery.",
            "approved",
            -15,
            -14,
            None,
            -14,
            25,
        ),
        ("WV-2", "WIN-2", "collision:{week}", "One team supports both go-lives.", "denied", -20, -13, None, None, 80),
    ),
}


def add_waivers(scene: Scene) -> None:
    """Write waivers.csv: one that lapsed, one in force, and the others denied, asked for or revoked."""

    def day(count: int | None) -> date | None:
        return None if count is None else scene.day(count)

    for code, site, item, reason, state, asked, decided, revoked, first, last in WAIVERS[scene.plan.code]:
        go = next(plan.work_days for plan in scene.plan.sites if plan.site == site)
        year, week, _ = scene.day(go).isocalendar()
        scene.pack.add(
            "waivers",
            code=code,
            site=site,
            item=item.format(week=f"{year}-W{week:02}"),
            reason=reason,
            asked_by=person_in(scene, site, "operational_lead"),
            asked_on=day(asked),
            state=state,
            decided_by=person_in(scene, "", "sro") if decided else "",
            decided_on=day(decided),
            revoked_on=day(revoked),
            from_=day(first),
            until=day(last),
        )
