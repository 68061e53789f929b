"""Keeping a list as a person wants to see it again: save, change, remove and put back. Who may is asked before."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rollout.audit import acting
from rollout.errors import Conflict, Refusal
from rollout.models import Programme, SavedView, User

MOST = 50  # views of one list that a person, or a programme, keeps


class NameTaken(Conflict):
    """Another view of the same list and the same readers has this name."""


class TooManyViews(Refusal):
    """There is no room for another view."""


class ViewChanged(Conflict):
    """The view is no longer as the person saw it: somebody changed or removed it first."""


def save_view(
    *,
    owner: User,
    programme: Programme,
    list_name: str,
    name: str,
    query: str,
    columns: Sequence[str] = (),
    shared: bool = False,
    first: bool = False,
) -> SavedView:
    """Keep a list under a name; saved again with nothing changed, it is the one that is there.

    `query` and `columns` come from a form that knows the list. Raises NameTaken and TooManyViews.
    """
    with acting(owner, "view saved"):
        _one_at_a_time(programme)
        readers = _readers(programme, list_name, owner, shared=shared)
        same = readers.filter(name__iexact=name).first()
        wanted = (owner.pk, query, list(columns), first)
        if same and (same.owner_id, same.query, same.columns, same.is_default) == wanted:
            return same
        if same:
            raise NameTaken(_name_taken(name))
        if readers.count() >= MOST:
            raise TooManyViews(_("There are %(most)s views already. Remove one first.") % {"most": MOST})
        if first:
            readers.update(is_default=False)
        return SavedView.objects.create(
            owner=owner,
            programme=programme,
            list_name=list_name,
            name=name,
            query=query,
            columns=list(columns),
            shared=shared,
            is_default=first,
        )


def change_view(*, view: SavedView, by: User, name: str, first: bool) -> SavedView:
    """Give a view another name, and say whether it opens first. Raises NameTaken, and ViewChanged where it is stale."""
    with acting(by, "view changed"):
        _one_at_a_time(view.programme)
        readers = _readers(view.programme, view.list_name, view.owner, shared=view.shared)
        if readers.filter(name__iexact=name).exclude(pk=view.pk).exists():
            raise NameTaken(_name_taken(name))
        if first:
            readers.exclude(pk=view.pk).update(is_default=False)
        _update(view, retired=False, name=name, is_default=first)
    return view


def replace_view(*, view: SavedView, by: User, query: str, columns: Sequence[str]) -> SavedView:
    """Let a view show what is shown now, under its name. Raises ViewChanged where it is stale."""
    with acting(by, "view replaced"):
        _update(view, retired=False, query=query, columns=list(columns))
    return view


def remove_view(*, view: SavedView, by: User) -> SavedView:
    """Take a view out of the list; it can be put back. Raises ViewChanged where it is stale."""
    with acting(by, "view removed"):
        _update(view, retired=False, is_default=False, retired_at=timezone.now(), retired_by=by)
    return view


def restore_view(*, view: SavedView, by: User) -> SavedView:
    """Put a removed view back. Raises NameTaken where its name has gone, and ViewChanged where it is stale."""
    with acting(by, "view put back"):
        _one_at_a_time(view.programme)
        readers = _readers(view.programme, view.list_name, view.owner, shared=view.shared)
        if readers.filter(name__iexact=view.name).exists():
            raise NameTaken(_name_taken(view.name))
        _update(view, retired=True, retired_at=None, retired_by=None)
    return view


def _name_taken(name: str) -> str:
    return _("There is a view called %(name)s already. Choose another name.") % {"name": name}


def _one_at_a_time(programme: Programme) -> None:
    """Names and first views are looked up before they are written: two who write at once wait for each other."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)


def _readers(programme: Programme, list_name: str, owner: User, *, shared: bool) -> Any:
    """The views among which a name is taken and one opens first."""
    views = SavedView.objects.current().filter(programme=programme, list_name=list_name, shared=shared)
    return views if shared else views.filter(owner=owner)


def _update(view: SavedView, *, retired: bool, **fields: Any) -> None:
    """Write where the row is still as it was read, by its last edit."""
    seen = SavedView.objects.filter(pk=view.pk, edited_at=view.edited_at, retired_at__isnull=not retired)
    if not seen.update(**fields):
        raise ViewChanged(_("The view was changed meanwhile. Look again."))
    view.refresh_from_db()
