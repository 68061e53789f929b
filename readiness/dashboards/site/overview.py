"""Everything a site's own page says below its score, gathered once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from readiness.dashboards.head import Head
from readiness.dashboards.judged import judgement_of, models_of
from readiness.dashboards.site.actions import TOP, Actions, actions_of, actions_table, groups_of, places_named
from readiness.dashboards.site.blockers import (
    BlockerLine,
    blocker_lines,
    blockers_in,
    blockers_table,
    places_behind,
    waivers_running_out,
)
from readiness.dashboards.site.course import NAME, course_chart, course_of
from readiness.dashboards.site.dates import DateChange, date_changes, dates_table
from readiness.dashboards.site.decisions import Holding, standards_at
from readiness.dashboards.site.domains import Points, points_of, points_table
from readiness.dashboards.site.history import history_of
from readiness.dashboards.site.known import known_of, today_at
from readiness.dashboards.site.reader import Reader
from readiness.dashboards.site.records import named
from readiness.dashboards.site.seats import Seats, seats_at, seats_table
from readiness.dashboards.site.standing import Standing, asks_for_action, standing_of
from rollout.charts import Chart
from rollout.downloads import Table
from rollout.models import Deployment


@dataclass(frozen=True)
class Overview:
    """The parts of the page on a day.

    points and actions are None where there is no score; actions also of a past day and where nothing is asked of the
    site; blockers where the records do not tell of the score shown: without one, and of a revision that was replaced.
    """

    day: date
    standing: Standing
    points: Points | None
    actions: Actions | None
    asks: bool
    chart: Chart
    changes: list[DateChange]
    decisions: list[Holding]
    seats: Seats
    blockers: list[BlockerLine] | None
    reader: Reader

    @property
    def tables(self) -> dict[str, Callable[[], Table]]:
        """What `?download=` may ask for on this page."""
        found: dict[str, Callable[[], Table]] = {
            NAME: lambda: self.chart.table,
            "dates": lambda: dates_table(self.changes),
            "seats": lambda: seats_table(self.seats, names=self.reader.names),
        }
        points, actions, blockers = self.points, self.actions, self.blockers
        if points is not None:
            found["domains"] = lambda: points_table(points)
        if actions is not None:
            found["actions"] = lambda: actions_table(actions)
        if blockers is not None:
            found["blockers"] = lambda: blockers_table(blockers, self.day)
        return found


def overview(
    deployment: Deployment,
    head: Head | None,
    reader: Reader,
    *,
    as_of: date | None,
    all_actions: bool,
    whole_course: bool,
) -> Overview:
    """The page of a site; eleven queries at most, whatever stands behind its score."""
    today = today_at(deployment)
    day = as_of or today
    history, seats = history_of(deployment), seats_at(deployment, day)
    model = models_of([head.score])[head.score.model_id] if head else None
    known = known_of(deployment, model, day) if head and model and not head.superseded else None
    asks = asks_for_action(deployment)
    groups = groups_of(known, reader) if known and asks and as_of is None else []
    shown = groups if all_actions else groups[:TOP]
    behind = blockers_in(known) if known else []
    records = named(deployment, {*places_named(shown), *places_behind(behind)}, day)
    actions = blockers = None
    if known:
        waivers = waivers_running_out(deployment, day)
        blockers = blocker_lines(deployment, behind, waivers, records, day=day, seats=seats, reader=reader)
    if known and asks and as_of is None:
        most = None if all_actions else TOP
        actions = actions_of(deployment, known, groups, records, seats=seats, reader=reader, most=most)
    until = head.score.day if head else day
    course = course_of(deployment, until, whole=whole_course, exact=reader.few)
    return Overview(
        day=day,
        standing=standing_of(deployment, history, head.score.day if head else None, today),
        points=points_of(judgement_of(head.score, deployment, model), few=reader.few) if head and model else None,
        actions=actions,
        asks=asks,
        chart=course_chart(course, history, model, today=today),
        changes=date_changes(history, seats, reader),
        decisions=standards_at(deployment, as_of),
        seats=seats,
        blockers=blockers,
        reader=reader,
    )
