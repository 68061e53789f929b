"""What holds a score down, in words: the caps, and the records behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from readiness.explain import cap_words
from readiness.indicators import BEHIND_CAPS, parameters, with_ctes
from readiness.models import ReadinessScore
from readiness.scoring import Model
from readiness.scoring.document import number_text

NAMED = 3  # as many records as one sentence carries

# Caps that are counted, with one noun and a verb; the others stand as they are.
COUNTED: dict[str, tuple[str, str]] = {
    "agreement_unsigned": ("%(count)d agreement is not signed", "%(count)d agreements are not signed"),
    "blocker_overdue": ("%(count)d blocking item is overdue", "%(count)d blocking items are overdue"),
    "blocker_blocked": ("%(count)d blocking item is blocked", "%(count)d blocking items are blocked"),
    "hazard_unacceptable": ("%(count)d hazard is rated too high", "%(count)d hazards are rated too high"),
}
LIFTED_BY: dict[str, Any] = {
    "agreement_unsigned": _("It is lifted when every organisation has signed, or by a waiver."),
    "blocker_blocked": _("It is lifted when the item is no longer blocked, or by a waiver."),
    "blocker_overdue": _("It is lifted when the item is done, or by a waiver."),
    "hazard_log_missing": _("It is lifted when the first hazard is recorded: a hazard log is never empty."),
    "hazard_unacceptable": _("It is lifted when the hazard is closed, or accepted by somebody who may."),
}
# By cap: the count of `BEHIND_CAPS` it stands for, and how its records are called, oldest first.
_NAMES: dict[str, tuple[str, str]] = {
    "agreement_unsigned": (
        "unsigned_agreements",
        "SELECT COALESCE(NULLIF(a.text, ''), a.code), NULL::date FROM rollout_agreement a WHERE a.id = agreement_id",
    ),
    "blocker_blocked": ("blocked_blockers", "SELECT text, due_on"),
    "blocker_overdue": ("overdue_blockers", "SELECT text, due_on"),
    "hazard_unacceptable": (
        "unacceptable_hazards",
        "SELECT h.text, h.raised_on FROM readiness_hazard h WHERE h.id = hazard_id",
    ),
}


@dataclass(frozen=True)
class Behind:
    """A record that is one of the reasons why a cap holds, by the name people know it by."""

    cap: str
    text: str


@dataclass(frozen=True)
class Cap:
    """A cap in force: how far down it holds (0–100, as written in the model), why, and what lifts it."""

    code: str
    limit: str
    text: str
    lifted_by: Any
    holds: bool


def caps_of(score: ReadinessScore, model: Model, behind: Sequence[Behind] = ()) -> tuple[Cap, ...]:
    """The caps of a stored score, the lowest first; `holds` says whether one keeps the score where it is."""
    lowest = min([Fraction(score.raw), *(model.caps[code] for code in score.caps)])
    found = [
        Cap(
            code=code,
            limit=str(number_text(model.caps[code])),
            text=_words(code, behind),
            lifted_by=LIFTED_BY[code],
            holds=model.caps[code] <= lowest,
        )
        for code in score.caps
    ]
    return tuple(sorted(found, key=lambda cap: (model.caps[cap.code], cap.code)))


def behind_caps(deployment_id: int, model: Model, day: date, caps: Sequence[str]) -> list[Behind]:
    """The records behind these caps of one deployment, as they are known now. One query, none for caps without any."""
    named = [cap for cap in caps if cap in _NAMES]
    if not named:
        return []
    values = parameters(model, ids=[deployment_id], day=day)
    with connection.cursor() as cursor:
        cursor.execute(
            with_ctes(f" {' UNION ALL '.join(_named(cap) for cap in named)} ORDER BY cap, since, name"), values
        )
        return [Behind(cap, text) for cap, text, _since in cursor.fetchall()]


def _named(cap: str) -> str:
    count, names = _NAMES[cap]
    table, condition = BEHIND_CAPS[count]
    return (
        f"SELECT '{cap}' AS cap, n.name, n.since FROM {table} CROSS JOIN LATERAL ({names}) n (name, since) "
        f"WHERE {condition}"
    )


def _words(code: str, behind: Sequence[Behind]) -> str:
    names = [each.text for each in behind if each.cap == code]
    if not names:
        return cap_words(code)
    one, many = COUNTED[code]
    words = ngettext(one, many, len(names)) % {"count": len(names)}
    told = ", ".join(names[:NAMED])
    rest = len(names) - NAMED
    more = ngettext(" and %(count)d more", " and %(count)d more", rest) % {"count": rest} if rest > 0 else ""
    return f"{words} – {told}{more}"
