"""Indicators and domains in words: what each is called, and the rule behind it as a person would say it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.scoring import Model
from readiness.scoring.document import number_text
from rollout.choices import ReadinessDomain

CHECKLIST = "checklist."


@dataclass(frozen=True)
class IndicatorWords:
    """`name` heads the row, `counts` says what is counted of what, `rule` how the value comes about."""

    name: Any
    counts: Any
    rule: Any
    source: Any


_CHECKLIST = IndicatorWords(
    name=_("Checklist: %(domain)s"),
    counts=_("weight of items done, of all items that apply"),
    rule=_(
        "The weight of the checklist items done, divided by the weight of all items that apply here. An item that asks "
        "for evidence counts %(declared)s while nobody but its owner has vouched for it. An item past its shelf life "
        "counts as not done."
    ),
    source=_("Source: the site's checklist."),
)
WORDS: dict[str, IndicatorWords] = {
    "training.completion": IndicatorWords(
        name=_("Training completed"),
        counts=_("required courses completed, of all that staff need"),
        rule=_(
            "Each member of staff in scope and each course required of their staff group is one. It counts when the "
            "course was attended, passed if it is assessed, and lasts until go-live. The whole value is reached at "
            "%(target)s."
        ),
        source=_("Source: postings, courses and attendance."),
    ),
    "training.managers": IndicatorWords(
        name=_("Training completed by line managers"),
        counts=_("required courses completed, of all that line managers need"),
        rule=_("The same as training completed, for line managers only. The whole value is reached at %(target)s."),
        source=_("Source: postings, courses and attendance."),
    ),
    "champions.ratio": IndicatorWords(
        name=_("Champions for every area"),
        counts=_("staff whose area has the champions it needs, of all staff"),
        rule=_(
            "Each area needs one trained champion for every %(staff_per_champion)s members of staff, and at least one. "
            "An area with half of what it needs counts half. Areas weigh by their staff."
        ),
        source=_("Source: postings, champions, and attendance of the champions' courses."),
    ),
    "champions.cover": IndicatorWords(
        name=_("Champion cover from go-live"),
        counts=_("slots filled, of all slots"),
        rule=_(
            "Each area, day and shift of the %(cover_days)s days from go-live is a slot. It is filled when enough "
            "different champions have a shift that covers at least half of it."
        ),
        source=_("Source: shift patterns and the champions' rota."),
    ),
    "technical.access": IndicatorWords(
        name=_("Log-in tests passed"),
        counts=_("staff whose latest log-in test passed, of all staff"),
        rule=_("Staff whose latest log-in test passed. The whole value is reached at %(target)s."),
        source=_("Source: postings and log-in tests."),
    ),
    "engagement.reach": IndicatorWords(
        name=_("Staff groups reached"),
        counts=_("staff groups reached by an event, of all groups here"),
        rule=_("Staff groups named by an engagement event at the site in the last %(reach_days)s days."),
        source=_("Source: engagement events."),
    ),
    "engagement.confidence": IndicatorWords(
        name=_("Confidence"),
        counts=_("points of confidence from 0 to 1, of all answers"),
        rule=_(
            "The mean confidence of the answers of the last %(confidence_days)s days, from 1 (counts 0) to 5 (counts "
            "1). Fewer than %(confidence_minimum)s answers are no evidence."
        ),
        source=_("Source: pulse answers, which hold no names."),
    ),
    "goals.targets": IndicatorWords(
        name=_("Site targets agreed"),
        counts=_("measures with an agreed site target, of all measures"),
        rule=_("Measures of the programme for which this site has agreed its own target."),
        source=_("Source: measures and site targets."),
    ),
    "partnerships.commitments": IndicatorWords(
        name=_("Commitments delivered"),
        counts=_("commitments delivered, of those due by go-live"),
        rule=_("What partners promised to this site or its whole programme by go-live, and have delivered."),
        source=_("Source: commitments."),
    ),
    "pilots.outcome": IndicatorWords(
        name=_("Pilots decided and resourced"),
        counts=_("credit of pilots that have ended, of all that have"),
        rule=_(
            "Each pilot that has ended counts 1 when it is to be scaled, half when it is to be tried again, nothing "
            "when it was stopped or left undecided. Without secured resources it counts half of that."
        ),
        source=_("Source: the programme's pilots."),
    ),
    "governance.hazards": IndicatorWords(
        name=_("Hazards closed or accepted"),
        counts=_("hazards closed or accepted, of all raised"),
        rule=_("Hazards of this site and of the whole programme that are closed, or accepted by somebody who may."),
        source=_("Source: the hazard log."),
    ),
}


def order_in_words(label: Any, order: Any) -> str:
    """What a list is put in the order of, and which way: "Score, lowest first"."""
    return gettext("%(column)s, %(order)s") % {"column": label, "order": order}


def domain_name(domain: str) -> str:
    """A domain as it is always called."""
    return str(ReadinessDomain(domain).label)


def indicator_name(code: str) -> str:
    """What an indicator is called, whichever model judges it."""
    domain = code.removeprefix(CHECKLIST)
    known = {"domain": domain_name(domain).lower() if code.startswith(CHECKLIST) else ""}
    return str(WORDS.get(code, _CHECKLIST).name) % known


def in_words(code: str, model: Model) -> IndicatorWords:
    """The words of an indicator, with the numbers of the model that judged it."""
    words = WORDS.get(code, _CHECKLIST)
    domain = code.removeprefix(CHECKLIST)
    numbers = {
        "domain": domain_name(domain).lower() if code.startswith(CHECKLIST) else "",
        "target": _percent(model, code),
        "declared": number_text(model.declared_credit),
        "staff_per_champion": model.staff_per_champion,
        **model.windows,
    }
    return IndicatorWords(
        name=str(words.name) % numbers,
        counts=str(words.counts),
        rule=str(words.rule) % numbers,
        source=str(words.source),
    )


def _percent(model: Model, code: str) -> str:
    return f"{number_text(model.target(code) * 100)}%" if code in model.shares else ""
