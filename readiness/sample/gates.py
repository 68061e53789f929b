"""The gates of a programme, the reviews held, who signed what, and the conditions set."""

from datetime import date
from random import Random

from readiness.sample.chance import days
from readiness.sample.plan import Scene, SitePlan
from readiness.sample.team import person_in
from readiness.standard_gates import STANDARD_GATES

WORDS = {
    "checkpoint": "Figures read, late items gone through one by one.",
    "technical": "The rehearsal ran to time; two interfaces are watched.",
    "go_live": "Every seat asked in turn. The wards are ready, and the desk is staffed.",
    "review": "Keep: champions on nights. Change: the order of the morning list. Stop: the second daily call.",
}
CONDITIONS = (
    "Train the last people on nights before the first weekend.",
    "Second person checks every interface message for two days.",
    "Log-in desk at the main entrance from 6am.",
    "Print the downtime procedure again with the new number.",
    "Name a deputy for the weekend.",
)


def add_gates(scene: Scene) -> None:
    """Write gates.csv, gate_reviews.csv, sign_offs.csv and conditions.csv for each gate whose day has come."""
    for code, name, kind, due_days, minimum, seats in STANDARD_GATES:
        scene.pack.add("gates", code=code, name=name, kind=kind, due_days=due_days, minimum_score=minimum, seats=seats)
    for plan in scene.active_sites():
        if plan.go is None or plan.stage in ("stopped", "not_started"):
            continue
        for code, _name, kind, due_days, _minimum, seats in STANDARD_GATES:
            if plan.stage == "deferred" and due_days < 30:
                continue
            hold_review(scene, plan, code, kind, due_days, seats)
    deferred = next((plan for plan in scene.plan.sites if plan.stage == "deferred"), None)
    if deferred:
        add_deferral(scene, deferred)


def has_dissent(plan: SitePlan, gate: str) -> bool:
    """Whether a seat says no at the gate, and the site goes on all the same."""
    return plan.story == "uneven_after_go_live" and gate == "GO-LIVE"


def is_conditional(plan: SitePlan, gate: str, kind: str, rng: Random) -> bool:
    """Whether the gate lets the site go on with conditions only. `rng` is that of the site and gate, newly begun."""
    return has_dissent(plan, gate) or (kind != "review" and (plan.pace < 0 or rng.random() < 0.3))


def goes_with_conditions(scene: Scene, plan: SitePlan) -> bool:
    """Whether the go/no-go of a live site sets conditions."""
    gate = next(gate for gate in STANDARD_GATES if gate.kind == "go_live")
    return is_conditional(plan, gate.code, gate.kind, scene.rng("gate", plan.site, gate.code))


def hold_review(scene: Scene, plan: SitePlan, gate: str, kind: str, due_days: int, seats: tuple[str, ...]) -> None:
    rng = scene.rng("gate", plan.site, gate)
    # The deferred site went through its gates before its old date.
    shift = -122 if plan.stage == "deferred" else 0
    held = scene.day(plan.work_days - due_days + shift)
    if held < scene.day(-240) or held > scene.last_day:
        return
    uneven = has_dissent(plan, gate)
    conditional = is_conditional(plan, gate, kind, rng)
    outcome = "go_with_conditions" if conditional else "go"
    scene.pack.add("gate_reviews", gate=gate, site=plan.site, held_on=held, outcome=outcome, words=WORDS[kind])
    doubter = rng.choice(seats) if conditional else ""
    for seat in seats:
        answer = "with_conditions" if seat == doubter else "yes"
        if uneven and seat == "ig_lead":
            # Dissent stays in the record; a no of this seat allows a go with conditions.
            answer = "no"
        scene.pack.add(
            "sign_offs",
            gate=gate,
            site=plan.site,
            held_on=held,
            seat=seat,
            person=person_in(scene, plan.site, seat) or person_in(scene, "", seat),
            answer=answer,
            words="" if answer == "yes" else "Only if the conditions are met on the day.",
            signed_on=held,
        )
    if conditional:
        add_conditions(scene, plan, gate, held, rng)


def add_conditions(scene: Scene, plan: SitePlan, gate: str, held: date, rng: Random) -> None:
    for number, text in enumerate(rng.sample(CONDITIONS, rng.choice((1, 2))), start=1):
        due = held + days(rng.randrange(3, 15))
        done = due - days(rng.randrange(-3, 3))
        scene.pack.add(
            "conditions",
            gate=gate,
            site=plan.site,
            held_on=held,
            code=f"C{number}",
            text=text,
            owner=person_in(scene, plan.site, "operational_lead"),
            due_on=due,
            done_on=done if done <= scene.last_day and rng.random() < 0.9 else None,
        )


def add_deferral(scene: Scene, plan: SitePlan) -> None:
    """The technical gate that said defer: two said no, and nobody called it a failure."""
    held = scene.day(-18)
    words = "The network dropped out on three wards in both tests. The site defers and keeps its team."
    scene.pack.add("gate_reviews", gate="TECHNICAL", site=plan.site, held_on=held, outcome="defer", words=words)
    for seat, answer in (
        ("sro", "yes"),
        ("clinical_lead", "no"),
        ("operational_lead", "no"),
        ("ccio", "no"),
        ("ig_lead", "yes"),
    ):
        scene.pack.add(
            "sign_offs",
            gate="TECHNICAL",
            site=plan.site,
            held_on=held,
            seat=seat,
            person=person_in(scene, plan.site, seat),
            answer=answer,
            words="" if answer == "yes" else "Not on this network.",
            signed_on=held,
        )
