"""The control chart of a headline measure."""

from datetime import date

from django.utils.translation import gettext

from readiness.dashboards.board.headline import PERCENT, Headline
from rollout.charts import Chart, xmr_chart

NAME = "headline"


def headline_chart(headline: Headline, day: date) -> Chart:
    """The rolled-up measure with its limits, signals and target. Limits are not re-based: sites go live one by one."""
    measure = headline.measure
    percent = measure.unit in PERCENT
    scale = 100 if percent else 1
    return xmr_chart(
        name=NAME,
        title=headline.sentence,
        points=[(rolled.starts_on, rolled.value / scale) for rolled in headline.series],
        better=measure.direction,
        target=None if measure.target is None else measure.target / scale,
        today=day,
        label=measure.name,
        unit="" if percent else measure.unit,
        kind="percent" if percent else "number",
        empty=gettext("The chart begins with the first period that a site reports."),
    )
