"""Rows that hold every word, in any order, with PostgreSQL as it comes: no extension, no index of words.

The tables searched have at most some ten thousand rows; going through one takes milliseconds.
"""

from typing import Any

from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Lower

from readiness.dashboards.search.asked import Asked, fold


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


def matching(
    rows: QuerySet[Any], asked: Asked, *, own: tuple[str, ...], around: tuple[str, ...], code: str
) -> QuerySet[Any]:
    """The rows that hold every word, one of them at least in what is their `own`; the best first.

    The rest may stand `around` them: a ward is found by its site's name, too. First comes whose `code` was typed, then
    whose own words begin with what was typed, then whose first column (the name) holds every word.
    """
    rows = rows.annotate(own_words=Folded(*own))
    in_own = Q()
    for word in asked.words:
        in_own |= Q(own_words__contains=word)
    rows = rows.filter(in_own)
    if len(asked.words) > 1:
        rows = rows.annotate(all_words=Folded(*own, *around))
        for word in asked.words:
            rows = rows.filter(all_words__contains=word)
    typed = fold(asked.text)
    rows = rows.annotate(first_words=Folded(own[0]))
    in_first = Q()
    for word in asked.words:
        in_first &= Q(first_words__contains=word)
    rank = Case(
        When(**{f"{code}__iexact": asked.text}, then=0),
        When(typed_code__in=asked.words, then=1),
        When(own_words__startswith=typed, then=2),
        When(in_first, then=3),
        default=4,
        output_field=IntegerField(),
    )
    return rows.annotate(typed_code=Lower(code), rank=rank)
