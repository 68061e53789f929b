"""What somebody typed into the search field, as words to look for."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

FEWEST_CHARACTERS = 2
MOST_CHARACTERS = 100
MOST_WORDS = 8


@dataclass(frozen=True)
class Asked:
    """The text as typed, its words folded (no accents, no capitals), and why it cannot be looked for ("": it can)."""

    text: str
    words: tuple[str, ...] = ()
    problem: Any = ""


def asked(typed: str) -> Asked:
    """The words of a text, in the order typed, each once. Control characters part words like spaces."""
    text = " ".join("".join(each if each.isprintable() else " " for each in typed).split())
    if len(text) > MOST_CHARACTERS:
        return Asked(text[:MOST_CHARACTERS], problem=_("That is too long to look for. Use a few words of it."))
    words = tuple(dict.fromkeys(fold(text).split()))
    if text and len("".join(words)) < FEWEST_CHARACTERS:
        return Asked(text, problem=_("That is too short. Type at least 2 letters or digits."))
    if len(words) > MOST_WORDS:
        return Asked(text, problem=_("Those are too many words. Use at most 8."))
    return Asked(text, words)


def fold(text: str) -> str:
    """Text as it is compared, the same as `matching.Folded` makes of a column."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in apart if not "\u0300" <= each <= "\u036f")
