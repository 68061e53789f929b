"""How a site's log-in tests stand, in sentences."""

from fractions import Fraction

from django.utils.translation import gettext, ngettext

from readiness.dashboards.access import Tracker
from rollout.templatetags.formats import count, day, percent


def sentences(shown: Tracker, word: str) -> list[str]:
    """What stands first: who can log in, who is left, and what it takes; `word` is what a ward is called here."""
    whole = shown.whole
    if shown.hidden:
        return [
            gettext("Some counts here are of fewer than 5 people. So that nobody can be recognised, none is shown.")
        ]
    if shown.embedded:
        return [gettext("The site is embedded: log-in tests are not counted here any more.")]
    if not whole.people:
        return [gettext("Nobody is posted here yet, so there is nobody to test.")]
    if shown.whole_only:
        return [_part(gettext("%(part)s of %(whole)s have passed a log-in test (%(percent)s)."), whole.passed, shown)]
    if shown.days_to_go == 0:
        return after_go_live(shown, word)
    first = gettext("%(part)s of %(whole)s have logged in on a device of their own %(word)s (%(percent)s).")
    found = [_part(first, whole.own, shown, word=word), left(shown), failed(shown)]
    return [sentence for sentence in found if sentence]


def _part(words: str, part: int, shown: Tracker, **more: str) -> str:
    people = shown.whole.people
    return words % {"part": count(part), "whole": count(people), "percent": percent(Fraction(part, people)), **more}


def after_go_live(shown: Tracker, word: str) -> list[str]:
    """What became of the drill, and who cannot log in even now."""
    first = gettext(
        "%(part)s of %(whole)s had logged in on a device of their own %(word)s before go-live (%(percent)s)."
    )
    then = _part(first, shown.whole.in_time, shown, word=word)
    stuck = shown.whole.people - shown.whole.passed
    now = ngettext(
        "%(n)s person has no passed log-in test even now.", "%(n)s people have no passed log-in test even now.", stuck
    ) % {"n": count(stuck)}
    return [sentence for sentence in (then, now if stuck else "", failed(shown)) if sentence]


def left(shown: Tracker) -> str:
    """Who is left, and how many a day are done in time."""
    whole, days = shown.whole, shown.days_to_go
    if not whole.left:
        return gettext("Nobody is left.")
    if shown.paused or days is None:
        return ngettext("%(n)s person is left.", "%(n)s people are left.", whole.left) % {"n": count(whole.left)}
    return ngettext(
        "%(left)s left with %(n)s day to go: %(pace)s a day.",
        "%(left)s left with %(n)s days to go: %(pace)s a day.",
        days,
    ) % {
        "left": ngettext("%(n)s person is", "%(n)s people are", whole.left) % {"n": count(whole.left)},
        "n": count(days),
        "pace": count(shown.a_day),
    }


def failed(shown: Tracker) -> str:
    """Who failed and was left at that."""
    number = shown.whole.failed
    if not number:
        return ""
    return ngettext(
        "%(n)s person failed and was not tried again.", "%(n)s people failed and were not tried again.", number
    ) % {"n": count(number)}


def differences(shown: Tracker, word: str) -> list[str]:
    """Where these figures and the score's differ, and why."""
    whole, found = shown.whole, []
    if shown.hidden or shown.whole_only:
        return []
    if whole.elsewhere:
        found.append(
            ngettext(
                "%(n)s person passed elsewhere, or nobody said where. The score counts them: it asks whether the latest"
                " test passed. The drill does not: it asks for a device of their own %(word)s.",
                "%(n)s people passed elsewhere, or nobody said where. The score counts them: it asks whether the latest"
                " test passed. The drill does not: it asks for a device of their own %(word)s.",
                whole.elsewhere,
            )
            % {"n": count(whole.elsewhere), "word": word}
        )
    if whole.away and shown.few:
        found.append(
            ngettext(
                "%(n)s person who is left is on recorded absence in the days from go-live.",
                "%(n)s people who are left are on recorded absence in the days from go-live.",
                whole.away,
            )
            % {"n": count(whole.away)}
        )
    return found


def of_the_score(shown: Tracker) -> str:
    """What the stored score counted where it counted otherwise; "" where it counted the same."""
    if not shown.late or shown.stored is None:
        return ""
    return gettext(
        "The stored score counted %(then)s of %(of)s who passed; the records of %(day)s as they are known now give"
        " %(now)s of %(all)s. The next run takes them into the score."
    ) % {
        "then": count(shown.stored[0]),
        "of": count(shown.stored[1]),
        "now": count(shown.whole.passed),
        "all": count(shown.whole.people),
        "day": day(shown.day),
    }
