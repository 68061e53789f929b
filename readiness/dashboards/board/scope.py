"""What a board dashboard is about: which programmes, whose sites, as of which day, since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from rollout.models import BoardPaper, Deployment, Programme
from rollout.querysets.rights import Somebody, rights_of

# How far back "what changed" looks where no board meeting is recorded.
LOOK_BACK = timedelta(days=28)


class Whose(Enum):
    """Which of the programmes' sites are counted."""

    ALL = "all"
    ORGANISATION = "organisation"
    SOME = "some"

    def count(self, number: int) -> str:
        """Some of the sites as a noun: "3 sites", "3 of your organisation's sites"."""
        words = {"count": grouped(number)}
        if self is Whose.ORGANISATION:
            return gettext("%(count)s of your organisation's sites") % words
        if self is Whose.SOME:
            return gettext("%(count)s of the sites you may see") % words
        return ngettext("%(count)s site", "%(count)s sites", number) % words

    def whole(self, number: int) -> str:
        """All of the sites as a noun: "40 sites", "your organisation's 12 sites"."""
        words = {"count": grouped(number)}
        if self is Whose.ORGANISATION:
            return ngettext("your organisation's one site", "your organisation's %(count)s sites", number) % words
        if self is Whose.SOME:
            return ngettext("the one site you may see", "the %(count)s sites you may see", number) % words
        return ngettext("%(count)s site", "%(count)s sites", number) % words


def grouped(number: int) -> str:
    """A whole number with its thousands set apart."""
    return number_format(number, use_l10n=True, force_grouping=True)


def shifted(day: date, by: timedelta) -> date:
    """A day so much earlier or later, within what a calendar holds."""
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta() else date.min


@dataclass(frozen=True)
class Scope:
    """What is asked: `deployments` are those of the programmes that the reader may see.

    `as_of` is the past day asked for, None for the present; `day` is the day the page stands on in either case.
    """

    programmes: Sequence[Programme]
    deployments: QuerySet
    whose: Whose
    as_of: date | None
    day: date
    since: date

    @property
    def several(self) -> bool:
        """Whether a row has to say of which programme it is."""
        return len(self.programmes) != 1

    @property
    def programme(self) -> Programme | None:
        """The one programme of the page, None where it is about several."""
        return None if self.several else self.programmes[0]


def scope_of(
    user: Somebody, programmes: Sequence[Programme], *, today: date, as_of: date | None, since: date | None
) -> Scope:
    """The scope of a person's page. Without `since` it is the last board meeting, else 28 days before the day."""
    day = as_of or today
    return Scope(
        programmes=programmes,
        deployments=Deployment.objects.current().visible_to(user).filter(programme__in=programmes),
        whose=whose_sites(user, programmes),
        as_of=as_of,
        day=day,
        since=since or last_meeting(programmes, day) or shifted(day, -LOOK_BACK),
    )


def whose_sites(user: Somebody, programmes: Sequence[Programme]) -> Whose:
    """Whether the user sees every site of the programmes, those of one organisation, or some others."""
    rights = rights_of(user)
    outright = rights.managed | rights.trained | rights.signed | rights.boards
    if rights.administrator or outright.issuperset(programme.pk for programme in programmes):
        return Whose.ALL
    elsewhere = outright | rights.led | rights.ward_sites | rights.signed_sites
    if len(rights.board_organisations) == 1 and not elsewhere and not rights.signed_deployments:
        return Whose.ORGANISATION
    return Whose.SOME


def last_meeting(programmes: Sequence[Programme], day: date) -> date | None:
    """The last day before this one on which the board met about one of the programmes, as its papers say."""
    papers = BoardPaper.objects.filter(programme__in=programmes, retired_at=None, meeting_on__lt=day)
    return papers.order_by("-meeting_on").values_list("meeting_on", flat=True).first()
