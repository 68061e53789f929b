"""Hazards, sharing agreements and their signatures."""

from readiness.sample.plan import Scene, SitePlan
from readiness.sample.team import person_in

Hazard = tuple[str, int, int, str]

# Text, likelihood, severity, mitigation: what could hurt somebody, before and after it is dealt with.
HAZARDS: dict[str, tuple[Hazard, ...]] = {
    "EPR": (
        (
            "A medicine is given twice because the paper chart is still in use.",
            2,
            5,
            "Paper charts are collected ward by ward.",
        ),
        ("Allergies are not carried over from the old system.", 2, 5, "Two people check each list on the day."),
        ("A result is filed under another patient.", 1, 5, "Interface tests with look-alike names."),
        ("Observations are late because a device is shared.", 3, 3, "One device for every four beds."),
        ("A discharge letter goes out without its medicines.", 3, 3, "The letter cannot be sent without them."),
        ("An alert is overlooked among too many.", 4, 3, "Alerts reviewed by doctors; a third switched off."),
        ("Nobody can reach the record during a power cut.", 2, 4, "Read-only computers on the generator circuit."),
        ("Handover lists print without the isolation mark.", 3, 2, "The mark is on the first line."),
    ),
    "VIDEO": (
        (
            "A patient becomes unwell during a visit, and the address is unknown.",
            2,
            5,
            "The address is confirmed at the start.",
        ),
        ("Somebody else listens in.", 2, 3, "Everybody in the room is introduced."),
        ("A sign is missed that a touch would have found.", 2, 4, "A visit in person is offered within two days."),
        ("The link breaks and the patient waits.", 3, 2, "Telephone number on every letter."),
    ),
}
# Raised and closed so many days before today: while it was open, it held the score of its site down.
DEALT_WITH = ("MER-3", -27, -13)
WAS_UNACCEPTABLE = (
    "Blood results of two patients with the same name are swapped.",
    3,
    5,
    "The interface matches on the number; tested with forty pairs of names.",
)
UNACCEPTABLE = (
    "Doses for children are rounded to adult steps in two order sets.",
    4,
    5,
    "Order sets withdrawn on test only.",
)
# The first programme has no hazard of its own, so that a site that keeps no log shows it.
PROGRAMME_HAZARDS: dict[str, tuple[Hazard, ...]] = {
    "EPR": (),
    "VIDEO": (("The service is down in a whole region.", 2, 3, "Telephone list printed each morning."),),
}

AGREEMENTS = {
    "EPR": (
        ("data_sharing", "Shared care record of {site}"),
        ("data_processing", "Letters to general practices from {site}"),
    ),
    "VIDEO": (("data_processing", "Video service for {site}"),),
}
PARTNERS = ("P-CARE", "P-GPFED")


def add_hazards(scene: Scene) -> None:
    """Write hazards.csv: raised over months, most closed or accepted as go-live comes near, none above 12 left open
    but one."""
    number = 0
    rows: list[tuple[SitePlan | None, Hazard]] = [(None, hazard) for hazard in PROGRAMME_HAZARDS[scene.plan.code]]
    rows += [
        (plan, hazard)
        for plan in scene.active_sites()
        if plan.stage != "stopped"
        for hazard in HAZARDS[scene.plan.code]
    ]
    for plan, (text, likelihood, severity, mitigation) in rows:
        number += 1
        rng = scene.rng("hazard", plan.site if plan else "", text)
        work_days = plan.work_days if plan else 90
        pace = plan.pace if plan else 0
        raised = scene.day(work_days - rng.uniform(120, 290) - pace)
        settled = scene.day(work_days - rng.uniform(6, 190) - pace)
        if raised > scene.last_day:
            continue
        settled = max(settled, raised)
        accepted = rng.random() < 0.25
        scene.pack.add(
            "hazards",
            code=f"HZ-{number:04}",
            site=plan.site if plan else "",
            text=text,
            likelihood=likelihood,
            severity=severity,
            mitigation=mitigation,
            raised_on=raised,
            closed_on=settled if settled <= scene.last_day and not accepted else None,
            accepted_on=settled if settled <= scene.last_day and accepted else None,
            accepted_by=safety_officer(scene, plan) if settled <= scene.last_day and accepted else "",
        )
    if scene.plan.code == "EPR":
        text, likelihood, severity, mitigation = UNACCEPTABLE
        site = next(plan.site for plan in scene.plan.sites if plan.story == "unacceptable_hazard")
        scene.pack.add(
            "hazards",
            code="HZ-9001",
            site=site,
            text=text,
            likelihood=likelihood,
            severity=severity,
            mitigation=mitigation,
            raised_on=scene.day(-23),
        )
        site, raised_day, closed_day = DEALT_WITH
        text, likelihood, severity, mitigation = WAS_UNACCEPTABLE
        scene.pack.add(
            "hazards",
            code="HZ-9002",
            site=site,
            text=text,
            likelihood=likelihood,
            severity=severity,
            mitigation=mitigation,
            raised_on=scene.day(raised_day),
            closed_on=scene.day(closed_day),
        )


def safety_officer(scene: Scene, plan: SitePlan | None) -> str:
    return person_in(scene, plan.site if plan else "", "clinical_safety_officer")


def add_agreements(scene: Scene) -> None:
    """Write agreements.csv and signatures.csv: all signed five weeks before go-live, but one partner's."""
    for plan in scene.active_sites():
        if plan.go is None or plan.stage == "stopped":
            continue
        rng = scene.rng("agreements", plan.site)
        site = scene.sites[plan.site]
        for number, (kind, text) in enumerate(AGREEMENTS[scene.plan.code], start=1):
            code = f"AG-{plan.site}-{number}"
            scene.pack.add("agreements", code=code, site=plan.site, kind=kind, text=text.format(site=site.name))
            for organisation in (site.organisation, *PARTNERS[: 3 - number]):
                signed = scene.before_go_live(plan, rng.uniform(36, 150))
                missing = plan.story == "agreement_unsigned" and (number, organisation) == (1, "P-CARE")
                scene.pack.add(
                    "signatures",
                    agreement=code,
                    organisation=organisation,
                    signed_on=signed if signed <= scene.last_day and not missing else None,
                )
