"""What holds a score down, in words: the caps, and the items behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from readiness.explain import cap_words
from readiness.indicators import parameters, with_ctes
from readiness.models import ReadinessScore
from readiness.scoring import Model
from readiness.scoring.document import number_text

NAMED = 3  # as many items as one sentence carries

# Caps that are counted, with one noun and a verb; the others stand as they are.
COUNTED: dict[str, tuple[str, str]] = {
    "blocker_overdue": ("%(count)d blocking item is overdue", "%(count)d blocking items are overdue"),
    "blocker_blocked": ("%(count)d blocking item is blocked", "%(count)d blocking items are blocked"),
}
LIFTED_BY: dict[str, Any] = {
    "agreement_unsigned": _("It is lifted when every organisation has signed, or by a waiver."),
    "blocker_blocked": _("It is lifted when the item is no longer blocked, or by a waiver."),
    "blocker_overdue": _("It is lifted when the item is done, or by a waiver."),
    "hazard_log_missing": _("It is lifted when the first hazard is recorded: a hazard log is never empty."),
    "hazard_unacceptable": _("It is lifted when the hazard is closed, or accepted by somebody who may."),
}
_BLOCKERS = """
    SELECT text, due_on, due_on IS NOT NULL AND due_on < day AS overdue, state = 'blocked' AS blocked
    FROM checklist_units WHERE blocking AND NOT done AND NOT waived ORDER BY due_on NULLS LAST, item
"""


@dataclass(frozen=True)
class Blocker:
    """A blocking item that is not done and not waived."""

    text: str
    due_on: date | None
    overdue: bool
    blocked: bool


@dataclass(frozen=True)
class Cap:
    """A cap in force: how far down it holds (0–100, as written in the model), why, and what lifts it."""

    code: str
    limit: str
    text: str
    lifted_by: Any
    holds: bool


def caps_of(score: ReadinessScore, model: Model, blockers: Sequence[Blocker] = ()) -> tuple[Cap, ...]:
    """The caps of a stored score, the lowest first; `holds` says whether one keeps the score where it is."""
    lowest = min([Fraction(score.raw), *(model.caps[code] for code in score.caps)])
    found = [
        Cap(
            code=code,
            limit=str(number_text(model.caps[code])),
            text=_words(code, blockers),
            lifted_by=LIFTED_BY[code],
            holds=model.caps[code] <= lowest,
        )
        for code in score.caps
    ]
    return tuple(sorted(found, key=lambda cap: (model.caps[cap.code], cap.code)))


def blockers_of(deployment_id: int, model: Model, day: date) -> list[Blocker]:
    """The unfinished blocking items of one deployment, on the records as they are known now."""
    values = parameters(model, ids=[deployment_id], day=day)
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(_BLOCKERS), values)
        return [Blocker(*row) for row in cursor.fetchall()]


def _words(code: str, blockers: Sequence[Blocker]) -> str:
    if code not in COUNTED:
        return cap_words(code)
    behind = [blocker for blocker in blockers if (blocker.overdue if code == "blocker_overdue" else blocker.blocked)]
    if not behind:
        return cap_words(code)
    one, many = COUNTED[code]
    words = ngettext(one, many, len(behind)) % {"count": len(behind)}
    names = ", ".join(blocker.text for blocker in behind[:NAMED])
    rest = len(behind) - NAMED
    more = ngettext(" and %(count)d more", " and %(count)d more", rest) % {"count": rest} if rest > 0 else ""
    return f"{words} – {names}{more}"
