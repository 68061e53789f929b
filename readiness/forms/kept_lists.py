"""The lists that people keep views of: what the address of each may say, and the words around it."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from readiness.dashboards import item_list, site_columns, sites
from readiness.forms.item_list import FILTERS as ITEM_FILTERS
from readiness.forms.item_list import ItemFilters
from readiness.forms.sites import SiteFilters
from rollout.choices import SavedList
from rollout.models import Programme
from rollout.permissions import see_names_of_team
from rollout.querysets.rights import Somebody

Filters = Callable[..., Any]  # a maker of a form that knows its `choice`


@dataclass(frozen=True)
class KeptList:
    """One list: the URL names of its page and of its views, its tab, and what ?sort=, ?view= and ?columns= may say.

    Of `looks` the first is the usual one. `naming`: filters that name a person, and the value with which they do not.
    """

    name: SavedList
    url: str
    views_url: str
    tab: str
    filters: tuple[str, ...]
    form: Callable[[Programme, Somebody], Filters]
    sorts: Container[str]
    order_words: Callable[[str], str]
    title: Any
    lead: Any
    how: Any
    go: Any
    everything: Any
    show_everything: Any
    looks: tuple[str, ...] = ()
    columns: Mapping[str, site_columns.SiteColumn] = field(default_factory=dict)
    usual: tuple[str, ...] = ()
    naming: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListOf:
    """A list of a programme as somebody reads it."""

    kept: KeptList
    programme: Programme
    user: Somebody

    @cached_property
    def filters(self) -> Filters:
        """A maker of the list's form, which knows what the programme and its reader allow. Read once."""
        return self.kept.form(self.programme, self.user)

    @property
    def address(self) -> str:
        """The list as it opens."""
        return reverse(self.kept.url, kwargs={"programme": self.programme.code})

    @property
    def views_address(self) -> str:
        """The page of its views."""
        return reverse(self.kept.views_url, kwargs={"programme": self.programme.code})


def site_filters(programme: Programme, user: Somebody) -> Filters:
    """The filters of the list of sites."""
    return partial(SiteFilters, waves=list(programme.waves.filter(retired_at=None)))


def item_filters(programme: Programme, user: Somebody) -> Filters:
    """The filters of the list of items; who owns one is asked by those who read names."""
    waves = list(programme.waves.filter(retired_at=None))
    return partial(ItemFilters, waves=waves, names=see_names_of_team(user, programme))


SITES = KeptList(
    name=SavedList.SITES,
    url="readiness:deployment-list",
    views_url="readiness:view-list",
    tab="sites",
    filters=("q", "band", "stage", "wave", "differs"),
    form=site_filters,
    sorts=sites.SORTS,
    order_words=site_columns.order_words,
    title=_("Saved views of the sites"),
    lead=_("A saved view is the list of sites as you left it: its filters, order and columns."),
    how=_("Filter the list of sites, put it in order, choose its columns, then save it here under a name."),
    go=_("Go to the list of sites"),
    everything=_("All sites"),
    show_everything=_("Show all sites"),
    looks=site_columns.VIEWS,
    columns=site_columns.BY_KEY,
    usual=site_columns.USUAL,
)
ITEMS = KeptList(
    name=SavedList.ITEMS,
    url="readiness:item-list",
    views_url="readiness:item-view-list",
    tab="items",
    filters=ITEM_FILTERS,
    form=item_filters,
    sorts=item_list.SORTS,
    order_words=item_list.order_words,
    title=_("Saved views of the checklist items"),
    lead=_("A saved view is the list of items as you left it: its filters and order."),
    how=_("Filter the list of items, put it in order, then save it here under a name."),
    go=_("Go to the list of items"),
    everything=_("All items"),
    show_everything=_("Show all items"),
    naming={"owner": item_list.NOBODY},
)
KEPT = {each.name.value: each for each in (SITES, ITEMS)}
