"""Pilots and what came of them: measures, requirements for procurement, lessons for the sites after them."""

from readiness.sample.chance import days
from readiness.sample.plan import Scene
from readiness.sample.team import person_in

# Code, site, wards, question, days from today: start, end, decided, secured; outcome, reason, scale plan, resources,
# then the experience of staff and patients as mean (1-5) and number of answers.
PILOTS = {
    "EPR": (
        (
            "BEDSIDE",
            "ALD-1",
            "W2;W3",
            "Do bedside charts save a nurse time?",
            -320,
            -230,
            -205,
            -196,
            "scale",
            "Twenty minutes a shift saved, and fewer late observations.",
            "A hospital a month, largest wards first.",
            "Six trainers and 900 devices",
            (4.2, 61),
            (4.4, 48),
        ),
        (
            "MEDICINES",
            "ALD-1",
            "W5;W6",
            "Are fewer doses missed when they are given from the record?",
            -260,
            -170,
            -150,
            -139,
            "scale",
            "Missed doses fell by a third.",
            "With each go-live, after the notes.",
            "Pharmacist time for every site",
            (3.9, 44),
            (4.1, 37),
        ),
        (
            "VOICE",
            "CAL-2",
            "W1",
            "Do doctors write better letters by speaking?",
            -128,
            -37,
            None,
            None,
            "undecided",
            "",
            "",
            "",
            (3.4, 19),
            (None, None),
        ),
        (
            "HANDHELD",
            "HAR-1",
            "W1;W2",
            "Do hand-held devices work on night shifts?",
            -40,
            34,
            None,
            None,
            "undecided",
            "",
            "After the large hospitals, if it works.",
            "",
            (None, None),
            (None, None),
        ),
    ),
    "VIDEO": (
        (
            "FOLLOWUP",
            "ALD-1",
            "W4",
            "Can follow-up after discharge be by video?",
            -270,
            -180,
            -170,
            -165,
            "scale",
            "One missed visit in three was saved.",
            "Every outpatient clinic within two years.",
            "A coordinator for each site",
            (4.0, 23),
            (4.5, 112),
        ),
        (
            "GROUPS",
            "PEL-2",
            "W7",
            "Do group visits by video work?",
            -160,
            -90,
            -71,
            -60,
            "iterate",
            "They do, but booking takes too long.",
            "Once booking is simpler.",
            "Two months of a developer",
            (3.2, 12),
            (4.1, 39),
        ),
        (
            "KIOSK",
            "CAL-4",
            "W1",
            "Do people use a booth in the practice?",
            -190,
            -120,
            -100,
            None,
            "stop",
            "Eleven visits in ten weeks.",
            "",
            "",
            (2.6, 7),
            (3.0, 9),
        ),
    ),
}

# Pilot, measure, baseline, target, result.
PILOT_MEASURES = {
    "EPR": (
        ("BEDSIDE", "NOTES", 4, 80, 86),
        ("BEDSIDE", "FIND", 11, 6, 5.2),
        ("MEDICINES", "DOSES", 7.4, 5, 4.9),
        ("VOICE", "LETTERS", 9, 4, 5.5),
        ("HANDHELD", "NOTES", 3, 70, None),
    ),
    "VIDEO": (
        ("FOLLOWUP", "DIGITAL", 0, 25, 34),
        ("FOLLOWUP", "MISSED", 11, 8, 7.5),
        ("GROUPS", "DIGITAL", 0, 15, 12),
        ("KIOSK", "DIGITAL", 0, 10, 1.5),
    ),
}

REQUIREMENTS = {
    "EPR": (
        ("BEDSIDE", "Observations can be charted with one hand.", 1),
        ("BEDSIDE", "The device works for a whole shift on one charge.", 1),
        ("BEDSIDE", "A chart opens in less than two seconds on the ward network.", 2),
        ("MEDICINES", "Allergies are shown before the dose, not after.", 1),
        ("MEDICINES", "A double dose is stopped and says why.", 1),
        ("MEDICINES", "The round can go on without a network for ten minutes.", 2),
        ("VOICE", "Names of medicines are recognised as spoken here.", 3),
        ("HANDHELD", "The screen can be read in a dark room without waking patients.", 2),
    ),
    "VIDEO": (
        ("FOLLOWUP", "No account is needed by the patient.", 1),
        ("FOLLOWUP", "An interpreter can join.", 1),
        ("GROUPS", "A group is booked in one step.", 2),
        ("KIOSK", "The booth can be cleaned between visits.", 4),
    ),
}
# Site, pilot, lesson, tags, the checklist item it changed.
LESSONS = {
    "EPR": (
        (
            "ALD-1",
            "BEDSIDE",
            "Measure the Wi-Fi at the bed: the corridor was fine and the bays were not.",
            "infrastructure",
            "TECH-WIFI",
        ),
        (
            "ALD-1",
            "BEDSIDE",
            "Nights were forgotten in the rota. They need their own plan.",
            "champions;nights",
            "CHAMP-NIGHTS",
        ),
        ("ALD-1", "MEDICINES", "Ask two people a ward to check allergies, by name.", "safety", "CONT-MEDICINES"),
        (
            "ALD-1",
            "MEDICINES",
            "Doctors came to training only when their own chief taught it.",
            "training;doctors",
            "LEAD-MANAGERS",
        ),
        ("ALD-1", "", "Four in five calls on the first morning were log-ins.", "access", "TECH-SIGN-IN"),
        ("HAR-1", "", "One support number. We had three in the first week.", "support", "CONT-NUMBER"),
        ("HAR-1", "", "Book fewer patients for two weeks, not one.", "activity", "CONT-ACTIVITY"),
        ("CAL-2", "", "Volunteers first: the keen ward taught the others better than we did.", "engagement", ""),
        (
            "MER-2",
            "",
            "Retrain three weeks after go-live. People ask better questions then.",
            "training",
            "TRAIN-REFRESH",
        ),
        (
            "BRK-3",
            "",
            "A date is easier to move at the second failed test than in the last week.",
            "leadership",
            "LEAD-DELAY",
        ),
        ("FEN-2", "", "Agency staff need accounts too, and somebody who owns that list.", "access", "TECH-ACCOUNTS"),
        ("BRK-2", "", "A float nurse per floor did more than posters.", "champions", "CHAMP-LENT"),
    ),
    "VIDEO": (
        ("ALD-1", "FOLLOWUP", "Confirm the address at the start of each visit.", "safety", "GOV-HAZARDS"),
        ("PEL-2", "GROUPS", "Booking decides whether a clinic takes part.", "booking", "GOAL-PROCESSES"),
        ("CAL-4", "KIOSK", "Nobody wants to talk to a doctor in a waiting room.", "patients", "PILOT-VOICES"),
        ("ALD-5", "", "Reception staff are the champions.", "champions", "CHAMP-NAMED"),
    ),
}


def add_pilots(scene: Scene) -> None:
    """Write pilots.csv, pilot_measures.csv, requirements.csv and lessons.csv."""
    code = scene.plan.code
    for row in PILOTS[code]:
        (
            name,
            site,
            wards,
            question,
            first,
            last,
            decided,
            secured,
            outcome,
            reason,
            plan,
            resources,
            staff,
            patients,
        ) = row
        scene.pack.add(
            "pilots",
            code=name,
            site=site,
            wards=wards,
            question=question,
            starts_on=scene.day(first),
            ends_on=scene.day(last),
            outcome=outcome,
            decided_on=scene.day(decided) if decided else None,
            reason=reason,
            scale_plan=plan,
            scale_owner=person_in(scene, "", "operational_lead") if outcome == "scale" else "",
            resources=resources,
            secured_on=scene.today + days(secured) if secured else None,
            staff_experience=staff[0],
            staff_answers=staff[1],
            patient_experience=patients[0],
            patient_answers=patients[1],
        )
    for pilot, measure, baseline, target, result in PILOT_MEASURES[code]:
        scene.pack.add("pilot_measures", pilot=pilot, measure=measure, baseline=baseline, target=target, result=result)
    for number, (pilot, text, priority) in enumerate(REQUIREMENTS[code], start=1):
        scene.pack.add("requirements", code=f"RQ-{number:02}", pilot=pilot, text=text, priority=priority)
    for number, (site, pilot, text, tags, item) in enumerate(LESSONS[code], start=1):
        scene.pack.add("lessons", code=f"LS-{number:02}", site=site, pilot=pilot, text=text, tags=tags, item=item)
