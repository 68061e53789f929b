"""A form that stands in the place of what it edits: a row of a list, a fact on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from rollout.forms.conflicts import Difference

CLOSED = "row"  # of the query string, for htmx: what is edited as it stands, without its form


@dataclass(frozen=True)
class InPlace:
    """What templates/components/row_form.html shows; its page works without scripts and shows the same form.

    `action` is where the form is sent and `back` where it is not, `of` what is edited, in words. `target` is the id of
    the part that it takes the place of and that its answer replaces, `cancel_href` the part as it was. `too_late`:
    somebody else saved first, and `differences` tells what. `columns`: the fields stand side by side.
    """

    form: Any
    of: str
    action: str
    target: str
    back: str
    cancel_href: str
    too_late: bool = False
    differences: Sequence[Difference] | None = None
    columns: bool = True


def list_query(query: QueryDict, *without: str) -> str:
    """The query string of the list that a row belongs to, with its "?"; "" where there is none."""
    rest = query.copy()
    for name in (CLOSED, *without):
        rest.pop(name, None)
    return f"?{rest.urlencode()}" if rest else ""


def closing(address: str) -> str:
    """The address that answers with what is edited as it stands."""
    return f"{address}{'&' if '?' in address else '?'}{CLOSED}=on"
