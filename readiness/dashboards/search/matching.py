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
        super().__init__(Func(Value(" "), *(F(column) for column in columns), function="concat_ws"))

    def as_sql(self, compiler: Any, connection: Any, *_ways: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:
        """The text is written four times, since SQL has no name for it here."""
        sql, parameters = compiler.compile(self.source_expressions[0])
        plain = f"octet_length({sql}) = char_length({sql})"
        apart = rf"regexp_replace(normalize(lower({sql}), NFKD), '[\u0300-\u036f]', '', 'g')"
        return f"CASE WHEN {plain} THEN lower({sql}) ELSE {apart} END", tuple(parameters) * 4


class Holds(Func):
    """Whether a text holds any (ANY) or all (ALL) of the words. The text is worked out once, whatever their number."""

    output_field = BooleanField()
    template = "(%(expressions)s)"

    def __init__(self, text: Folded, words: Iterable[str], *, of: str) -> None:
        patterns = [f"%{_PLAIN.sub(_ESCAPED, word)}%" for word in words]
        super().__init__(text, Func(Value(patterns), function=of), arg_joiner=" LIKE ")


def matching(
    rows: QuerySet[Any], asked: Asked, *, own: tuple[str, ...], around: tuple[str, ...], code: str
) -> QuerySet[Any]:
    """The rows that hold every word, one of them at least in what is their `own`; the best first.

    The rest may stand `around` them: a ward is found by its site's name, too. First comes whose `code` was typed, then
    whose own words begin with what was typed, then whose first column (the name) holds every word.
    """
    rows = rows.annotate(own_words=Folded(*own)).filter(Holds(Folded(*own), asked.words, of="ANY"))
    if len(asked.words) > 1:
        rows = rows.filter(Holds(Folded(*own, *around), asked.words, of="ALL"))
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
