"""One gate of one site as its page shows it: each criterion with what is asked and what is there, seats, conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import F, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Answer, Band, GateKind, GateOutcome
from readiness.dashboards.few import some_few
from readiness.dashboards.waivers import week_words
from readiness.explain import cap_words
from readiness.gates import Effect, GateFacts, Said, Verdict, judge_gate
from readiness.gates.rules import DEFAULT_MINIMUM, TESTED, TRAINED
from readiness.models import Condition, Gate, GateReview, SignOff
from rollout.choices import DeclaredStatus
from rollout.models import Deployment, Membership, SeatRole
from rollout.models.vocabulary import seat_words
from rollout.querysets.rights import Somebody

EFFECTS: Mapping[Effect | None, tuple[Any, str]] = {
    None: (_("Met"), "green"),
    Effect.FORBIDS: (_("Forbids go"), "red"),
    Effect.CONDITIONS: (_("Go only with conditions"), "orange"),
    Effect.WARNS: (_("Warns"), "yellow"),
}


@dataclass(frozen=True)
class Criterion:
    """One row of what a gate asks: `asked` and `there` in words, and what it does to a go (None: it is met).

    `href` leads to the records behind it.
    """

    name: Any
    asked: str
    there: str
    effect: Effect | None
    known: bool = True
    href: str = ""

    @property
    def word(self) -> Any:
        """The effect in words; what nobody knows is not called met."""
        return EFFECTS[self.effect][0] if self.known else _("Not known")

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return EFFECTS[self.effect][1] if self.known else "grey"


@dataclass(frozen=True)
class SeatRow:
    """A seat that the gate asks, and its answer; None where it has not answered."""

    code: str
    name: str
    sign_off: SignOff | None

    @property
    def answer(self) -> str:
        """The answer in words."""
        return str(Answer(self.sign_off.answer).label) if self.sign_off and self.sign_off.answer else ""

    @property
    def words(self) -> str:
        """What was said with it."""
        return self.sign_off.words if self.sign_off else ""

    @property
    def signed_on(self) -> date | None:
        """The day of the answer."""
        return self.sign_off.signed_on if self.sign_off else None

    @property
    def person(self) -> str:
        """Who answered."""
        return str(self.sign_off.person or "") if self.sign_off else ""


def criteria(
    gate: Gate, facts: GateFacts, verdict: Verdict, *, few: bool, behind: Mapping[str, str]
) -> list[Criterion]:
    """Every criterion of the rule table with its figures, in the table's order.

    `behind` says where the records of each are. Without `few` the reader may not know counts of fewer than 5 people:
    then no count of people is told, if one is few.
    """
    effect = {finding.code: finding.effect for finding in reversed(verdict.findings)}
    minimum = gate.minimum_score if gate.minimum_score is not None else DEFAULT_MINIMUM
    trained = _share(facts, "training.completion", facts.trained)
    tested = _share(facts, "technical.access", facts.tested)
    if not few and any(_is_few(counts) for counts in (facts.trained, facts.tested)):
        trained = tested = gettext("Not shown: fewer than 5 people")
    rows = (
        ("cap", _("What holds the score"), gettext("Nothing"), _listed(map(cap_words, facts.caps))),
        (
            "collision",
            _("Collisions with other changes"),
            gettext("None"),
            "; ".join(map(week_words, facts.collisions)) or gettext("None"),
        ),
        ("score", _("Score"), gettext("%(n)s or more") % {"n": minimum}, _score(facts)),
        ("training", _("Training"), _at_least(TRAINED), trained),
        ("log_in_tests", _("Log-in tests passed"), _at_least(TESTED), tested),
        ("hazards", _("Open hazards"), gettext("None"), _hazards(facts)),
        ("cover", _("Champion cover, first week"), gettext("Every slot"), _cover(facts)),
        ("differs", _("Declared and computed"), gettext("They agree"), _declared(facts)),
        ("stale", _("Evidence about to go out of date"), gettext("None"), _stale(facts)),
    )
    asks_score = gate.minimum_score is not None or gate.kind == GateKind.GO_LIVE
    return [
        Criterion(
            name,
            asked,
            there,
            effect.get(code),
            known=code != "differs" or bool(facts.declared and facts.band),
            href=behind[code],
        )
        for code, name, asked, there in rows
        if code != "score" or asks_score
    ]


def seat_findings(verdict: Verdict) -> list[str]:
    """What the seats' answers do to a go, in sentences; one sentence names all that are silent."""
    silent = [seat_words(finding.about[0]) for finding in verdict.findings if finding.code == "seat_silent"]
    told = [
        _SEATS[finding.code] % {"seat": seat_words(finding.about[0])}
        for finding in verdict.findings
        if finding.code in _SEATS
    ]
    if silent:
        words = ngettext(
            "This seat has not answered: %(seats)s.", "These seats have not answered: %(seats)s.", len(silent)
        )
        told.append(words % {"seats": ", ".join(silent)})
    return told


def if_all_say_yes(gate: Gate, facts: GateFacts, answers: Sequence[Said]) -> Verdict:
    """What the rule table would say if every seat that is silent said yes: what stands against a go beside them."""
    said = [Said(each.seat, each.answer or Answer.YES) for each in answers]
    return judge_gate(gate.kind, gate.minimum_score, facts, said)


_SEATS: Mapping[str, Any] = {
    "decisive_no": _("%(seat)s says no, and that cannot be overruled."),
    "seat_no": _("%(seat)s says no: go only with conditions, and the dissent stays in the record."),
    "seat_conditions": _("%(seat)s says yes with conditions."),
}


def seat_rows(gate: Gate, review: GateReview | None) -> list[SeatRow]:
    """The seats of a gate with their answers. Two queries."""
    given: dict[int, SignOff] = {}
    if review is not None:
        rows = SignOff.objects.filter(review=review, retired_at=None).select_related("person__user")
        given = {row.seat_role_id: row for row in rows}
    return [SeatRow(seat.code, str(seat), given.get(seat.pk)) for seat in gate.seats.order_by("code")]


def seats_nobody_signs(gate: Gate, deployment: Deployment) -> list[SeatRole]:
    """The seats of a gate for which nobody with a log-in may sign at the site. One query."""
    signing = Membership.objects.signing_for(deployment.programme_id, deployment.site_id)
    return list(gate.seats.exclude(pk__in=signing.values("seat_role")).order_by("code"))


def conditions_of(review: GateReview | None) -> Sequence[Condition]:
    """The conditions of a review, in the order in which they were set."""
    if review is None:
        return ()
    return list(Condition.objects.filter(review=review, retired_at=None).select_related("owner__user").order_by("pk"))


def own_conditions(user: Somebody, deployment: Deployment, gate: Gate) -> set[int]:
    """The ids of a gate's conditions at a deployment that the user owns. One query, none without a log-in."""
    if not user.is_authenticated:
        return set()
    conditions = Condition.objects.filter(
        review__gate=gate, review__deployment=deployment, owner__user=user.pk, retired_at=None
    )
    return set(conditions.values_list("pk", flat=True))


def _listed(words: Any) -> str:
    return ", ".join(str(word) for word in words) or gettext("Nothing")


def _at_least(share: Fraction) -> str:
    return gettext("%(n)s%% or more") % {"n": int(share * 100)}


def _score(facts: GateFacts) -> str:
    if facts.score is None:
        return gettext("Nothing recorded yet")
    return gettext("%(score)s, %(band)s") % {"score": int(facts.score), "band": str(Band(facts.band).label).lower()}


def _is_few(counts: tuple[Fraction, Fraction] | None) -> bool:
    return counts is not None and some_few((counts[0], counts[1] - counts[0], counts[1]))


def _share(facts: GateFacts, code: str, counts: tuple[Fraction, Fraction] | None) -> str:
    if code in facts.left_out:
        return gettext("Left out by a decision")
    if counts is None or not counts[1]:
        return gettext("No evidence yet")
    part, whole = counts
    return gettext("%(percent)s%% (%(part)s of %(whole)s)") % {
        "percent": int(part / whole * 100),
        "part": number_format(int(part), use_l10n=True, force_grouping=True),
        "whole": number_format(int(whole), use_l10n=True, force_grouping=True),
    }


def _hazards(facts: GateFacts) -> str:
    if "governance.hazards" in facts.left_out:
        return gettext("Left out by a decision")
    if facts.hazards_open is None:
        return gettext("No hazard log yet")
    return (
        ngettext("%(n)s open", "%(n)s open", facts.hazards_open) % {"n": facts.hazards_open}
        if facts.hazards_open
        else gettext("None")
    )


def _cover(facts: GateFacts) -> str:
    if facts.uncovered is None or facts.slots is None:
        return gettext("No evidence yet")
    if not facts.uncovered:
        return gettext("Every slot")
    return gettext("%(open)s of %(all)s slots uncovered") % {"open": facts.uncovered, "all": facts.slots}


def _declared(facts: GateFacts) -> str:
    if not facts.declared:
        return gettext("Nothing declared")
    declared = str(DeclaredStatus(facts.declared).label).lower()
    if not facts.band:
        return gettext("Declared %(declared)s, no score yet") % {"declared": declared}
    band = str(Band(facts.band).label).lower()
    return gettext("Declared %(declared)s, computed %(band)s") % {"declared": declared, "band": band}


def _stale(facts: GateFacts) -> str:
    if not facts.stale_soon:
        return gettext("None")
    return _listed(each.text for each in facts.stale_soon)


@dataclass(frozen=True)
class GateRow:
    """A gate of a site: the day it is due (None without a go-live date), and its latest review."""

    gate: Gate
    due_on: date | None
    review: GateReview | None

    @property
    def outcome(self) -> str:
        """The outcome in words, "" without one."""
        return str(GateOutcome(self.review.outcome).label) if self.review and self.review.outcome else ""


def gates_of(deployment: Deployment, until: date | None = None) -> list[GateRow]:
    """The gates of a deployment's programme in the order of their days, with what was held by a day. Two queries."""
    latest: dict[int, GateReview] = {}
    for review in _held(deployment, until).order_by("held_on", "pk"):
        latest[review.gate_id] = review
    gates = Gate.objects.filter(programme=deployment.programme_id, retired_at=None).order_by(
        F("due_days").desc(nulls_last=True), "code"
    )
    return [GateRow(gate, _due(deployment, gate), latest.get(gate.pk)) for gate in gates]


def _due(deployment: Deployment, gate: Gate) -> date | None:
    if deployment.go_live is None or gate.due_days is None:
        return None
    return deployment.go_live - timedelta(days=gate.due_days)


def reviews_of(deployment: Deployment, gate: Gate, until: date | None = None) -> list[GateReview]:
    """The reviews of a gate at a deployment, those held by a day if one is given, the latest first. One query."""
    return list(_held(deployment, until).filter(gate=gate).order_by("-held_on", "-pk"))


def _held(deployment: Deployment, until: date | None) -> QuerySet:
    reviews = GateReview.objects.filter(deployment=deployment, retired_at=None)
    return reviews.filter(held_on__lte=until) if until else reviews
