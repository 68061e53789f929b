"""How the champions of a site stand, in a sentence."""

from django.utils.translation import gettext, ngettext

from rollout.templatetags.formats import count


def champions_sentence(standing: int, ended: int) -> str:
    """How many champions there are, and how many stood down."""
    if not standing:
        found = [gettext("Nobody is a champion here yet.")]
    else:
        words = {"n": count(standing)}
        found = [ngettext("%(n)s champion helps here.", "%(n)s champions help here.", standing) % words]
    if ended:
        found.append(ngettext("%(n)s stood down.", "%(n)s stood down.", ended) % {"n": count(ended)})
    return " ".join(found)
