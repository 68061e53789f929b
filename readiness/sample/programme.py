"""The programme itself, its waves and deployments, what changed when, its seats and its decisions."""

from datetime import date, time

from readiness.sample.chance import days, moment
from readiness.sample.gates import goes_with_conditions
from readiness.sample.plan import TECHNICAL_LEAD_DAYS, Scene, SitePlan
from readiness.sample.team import person_in

HYPERCARE_DAYS = 14
EMBEDDED_DAYS = 90
DECLARED_WORDS = {
    "green": "On plan. The wards are keen and the list is getting shorter.",
    "amber": "Some things are late. We know which, and have a plan for each.",
    "red": "We cannot go like this. The reasons are in the log.",
}
DEFERRED_FROM_DAYS = -4
DEFERRED_ON_DAYS = -18
STOPPED_ON_DAYS = -33


def add_programme(scene: Scene) -> None:
    """Write programme.csv, waves.csv, deployments.csv and deployment_changes.csv."""
    plan = scene.plan
    scene.pack.add("programme", code=plan.code, target_date=scene.day(plan.target_days), **plan.columns)
    for number, name in enumerate(plan.waves, start=1):
        dates = [site.go for site in plan.sites if site.wave == number and site.go is not None]
        scene.pack.add(
            "waves", number=number, name=name, starts_on=scene.day(min(dates) - 7), ends_on=scene.day(max(dates) + 13)
        )
    for site in plan.sites:
        add_deployment(scene, site)
        add_changes(scene, site)


def add_deployment(scene: Scene, plan: SitePlan) -> None:
    go = None if plan.go is None else scene.day(plan.go)
    technical = None if go is None else go - days(TECHNICAL_LEAD_DAYS)
    declared_days = 16 if plan.story == "watermelon" else scene.rng("declared", plan.site).randrange(1, 12)
    scene.pack.add(
        "deployments",
        site=plan.site,
        wave=plan.wave,
        wards=plan.wards,
        modules=() if plan.go is None else scene.plan.modules,
        stage=plan.stage,
        interest_on=interest_day(scene, plan),
        technical_go_live=technical,
        go_live=go,
        actual_technical_go_live=technical if plan.is_live or plan.stage == "technical_live" else None,
        actual_go_live=go if plan.is_live else None,
        dual_running_until=go + days(21) if go and plan.is_live else None,
        declared_status=plan.declared,
        declared_on=scene.day(-declared_days) if plan.declared else None,
        declared_by=person_in(scene, plan.site, "operational_lead") if plan.declared else "",
        declared_words=DECLARED_WORDS.get(plan.declared, ""),
    )


def interest_day(scene: Scene, plan: SitePlan) -> date:
    """Volunteers first: the earlier a site asked, the earlier its wave."""
    wave = plan.wave or len(scene.plan.waves) + 1
    return scene.day(-420 + 45 * wave + scene.rng("interest", plan.site).randrange(30))


def add_changes(scene: Scene, plan: SitePlan) -> None:
    """Each stage and date with when and why, in an order that ends where the deployment now stands."""
    rng = scene.rng("changes", plan.site)
    zone = scene.sites[plan.site].zone
    lead = person_in(scene, plan.site, "operational_lead")

    def change(days_from_today: float, what: str, before: object, after: object, reason: str, by: str = lead) -> None:
        at = moment(scene.day(days_from_today), time(rng.randrange(9, 17), rng.randrange(60)), zone)
        scene.pack.add(
            "deployment_changes",
            site=plan.site,
            at=at,
            what=what,
            before=str(before),
            after=str(after),
            reason=reason,
            by=by,
        )

    if plan.stage == "not_started":
        return
    started = max(-330, plan.work_days - 250)
    if started >= 0:
        started = -20 - rng.randrange(60)
    change(started, "stage", "not_started", "preparing", "The readiness group met for the first time.")
    if plan.stage == "deferred":
        old, new = scene.day(DEFERRED_FROM_DAYS), scene.day(plan.work_days)
        reason = "The ward network failed its test twice. We go when it holds, not before."
        manager = scene.plan.manager
        change(DEFERRED_ON_DAYS, "go_live", old, new, reason, manager)
        change(DEFERRED_ON_DAYS, "technical_go_live", old - days(14), new - days(14), reason, manager)
        change(DEFERRED_ON_DAYS, "stage", "preparing", "deferred", reason, manager)
        change(DEFERRED_ON_DAYS, "wave", 2, plan.wave, reason, manager)
        change(DEFERRED_ON_DAYS - 30, "declared_status", "green", "amber", "First failed test of the ward network.")
    elif plan.stage == "stopped":
        reason = "The team moves to another provider; its patients keep their visits by telephone."
        change(STOPPED_ON_DAYS, "stage", "preparing", "stopped", reason, scene.plan.manager)
    elif plan.go is not None:
        if plan.is_live or plan.stage == "technical_live":
            change(
                plan.go - TECHNICAL_LEAD_DAYS, "stage", "preparing", "technical_live", "Technical go-live as planned."
            )
        if plan.is_live:
            change(plan.go, "stage", "technical_live", "live", "Decided at the go/no-go gate.")
        if plan.stage in ("hypercare", "embedded"):
            change(
                plan.go + HYPERCARE_DAYS, "stage", "live", "hypercare", "The command centre closed after its fortnight."
            )
        if plan.stage == "embedded":
            change(plan.go + EMBEDDED_DAYS, "stage", "hypercare", "embedded", "Day 90 review held.")
        elif rng.random() < 0.25:
            now = scene.day(plan.go)
            change(-150, "go_live", now - days(14), now, "Two weeks later, away from the school holidays.")
    if plan.declared and plan.declared != "green" and plan.stage != "deferred":
        before = "green" if plan.declared == "amber" else "amber"
        change(-rng.randrange(13, 30), "declared_status", before, plan.declared, DECLARED_WORDS[plan.declared])


GO = ("Go/no-go: Go", "Every seat has answered, and no rule stands against it.")
GO_WITH_CONDITIONS = (
    "Go/no-go: Go with conditions",
    "Every seat has answered. Each condition has an owner and a date.",
)
DECISIONS = {
    "EPR": (
        (
            "D-STANDARD",
            "",
            "standard",
            "From go-live the record is the only place for clinical notes.",
            "No double messages: two places mean that nobody trusts either.",
            -140,
        ),
        (
            "D-SCALE-BED",
            "",
            "scale",
            "Bedside charting goes to every hospital.",
            "The pilot met its goals, and the money is secured.",
            -150,
        ),
        (
            "D-DEFER",
            "BRK-3",
            "defer",
            "Go-live moves to wave 4.",
            "The ward network failed its test twice. We go when it holds, not before.",
            DEFERRED_ON_DAYS,
        ),
        (
            "D-PAUSE-FAX",
            "",
            "pause",
            "The replacement of fax machines waits until wave 3 is live.",
            "Not too many critical changes at once.",
            -75,
        ),
    ),
    "VIDEO": (
        (
            "D-CONTINUITY",
            "",
            "not_applicable",
            "Downtime procedures are not asked for: the checklist of continuity is left out.",
            "When video fails the visit goes on by telephone, as every appointment letter says.",
            -120,
        ),
        (
            "D-STOP",
            "WYC-4",
            "stop",
            "Video visits stop at the community team.",
            "The team moves to another provider; its patients keep their visits by telephone.",
            STOPPED_ON_DAYS,
        ),
        (
            "D-SCALE",
            "",
            "scale",
            "Video visits are offered by every outpatient clinic.",
            "Patients liked it, and one in three missed visits was saved.",
            -170,
        ),
    ),
}


def add_decisions(scene: Scene) -> None:
    """Write decisions.csv: those of the programme, and a go for every live site."""
    for code, site, kind, text, reason, when in DECISIONS[scene.plan.code]:
        scene.pack.add(
            "decisions",
            code=code,
            site=site,
            kind=kind,
            text=text,
            reason=reason,
            from_=scene.day(when),
            by=person_in(scene, "", "sro"),
        )
    for plan in scene.plan.sites:
        if plan.is_live and plan.go is not None:
            text, reason = GO_WITH_CONDITIONS if goes_with_conditions(scene, plan) else GO
            scene.pack.add(
                "decisions",
                code=f"D-GO-{plan.site}",
                site=plan.site,
                kind="go",
                text=text,
                reason=reason,
                from_=scene.day(plan.go - 3),
                by=person_in(scene, plan.site, "sro"),
            )
