"""The questions a board should ask, each with what the records answer. Nothing recorded is said as such."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from readiness.dashboards.board.headline import Headline
from readiness.dashboards.board.money import Money
from readiness.dashboards.board.records import DecisionRow, ProgrammeFacts
from readiness.dashboards.board.scope import grouped
from readiness.dashboards.few import FEW
from rollout.choices import DecisionKind, PilotOutcome, Stage

NAMED = 3  # as many records as one answer carries


@dataclass(frozen=True)
class Question:
    """A question and the evidence beside it, a sentence each; none: no evidence is recorded."""

    question: str
    evidence: list[str]


@dataclass(frozen=True)
class Evidence:
    """What the answers are made of. `hazards` are open hazards that are rated too high; `stages` counts sites."""

    headlines: Sequence[Headline]
    pilots: Sequence[Mapping[str, Any]]
    decisions: Sequence[DecisionRow]
    facts: Sequence[ProgrammeFacts]
    money: Money
    differing: int
    declared: int
    hazards: int
    stages: Mapping[str, int]


def questions_of(evidence: Evidence) -> list[Question]:
    """The board's questions, in the order in which they are always put."""
    return [
        Question(gettext("Do we know what users need, or do we guess?"), _users(evidence.pilots)),
        Question(gettext("What does it change for staff and patients?"), _impact(evidence.headlines)),
        Question(gettext("Is the money given in steps?"), _money(evidence.money)),
        Question(gettext("Are we honest about risk?"), _risk(evidence)),
        Question(gettext("Do we work with the rest of the system?"), _system(evidence.facts)),
        Question(gettext("What have we stopped?"), _stopped(evidence)),
        Question(gettext("What have we delayed, and why?"), _delayed(evidence)),
    ]


def _users(pilots: Iterable[Mapping[str, Any]]) -> list[str]:
    """What staff and patients thought of the pilots; means of fewer than 5 answers are not told."""
    said = []
    for pilot in pilots:
        parts = [
            gettext("staff %(mean)s of 5 (%(answers)s answers)") % found
            for found in _mean(pilot["staff_experience"], pilot["staff_answers"])
        ] + [
            gettext("patients %(mean)s of 5 (%(answers)s answers)") % found
            for found in _mean(pilot["patient_experience"], pilot["patient_answers"])
        ]
        if parts:
            name = pilot["question"] or pilot["code"]
            said.append(gettext("Pilot “%(pilot)s”: %(parts)s.") % {"pilot": name, "parts": ", ".join(parts)})
    return said[:NAMED]


def _mean(mean: Any, answers: int | None) -> list[dict[str, str]]:
    if mean is None or answers is None or answers < FEW:
        return []
    return [{"mean": number_format(round(mean, 1)), "answers": grouped(answers)}]


def _impact(headlines: Iterable[Headline]) -> list[str]:
    return [headline.sentence for headline in headlines if headline.latest]


def _money(money: Money) -> list[str]:
    if not money.lines:
        return []
    words = ngettext(
        "%(secured)s of %(lines)s funding line is secured.",
        "%(secured)s of %(lines)s funding lines are secured.",
        money.lines,
    )
    return [words % {"secured": grouped(money.secured), "lines": grouped(money.lines)}]


def _risk(evidence: Evidence) -> list[str]:
    said = []
    if evidence.declared:
        words = ngettext(
            "Of %(declared)s site with a declared status, what we say and what we measure differ at %(differing)s.",
            "Of %(declared)s sites with a declared status, what we say and what we measure differ at %(differing)s.",
            evidence.declared,
        )
        said.append(words % {"declared": grouped(evidence.declared), "differing": grouped(evidence.differing)})
    if evidence.hazards:
        words = ngettext(
            "%(count)s hazard that is rated too high is neither closed nor accepted.",
            "%(count)s hazards that are rated too high are neither closed nor accepted.",
            evidence.hazards,
        )
        said.append(words % {"count": grouped(evidence.hazards)})
    return said


def _system(facts: Sequence[ProgrammeFacts]) -> list[str]:
    signatures, signed = sum(each.signatures for each in facts), sum(each.signed for each in facts)
    due, delivered = sum(each.due for each in facts), sum(each.delivered for each in facts)
    said = []
    if signatures:
        words = ngettext(
            "%(signed)s of %(all)s signature under an agreement is given.",
            "%(signed)s of %(all)s signatures under agreements are given.",
            signatures,
        )
        said.append(words % {"signed": grouped(signed), "all": grouped(signatures)})
    if due:
        words = ngettext(
            "Partners delivered %(delivered)s of %(due)s commitment that is due.",
            "Partners delivered %(delivered)s of %(due)s commitments that are due.",
            due,
        )
        said.append(words % {"delivered": grouped(delivered), "due": grouped(due)})
    return said


def _stopped(evidence: Evidence) -> list[str]:
    said = _decided(evidence.decisions, (DecisionKind.STOP, DecisionKind.PAUSE))
    stopped = [pilot for pilot in evidence.pilots if pilot["outcome"] == PilotOutcome.STOP]
    for pilot in stopped[:NAMED]:
        said.append(gettext("The pilot “%(pilot)s” was stopped.") % {"pilot": pilot["question"] or pilot["code"]})
    if not said and (sites := evidence.stages[Stage.STOPPED]):
        words = ngettext("%(count)s site is stopped.", "%(count)s sites are stopped.", sites)
        said.append(words % {"count": grouped(sites)})
    return said


def _delayed(evidence: Evidence) -> list[str]:
    said = _decided(evidence.decisions, (DecisionKind.DEFER,))
    if not said and (sites := evidence.stages[Stage.DEFERRED]):
        words = ngettext(
            "%(count)s site is deferred. Why is not recorded.",
            "%(count)s sites are deferred. Why is not recorded.",
            sites,
        )
        said.append(words % {"count": grouped(sites)})
    return said


def _decided(decisions: Iterable[DecisionRow], kinds: Sequence[str]) -> list[str]:
    """The newest decisions of some kinds, with their place, day and reason."""
    found = [(each, each.from_on) for each in decisions if each.kind in kinds and each.from_on]
    said = []
    for each, day in found[:NAMED]:
        words = gettext("%(where)s, %(day)s: %(what)s %(reason)s") % {
            "where": each.where,
            "day": date_format(day, "j F Y"),
            "what": each.what,
            "reason": each.reason or gettext("No reason is recorded."),
        }
        said.append(words.strip())
    if len(found) > NAMED:
        more = len(found) - NAMED
        said.append(ngettext("And %(count)s more.", "And %(count)s more.", more) % {"count": grouped(more)})
    return said
