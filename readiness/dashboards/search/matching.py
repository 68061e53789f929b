"""Rows that hold every word, in any order, with PostgreSQL as it comes: no extension, no index of words.

The tables searched have at most some ten thousand rows; going through one takes milliseconds.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Case, F, Func, IntegerField, QuerySet, TextField, Value, When
from django.db.models.functions import Lower

from readiness.dashboards.search.asked import Asked, fold

# What a pattern of LIKE reads as more than itself, and how it is told to read it plainly.
_PLAIN = re.compile(r"([\\%_])")
_ESCAPED = r"\\\1"


class Folded(Func):
    """Columns as one text without capitals and accents. Most are plain ASCII, which is quicker to see than to undo."""

    output_field = TextField()

    def __init__(self, *columns: str) -> None:
        super().__init__(*(F(column) for column in columns))

    def as_sql(self, compiler: Any, connection: Any, *_ways: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:
        """Columns are plain where they have as many bytes as characters; a NULL among them goes the longer way."""
        columns = [compiler.compile(column)[0] for column in self.source_expressions]
        octets, characters = (" + ".join(f"{of}({sql})" for sql in columns) for of in ("octet_length", "char_length"))
        text = f"concat_ws(' ', {', '.join(columns)})"
        apart = rf"regexp_replace(normalize(lower({text}), NFKD), '[\u0300-\u036f]', '', 'g')"
        return f"CASE WHEN {octets} = {characters} THEN lower({text}) ELSE {apart} END", ()


class Holds(Func):
    """Whether a text holds any (ANY) or all (ALL) of the words. The text is worked out once, whatever their number."""

    output_field = BooleanField()
    template = "(%(expressions)s)"

    def __init__(self, text: Folded | F, words: Iterable[str], *, of: str) -> None:
        patterns = [f"%{_PLAIN.sub(_ESCAPED, word)}%" for word in words]
        super().__init__(text, Func(Value(patterns), function=of), arg_joiner=" LIKE ")


def matching(
    rows: QuerySet[Any], asked: Asked, *, own: tuple[str, ...], around: tuple[str, ...], code: str
) -> QuerySet[Any]:
    """The rows that hold every word, one of them at least in what is their `own`; the best first.

    The rest may stand `around` them: a ward is found by its site's name, too. First comes whose `code` was typed, then
    whose own words begin with what was typed, then whose first column (the name) holds every word.
    """
    # Named before they are compared: a filter over columns of its own would join other records of the same place.
    rows = rows.annotate(own_words=Folded(*own), all_words=Folded(*own, *around))
    rows = rows.filter(Holds(F("own_words"), asked.words, of="ANY"))
    if len(asked.words) > 1:
        rows = rows.filter(Holds(F("all_words"), asked.words, of="ALL"))
    typed = fold(asked.text)
    rank = Case(
        When(**{f"{code}__iexact": asked.text}, then=0),
        When(typed_code__in=asked.words, then=1),
        When(own_words__startswith=typed, then=2),
        When(Holds(Folded(own[0]), asked.words, of="ALL"), then=3),
        default=4,
        output_field=IntegerField(),
    )
    return rows.annotate(typed_code=Lower(code), rank=rank)
