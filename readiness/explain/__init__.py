"""Why this number, why it moved, what to do next: scoring called again over units, never retold.

Pure: no database, no clock. The SQL of readiness/indicators supplies, for one deployment, the units of each indicator
with the facts that `contract.CONTRACT` lists; the pages turn the ids in them into links and, where the reader may see
them, names. Everything is exact until it is shown, and what is shown adds up (see `rounding.shown`).

`why` is the ledger of one day, `why_moved` the causes of a change between two days, `next_best_actions` what wins
points back. `sentence` and `describe` put a cause and an action into words in the reader's language.
"""

from readiness.explain.actions import Action, ActionGroup, by_group, next_best_actions
from readiness.explain.causes import Cause, Group, Kind, Moment, Moved
from readiness.explain.contract import AGREEMENT, CONTRACT, missing_facts
from readiness.explain.evidence import Evidence, readings_of
from readiness.explain.moved import why_moved
from readiness.explain.proposals import ActionKind
from readiness.explain.rounding import shown
from readiness.explain.why import CapRow, DomainRow, LedgerRow, Why, present_readings, why
from readiness.explain.words import cap_words, describe, sentence, signed

__all__ = [
    "AGREEMENT",
    "CONTRACT",
    "Action",
    "ActionGroup",
    "ActionKind",
    "CapRow",
    "Cause",
    "DomainRow",
    "Evidence",
    "Group",
    "Kind",
    "LedgerRow",
    "Moment",
    "Moved",
    "Why",
    "by_group",
    "cap_words",
    "describe",
    "missing_facts",
    "next_best_actions",
    "present_readings",
    "readings_of",
    "sentence",
    "shown",
    "signed",
    "why",
    "why_moved",
]
