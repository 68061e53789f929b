"""Charts drawn on the server as SVG: the same picture on the page, without scripts, in print and in a paper.

    chart = time_chart(
        name="score",
        title=_("The score is 8 points behind what is expected."),
        lines=[
            Line(_("Score"), [(day, value), …]),
            Line(_("Expected"), [(day, value), …], "expected"),
            Line(_("Ready from 90"), [(day, 90)], "target"),
        ],
        marks=[Mark(day, _("Go-live moved"))], today=today, unit=_("Score"), low=0, high=100,
    )

On a page: `{% component "chart" chart=chart %}{% endcomponent %}` gives the message, the picture, the table, and the
links to its files; for those the view answers `download_answer(request, {chart.name: lambda: chart.table})`.
Values may be int, Decimal, Fraction or float; None is a gap. The picture is drawn for a desk and for a phone, and the
page shows the one that fits.
"""

from rollout.charts.parts import Area, Chart, Event, Key, Line, Mark
from rollout.charts.times import time_chart
from rollout.charts.xmr import xmr_chart

__all__ = ["Area", "Chart", "Event", "Key", "Line", "Mark", "time_chart", "xmr_chart"]
