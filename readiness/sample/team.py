"""Who sits in which seat: a team for the programme, and one for each site, some seats of which are empty."""

from readiness.sample.chance import days, stream
from readiness.sample.names import FAMILY, GIVEN
from readiness.sample.plan import Scene

# Seat, discipline, whether all sites of a trust share the person.
SITE_SEATS = (
    ("sro", "operations", True),
    ("clinical_lead", "medicine", False),
    ("operational_lead", "operations", False),
    ("clinical_safety_officer", "patient_safety", True),
    ("ccio", "medicine", True),
    ("cnio", "nursing", True),
    ("ig_lead", "information_governance", True),
    ("trainer", "training", False),
)
PROGRAMME_SEATS = (
    ("sro", "operations"),
    ("clinical_lead", "medicine"),
    ("operational_lead", "operations"),
    ("clinical_safety_officer", "patient_safety"),
    ("ccio", "medicine"),
    ("cnio", "nursing"),
    ("ig_lead", "information_governance"),
    ("trainer", "training"),
    ("supplier_lead", "supplier"),
    ("programme_manager", "change_management"),
    ("integration_lead", "integration"),
    ("pharmacy_lead", "pharmacy"),
)

# Seats of the people who log in to the demonstration: programme, site (empty: the programme), seat.
DEMO_SEATS = {
    ("EPR", "", "programme_manager"): "programme.manager@example.org",
    ("VIDEO", "", "programme_manager"): "programme.manager@example.org",
    ("EPR", "", "clinical_safety_officer"): "safety.officer@example.org",
    ("EPR", "", "trainer"): "trainer@example.org",
    ("EPR", "ELL-3", "operational_lead"): "site.lead@example.org",
}

# Seats that nobody holds: site, seat.
EMPTY_SEATS = {("ELL-1", "cnio"), ("ALD-2", "ccio"), ("CAL-3", "clinical_lead"), ("DUN-3", "clinical_lead")}


def person_in(scene: Scene, site: str, seat: str) -> str:
    """The address of whoever holds the seat of the site (empty: of the programme); empty where nobody does."""
    demo = DEMO_SEATS.get((scene.plan.code, site, seat))
    if demo or (site, seat) in EMPTY_SEATS:
        return demo or ""
    if not site:
        rng = stream(scene.seed, "seat", scene.plan.code, seat)
        return address(rng.choice(GIVEN), rng.choice(FAMILY), "example.org")
    place = scene.sites[site]
    shared = next(trust_wide for role, _, trust_wide in SITE_SEATS if role == seat)
    rng = stream(scene.seed, "seat", place.organisation if shared else site, seat)
    return address(rng.choice(GIVEN), rng.choice(FAMILY), place.domain)


def address(given: str, family: str, domain: str) -> str:
    return f"{given}.{family}@{domain}".lower()


def add_seats(scene: Scene) -> None:
    """Write seats.csv. A seat that changed hands shows both; an empty one is not written."""
    for seat, discipline in PROGRAMME_SEATS:
        scene.pack.add(
            "seats", seat=seat, person=person_in(scene, "", seat), discipline=discipline, from_=scene.day(-400)
        )
    for plan in scene.active_sites():
        rng = scene.rng("seats", plan.site)
        # Seats fill as the work begins; far-off and undated sites have only their leads.
        wanted = SITE_SEATS if plan.work_days < 150 else SITE_SEATS[:4]
        for seat, discipline, _ in wanted:
            person = person_in(scene, plan.site, seat)
            if not person:
                continue
            begun = scene.day(max(-395, plan.work_days - 300) - rng.randrange(40) - 20)
            begun = min(begun, scene.day(-10 - rng.randrange(40)))
            if seat == "operational_lead" and rng.random() < 0.2:
                changed = begun + days((scene.today - begun).days / 2)
                before = address(rng.choice(GIVEN), rng.choice(FAMILY), scene.sites[plan.site].domain)
                scene.pack.add(
                    "seats", seat=seat, site=plan.site, person=before, discipline=discipline, from_=begun, to=changed
                )
                begun = changed + days(1)
            scene.pack.add("seats", seat=seat, site=plan.site, person=person, discipline=discipline, from_=begun)
