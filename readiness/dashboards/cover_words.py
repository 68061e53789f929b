"""How a site's rota stands, in sentences, and what is missing for there to be one."""

from datetime import timedelta

from django.utils.translation import gettext, ngettext

from readiness.dashboards.cover import ChampionCover
from readiness.dashboards.slots import Slot
from rollout.models import Deployment
from rollout.templatetags.formats import count, day

# So many areas are named before "and 4 more".
NAMED = 3


def sentences(cover: ChampionCover) -> list[str]:
    """What stands first: the slots without enough champions, and the wards short of them."""
    found = [slots_sentence(cover), *never_sentences(cover), *past_sentences(cover)] if cover.slots else []
    if cover.champions and not cover.hidden:
        short = sum(bool(row.short) for row in cover.champions)
        words = {"enough": count(len(cover.champions) - short), "all": count(len(cover.champions))}
        found.append(
            gettext("%(enough)s of %(all)s areas have the trained champions they need.") % words
            if short
            else gettext("Every area has the trained champions it needs.")
        )
    return found or [gettext("There is no rota yet.")]


def slots_sentence(cover: ChampionCover) -> str:
    """How many slots are not filled: "3 of 84 slots of the first fortnight have nobody".

    Once some are over, gaps are counted in those to come: "3 of 42 slots still to come have nobody".
    """
    gaps, slots = cover.gaps, len(cover.ahead)
    which = gettext("still to come") if cover.past else gettext("of the first fortnight")
    numbers = {"gaps": count(len(gaps)), "slots": count(slots), "which": which}
    if not slots:
        return gettext("The first fortnight is over.")
    if not gaps:
        return (
            ngettext(
                "The %(slots)s slot %(which)s is covered.",
                "All %(slots)s slots %(which)s are covered.",
                slots,
            )
            % numbers
        )
    if len(gaps) == slots:
        words = gettext("None of the %(slots)s slots %(which)s is covered yet") % numbers
    elif all(slot.have == 0 and (cover.few or slot.minimum == 1) for slot in gaps):
        words = (
            ngettext(
                "%(gaps)s of %(slots)s slots %(which)s has nobody",
                "%(gaps)s of %(slots)s slots %(which)s have nobody",
                len(gaps),
            )
            % numbers
        )
    else:
        words = (
            ngettext(
                "%(gaps)s of %(slots)s slots %(which)s has too few champions",
                "%(gaps)s of %(slots)s slots %(which)s have too few champions",
                len(gaps),
            )
            % numbers
        )
    patterns = {slot.pattern.name for slot in gaps}
    if len(patterns) == 1 and len(gaps) > 1 and len(cover.patterns) > 1:
        return gettext("%(words)s; all are on the %(pattern)s shift.") % {"words": words, "pattern": patterns.pop()}
    return gettext("%(words)s.") % {"words": words}


def past_sentences(cover: ChampionCover) -> list[str]:
    """What became of the slots that are over: "25 of the 28 slots that are over were covered."."""
    if not cover.past:
        return []
    words = ngettext(
        "%(covered)s of %(past)s slot that is over was covered.",
        "%(covered)s of the %(past)s slots that are over were covered.",
        len(cover.past),
    )
    covered = sum(slot.filled for slot in cover.past)
    return [words % {"covered": count(covered), "past": count(len(cover.past))}]


def never_sentences(cover: ChampionCover) -> list[str]:
    """Which areas have a shift without enough champions on every day: "On the night shift … Cedar ward, Fern ward."."""
    if len(cover.gaps) == len(cover.ahead):
        return []
    never: dict[str, list[str]] = {}
    for rota in cover.wards_in_rota:
        for pattern, slots in rota.rows:
            ahead = [slot for slot in slots if not slot.over]
            if ahead and not any(slot.filled for slot in ahead):
                never.setdefault(pattern.name, []).append(rota.ward.name)
    found = []
    for shift, wards in never.items():
        names = ", ".join(wards[:NAMED])
        if more := len(wards) - NAMED:
            names = (
                gettext("%(names)s and %(more)s more") % {"names": names, "more": count(more)} if more > 0 else names
            )
        found.append(gettext("No %(pattern)s shift is covered on %(wards)s.") % {"pattern": shift, "wards": names})
    return found


def missing(cover: ChampionCover, deployment: Deployment) -> list[str]:
    """What is not there, and what it would be for."""
    found = []
    if cover.embedded:
        return [
            gettext("An embedded site's readiness is not worked out any more, and its first fortnight is long over.")
        ]
    if cover.go_live is None:
        found.append(gettext("No go-live is planned: the rota covers the fortnight that begins with it."))
    if not cover.patterns:
        found.append(gettext("The programme has no shift patterns: they say when champions are needed, and how many."))
    if not cover.champions:
        found.append(gettext("Nobody is posted to an area in scope: champions are counted for the staff they help."))
    if cover.paused:
        found.append(gettext("%(stage)s: the rota is shown as it stands.") % {"stage": deployment.get_stage_display()})
    return found


def clock_words(slot: Slot) -> str:
    """That a shift lasts longer or shorter than its clock says: "night on 24 October lasts 11 hours: …"."""
    words = {"pattern": slot.pattern.name, "day": day(slot.date), "length": length_words(slot.length)}
    if slot.length > slot.usual:
        return gettext("%(pattern)s on %(day)s lasts %(length)s: the clocks go back.") % words
    return gettext("%(pattern)s on %(day)s lasts %(length)s: the clocks go forward.") % words


def length_words(length: timedelta) -> str:
    """A length of time in hours and minutes."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    words = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": count(hours)}
    if not minutes:
        return words
    more = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": count(minutes)}
    return gettext("%(hours)s %(minutes)s") % {"hours": words, "minutes": more}
