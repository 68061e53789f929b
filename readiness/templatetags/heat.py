"""Cells of the heat map. In Python, since a page has 550 of them and a template takes ten times as long for each."""

from collections.abc import Sequence

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from readiness.dashboards.heat import HIDDEN, NO_EVIDENCE, NOT_APPLICABLE, SHADES, Cell
from readiness.scoring import DOMAINS
from rollout.templatetags.formats import percent

register = template.Library()

# Short, since a part of 50 rows has 550: no cell is shown where the rows are cards, so none needs to say its role.
CELL = '<td class="nhsuk-table__cell app-heat app-heat--{}">{}</td>'
EMPTY = '<td class="nhsuk-table__cell app-cell--wide">{}</td>'
# Words for those who hear the page; static/scss/_sites.scss keeps them out of sight.
UNSEEN = "<i>{}</i>"
QUIET = '<span class="app-empty-cell">{}</span>'
SHOWN = '<a href="{}#domain-{}"><i>{}, {}: </i>{}</a><p>{}<i> {}</i></p>'
STEPS = [escape(step) for step, _words in enumerate((*SHADES, None))]
NAMES = {domain: escape(domain) for domain in DOMAINS}


@register.simple_tag
def heat_cells(cells: Sequence[Cell], site: str, href: str) -> SafeString:
    """Show the domains of one site as cells of its row, each a link to its part of the page `href` that says why.

    No cells: a site without a score.
    """
    if not cells:
        return format_html_join("", EMPTY, [(format_html(QUIET, _("No data")),)] * len(DOMAINS))
    # What is the same in every cell is escaped once: escaping each again takes half the time of the page.
    site, href, to_win = escape(site), escape(href), escape(_("points to win"))
    no_evidence = format_html('<span aria-hidden="true">–</span>' + UNSEEN, _("No evidence yet"))
    instead = {NOT_APPLICABLE: format_html(UNSEEN, _("Not applicable")), HIDDEN: format_html(QUIET, _("Hidden"))}
    return format_html_join(
        "",
        CELL,
        (
            (
                STEPS[cell.shade],
                instead.get(cell.state)
                or format_html(
                    SHOWN,
                    href,
                    NAMES[cell.domain],
                    escape(cell.name),
                    site,
                    no_evidence if cell.state == NO_EVIDENCE else percent(cell.value),
                    cell.points,
                    to_win,
                ),
            )
            for cell in cells
        ),
    )
