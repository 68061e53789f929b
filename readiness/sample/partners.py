"""Partners and what they promised, the money, and other changes at the same sites."""

from readiness.sample.chance import days
from readiness.sample.plan import Scene

PARTNERS = {
    "EPR": (
        ("ARDENT", "Ardent Records", "supplier"),
        ("NORTHLINK", "Northlink Networks", "network"),
        ("LABWORK", "Vale Laboratory Service", "laboratory"),
        ("SHARED", "Vale and Moor Shared Care Partnership", "partnership"),
    ),
    "VIDEO": (("OPENROOM", "Openroom Video", "supplier"), ("LINGUA", "Lingua Interpreters", "service")),
}
# Partner, promise, days before go-live when it is due.
PROMISES = {
    "EPR": (
        ("ARDENT", "Build frozen and handed over", 130),
        ("NORTHLINK", "Wi-Fi measured at every bed", 95),
        ("LABWORK", "Test results reach the test system", 70),
        ("ARDENT", "Full rehearsal with real volumes", 32),
        ("SHARED", "Letters accepted by general practices", 25),
    ),
    "VIDEO": (("OPENROOM", "Rooms set up for every clinic", 40), ("LINGUA", "Interpreters can join by link", 20)),
}
PROGRAMME_PROMISES = {
    "EPR": (
        ("ARDENT", "Getting data out shown on a test system", -95, -88),
        ("ARDENT", "Second release with shorter lists", 25, None),
    ),
    "VIDEO": (("OPENROOM", "Booking in one step", -10, None),),
}
# Text, first day, last day, amount in pounds, secured on (days from today; None: not yet).
FUNDING = {
    "EPR": (
        ("Licences and infrastructure", -400, 240, 11_800_000, -410),
        ("Trainers and back-fill", -240, 240, 4_350_000, -250),
        ("Support desk, bronze and silver", -120, 226, 2_100_000, -130),
        ("Support in ordinary running", 318, 680, 1_650_000, None),
    ),
    "VIDEO": (
        ("Licences", -300, 430, 420_000, -310),
        ("Coordinators", -200, 110, 380_000, -205),
        ("Coordinators, second year", 140, 505, 360_000, None),
    ),
}
# Site, what, first and last day, load 1-3. At WYC-1 it falls into the go-live; elsewhere they keep away from it.
OTHER_CHANGES = {
    "EPR": (
        ("WYC-1", "Emergency department moves to the new building", 47, 56, 3),
        ("FEN-3", "New rostering system", -30, -12, 2),
        ("MER-3", "Kitchens rebuilt", 60, 120, 1),
        ("CAL-1", "Inspection by the regulator", 70, 74, 2),
        ("DUN-1", "Two surgical wards merge", 95, 110, 3),
        ("ALD-2", "Winter beds open", 120, 190, 2),
        ("BRK-1", "New payroll", 30, 45, 1),
        ("PEL-1", "Car park closed", -60, -10, 1),
        ("HAR-2", "Pharmacy robot", 100, 130, 2),
        ("INC-3", "New telephone system", 60, 90, 2),
        ("ELL-1", "Merger of two medical teams", 10, 30, 2),
        ("DUN-3", "Change of cleaning contract", 20, 50, 1),
    ),
    "VIDEO": (
        ("ALD-5", "New front desk", 20, 40, 1),
        ("MER-2", "Outpatient clinics move one floor", 70, 90, 2),
        ("FEN-4", "New care records", 40, 70, 2),
    ),
}


def add_partners(scene: Scene) -> None:
    """Write partners.csv, commitments.csv, funding.csv and other_changes.csv."""
    code = scene.plan.code
    for partner, name, kind in PARTNERS[code]:
        scene.pack.add("partners", code=partner, name=name, kind=kind)
    number = 0
    for partner, text, due, delivered in PROGRAMME_PROMISES[code]:
        number += 1
        scene.pack.add(
            "commitments",
            code=f"PR-{number:03}",
            partner=partner,
            text=text,
            due_on=scene.day(due),
            delivered_on=None if delivered is None else scene.day(delivered),
        )
    for plan in scene.active_sites():
        if plan.go is None or plan.stage == "stopped":
            continue
        rng = scene.rng("promises", plan.site)
        for partner, text, before in PROMISES[code]:
            number += 1
            due_on = scene.before_go_live(plan, before)
            delivered_on = due_on - days(rng.gauss(9, 7) + plan.pace)
            late = plan.pace < 0 and rng.random() < 0.4
            scene.pack.add(
                "commitments",
                code=f"PR-{number:03}",
                partner=partner,
                site=plan.site,
                text=text,
                due_on=due_on,
                delivered_on=delivered_on if delivered_on <= scene.last_day and not late else None,
            )
    for index, (text, first, last, amount, secured) in enumerate(FUNDING[code], start=1):
        scene.pack.add(
            "funding",
            code=f"FU-{index}",
            text=text,
            from_=scene.day(first),
            to=scene.day(last),
            amount=amount,
            secured_on=None if secured is None else scene.day(secured),
        )
    for index, (site, text, first, last, load) in enumerate(OTHER_CHANGES[code], start=1):
        scene.pack.add(
            "other_changes",
            code=f"OC-{index:02}",
            site=site,
            text=text,
            from_=scene.day(first),
            to=scene.day(last),
            load=load,
        )
