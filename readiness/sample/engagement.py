"""Events and whom they reached, the communications plan, stories with consent, and the pulse survey."""

from readiness.sample.chance import days
from readiness.sample.plan import Scene, SitePlan
from readiness.sample.team import person_in

EVENTS = ("workshop", "demo", "floor_walk", "visit", "briefing", "sandbox")
EVENT_WORDS = {
    "workshop": "Open to all; ideas went to the design group.",
    "demo": "Shown on a trolley in the ward corridor.",
    "floor_walk": "Ward by ward, with a list of questions to answer.",
    "visit": "To a site that is already live.",
    "briefing": "Why, when, and what it means for the day.",
    "sandbox": "Come and try with invented patients.",
    "forum": "Champions of all sites, an hour online.",
}
PULSE_WORDS = (
    "I still do not know which log-in is mine.",
    "Looking forward to not searching for notes.",
    "Worried about nights with nobody to ask.",
    "The demo helped.",
    "More time to practise, please.",
    "",
    "",
    "",
    "",
    "",
    "",
)
STORIES = {
    "EPR": (
        ("ALD-1", "staff", "I found the scan in ten seconds. Last year I would have rung three people.", True),
        ("ALD-1", "patient", "For once nobody asked me the same question twice.", True),
        ("HAR-1", "staff", "The champion on nights saved us. She knew the charts by heart.", True),
        ("HAR-1", "patient", "My letter was at the surgery before I was home.", True),
        ("MER-2", "staff", "The first week was slow, the second was normal, the third was better than before.", True),
        ("CAL-2", "staff", "We write on paper first and type later. That is twice the work.", False),
        ("FEN-2", "staff", "I was locked out for two shifts.", False),
        ("BRK-2", "staff", "Our ward clerk runs the lists now as if she had made them.", True),
        ("BRK-2", "patient", "The nurse turned the screen and showed me.", False),
        ("WIN-1", "staff", "Day five, and I have stopped counting clicks.", True),
        ("INC-2", "staff", "We have tried it on ourselves. Let us start.", True),
        ("MER-3", "staff", "I want to see it working at night before I believe it.", True),
    ),
    "VIDEO": (
        ("ALD-1", "patient", "Two buses and a morning saved.", True),
        ("ALD-1", "staff", "I see the kitchen table, and learn more than in the clinic.", True),
        ("ALD-5", "patient", "My daughter could join from work.", True),
        ("PEL-2", "staff", "Booking still takes me four screens.", False),
    ),
}
MESSAGES = (
    ("All staff", "intranet", "Why we are doing this, in the words of the chief nurse", 120),
    ("Line managers", "briefing pack", "What changes for your ward, and what we ask of you", 90),
    ("All staff", "email", "Your courses: how to book, by when", 62),
    ("Doctors", "breakfast meeting", "Ward rounds with the record: see it, try it", 48),
    ("Champions", "letter", "Your shifts in the fortnight, and who covers you", 26),
    ("General practices", "letter", "What will look different in our letters", 22),
    ("Patients", "posters and letters", "You may see us looking at a screen more than usual", 15),
    ("All staff", "screens on the wards", "One number to call", 4),
)
GROUPS = ("nurse", "midwife", "doctor", "allied_health", "admin", "support", "pharmacist", "manager")


def add_engagement(scene: Scene) -> None:
    """Write engagement.csv, communications.csv, stories.csv and pulse.csv."""
    add_events(scene)
    add_communications(scene)
    for number, (site, teller, words, consent) in enumerate(STORIES[scene.plan.code], start=1):
        when = scene.day(-3 - 4 * number)
        scene.pack.add(
            "stories",
            code=f"ST-{number:02}",
            site=site,
            from_=teller,
            words=words,
            consent_on=when if consent else None,
        )
    answers = 0
    for plan in scene.active_sites():
        answers = add_pulse(scene, plan, answers)


def add_events(scene: Scene) -> None:
    """An event at each site every few weeks, more as go-live comes near, each reaching some groups; and the forums."""
    number = 0
    for plan in scene.active_sites():
        if plan.stage == "stopped":
            continue
        rng = scene.rng("events", plan.site)
        here = sorted({member.group for member, _ in scene.staff_in_scope(plan)})
        before = min(250.0, plan.work_days + 190.0)
        while (on := scene.before_go_live(plan, before - plan.pace / 3)) <= scene.last_day:
            left = before if before > 0 else 40
            share = 0.35 if left > 150 else 0.5 if left > 60 else 0.7
            number += 1
            kind = rng.choice(EVENTS)
            scene.pack.add(
                "engagement",
                code=f"EV-{number:04}",
                kind=kind,
                date=on,
                sites=(plan.site,),
                groups=[group for group in here if rng.random() < share] or here[:1],
                people=rng.randrange(6, 60),
                words=EVENT_WORDS[kind],
            )
            before -= rng.uniform(9, 20) if left < 100 else rng.uniform(18, 34)
    for month in range(6):
        number += 1
        scene.pack.add(
            "engagement",
            code=f"EV-{number:04}",
            kind="forum",
            date=scene.day(-12 - 30 * month),
            sites=[plan.site for plan in scene.active_sites() if plan.work_days < 80 - 20 * month][:9],
            groups=("nurse", "doctor"),
            people=24 + 3 * (5 - month),
            words=EVENT_WORDS["forum"],
        )


def add_communications(scene: Scene) -> None:
    """The same messages for each wave, counted back from its first go-live; some went out late, one not at all."""
    number = 0
    for wave, name in enumerate(scene.plan.waves, start=1):
        first = min(plan.go for plan in scene.plan.sites if plan.wave == wave and plan.go is not None)
        for audience, channel, text, before in MESSAGES:
            number += 1
            rng = scene.rng("message", str(number))
            planned = scene.day(first - before)
            sent = planned + days(rng.choice((0, 0, 0, 1, 3)))
            scene.pack.add(
                "communications",
                code=f"CM-{number:02}",
                audience=audience,
                channel=channel,
                text=f"{text} ({name.lower()})",
                owner=person_in(scene, "", "programme_manager"),
                planned_on=planned,
                sent_on=sent if sent <= scene.last_day and number != 12 else None,
            )


def add_pulse(scene: Scene, plan: SitePlan, answers: int) -> int:
    """A survey every four weeks from eight months before go-live on. Returns how many answers there are by now."""
    if plan.go is None or plan.stage == "stopped":
        return answers
    rng = scene.rng("pulse", plan.site)
    staff = scene.staff_in_scope(plan)
    before = 236.0
    while (on := scene.before_go_live(plan, before)) <= scene.last_day:
        # Confidence starts low, rises towards go-live, and falls a little just after it.
        mean = 4.45 - 1.45 * max(before, 0) / 236 - (0.35 if -25 < before < 0 else 0)
        mean -= 0.5 if plan.pace < -5 or plan.story in ("behind_in_training", "dip_in_use") else 0
        for member, ward in rng.sample(staff, min(len(staff), rng.randrange(9, 22))):
            answers += 1
            group_shift = -0.4 if member.group in ("support", "admin") else 0.1
            confidence = min(max(round(rng.gauss(mean + group_shift, 0.8)), 1), 5)
            scene.pack.add(
                "pulse",
                code=f"PU-{answers:05}",
                site=plan.site,
                ward=ward,
                group=member.group,
                date=min(on + days(rng.randrange(4)), scene.last_day),
                confidence=confidence,
                job_worry=rng.random() < (0.28 if member.group == "admin" else 0.08),
                words=rng.choice(PULSE_WORDS),
            )
        before -= 28
    return answers
