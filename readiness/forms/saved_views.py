"""What a person says of a view of a list: its name, whether it opens first and for whom, and what it shows."""

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.site_columns import HEATMAP
from readiness.forms.kept_lists import KeptList, ListOf
from rollout.models import SavedView

# Of the address but not of the view: which page, which day, and which view it began with.
PASSING = frozenset({"page", "as_of", "since", "changed", "saved", "select"})
LONGEST = 2000
MOST_FIELDS = 40


NAMES = _("A shared view must not name a person. Take the owner out of its filters, or keep it for yourself.")


class Unknown(ValueError):
    """The query says something that the list does not know."""


def normalised(query: str, of: ListOf) -> tuple[str, list[str]]:
    """The query of a list in one spelling, and the columns it names; equal lists are equal texts.

    Raises Unknown for a name or a value the list does not know: nothing of it is kept, rather than something else.
    """
    kept = of.kept
    try:
        found = parse_qs(query.removeprefix("?"), max_num_fields=MOST_FIELDS, errors="strict") if query else {}
    except ValueError:
        raise Unknown from None
    form = of.filters(QueryDict(query.removeprefix("?")))
    filters = [name for name in kept.filters if name in form.fields]
    known = {*PASSING, *filters, "sort", *(["view"] if kept.looks else []), *(["columns"] if kept.columns else [])}
    if len(query) > LONGEST or found.keys() - known:
        raise Unknown
    if any(len(values) > 1 for name, values in found.items() if name != "columns"):
        raise Unknown
    if not form.is_valid() and form.errors.keys() - PASSING:
        raise Unknown
    said = [(name, _plain(form.cleaned_data[name])) for name in filters if form.cleaned_data.get(name)]
    for name, choices in (("sort", kept.sorts), ("view", kept.looks)):
        value = found.get(name, [""])[0]
        if value and value.removeprefix("-" if name == "sort" else "") not in choices:
            raise Unknown
        said += [(name, value)] if value and (name, (value,)) != ("view", kept.looks[:1]) else []
    return urlencode(said), _columns(kept, found.get("columns", []), heat=("view", HEATMAP) in said)


def names_somebody(query: str, kept: KeptList) -> bool:
    """Whether a query in its one spelling names a person."""
    said = [(name, value.casefold()) for name, value in parse_qsl(query) if name in kept.naming]
    return any(kept.naming[name] != value for name, value in said)


def _plain(value: Any) -> str:
    return "on" if value is True else str(value)


def _columns(kept: KeptList, written: list[str], *, heat: bool) -> list[str]:
    asked = [name for part in written for name in part.split(",") if name]
    if set(asked) - kept.columns.keys():
        raise Unknown
    chosen = [name for name in kept.columns if name in asked]
    return [] if heat or tuple(chosen) == kept.usual else chosen


class ViewForm(forms.Form):
    """A new view, or a changed one. `shared` is there for those who may share, and only while the view is new."""

    name = forms.CharField(
        label=_("Name of the view"), max_length=60, error_messages={"required": _("Enter a name for the view")}
    )
    shared = forms.BooleanField(label=_("Share it with everybody in the programme"), required=False)
    first = forms.BooleanField(label=_("Open the list with it"), required=False)
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=LONGEST)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(
        self,
        *args: Any,
        of: ListOf,
        may_share: bool,
        view: SavedView | None = None,
        **kwargs: Any,
    ) -> None:
        """`view` is the one to be changed."""
        super().__init__(*args, **kwargs)
        self.of = of
        self.columns: list[str] = []
        self.fields.pop("seen" if view is None else "query")
        if view is not None or not may_share:
            self.fields.pop("shared")
        if may_share or (view is not None and view.shared):
            self.fields["first"].help_text = _now(
                "A shared view opens for everybody who has no first view of their own."
            )

    def clean_name(self) -> str:
        """The name with single spaces, and something in it that can be read."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_query(self) -> str:
        """The query in one spelling."""
        try:
            query, self.columns = normalised(self.cleaned_data["query"], self.of)
        except Unknown:
            raise forms.ValidationError(
                _now("This list cannot be kept: its address says something that the list does not know.")
            ) from None
        return query

    def clean(self) -> dict[str, Any]:
        """What everybody in the programme opens names nobody."""
        said = super().clean() or {}
        if said.get("shared") and names_somebody(said.get("query", ""), self.of.kept):
            self.add_error("shared", NAMES)
        return said
