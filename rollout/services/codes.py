"""Numbers that records of a programme get from us: "DEC-7", "WAIVER-3"."""

from django.db.models import IntegerField, Max, QuerySet
from django.db.models.functions import Cast, Substr

from rollout.models import Programme


def next_code(rows: QuerySet, programme_id: int, prefix: str) -> str:
    """The code after the highest of ours among the programme's rows; codes that an import brought are left alone.

    Two at once get two numbers: the programme's row is held until the transaction ends.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
    ours = rows.filter(programme=programme_id, code__regex=rf"^{prefix}-[0-9]{{1,8}}$")
    number = Cast(Substr("code", len(prefix) + 2), IntegerField())
    return f"{prefix}-{(ours.aggregate(last=Max(number))['last'] or 0) + 1}"
