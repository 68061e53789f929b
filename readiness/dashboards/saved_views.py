"""Saved views of the list of sites: the addresses they stand for, and what they show in words."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.forms import BaseForm
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext

from readiness.dashboards.programmes import sites_address
from readiness.dashboards.site_columns import BY_KEY, HEATMAP, order_words
from rollout.models import Programme, SavedView, User
from rollout.permissions import change_view
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


def address_of(programme: Programme, view: SavedView) -> str:
    """The address that a view opens: everything it keeps, and which view it is."""
    kept = [*parse_qsl(view.query), *([("columns", ",".join(view.columns))] if view.columns else [])]
    return f"{sites_address(programme)}?{urlencode([*kept, ('saved', mark_of(view))], safe=',')}"


def first_view(views: Sequence[SavedView], user: User) -> SavedView | None:
    """The view a list opens with: the person's own first one, else the one shared as first."""
    own = (view for view in views if view.is_default and not view.shared and view.owner_id == user.pk)
    return next(own, None) or next((view for view in views if view.is_default and view.shared), None)


def view_rows(
    programme: Programme, views: Iterable[SavedView], user: User, filters: Callable[[QueryDict], BaseForm]
) -> list[ViewRow]:
    """Rows for views, in their order, with what each shows."""
    return [
        ViewRow(
            view=view,
            href=address_of(programme, view),
            change_href=reverse("readiness:view-detail", kwargs={"programme": programme.code, "view": view.pk}),
            words=shows(view.query, view.columns, filters),
            editable=change_view(user, view),
        )
        for view in views
    ]


def shows(query: str, columns: Sequence[str], filters: Callable[[QueryDict], BaseForm]) -> str:
    """What a list shows, in words: "Heat map; Band: Off track; in the order of Score, highest first"."""
    asked = QueryDict(query)
    form = filters(asked)
    form.is_valid()
    told = [gettext("Heat map")] if asked.get("view") == HEATMAP else []
    for field in form:
        if (value := asked.get(field.html_name)) and field.name in form.cleaned_data:
            words = chosen_words(field, value)
            told.append(f"{field.label}: {words}" if words else str(field.label))
    if order := asked.get("sort"):
        told.append(order_words(order))
    if columns:
        names = ", ".join(str(BY_KEY[name].label) for name in columns if name in BY_KEY)
        told.append(gettext("Columns: %(names)s") % {"names": names})
    return "; ".join(told) or gettext("All sites")
