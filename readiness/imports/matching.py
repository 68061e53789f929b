"""Which column probably fills which field: as it was matched last, else by the words of its header."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from readiness.imports.kinds import Field

_GAPS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Words without case, accents and marks between them: what two headers are compared by."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(_GAPS.sub(" ", kept).split())


def propose(fields: Sequence[Field], headers: Sequence[str], saved: Mapping[str, str]) -> dict[str, int]:
    """The place of a column for each field that one is found for. A column fills one field.

    `saved` is the header that each field had last time; it goes before the field's name, label and aliases.
    """
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        places.setdefault(folded(header), place)
    places.pop("", None)
    found: dict[str, int] = {}
    for round_of in (
        lambda field: [saved.get(field.name, "")],
        lambda field: [field.name, str(field.label)],
        lambda field: field.aliases,
    ):
        for field in fields:
            taken = set(found.values())
            fitting = (places[key] for key in map(folded, round_of(field)) if key in places)
            free = [each for each in fitting if each not in taken]
            if field.name not in found and free:
                found[field.name] = free[0]
    return found
