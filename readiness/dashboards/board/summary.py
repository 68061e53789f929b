"""How a programme stands in at most five sentences, made from the figures alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext, ngettext

from readiness.choices import Band
from readiness.dashboards.board.scope import Whose, grouped
from readiness.dashboards.board.survey import Averages
from readiness.dashboards.programmes import Bands
from readiness.explain import cap_words
from rollout.templatetags.formats import score as whole_score

NEAR = Decimal("0.5")  # points; a mean nearer than this to what is expected is "as expected"


@dataclass(frozen=True)
class Sentence:
    """A sentence of which a part is a link; `href` is where it leads, "" where there is nothing to see."""

    before: str
    linked: str
    after: str
    href: str

    @property
    def text(self) -> str:
        """The sentence without its link."""
        return f"{self.before}{self.linked}{self.after}"


@dataclass(frozen=True)
class Standing:
    """The figures behind the sentences. `caps` counts sites by the cap that holds them down, of `held` sites in all.

    `declared` are sites that are compared and have a declared status. `asked` is how many decisions wait, the oldest
    for `oldest_days` days (None where none has waited a day), `ahead` how many more have their day to come. `past` says
    that it is a day before the present one.
    """

    whose: Whose = Whose.ALL
    bands: Bands = field(default_factory=Bands)
    averages: Averages = field(default_factory=Averages)
    declared: int = 0
    held: int = 0
    caps: Mapping[str, int] = field(default_factory=dict)
    asked: int = 0
    oldest_days: int | None = None
    ahead: int = 0
    past: bool = False


def sentences(standing: Standing, hrefs: Mapping[str, str]) -> list[Sentence]:
    """What a board member reads first. `hrefs` leads from a subject to its records.

    Subjects are sites, expected, held, differing, asked.
    """
    said = [
        ("sites", where_it_stands(standing)),
        ("expected", against_expected(standing)),
        ("held", held_down(standing)),
        ("differing", declared_against_computed(standing)),
        ("asked", what_is_asked(standing)),
    ]
    return [linked(text, hrefs.get(subject, "")) for subject, text in said if text]


def linked(text: str, href: str) -> Sentence:
    """A sentence with its link, which stands in square brackets."""
    before, _opening, rest = text.partition("[")
    link, _closing, after = rest.partition("]")
    return Sentence(before, link, after, href if link else "")


def where_it_stands(standing: Standing) -> str:
    """How many sites are ready or on track."""
    bands, whose = standing.bands, standing.whose
    if not bands.sites:
        return gettext("There are no sites yet.") if whose is Whose.ALL else gettext("No site of yours is in it yet.")
    everything = whose.whole(bands.sites)
    if bands.sites == bands.nothing:
        return gettext("There is no score yet for [%(sites)s].") % {"sites": everything}
    if not bands.in_bands:
        words = ngettext(
            "[%(sites)s], not compared with what is expected: %(rest)s.",
            "[%(sites)s], none compared with what is expected: %(rest)s.",
            bands.sites,
        )
        return _capital(words % {"sites": everything, "rest": _rest(bands)})
    compared = whose.whole(bands.in_bands)
    if bands.counts[Band.READY] == bands.in_bands:
        words = ngettext("[%(sites)s] is ready", "[All %(sites)s] are ready", bands.in_bands)
        if whose is not Whose.ALL and bands.in_bands > 1:
            words = gettext("All of [%(sites)s] are ready")
        first = words % {"sites": compared}
    elif not bands.good:
        words = ngettext(
            "[%(sites)s] is neither ready nor on track", "None of [%(sites)s] is ready or on track", bands.in_bands
        )
        first = words % {"sites": compared}
    else:
        words = ngettext(
            "[%(good)s of %(sites)s] is ready or on track",
            "[%(good)s of %(sites)s] are ready or on track",
            bands.good,
        )
        first = words % {"good": grouped(bands.good), "sites": compared}
    off = bands.off_track
    if off:
        behind = ngettext("%(count)s is off track", "%(count)s are off track", off) % {"count": grouped(off)}
        first = gettext("%(first)s; %(behind)s") % {"first": first, "behind": behind}
    rest = _rest(bands)
    if rest:
        return gettext("%(first)s. Not counted: %(rest)s.") % {"first": _capital(first), "rest": rest}
    return gettext("%(first)s.") % {"first": _capital(first)}


def against_expected(standing: Standing) -> str:
    """The mean score beside what is expected."""
    score, expected = standing.averages.score, standing.averages.expected
    if score is None or expected is None:
        return ""
    distance = abs(score - expected)
    points = int(distance.to_integral_value(ROUND_HALF_UP))
    expected_then = gettext("%(score)s expected that day") if standing.past else gettext("%(score)s expected today")
    expected_words = expected_then % {"score": whole_score(expected)}
    figures = {"score": whole_score(score), "expected": expected_words, "points": points}
    if distance < NEAR and standing.past:
        return gettext("The mean score is [%(score)s of 100], as was expected that day.") % figures
    if distance < NEAR:
        return gettext("The mean score is [%(score)s of 100], as is expected today.") % figures
    if score < expected:
        words = ngettext(
            "The mean score is [%(score)s of 100], %(points)d point behind the %(expected)s.",
            "The mean score is [%(score)s of 100], %(points)d points behind the %(expected)s.",
            points,
        )
    else:
        words = ngettext(
            "The mean score is [%(score)s of 100], %(points)d point ahead of the %(expected)s.",
            "The mean score is [%(score)s of 100], %(points)d points ahead of the %(expected)s.",
            points,
        )
    return words % figures


def held_down(standing: Standing) -> str:
    """How many sites something holds down, and what does so most often."""
    if not standing.held:
        return gettext("Nothing holds a site down.") if standing.bands.in_bands else ""
    most = Counter(standing.caps).most_common()
    why, sites = min(most, key=lambda each: (-each[1], each[0]))
    figures = {"sites": standing.whose.count(standing.held), "why": cap_words(why), "most": grouped(sites)}
    if sites == standing.held:
        words = ngettext(
            "[%(sites)s] is held down: %(why)s.", "[%(sites)s] are held down: %(why)s at each.", standing.held
        )
    else:
        words = gettext("[%(sites)s] are held down, most often (%(most)s) because %(why)s.")
    return _capital(words % figures)


def declared_against_computed(standing: Standing) -> str:
    """Whether what is said and what is measured agree."""
    if standing.bands.differing:
        words = gettext("At [%(sites)s] what we say and what we measure differ.")
        return words % {"sites": standing.whose.count(standing.bands.differing)}
    return gettext("What we say and what we measure agree.") if standing.declared else ""


def what_is_asked(standing: Standing) -> str:
    """How many decisions wait, and for how long; then how many have their day in the weeks to come."""
    ahead = ngettext("%(count)s is due soon", "%(count)s are due soon", standing.ahead)
    if not standing.asked:
        if not standing.ahead:
            return gettext("No decision waits.")
        return gettext("No decision waits; [%(ahead)s].") % {"ahead": ahead % {"count": grouped(standing.ahead)}}
    waits = _waiting(standing)
    if not standing.ahead:
        return gettext("%(asked)s.") % {"asked": waits}
    more = ngettext("%(count)s more is due soon", "%(count)s more are due soon", standing.ahead)
    return gettext("%(asked)s; %(ahead)s.") % {"asked": waits, "ahead": more % {"count": grouped(standing.ahead)}}


def _waiting(standing: Standing) -> str:
    """How many decisions should have been taken by the day, and since when the oldest."""
    asked = ngettext("[%(count)s decision] waits", "[%(count)s decisions] wait", standing.asked) % {
        "count": grouped(standing.asked)
    }
    if not standing.oldest_days:
        return asked
    days = standing.oldest_days
    oldest = ngettext("the oldest for %(days)s day", "the oldest for %(days)s days", days) % {"days": grouped(days)}
    if standing.asked == 1:
        oldest = ngettext("for %(days)s day", "for %(days)s days", days) % {"days": grouped(days)}
        return gettext("%(asked)s %(oldest)s") % {"asked": asked, "oldest": oldest}
    return gettext("%(asked)s, %(oldest)s") % {"asked": asked, "oldest": oldest}


def _rest(bands: Bands) -> str:
    """The sites that are in no count of bands, in words; "" where there are none."""
    parts = [
        (bands.counts[Band.PAUSED], ngettext("%(count)s paused", "%(count)s paused", bands.counts[Band.PAUSED])),
        (
            bands.counts[Band.UNSCHEDULED],
            ngettext("%(count)s without a date", "%(count)s without a date", bands.counts[Band.UNSCHEDULED]),
        ),
        (bands.nothing, ngettext("%(count)s without a score", "%(count)s without a score", bands.nothing)),
    ]
    said = [words % {"count": grouped(count)} for count, words in parts if count]
    return (
        gettext("%(first)s and %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}
        if said[1:]
        else "".join(said)
    )


def _capital(text: str) -> str:
    """The text with its first letter large, whether or not a link begins it."""
    return text[0] + text[1:2].upper() + text[2:] if text.startswith("[") else text[:1].upper() + text[1:]
