"""The first sample programme: an electronic patient record in 40 invented hospitals, in five waves."""

from readiness.sample.plan import CoursePlan, PatternPlan, ProgrammePlan, SitePlan

CLINICAL = ("nurse", "midwife", "doctor", "allied_health")

# Where the largest hospitals phase by scope: adult inpatients first, maternity later.
ADULTS = tuple(f"W{number}" for number in range(1, 10))

SITES = (
    # Wave 1: live.
    SitePlan("ALD-1", 1, -96, "embedded", pace=4, training_pace=4),
    SitePlan("HAR-1", 1, -62, "hypercare", pace=2, training_pace=2),
    SitePlan("CAL-2", 1, -48, "hypercare", pace=0, trained=0.96, story="dip_in_use"),
    SitePlan("MER-2", 1, -41, "hypercare", pace=2, training_pace=2),
    SitePlan("FEN-2", 1, -27, "hypercare", pace=-6, trained=0.76, declared="amber", story="uneven_after_go_live"),
    SitePlan("BRK-2", 1, -19, "hypercare", pace=2, training_pace=2),
    SitePlan("WIN-1", 1, -6, "live", pace=3, training_pace=3, story="in_go_live_fortnight"),
    # Wave 2: the next six weeks.
    SitePlan("INC-2", 2, 11, "technical_live", pace=14, training_pace=10, trained=0.995, story="ready"),
    SitePlan("PEL-1", 2, 17, pace=-5, training_pace=-2, story="uncovered_nights"),
    SitePlan("MER-3", 2, 22, pace=-3, training_pace=-1),
    SitePlan("CAL-1", 2, 24, pace=-2, training_pace=-3, story="watermelon"),
    SitePlan("DUN-2", 2, 28, pace=5, training_pace=3, declared="amber", story="agreement_unsigned"),
    SitePlan("ELL-3", 2, 29, pace=-2, training_pace=-24, trained=0.9, story="behind_in_training"),
    SitePlan("HAR-3", 2, 33, pace=3, declared="red", story="waiver_lapsed"),
    SitePlan("FEN-3", 2, 35, pace=14, training_pace=12, declared="amber", story="blocked"),
    SitePlan("WYC-3", 2, 38, pace=6, training_pace=5, story="waiver_in_force"),
    SitePlan("WIN-4", 2, 41, pace=-9, training_pace=-6, declared="amber", story="another_time_zone"),
    # Wave 3: two to three months out.
    SitePlan("WYC-1", 3, 52, pace=6, training_pace=4, story="colliding_change"),
    SitePlan("INC-1", 3, 58, pace=6, declared="red", story="unacceptable_hazard", wards=ADULTS),
    SitePlan("DUN-1", 3, 61, pace=8, training_pace=4, wards=ADULTS),
    SitePlan("ELL-1", 3, 66, pace=-16, training_pace=-10, declared="amber", story="slow_start"),
    SitePlan("MER-1", 3, 70, pace=12, training_pace=8, wards=ADULTS),
    SitePlan("WIN-2", 3, 74, pace=14, training_pace=8, story="two_programmes"),
    SitePlan("HAR-4", 3, 79, pace=11, training_pace=8),
    SitePlan("ALD-2", 3, 84, pace=-14, training_pace=-8),
    # Wave 4: four months out.
    SitePlan("PEL-2", 4, 102, pace=7),
    SitePlan("CAL-3", 4, 104, pace=-20, training_pace=-12, declared="amber"),
    SitePlan("BRK-1", 4, 108, pace=7, wards=ADULTS),
    SitePlan("ALD-3", 4, 112, pace=3),
    SitePlan("FEN-1", 4, 116, pace=7),
    SitePlan("BRK-3", 4, 118, "deferred", pace=58, training_pace=52, declared="amber", story="deferred"),
    SitePlan("WYC-2", 4, 124, pace=5),
    # Wave 5: half a year out.
    SitePlan("ALD-4", 5, 168, pace=14),
    SitePlan("ELL-4", 5, 173, pace=-6, declared="amber"),
    SitePlan("INC-3", 5, 179, pace=20),
    SitePlan("PEL-3", 5, 187, pace=20),
    SitePlan("DUN-3", 5, 194, pace=-12, declared="amber"),
    SitePlan("WIN-3", 5, 205, "not_started", declared="", story="nothing_recorded"),
    SitePlan("HAR-2", 5, 212, pace=36),
    # Asked to start, without a date.
    SitePlan("ELL-2", None, None, "not_started", declared="", story="no_date"),
)

COURSES = (
    CoursePlan("ESSENTIALS", "The record: essentials", "e-learning", (), 365, hours=1, middle=58, spread=16),
    CoursePlan("CLINICAL", "Writing in the record", "classroom", CLINICAL, 180, assessed=True, hours=3.5, middle=46),
    CoursePlan(
        "MEDICINES",
        "Prescribing and giving medicines",
        "sandbox",
        ("doctor", "pharmacist"),
        365,
        assessed=True,
        middle=44,
    ),
    CoursePlan("FRONTDESK", "Admissions, letters and lists", "classroom", ("admin",), None, hours=3, middle=48),
    CoursePlan(
        "LEADING",
        "Leading a ward through go-live",
        "classroom",
        ("manager",),
        None,
        mandatory=False,
        middle=72,
        spread=11,
    ),
    CoursePlan("CHAMPION", "Being a champion", "classroom", (), 365, for_champions=True, hours=4, middle=62, spread=9),
    CoursePlan("OLDSYSTEM", "The old system (no longer taught)", "classroom", ("admin",), active=False),
)

EPR = ProgrammePlan(
    code="EPR",
    columns={
        "name": "One record",
        "product": "Electronic patient record",
        "portfolio": "Clinicians",
        "problem": "Notes, charts and prescriptions are on paper or in nine systems that do not speak to each other."
        " Staff look for what they need, and write the same thing three times.",
        "processes": ("Admission", "Ward rounds", "Prescribing and giving medicines", "Handover", "Discharge letters"),
        "mission": "Every clinician sees the whole story of the patient, wherever it was written.",
        "goal": "Nine in ten clinical notes are written in the record at every hospital in fourteen months.",
        "approach": "big_bang",
        "resource_need": "For each hospital: a champion for every ten people, two trainers for twelve weeks, a support"
        " desk around the clock for the first fortnight.",
        "state": "rolling_out",
        "ward_word": "ward",
        "support_number": "0300 555 0142",
        "not_applicable": (),
    },
    target_days=420,
    waves=("First sites", "Second hospitals", "Large hospitals", "Coast and moor", "Last hospitals"),
    sites=SITES,
    courses=COURSES,
    patterns=(
        PatternPlan("early", "07:00", "15:00"),
        PatternPlan("late", "14:30", "22:00"),
        PatternPlan("night", "21:30", "07:30"),
    ),
    modules=("Notes", "Charts", "Medicines", "Letters"),
    manager="programme.manager@example.org",
)
