"""What an entry of a timeline says, in one sentence without its full stop."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Answer, Assurance, GateOutcome
from readiness.dashboards.few import FEW
from readiness.dashboards.waivers import week_words
from readiness.models.safety import COLLISION_PREFIX, WAIVED_CAP
from rollout.choices import DecisionKind, DeclaredStatus, EngagementKind, PilotOutcome, Stage
from rollout.models.vocabulary import seat_words
from rollout.templatetags.formats import count, points, score
from rollout.templatetags.formats import day as day_words


class Row(NamedTuple):
    """A row of `sources.union_of`."""

    kind: str
    source: str
    day: date
    at: datetime | None
    what: str
    before: str
    after: str
    text: str
    reason: str
    by: int | None
    ref: int


# The sentence of a change: where there was something before and is something after, only after, only before.
MOVED: dict[str, tuple[Any, Any, Any]] = {
    "stage": (_("Stage: from %(before)s to %(after)s"), _("Stage: %(after)s"), _("Stage %(before)s ended")),
    "go_live": (
        _("Go-live moved from %(before)s to %(after)s"),
        _("Go-live planned for %(after)s"),
        _("Go-live on %(before)s taken back"),
    ),
    "technical_go_live": (
        _("Technical go-live moved from %(before)s to %(after)s"),
        _("Technical go-live planned for %(after)s"),
        _("Technical go-live on %(before)s taken back"),
    ),
    "wave": (
        _("Moved from wave %(before)s to wave %(after)s"),
        _("Put into wave %(after)s"),
        _("Taken out of wave %(before)s"),
    ),
    "declared_status": (
        _("Declared %(after)s, before that %(before)s"),
        _("Declared %(after)s"),
        _("Declared status %(before)s taken back"),
    ),
}
FACTS = {
    "interest": _("Interest registered"),
    "technical_go_live": _("Technical go-live happened"),
    "go_live": _("Went live"),
}
ITEMS = {
    "done": _("Item done: %(text)s"),
    "blocked": _("Item blocked: %(text)s"),
    "not_applicable": _("Item does not apply: %(text)s"),
}
WAIVERS = {
    "asked": _("Waiver asked for: %(text)s, until %(until)s"),
    "approved": _("Waiver approved: %(text)s, until %(until)s"),
    "denied": _("Waiver denied: %(text)s"),
    "revoked": _("Waiver revoked: %(text)s"),
}
PILOTS = {
    "began": _("Pilot %(code)s began"),
    "ended": _("Pilot %(code)s ended"),
    "decided": _("Pilot %(code)s decided: %(outcome)s"),
}


def words_of(row: Row, *, groups: str = "", few: bool = True) -> str:
    """The sentence of a row. `groups` are the staff groups an event reached; `few`: counts under 5 may be shown."""
    if row.source == "event":
        return _event(row, groups, few)
    return SENTENCES[row.source](row)


def label(choices: type[TextChoices], value: str) -> str:
    """A code in the reader's language; what is none of the codes stays as it is written."""
    return str(choices(value).label) if value in choices.values else value


def _change(row: Row) -> str:
    both, only_after, only_before = MOVED[row.what]
    sentence = both if row.before and row.after else only_after if row.after else only_before
    return str(sentence) % {"before": _value(row.what, row.before), "after": _value(row.what, row.after)}


def _value(what: str, written: str) -> str:
    """A value as a change holds it, in words: a stage, a day, a colour, the number of a wave."""
    if what == "stage":
        return label(Stage, written)
    if what == "declared_status":
        return label(DeclaredStatus, written).lower()
    if what == "wave":
        return written
    try:
        return day_words(date.fromisoformat(written))
    except ValueError:
        return written


def _decision(row: Row) -> str:
    where = (
        gettext("Decided for all sites (%(kind)s): %(text)s") if row.before else gettext("Decided (%(kind)s): %(text)s")
    )
    return where % {"kind": label(DecisionKind, row.what).lower(), "text": row.text}


def _asked(row: Row) -> str:
    words = gettext("Decision asked for (%(kind)s): %(text)s") % {
        "kind": label(DecisionKind, row.what).lower(),
        "text": row.text,
    }
    return gettext("%(words)s. Waits for: %(what)s") % {"words": words, "what": row.after} if row.after else words


def _review(row: Row) -> str:
    outcome = label(GateOutcome, row.what).lower() if row.what else gettext("no outcome recorded")
    return gettext("Gate “%(gate)s” held: %(outcome)s") % {"gate": row.text, "outcome": outcome}


def _sign_off(row: Row) -> str:
    return gettext("%(seat)s at gate “%(gate)s”: %(answer)s") % {
        "seat": seat_words(row.before, row.after),
        "gate": row.text,
        "answer": label(Answer, row.what).lower(),
    }


def _item(row: Row) -> str:
    words = str(ITEMS[row.what]) % {"text": row.text}
    if row.what != "done" or not row.after:
        return words
    return gettext("%(words)s (%(assurance)s)") % {"words": words, "assurance": label(Assurance, row.after).lower()}


def _waiver(row: Row) -> str:
    if row.before == WAIVED_CAP:
        text = gettext("agreements that are not signed")
    elif row.before.startswith(COLLISION_PREFIX):
        text = gettext("change-load collision in the %(week)s") % {"week": week_words(row.before)}
    else:
        text = row.text or row.before
    return str(WAIVERS[row.what]) % {"text": text, "until": day_words(date.fromisoformat(row.after))}


def _pilot(row: Row) -> str:
    words = str(PILOTS[row.what]) % {"code": row.before, "outcome": label(PilotOutcome, row.after).lower()}
    return gettext("%(words)s – %(question)s") % {"words": words, "question": row.text} if row.text else words


def _score(row: Row) -> str:
    before, after = Decimal(row.before), Decimal(row.after)
    sentence = gettext("Score rose from %(before)s to %(after)s (%(points)s)")
    if after < before:
        sentence = gettext("Score fell from %(before)s to %(after)s (%(points)s)")
    return sentence % {"before": score(before), "after": score(after), "points": points(after - before)}


def _event(row: Row, groups: str, few: bool) -> str:
    words = label(EngagementKind, row.what)
    if row.text:
        words = gettext("%(kind)s: %(text)s") % {"kind": words, "text": row.text.rstrip(".")}
    told = [words]
    if row.after:
        people = int(row.after)
        if people < FEW and not few and people:
            told.append(gettext("fewer than 5 people"))
        else:
            told.append(ngettext("%(count)s person", "%(count)s people", people) % {"count": count(people)})
    if groups:
        told.append(gettext("reached %(groups)s") % {"groups": groups})
    return ", ".join(told)


SENTENCES: dict[str, Callable[[Row], str]] = {
    "change": _change,
    "fact": lambda row: str(FACTS[row.what]),
    "decision": _decision,
    "asked": _asked,
    "review": _review,
    "sign_off": _sign_off,
    "item": _item,
    "waiver": _waiver,
    "pilot": _pilot,
    "score": _score,
}
