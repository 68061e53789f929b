"""Causes and actions in words, in the reader's language.

Sentences name no person: ids are in the units, and the page decides whose names it may show. "Area" stands for what a
programme calls ward, team or practice.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from readiness.explain.actions import Action
from readiness.explain.causes import Cause, Group, Kind
from readiness.explain.evidence import BY_STAFF, CHECKLIST
from readiness.explain.proposals import ActionKind
from readiness.scoring import Model
from readiness.scoring.document import number_text

Words = Any  # a lazy text; one made by ngettext_lazy is finished by % {"count": n}

# By indicator, with every checklist under CHECKLIST; the entries under "" serve any indicator without its own.
CAUSES: Mapping[tuple[Kind, str], Words] = {
    (Kind.JOINED, "training.completion"): ngettext_lazy(
        "%(count)d starter counts in training", "%(count)d starters count in training", "count"
    ),
    (Kind.JOINED, "training.managers"): ngettext_lazy(
        "%(count)d more line manager counts in training", "%(count)d more line managers count in training", "count"
    ),
    (Kind.JOINED, "technical.access"): ngettext_lazy(
        "%(count)d starter counts in log-in tests", "%(count)d starters count in log-in tests", "count"
    ),
    (Kind.JOINED, "champions.ratio"): ngettext_lazy(
        "%(count)d area has staff now", "%(count)d areas have staff now", "count"
    ),
    (Kind.JOINED, "champions.cover"): ngettext_lazy(
        "%(count)d slot more to cover", "%(count)d slots more to cover", "count"
    ),
    (Kind.JOINED, "engagement.reach"): ngettext_lazy(
        "%(count)d staff group is new here", "%(count)d staff groups are new here", "count"
    ),
    (Kind.JOINED, ""): ngettext_lazy("%(count)d more counts now", "%(count)d more count now", "count"),
    (Kind.LEFT, "training.completion"): ngettext_lazy(
        "%(count)d leaver no longer counts in training", "%(count)d leavers no longer count in training", "count"
    ),
    (Kind.LEFT, "training.managers"): ngettext_lazy(
        "%(count)d line manager fewer counts in training", "%(count)d line managers fewer count in training", "count"
    ),
    (Kind.LEFT, "technical.access"): ngettext_lazy(
        "%(count)d leaver no longer counts in log-in tests",
        "%(count)d leavers no longer count in log-in tests",
        "count",
    ),
    (Kind.LEFT, "champions.ratio"): ngettext_lazy(
        "%(count)d area has no staff any more", "%(count)d areas have no staff any more", "count"
    ),
    (Kind.LEFT, "champions.cover"): ngettext_lazy(
        "%(count)d slot fewer to cover", "%(count)d slots fewer to cover", "count"
    ),
    (Kind.LEFT, "engagement.reach"): ngettext_lazy(
        "%(count)d staff group is no longer here", "%(count)d staff groups are no longer here", "count"
    ),
    (Kind.LEFT, ""): ngettext_lazy("%(count)d counts no longer", "%(count)d count no longer", "count"),
    (Kind.CHANGED, "champions.ratio"): ngettext_lazy(
        "people started, left or moved in %(count)d area", "people started, left or moved in %(count)d areas", "count"
    ),
    (Kind.CHANGED, ""): ngettext_lazy(
        "%(count)d counts differently, because people moved",
        "%(count)d count differently, because people moved",
        "count",
    ),
    (Kind.IMPROVED, CHECKLIST): ngettext_lazy(
        "%(count)d item done or confirmed", "%(count)d items done or confirmed", "count"
    ),
    (Kind.IMPROVED, "training.completion"): ngettext_lazy(
        "%(count)d person trained", "%(count)d people trained", "count"
    ),
    (Kind.IMPROVED, "training.managers"): ngettext_lazy(
        "%(count)d line manager trained", "%(count)d line managers trained", "count"
    ),
    (Kind.IMPROVED, "champions.ratio"): ngettext_lazy(
        "more trained champions in %(count)d area", "more trained champions in %(count)d areas", "count"
    ),
    (Kind.IMPROVED, "champions.cover"): ngettext_lazy(
        "%(count)d champion slot filled", "%(count)d champion slots filled", "count"
    ),
    (Kind.IMPROVED, "technical.access"): ngettext_lazy(
        "%(count)d person passed the log-in test", "%(count)d people passed the log-in test", "count"
    ),
    (Kind.IMPROVED, "engagement.reach"): ngettext_lazy(
        "%(count)d staff group reached", "%(count)d staff groups reached", "count"
    ),
    (Kind.IMPROVED, "goals.targets"): ngettext_lazy(
        "%(count)d site target agreed", "%(count)d site targets agreed", "count"
    ),
    (Kind.IMPROVED, "partnerships.commitments"): ngettext_lazy(
        "%(count)d commitment delivered", "%(count)d commitments delivered", "count"
    ),
    (Kind.IMPROVED, "pilots.outcome"): ngettext_lazy(
        "%(count)d pilot decided or secured", "%(count)d pilots decided or secured", "count"
    ),
    (Kind.IMPROVED, "governance.hazards"): ngettext_lazy(
        "%(count)d hazard closed or accepted", "%(count)d hazards closed or accepted", "count"
    ),
    (Kind.IMPROVED, ""): ngettext_lazy("%(count)d record better", "%(count)d records better", "count"),
    (Kind.ADDED, "engagement.confidence"): ngettext_lazy(
        "%(count)d answer on confidence came in", "%(count)d answers on confidence came in", "count"
    ),
    (Kind.ADDED, "partnerships.commitments"): ngettext_lazy(
        "%(count)d commitment fell due", "%(count)d commitments fell due", "count"
    ),
    (Kind.ADDED, "pilots.outcome"): ngettext_lazy("%(count)d pilot ended", "%(count)d pilots ended", "count"),
    (Kind.ADDED, "governance.hazards"): ngettext_lazy("%(count)d hazard raised", "%(count)d hazards raised", "count"),
    (Kind.ADDED, ""): ngettext_lazy("%(count)d record more", "%(count)d records more", "count"),
    (Kind.WORSENED, CHECKLIST): ngettext_lazy(
        "%(count)d item went stale or was undone", "%(count)d items went stale or were undone", "count"
    ),
    (Kind.WORSENED, "training.completion"): ngettext_lazy(
        "%(count)d completion expired", "%(count)d completions expired", "count"
    ),
    (Kind.WORSENED, "training.managers"): ngettext_lazy(
        "%(count)d line manager's completion expired", "%(count)d line managers' completions expired", "count"
    ),
    (Kind.WORSENED, "champions.ratio"): ngettext_lazy(
        "fewer trained champions in %(count)d area", "fewer trained champions in %(count)d areas", "count"
    ),
    (Kind.WORSENED, "champions.cover"): ngettext_lazy(
        "%(count)d champion slot no longer filled", "%(count)d champion slots no longer filled", "count"
    ),
    (Kind.WORSENED, "technical.access"): ngettext_lazy(
        "%(count)d person failed a new log-in test", "%(count)d people failed a new log-in test", "count"
    ),
    (Kind.WORSENED, "engagement.reach"): ngettext_lazy(
        "%(count)d staff group not reached lately", "%(count)d staff groups not reached lately", "count"
    ),
    (Kind.WORSENED, ""): ngettext_lazy("%(count)d record worse", "%(count)d records worse", "count"),
    (Kind.DROPPED, "engagement.confidence"): ngettext_lazy(
        "%(count)d answer on confidence grew too old", "%(count)d answers on confidence grew too old", "count"
    ),
    (Kind.DROPPED, ""): ngettext_lazy("%(count)d record fewer", "%(count)d records fewer", "count"),
    (Kind.EXCLUDED, CHECKLIST): ngettext_lazy(
        "%(count)d item no longer applies", "%(count)d items no longer apply", "count"
    ),
    (Kind.EXCLUDED, ""): _("left out by a decision"),
    (Kind.INCLUDED, CHECKLIST): ngettext_lazy("%(count)d item applies again", "%(count)d items apply again", "count"),
    (Kind.INCLUDED, ""): _("counted again"),
    (Kind.PLAN_CHANGED, ""): _("the plan changed"),
}
# Where the plan and the records of today do not give the stored score: no indicator can be named.
SINCE_STORED = _("the plan or the records changed after a score was worked out")
CAPS: Mapping[str, Words] = {
    "agreement_unsigned": _("an agreement is not signed"),
    "blocker_blocked": _("a blocking item is blocked"),
    "blocker_overdue": _("a blocking item is overdue"),
    "hazard_log_missing": _("the hazard log is empty"),
    "hazard_unacceptable": _("a hazard is rated too high"),
}
CAP_CAUSES: Mapping[Kind, Words] = {
    Kind.CAPPED: _("%(why)s: capped at %(limit)s"),
    Kind.WAIVER_LAPSED: _("waiver lapsed, %(why)s: capped at %(limit)s"),
    Kind.WAIVER_REVOKED: _("waiver revoked, %(why)s: capped at %(limit)s"),
    Kind.LIFTED: _("no longer holds: %(why)s (cap of %(limit)s lifted)"),
    Kind.WAIVED: _("waived: %(why)s (cap of %(limit)s lifted)"),
}
ACTIONS: Mapping[ActionKind, Words] = {
    ActionKind.FINISH_ITEM: _("Finish “%(text)s”"),
    ActionKind.RENEW_ITEM: _("Renew “%(text)s”, which has gone stale"),
    ActionKind.CONFIRM_ITEM: _("Have someone else see that “%(text)s” is done"),
    ActionKind.UNBLOCK_ITEM: _("Unblock “%(text)s”"),
    ActionKind.TRAIN_PERSON: _("Train one person on one course"),
    ActionKind.TRAIN_CHAMPION: _("Train one champion on the champions' courses"),
    ActionKind.ADD_CHAMPION: _("Add one champion who holds the champions' courses"),
    ActionKind.FILL_SLOT: ngettext_lazy(
        "Fill a slot that lacks %(count)d champion", "Fill a slot that lacks %(count)d champions", "count"
    ),
    ActionKind.TEST_LOGIN: _("Test one person's log-in"),
    ActionKind.REACH_GROUP: _("Reach one staff group with an event"),
    ActionKind.AGREE_TARGET: _("Agree the site's target for a measure"),
    ActionKind.DELIVER_COMMITMENT: _("Deliver a commitment"),
    ActionKind.DECIDE_PILOT: _("Decide that a pilot is scaled"),
    ActionKind.SECURE_PILOT: _("Secure the resources of a pilot"),
    ActionKind.CLOSE_HAZARD: _("Close or accept a hazard rated %(rating)s"),
    ActionKind.SIGN_AGREEMENT: ngettext_lazy(
        "Collect the missing signature of an agreement",
        "Collect the %(count)d missing signatures of an agreement",
        "count",
    ),
}


def sentence(cause: Cause, model: Model) -> str:
    """The cause in words, without its points: "6 people trained", "a blocking item is overdue: capped at 49"."""
    if cause.group is Group.CAPS:
        limit = number_text(model.caps[cause.code])
        return str(CAP_CAUSES[cause.kind]) % {"why": CAPS[cause.code], "limit": limit}
    if not cause.code:
        return str(SINCE_STORED)
    code = CHECKLIST if cause.code.startswith(CHECKLIST) else cause.code
    words = CAUSES[cause.kind, code if (cause.kind, code) in CAUSES else ""]
    return str(words % {"count": _count(cause)})


def describe(action: Action) -> str:
    """The action in words: what to do, naming the item but no person."""
    words = ACTIONS[action.kind]
    return str(words % {"count": action.effort, **action.unit.facts})


def cap_words(cap: str) -> str:
    """Why a cap holds, in words."""
    return str(CAPS[cap])


def signed(points: Decimal) -> str:
    """Points with their sign, and a real minus: "+1.2", "−0.8", "0.0"."""
    if points > 0:
        return f"+{points}"
    return f"−{-points}" if points < 0 else f"{abs(points)}"


def _count(cause: Cause) -> int:
    """People where the sentence speaks of people; expired completions are counted as such."""
    if cause.code in BY_STAFF and cause.kind is not Kind.WORSENED:
        return cause.people or 0
    return cause.count
