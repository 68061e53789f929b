"""Pages and actions that the person may open, by their names; those of a programme together with its name."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.search.asked import Asked, fold
from readiness.dashboards.search.hits import Hit
from rollout.models import Programme
from rollout.navigation import beside_a_board
from rollout.permissions import add_programme, manage_programme, read_technical_admin
from rollout.querysets.rights import Somebody, rights_of

MOST = 10
PROGRAMMES = 50

# URL name, title, other words for it.
# Who is here for a board alone starts at its dashboard and has no list of work.
BESIDE_A_BOARD = (("readiness:work", _("Your work"), _("due late waiting home start")),)
OPEN_TO_ALL: tuple[tuple[str, Any, Any], ...] = (
    ("readiness:programme-list", _("Programmes"), _("portfolio")),
    ("readiness:board", _("Board dashboard of all programmes"), _("summary")),
    ("readiness:help", _("Help"), _("how to guide score bands caps")),
    ("readiness:accessibility", _("Accessibility statement"), _("screen reader keyboard")),
    ("rollout:account", _("Your account"), _("roles devices log out everywhere")),
    ("rollout:account-password", _("Change your password"), ""),
)
FOR_ADMINISTRATORS: tuple[tuple[str, Any, Any], ...] = (
    ("readiness:health", _("System health"), _("runs worker recompute admin")),
    ("rollout:audit", _("Audit trail"), _("who changed what history")),
    ("admin:index", _("Every record"), _("admin look up")),
)
FOR_MANAGERS = (("readiness:programme-new", _("Add a programme"), _("new create")),)
OF_PROGRAMMES: tuple[tuple[str, Any, Any], ...] = (
    ("readiness:programme-detail", _("Overview"), _("goal team waves")),
    ("readiness:programme-board", _("Board dashboard"), _("summary")),
    ("readiness:deployment-list", _("Sites"), _("list heat map")),
    ("readiness:programme-decisions", _("Decisions"), _("log undecided")),
    ("readiness:item-list", _("Checklist items of all sites"), _("checklists")),
    ("readiness:programme-training", _("Training"), _("trajectory courses")),
    ("readiness:session-list", _("Training sessions"), _("courses rooms places waiting trainer")),
    ("readiness:programme-rota", _("Champions"), _("rota cover shifts")),
)
OF_MANAGERS: tuple[tuple[str, Any, Any], ...] = (
    ("readiness:run-list", _("Runs"), _("recompute")),
    ("readiness:decision-new", _("Record a decision"), _("standard")),
    ("readiness:deployment-new", _("Add sites"), _("new create")),
    ("readiness:wave-list", _("Waves"), _("plan order")),
    ("readiness:seat-list", _("Seats of the programme"), _("team roles people")),
    ("readiness:template-list", _("Checklist templates"), _("versions publish")),
    ("readiness:gate-settings", _("Gates"), _("settings seats to sign minimum score")),
    ("readiness:course-list", _("Courses"), _("training settings staff groups")),
    ("readiness:measure-list", _("Measures"), _("headline goal target")),
    ("readiness:programme-settings", _("Settings"), _("edit programme state")),
)


def pages(user: Somebody, asked: Asked) -> list[Hit]:
    """The first few pages whose title, other words and programme hold every word; the title holds one at least."""
    found = []
    own = [
        *(BESIDE_A_BOARD if beside_a_board(rights_of(user)) else ()),
        *OPEN_TO_ALL,
        *(FOR_MANAGERS if add_programme(user) else ()),
    ]
    own += FOR_ADMINISTRATORS if read_technical_admin(user) else ()
    for name, title, others in own:
        if _holds(asked, title, others):
            found.append(Hit(reverse(name), title))
    if not _any_holds(asked):
        return found[:MOST]
    for programme in Programme.objects.current().visible_to(user).order_by("name", "pk")[:PROGRAMMES]:
        managed = OF_MANAGERS if manage_programme(user, programme) else ()
        for name, title, others in (*OF_PROGRAMMES, *managed):
            if _holds(asked, title, others, programme.name, programme.code):
                found.append(Hit(reverse(name, kwargs={"programme": programme.code}), title, notes=programme.name))
    return found[:MOST]


def _holds(asked: Asked, title: Any, others: Any, *around: str) -> bool:
    own = fold(f"{title} {others}")
    everything = f"{own} {fold(' '.join(around))}"
    return any(word in own for word in asked.words) and all(word in everything for word in asked.words)


def _any_holds(asked: Asked) -> bool:
    """Whether a page of programmes is meant at all, so that other searches need not read the programmes."""
    titles = fold(" ".join(f"{title} {others}" for _name, title, others in (*OF_PROGRAMMES, *OF_MANAGERS)))
    return any(word in titles for word in asked.words)
