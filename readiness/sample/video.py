"""The second sample programme: video visits, at ten places, six of them hospitals of the first programme."""

from readiness.sample.plan import CoursePlan, PatternPlan, ProgrammePlan, SitePlan

# The wards of a hospital that see outpatients.
CLINICS = ("W3", "W4", "W7")

SITES = (
    SitePlan("ALD-1", 1, -30, "hypercare", pace=4, training_pace=4, wards=("W3", "W4", "W5", "W6")),
    SitePlan("ALD-5", 1, -12, "live", pace=3, training_pace=3),
    SitePlan("PEL-2", 2, 13, pace=5, training_pace=5, wards=CLINICS),
    SitePlan("CAL-4", 2, 16, pace=4, training_pace=4),
    SitePlan("HAR-1", 2, 20, pace=-6, training_pace=-6, declared="amber", wards=CLINICS),
    SitePlan("MER-2", 2, 45, pace=4, training_pace=3, wards=CLINICS),
    SitePlan("ELL-2", 3, 61, pace=3, wards=CLINICS),
    SitePlan("WIN-2", 3, 71, pace=14, training_pace=10, wards=("W2", "W4"), story="two_programmes"),
    SitePlan("FEN-4", 3, 92, pace=2),
    SitePlan("WYC-4", 3, 104, "stopped", pace=-10, declared="", story="stopped"),
)

COURSES = (
    CoursePlan(
        "VIDEO",
        "Seeing patients by video",
        "e-learning",
        ("nurse", "midwife", "doctor", "allied_health", "pharmacist", "manager"),
        365,
        hours=1,
        middle=44,
    ),
    CoursePlan("BOOKING", "Booking and hosting a video visit", "classroom", ("admin",), None, hours=2, middle=46),
    CoursePlan(
        "VCHAMPION", "Helping colleagues with video", "classroom", (), 365, for_champions=True, middle=58, spread=9
    ),
)

VIDEO = ProgrammePlan(
    code="VIDEO",
    columns={
        "name": "Video visits",
        "product": "Video consultation service",
        "portfolio": "Patients",
        "problem": "People travel for hours to talk for ten minutes, and one in nine does not come.",
        "processes": ("Booking", "Outpatient visits", "Follow-up after discharge"),
        "mission": "Patients are seen where it suits them.",
        "goal": "Three in ten outpatient visits are digital at every site in two years.",
        "approach": "modular",
        "resource_need": "For each site: a coordinator half time for ten weeks, one champion a clinic.",
        "state": "rolling_out",
        "ward_word": "team",
        "support_number": "0300 555 0177",
        "not_applicable": ("checklist.continuity",),
    },
    target_days=730,
    waves=("Where it began", "Outpatients", "Community"),
    sites=SITES,
    courses=COURSES,
    patterns=(PatternPlan("morning", "08:00", "13:00"), PatternPlan("afternoon", "12:30", "17:30")),
    modules=("Booking", "Video visits"),
    manager="programme.manager@example.org",
)
