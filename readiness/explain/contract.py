"""What the SQL of an indicator must say about each unit, so that a page can explain it and a person can act on it.

One row per indicator: the parts of a unit's key, in order, and the names of its facts. Ids are database ids, days are
dates of the site, instants are aware. Every fact is present; "none" is None or an empty tuple.

| indicator | key | weight | credit | facts |
|---|---|---|---|---|
| checklist.<domain> | item_id | the item's | 1 or the declared credit if done, else 0 | item, text, blocking, |
| | | | | state, assurance, evidence_needed, due_on, waived |
| training.completion | staff_id, course_id | 1 | valid completion | ward_id, line_manager, valid_days |
| training.managers | staff_id, course_id | 1 | the same, line managers only | ward_id, line_manager, valid_days |
| champions.ratio | ward_id | staff | min(1, have ÷ need) | staff, need, have, untrained, valid_days |
| champions.cover | ward_id, date, pattern_id | 1 | slot filled | minimum, have, starts_at, ends_at |
| technical.access | staff_id | 1 | latest check passed | ward_id |
| engagement.reach | staff_group_id | 1 | reached in the window | none |
| engagement.confidence | response_id | 1 | (confidence − 1) ÷ 4 | none |
| goals.targets | measure_id | 1 | agreed | none |
| partnerships.commitments | commitment_id | 1 | delivered | due_on |
| pilots.outcome | pilot_id | 1 | outcome × resources | outcome, decided_on, secured_on |
| governance.hazards | hazard_id | 1 | closed or accepted | rating, open |

Credits and facts are those of the day scored. `item` is the item's code, `assurance` is "" while it is not done,
`valid_days` that of the course (of champions: the shortest of their courses; None lasts for ever). `untrained` are the
ids of champions who are active and posted to the ward but do not hold every champion course; `have` counts those who
do, in a slot the different champions that count towards its `minimum`. A pilot's facts are as recorded, whatever the
day; `rating` is likelihood × severity.

Rules that hold for all of them:
- Units are gathered also where the programme left the indicator out: `Evidence.not_applicable` says so, and a blocking
  item or an open hazard holds the score down all the same.
- A checklist item whose state on D is not applicable is no unit, and a due date is the one of SCORING.md.
- `Evidence.agreements` are the deployment's agreements that miss a signature on D: key (agreement_id,), weight 1,
  credit 0, fact `missing`: ids of the organisations that have not signed. They stand behind a cap, not an indicator.
- The counts of a Situation follow from the units: blocking items not done, not waived and overdue or blocked; open
  hazards rated at the limit or over; agreements. Wherever they are counted, a test compares the two.
"""

from readiness.scoring import DOMAINS, Unit

Contract = tuple[tuple[str, ...], frozenset[str]]

AGREEMENT = "agreement"

_ITEM: Contract = (
    ("item_id",),
    frozenset({"item", "text", "blocking", "state", "assurance", "evidence_needed", "due_on", "waived"}),
)
_TRAINING: Contract = (("staff_id", "course_id"), frozenset({"ward_id", "line_manager", "valid_days"}))

CONTRACT: dict[str, Contract] = {
    **{f"checklist.{domain}": _ITEM for domain in DOMAINS},
    "training.completion": _TRAINING,
    "training.managers": _TRAINING,
    "champions.ratio": (("ward_id",), frozenset({"staff", "need", "have", "untrained", "valid_days"})),
    "champions.cover": (
        ("ward_id", "date", "pattern_id"),
        frozenset({"minimum", "have", "starts_at", "ends_at"}),
    ),
    "technical.access": (("staff_id",), frozenset({"ward_id"})),
    "engagement.reach": (("staff_group_id",), frozenset()),
    "engagement.confidence": (("response_id",), frozenset()),
    "goals.targets": (("measure_id",), frozenset()),
    "partnerships.commitments": (("commitment_id",), frozenset({"due_on"})),
    "pilots.outcome": (("pilot_id",), frozenset({"outcome", "decided_on", "secured_on"})),
    "governance.hazards": (("hazard_id",), frozenset({"rating", "open"})),
    AGREEMENT: (("agreement_id",), frozenset({"missing"})),
}


def missing_facts(code: str, unit: Unit) -> frozenset[str]:
    """The facts the contract asks of this unit that it does not carry, and "key" if its key has another shape."""
    key, facts = CONTRACT[code]
    missing = facts.difference(unit.facts)
    return missing if len(unit.key) == len(key) else missing | {"key"}
