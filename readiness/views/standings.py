"""The page that sets a programme's sites side by side in one subject: training, champions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from readiness.dashboards.freshness import nothing_known
from readiness.dashboards.sites import PER_PAGE, chosen
from readiness.dashboards.standings import freshest
from readiness.forms.standings import StandingFilters
from readiness.views.asked import day_asked
from readiness.views.days_to_come import day_to_come
from readiness.views.frame import programme_frame
from rollout.downloads import Table, download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme
from rollout.requests import UserRequest


@dataclass(frozen=True)
class Listing:
    """What a subject says of itself. Lines are read once for all sites; `only` is the words of the one tick box.

    `more` are other pages of the programme about it: their names and words.
    """

    name: str
    heading: Any
    caption: Any
    site_url: str
    rows: str
    columns: Sequence[Mapping[str, Any]]
    orders: Sequence[tuple[str, Any]]
    only: Any
    nothing: Any
    lines: Callable[..., list[Any]]
    ordered: Callable[[Any, str], list[Any]]
    keeps: Callable[[Any], bool]
    sentences: Callable[[list[Any]], list[str]]
    table: Callable[[Any], Table]
    more: Sequence[tuple[str, Any]] = ()
    # What is asked for the rows shown alone, since a programme may have 10,000 sites; of the present only.
    filled: Callable[[Programme, Sequence[Any]], list[Any]] | None = None

    def rows_of(self, programme: Programme, lines: Iterable[Any], day: date | None) -> list[Any]:
        """Lines with what is asked for the rows shown."""
        shown = list(lines)
        return self.filled(programme, shown) if self.filled and day is None else shown


def standing_list(request: UserRequest, programme: Programme, listing: Listing) -> Any:
    """The sites of a programme in one subject: filtered, in order, 50 a page; for htmx the table alone; or a file."""
    day = day_asked(request)
    form = StandingFilters(request.GET, waves=programme.waves.filter(retired_at=None), only=listing.only)
    choice = form.choice
    everything = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
    if nothing_known(day, everything):
        frame = programme_frame(request, programme, listing.name)
        return day_to_come(request, listing.heading, frame, part="sites")
    lines = listing.lines(programme, everything, request.user, day=day)
    shown = listing.ordered(_chosen(lines, everything, choice, listing, day), request.GET.get("sort", ""))
    if answer := download_answer(
        request, {listing.name: lambda: listing.table(listing.rows_of(programme, shown, day))}
    ):
        return answer
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page", ""))
    page.object_list = listing.rows_of(programme, iter(page.object_list), day)
    context = {
        "listing": listing,
        "page": page,
        "form": form,
        "sort": request.GET.get("sort", ""),
        "orders": listing.orders,
        "kept": [("as_of", day.isoformat())] if day else [],
        "clear_href": f"{request.path}?as_of={day.isoformat()}" if day else request.path,
        "programme": programme,
        "as_of": day,
        "part": wants_part(request),
    }
    if not wants_part(request):
        context |= programme_frame(request, programme, listing.name) | {
            "sentences": listing.sentences(lines),
            "freshness": freshest(line.standing for line in lines),
        }
    return render_page(request, "readiness/standing_list.html", context, partial="sites")


def _chosen(
    lines: list[Any], deployments: QuerySet, choice: Mapping[str, Any], listing: Listing, day: date | None
) -> list[Any]:
    """The lines that fit the filters."""
    wanted = {name: choice.get(name, "") for name in ("q", "wave", "stage")}
    if any(wanted.values()):
        kept = set(chosen(deployments, wanted, day).values_list("pk", flat=True))
        lines = [line for line in lines if line.standing.pk in kept]
    return [line for line in lines if listing.keeps(line)] if choice.get("only") else lines
