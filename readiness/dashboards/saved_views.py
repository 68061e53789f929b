"""Saved views of a list: the addresses they stand for, and what they show in words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext

from readiness.dashboards.site_columns import HEATMAP
from readiness.forms.kept_lists import ListOf
from rollout.models import SavedView
from rollout.permissions import change_view
from rollout.querysets.rights import Somebody
from rollout.templatetags.components import chosen_words

EVERYTHING = "all"  # ?saved=all is the list without any view
ASKED = re.compile(r"([1-9][0-9]{0,17})(?:-[\w-]*)?")


@dataclass(frozen=True)
class ViewRow:
    """A saved view as a list of views shows it."""

    view: SavedView
    href: str
    change_href: str
    words: str
    editable: bool


def asked_id(written: str) -> int | None:
    """The id in ?saved=12-late-sites; None for anything else."""
    found = ASKED.fullmatch(written)
    return int(found[1]) if found else None


def mark_of(view: SavedView) -> str:
    """What ?saved= says of a view: its id, and its name for people to read."""
    words = slugify(view.name)
    return f"{view.pk}-{words}" if words else str(view.pk)


def views_of(of: ListOf) -> list[SavedView]:
    """The views that a reader may open, removed ones too: the own and the shared, but none whose filters they lack."""
    views = SavedView.objects.visible_to(of.user).filter(programme=of.programme, list_name=of.kept.name)
    known = {"sort", "view", *of.filters().fields}
    return [view for view in views if {name for name, _value in parse_qsl(view.query)} <= known]


def address_of(of: ListOf, view: SavedView) -> str:
    """The address that a view opens: everything it keeps, and which view it is."""
    kept = [*parse_qsl(view.query), *([("columns", ",".join(view.columns))] if view.columns else [])]
    return f"{of.address}?{urlencode([*kept, ('saved', mark_of(view))], safe=',')}"


def first_view(views: Sequence[SavedView], user: Somebody) -> SavedView | None:
    """The view a list opens with: the person's own first one, else the one shared as first."""
    own = (view for view in views if view.is_default and not view.shared and view.owner_id == user.pk)
    return next(own, None) or next((view for view in views if view.is_default and view.shared), None)


def view_rows(of: ListOf, views: Iterable[SavedView]) -> list[ViewRow]:
    """Rows for views, in their order, with what each shows."""
    return [
        ViewRow(
            view=view,
            href=address_of(of, view),
            change_href=reverse("readiness:view-detail", kwargs={"programme": of.programme.code, "view": view.pk}),
            words=shows(view.query, view.columns, of),
            editable=change_view(of.user, view),
        )
        for view in views
    ]


def shows(query: str, columns: Sequence[str], of: ListOf) -> str:
    """What a list shows, in words: "Heat map; Band: Off track; in the order of Score, highest first"."""
    asked = QueryDict(query)
    form = of.filters(asked)
    form.is_valid()
    told = [gettext("Heat map")] if asked.get("view") == HEATMAP else []
    for field in form:
        if (value := asked.get(field.html_name)) and field.name in form.cleaned_data:
            words = chosen_words(field, value)
            told.append(f"{field.label}: {words}" if words else str(field.label))
    if order := asked.get("sort"):
        told.append(of.kept.order_words(order))
    if columns:
        names = ", ".join(str(of.kept.columns[name].label) for name in columns if name in of.kept.columns)
        told.append(gettext("Columns: %(names)s") % {"names": names})
    return "; ".join(told) or str(of.kept.everything)
