"""Who gets which answer where: every route × method × actor against a table written by hand.

The routes are read from the resolver: one that the table does not know is a failure, and so is a row of the table
without a route. A cell is an exact status; nothing here is "403 or 404".
"""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.template.backends.django import Template
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from rollout.choices import Role
from tests.examples import PROFILE
from tests.tenants import ACTORS, SCOPED, WITH, WITHOUT, Company, Tenant, make_tenant, undone

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
READ = ("GET", "HEAD")

# By night everything; by day reading and changing by everybody, and the other methods by one of a few, in turn.
OFTEN = ("GET", "POST")
FEW = ("anonymous", f"{Role.PROGRAMME_MANAGER}_own", f"{Role.BOARD_MEMBER}_other", "administrator")
RARELY = tuple(method for method in METHODS if method not in OFTEN)

# Actors who come to the pages of the first tenant.
OWN = tuple(f"{role}_own" for role in SCOPED)
MANAGER = (f"{Role.PROGRAMME_MANAGER}_own",)
ADMINISTRATOR = ("administrator",)
BOARD = (f"{Role.BOARD_MEMBER}_own", f"{Role.BOARD_MEMBER}_other")
KNOWING = (*OWN, *ADMINISTRATOR)
MANAGING = (*MANAGER, *ADMINISTRATOR)
# Whoever manages any programme.
MANAGERS = (*MANAGING, f"{Role.PROGRAMME_MANAGER}_other")
DISCUSSING = tuple(actor for actor in KNOWING if actor != f"{Role.BOARD_MEMBER}_own")
KEEPING = (*MANAGER, f"{Role.SITE_LEAD}_own", *ADMINISTRATOR)
# Whoever plans training sessions.
TEACHING = (*KEEPING, f"{Role.TRAINER}_own")
# Whoever may take back a phone of the first tenant, and whoever has phones of their own elsewhere.
KEEPING_PHONES = (f"{Role.WARD_MANAGER}_own", f"{Role.SITE_LEAD}_own", *ADMINISTRATOR)
OTHERS_KEEPING_PHONES = (f"{Role.WARD_MANAGER}_other", f"{Role.SITE_LEAD}_other")

# Whoever keeps champions and their rota, and so knows them by name.
CHAMPIONING = (*KEEPING, f"{Role.WARD_MANAGER}_own")
# Who may read the name of some member of staff, and so finds the page of one.
NAMING = (*CHAMPIONING, f"{Role.TRAINER}_own")
# Who stands on wards: they open the log, wherever they are; and those who find what is in it here.
LOGGING = (Role.TRAINER, Role.WARD_MANAGER, Role.SITE_LEAD, Role.PROGRAMME_MANAGER)
WRITING = (*(f"{role}_{side}" for role in LOGGING for side in ("own", "other")), "champion", *ADMINISTRATOR)
ON_WARDS = (*(f"{role}_own" for role in LOGGING[1:]), *ADMINISTRATOR)
# Who holds a session, and not a ward's part of its sheet alone.
HOLDING = (*KEEPING, f"{Role.TRAINER}_own")
ON_SHEETS = (*(f"{role}_own" for role in LOGGING), *ADMINISTRATOR)

# Who books people on sessions.
BOOKING = (*HOLDING, f"{Role.WARD_MANAGER}_own")

# Who books people on courses, or has people who are booked: they read how many places are taken.
SEATING = (*CHAMPIONING, f"{Role.TRAINER}_own")
GIVING = (*MANAGER, f"{Role.PROGRAMME_MANAGER}_other", *ADMINISTRATOR)
PLACED = KNOWING

Cells = dict[tuple[str, str], int]


def cells(*, allowed: dict[str, int], known: Iterable[str] = WITH, may: Iterable[str] = WITH) -> Cells:
    """The rule of a page behind the log-in.

    `allowed` says what a method answers to those who `may`; who is in `known` only is refused; nobody else finds it.
    Without a log-in one is asked for it: GET goes to the log-in page, and a form that was sent is kept.
    """
    rule = {}
    for method in METHODS:
        for actor in WITHOUT:
            rule[method, actor] = 401 if method == "POST" else 302
        for actor in WITH:
            answer = allowed.get(method, 405)
            if answer != 405 and actor not in may:
                answer = 403 if actor in known else 404
            rule[method, actor] = answer
    return rule


def asked_by_programs(*, allowed: dict[str, int]) -> Cells:
    """The rule of an address that programs ask: without a log-in every method is answered 401, in JSON."""
    return cells(allowed=allowed) | {(method, actor): 401 for method in METHODS for actor in WITHOUT}


def public(allowed: dict[str, int], **signed_in: int) -> Cells:
    """The rule of a page that needs no log-in; `signed_in` are methods that answer otherwise to those who have one."""
    rule = {(method, actor): allowed.get(method, 405) for method in METHODS for actor in ACTORS}
    return rule | {(method, actor): status for method, status in signed_in.items() for actor in WITH}


def read(status: int = 200) -> dict[str, int]:
    return dict.fromkeys(READ, status)


def written(status: int, by: Iterable[str]) -> Cells:
    """What a POST answers on a page that more people read than may write to."""
    return {("POST", actor): status if actor in by else 403 for actor in KNOWING}


RULES: dict[str, Cells] = {
    "rollout:sign-in": public({"GET": 200, "HEAD": 200, "POST": 422}, GET=302, HEAD=302),
    "rollout:sign-out": public({"POST": 302}),
    "rollout:session": public({**read(), "POST": 200}),
    "training:log-home": cells(allowed=read(), may=WRITING),
    "training:log-mark": cells(allowed={"POST": 422}, may=WRITING),
    "training:log-shift": cells(allowed={**read(), "POST": 422}, may=WRITING),
    "training:log-access": cells(allowed={**read(), "POST": 422}, may=WRITING),
    "training:log-issue": cells(allowed={**read(), "POST": 422}, may=WRITING),
    "training:log-attendance": cells(allowed=read(), may=WRITING),
    "training:log-sheet": cells(allowed={**read(), "POST": 422}, known=(), may=ON_SHEETS),
    "readiness:session-attendance": cells(allowed={**read(), "POST": 422}, known=(), may=ON_SHEETS),
    "readiness:session-numbers": cells(allowed={**read(), "POST": 422}, known=(), may=ON_SHEETS),
    "readiness:course-numbers": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=ON_SHEETS),
    "readiness:everyone-attended": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=ON_SHEETS),
    "readiness:attendance-missing": cells(allowed=read(), known=KNOWING, may=ON_SHEETS),
    "readiness:session-door": cells(allowed=read(), known=ON_SHEETS, may=HOLDING),
    "readiness:session-kiosk": cells(allowed={**read(), "POST": 422}, known=ON_SHEETS, may=HOLDING),
    # Whoever has a log-in may bring a code; what stands behind the address only a right code tells.
    "training:check-in": cells(allowed={**read(), "POST": 422}),
    "training:log-at-ward": cells(allowed=read(302), known=(), may=ON_WARDS),
    "training:log-entries": asked_by_programs(allowed={"POST": 415}),
    "training:log-state": asked_by_programs(allowed=read()),
    "rollout:calendar-new": cells(allowed={"POST": 302}),
    "rollout:calendar-stop": cells(allowed={"POST": 302}),
    "readiness:own-shifts": cells(allowed=read()),
    # Nobody but the champion whose shift it is.
    "readiness:own-shift-confirm": cells(allowed={"POST": 302}, known=(), may=()),
    "readiness:own-shift-decline": cells(allowed={**read(), "POST": 422}, known=(), may=()),
    "readiness:calendar-feed": public(read(404)),
    "readiness:help": public(read()),
    "readiness:accessibility": public(read()),
    "readiness:probe-live": public(read()),
    "readiness:probe-ready": public(read()),
    "rollout:audit": cells(allowed=read(), may=ADMINISTRATOR),
    "rollout:person-list": cells(allowed=read(), may=GIVING),
    "rollout:person-new": cells(allowed={**read(), "POST": 422}, may=GIVING),
    "rollout:person-detail": cells(allowed={**read(), "POST": 422}, known=(), may=(*MANAGER, *ADMINISTRATOR))
    | {("POST", MANAGER[0]): 403},
    "rollout:person-edit": cells(allowed={**read(), "POST": 422}, known=MANAGER, may=ADMINISTRATOR),
    "rollout:role-new": cells(allowed={**read(), "POST": 422}, known=(), may=(*MANAGER, *ADMINISTRATOR)),
    "rollout:organisation-list": cells(allowed=read(), may=ADMINISTRATOR),
    "rollout:organisation-new": cells(allowed={**read(), "POST": 422}, may=ADMINISTRATOR),
    "rollout:organisation-detail": cells(allowed={**read(), "POST": 422}, known=PLACED, may=ADMINISTRATOR),
    "rollout:site-new": cells(allowed={**read(), "POST": 422}, known=PLACED, may=ADMINISTRATOR),
    "rollout:site-detail": cells(allowed={**read(), "POST": 422}, known=PLACED, may=ADMINISTRATOR),
    "rollout:ward-new": cells(allowed={**read(), "POST": 422}, known=PLACED, may=ADMINISTRATOR),
    "rollout:ward-detail": cells(allowed={**read(), "POST": 422}, known=PLACED, may=ADMINISTRATOR),
    "rollout:organisation-close": cells(allowed={**read(), "POST": 422}, known=PLACED, may=ADMINISTRATOR),
    "rollout:site-close": cells(allowed={**read(), "POST": 422}, known=PLACED, may=ADMINISTRATOR),
    "rollout:ward-close": cells(allowed={**read(), "POST": 422}, known=PLACED, may=ADMINISTRATOR),
    "rollout:first-password": public({"GET": 410, "HEAD": 410, "POST": 410}),
    "rollout:account": cells(allowed=read()),
    "rollout:account-password": cells(allowed={**read(), "POST": 422}),
    "rollout:account-messages": cells(allowed={"POST": 302}),
    "rollout:account-device": cells(allowed={"POST": 302}),
    "training:log-phone": public(read()),
    "training:log-outbox": public(read()),
    "training:log-shell": public(read()),
    "training:log-worker": public(read()),
    "training:log-manifest": public(read()),
    "rollout:phone-list": cells(allowed={**read(), "POST": 422}, may=(*KEEPING_PHONES, *OTHERS_KEEPING_PHONES)),
    "rollout:phone-revoke": cells(allowed={"POST": 302}, known=(), may=KEEPING_PHONES),
    "rollout:account-log-out-elsewhere": cells(allowed={"POST": 302}),
    # A board member goes on to the board dashboard.
    "readiness:work": cells(allowed={**read(), "POST": 422})
    | {(method, actor): 302 for method in (*READ, "POST") for actor in BOARD},
    "readiness:programme-list": cells(allowed=read()),
    "readiness:search": cells(allowed=read()),
    "readiness:programme-detail": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:programme-new": cells(allowed={**read(), "POST": 422}, may=MANAGERS),
    "readiness:programme-settings": cells(allowed=read(), known=KNOWING, may=MANAGING),
    "readiness:programme-edit": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:programme-state": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:programme-left-out": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:measure-list": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:measure-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:measure-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:programme-status": cells(allowed=read(), known=KNOWING, may=MANAGING),
    "readiness:priority-review": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:priority-plan": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:bundle-list": cells(allowed={**read(), "POST": 422}, may=MANAGERS),
    "readiness:bundle-new": cells(allowed={**read(), "POST": 422}, may=MANAGERS),
    "readiness:bundle-detail": cells(allowed={**read(), "POST": 422}, known=(), may=MANAGING),
    "readiness:wave-list": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:wave-new": cells(allowed={**read(), "POST": 302}, known=KNOWING, may=MANAGING),
    "readiness:wave-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:site-interest": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:board": cells(allowed=read()),
    "readiness:programme-decisions": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:decision-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:programme-board": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:deployment-list": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:view-list": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KNOWING),
    "readiness:item-view-list": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KNOWING),
    "readiness:view-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:deployment-timeline": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:deployment-why": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:indicator-records": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:deployment-detail": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:deployment-plan": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:waiver-list": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KNOWING)
    | written(422, by=KEEPING),
    "readiness:gate-list": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:gate-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KNOWING)
    | written(422, by=KEEPING),
    "readiness:deployment-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:site-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:deployment-out": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:deployment-out-list": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:deployment-scope": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:ward-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:ward-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:template-list": cells(allowed={**read(), "POST": 302}, known=KNOWING, may=KNOWING)
    | written(302, by=MANAGING),
    "readiness:template-detail": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:template-adopt": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:template-add": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:template-standard": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:template-publish": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:template-item": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:template-discard": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:template-restore": cells(allowed={"POST": 302}, known=KNOWING, may=MANAGING),
    "readiness:template-remove": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:gate-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:gate-change": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:gate-retire": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:gate-settings": cells(allowed={**read(), "POST": 302}, known=KNOWING, may=KNOWING)
    | written(302, by=MANAGING),
    "readiness:infrastructure": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:infrastructure-ward": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:checklist-adopt": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:baseline": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:baseline-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:resource-plan": cells(allowed=read(), known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:resource-need": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:seat-list": cells(allowed=read(), known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:seat-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:seat-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:deployment-team": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:team-seat-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:team-seat-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:group-chairs": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:meeting-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:meeting-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:action-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:action-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:item-list": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:item-change": cells(allowed={**read(422), "POST": 422}, known=KNOWING, may=KNOWING),
    "readiness:item-remind": cells(allowed={**read(422), "POST": 422}, known=KNOWING, may=KNOWING),
    "readiness:programme-recent": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:deployment-recent": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:site-change": cells(allowed={**read(422), "POST": 422}, known=KNOWING, may=KNOWING),
    "readiness:act-undo": cells(allowed={**read(), "POST": 302}, known=KNOWING, may=KEEPING),
    "readiness:course-list": cells(allowed=read(), known=KNOWING, may=MANAGING),
    "readiness:course-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:course-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:course-retire": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:course-restore": cells(allowed={"POST": 302}, known=KNOWING, may=MANAGING),
    "readiness:session-list": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:session-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=TEACHING),
    "readiness:session-detail": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:session-change": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=TEACHING),
    "readiness:session-cancel": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=TEACHING),
    "readiness:session-restore": cells(allowed={"POST": 302}, known=KNOWING, may=TEACHING),
    "readiness:session-again": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=TEACHING),
    "readiness:hazard-list": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:hazard-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:hazard-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KNOWING)
    | written(422, by=(*KEEPING, f"{Role.SIGNATORY}_own")),
    "readiness:hazard-change": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:checklist": cells(allowed={**read(), "POST": 404}, known=KNOWING, may=KNOWING),
    "readiness:checklist-item": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KNOWING)
    | written(422, by=KEEPING),
    "readiness:item-row": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:evidence-file": cells(
        allowed=read(), known=KNOWING, may=(*MANAGER, f"{Role.SITE_LEAD}_own", f"{Role.SIGNATORY}_own", *ADMINISTRATOR)
    ),
    "readiness:programme-comments": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=DISCUSSING),
    "readiness:deployment-comments": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=DISCUSSING),
    "readiness:programme-training": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:deployment-training": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:training-missing": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:training-book": cells(allowed=read(422), known=KNOWING, may=BOOKING),
    "readiness:session-book": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=BOOKING),
    "readiness:session-places": cells(allowed={**read(), "POST": 200}, known=KNOWING, may=BOOKING),
    "readiness:training-seats": cells(allowed=read(), known=KNOWING, may=SEATING),
    "readiness:training-plan": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:training-plan-own": cells(allowed={"POST": 422}, known=KNOWING, may=KEEPING),
    # A site's leads decide on what was refused at their site, the programme's managers at all.
    "readiness:refused-list": cells(allowed=read(), known=KNOWING, may=KEEPING),
    "readiness:refused-detail": cells(allowed={**read(), "POST": 422}, known=(), may=KEEPING),
    "readiness:programme-access": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:access": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:access-people": cells(allowed=read(), known=KNOWING, may=CHAMPIONING),
    "readiness:access-drill": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=CHAMPIONING),
    "readiness:programme-rota": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:champion-list": cells(allowed=read(), known=KNOWING, may=CHAMPIONING),
    "readiness:champion-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=CHAMPIONING),
    "readiness:champion-detail": cells(allowed={**read(), "POST": 422}, known=CHAMPIONING, may=CHAMPIONING),
    "readiness:champion-stand-down": cells(allowed={**read(), "POST": 422}, known=CHAMPIONING, may=CHAMPIONING),
    "readiness:rota-copy": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=CHAMPIONING),
    "readiness:rota-print": cells(allowed=read(), known=KNOWING, may=CHAMPIONING),
    "readiness:ward-poster": cells(allowed=read(), known=KNOWING, may=CHAMPIONING),
    "readiness:rota-hours": cells(allowed=read(), known=KNOWING, may=CHAMPIONING),
    "readiness:held-own": cells(allowed=read()),
    "readiness:staff-list": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:staff-detail": cells(allowed={**read(), "POST": 422}, known=NAMING, may=KEEPING),
    "readiness:staff-held": cells(allowed=read(), known=NAMING, may=KEEPING),
    **dict.fromkeys(
        ("readiness:staff-log-in", "readiness:staff-log-in-new", "readiness:staff-log-in-unlink"),
        cells(allowed={**read(), "POST": 422}, known=NAMING, may=(*MANAGER, *ADMINISTRATOR)),
    ),
    "readiness:staff-posting": cells(allowed={**read(), "POST": 422}, known=NAMING, may=KEEPING),
    "readiness:staff-absence-new": cells(allowed={**read(), "POST": 422}, known=NAMING, may=KEEPING),
    "readiness:staff-absence": cells(allowed={**read(), "POST": 422}, known=NAMING, may=KEEPING),
    "readiness:programme-retention": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:retention-now": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:pattern-list": cells(allowed=read(), known=KNOWING, may=MANAGING),
    "readiness:pattern-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:pattern-detail": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:pattern-retire": cells(allowed={"POST": 302}, known=KNOWING, may=MANAGING),
    "readiness:champion-events": cells(allowed=read(), known=KNOWING, may=KEEPING),
    "readiness:champion-event-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=KEEPING),
    "readiness:champion-event-retire": cells(allowed={"POST": 302}, known=KNOWING, may=KEEPING),
    "readiness:shift-list": cells(allowed=read(), known=KNOWING, may=CHAMPIONING),
    "readiness:shift-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=CHAMPIONING),
    "readiness:shift-detail": cells(allowed={**read(), "POST": 422}, known=CHAMPIONING, may=CHAMPIONING),
    "readiness:shift-cancel": cells(allowed={"POST": 302}, known=CHAMPIONING, may=CHAMPIONING),
    "readiness:shift-restore": cells(allowed={"POST": 302}, known=CHAMPIONING, may=CHAMPIONING),
    "readiness:deployment-rota": cells(allowed=read(), known=KNOWING, may=KNOWING),
    "readiness:import-list": cells(allowed=read(), known=KNOWING, may=MANAGING),
    "readiness:import-new": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=MANAGING),
    "readiness:import-detail": cells(allowed=read(), known=(), may=MANAGING),
    "readiness:import-sheet": cells(allowed={**read(), "POST": 422}, known=(), may=MANAGING),
    "readiness:import-columns": cells(allowed={**read(), "POST": 422}, known=(), may=MANAGING),
    "readiness:import-load": cells(allowed={**read(), "POST": 422}, known=(), may=MANAGING),
    # What is not loaded leads back to its page.
    "readiness:import-undo": cells(allowed={**read(302), "POST": 302}, known=(), may=MANAGING),
    "readiness:import-step": cells(allowed={"POST": 422}, known=(), may=MANAGING),
    "readiness:run-list": cells(allowed={**read(), "POST": 422}, known=KNOWING, may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:run-detail": cells(allowed=read(), known=(), may=(*MANAGER, *ADMINISTRATOR)),
    "readiness:health": cells(allowed={**read(), "POST": 422}, may=ADMINISTRATOR),
    "readiness:health-run": cells(allowed=read(), may=ADMINISTRATOR),
}
TECHNICAL_ADMIN = cells(allowed=read(), may=ADMINISTRATOR)


def routes(resolver: URLResolver, above: str = "") -> Iterator[str]:
    """The names of all routes, with their namespaces. A route without a name has none and is found wanting."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from routes(each, f"{above}{each.namespace}:" if each.namespace else above)
        elif isinstance(each, URLPattern):
            yield f"{above}{each.name}"


ALL = sorted(set(routes(get_resolver())))
PAGES = [name for name in ALL if not name.startswith("admin:")]
ADMIN_PAGES = [name for name in ALL if name.startswith("admin:")]


def test_every_route_has_a_rule():
    assert sorted(RULES) == PAGES


@pytest.fixture(scope="module")
def tenants(module_db: None) -> tuple[Tenant, Tenant]:
    return make_tenant("Alder"), make_tenant("Birch")


@pytest.fixture(scope="module")
def company(tenants: tuple[Tenant, Tenant]) -> Company:
    return Company(*tenants)


@pytest.fixture
def no_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without their text: here only the status counts."""
    monkeypatch.setattr(Template, "render", lambda *_args, **_kwargs: "")


def answers(company: Company, address: str, methods: Iterable[str] = METHODS, actors: Iterable[str] = ACTORS) -> Cells:
    """The status of each method for each actor; nothing that a request does outlives it."""
    found = {}
    for method in methods:
        for actor in actors:
            with undone():
                found[method, actor] = company.client(actor).generic(method, address).status_code
    return found


def asked_of(name: str) -> Iterator[tuple[Iterable[str], Iterable[str]]]:
    """Which methods a route is asked with, and as whom."""
    if PROFILE == "night":
        yield METHODS, ACTORS
    else:
        yield OFTEN, ACTORS
        yield RARELY, (FEW[PAGES.index(name) % len(FEW)],)


@pytest.mark.parametrize("name", PAGES)
def test_route_answers_each_actor_by_the_rule(
    name: str, company: Company, tenants: tuple[Tenant, Tenant], no_templates: None
):
    address = reverse(name, kwargs=tenants[0].address(name))

    found: Cells = {}
    for methods, actors in asked_of(name):
        found |= answers(company, address, methods, actors)

    assert found == {cell: status for cell, status in RULES[name].items() if cell in found}
    assert len(found) >= 2 * len(ACTORS)


def admin_address(name: str, tenant: Tenant) -> str:
    """The address of a page of the technical admin; a row is one that is there, if the model is the tenant's."""
    if name.endswith("_change"):
        return reverse(name, args=[tenant.programme.pk if name == ADMIN_ROW else 0])
    return reverse(name, args=["rollout"] if name == "admin:app_list" else [])


def admin_rule(name: str, methods: Iterable[str], actors: Iterable[str]) -> Cells:
    """What a page of the technical admin answers; from a row that is not there Django goes to its start page."""
    missing = name.endswith("_change") and name != ADMIN_ROW
    rule = TECHNICAL_ADMIN | ({(method, "administrator"): 302 for method in READ} if missing else {})
    return {cell: status for cell, status in rule.items() if cell[0] in methods and cell[1] in actors}


ADMIN_ROW = "admin:rollout_programme_change"
# A page of each kind; all pages stand behind the same guard, which the test after these asks of each.
ADMIN_KINDS = ("admin:index", "admin:app_list", "admin:jsi18n", "admin:rollout_programme_changelist", ADMIN_ROW)


@pytest.mark.parametrize("name", ADMIN_KINDS)
def test_kind_of_page_of_the_technical_admin_answers_each_actor(
    name: str, company: Company, tenants: tuple[Tenant, Tenant], no_templates: None
):
    found = answers(company, admin_address(name, tenants[0]))

    assert found == admin_rule(name, METHODS, ACTORS)


def test_every_page_of_the_technical_admin_is_read_by_administrators_alone(
    company: Company, tenants: tuple[Tenant, Tenant], no_templates: None
):
    methods, actors = ("GET", "POST"), ("anonymous", *MANAGER, "administrator")

    found = {name: answers(company, admin_address(name, tenants[0]), methods, actors) for name in ADMIN_PAGES}

    assert found == {name: admin_rule(name, methods, actors) for name in ADMIN_PAGES}


def test_technical_admin_shows_every_model_of_ours():
    labels = ("rollout", "training", "readiness")
    ours = [model._meta for label in labels for model in apps.get_app_config(label).get_models()]
    lists = {f"admin:{model.app_label}_{model.model_name}_changelist" for model in ours}

    assert {name for name in ADMIN_PAGES if name.endswith("_changelist")} == lists


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith("rollout:")])
def test_part_is_guarded_like_its_page(name: str, company: Company, tenants: tuple[Tenant, Tenant], no_templates: None):
    address = reverse(name, kwargs=tenants[0].address(name))
    # The guard stands around the view: by day a part is asked for by every third actor, by others for each route.
    actors = WITH if PROFILE == "night" else WITH[PAGES.index(name) % 3 :: 3]
    found = {}
    for actor in actors:
        with undone():
            client = company.client(actor)
            found["GET", actor] = client.get(address, headers={"HX-Request": "true"}).status_code

    assert found == {cell: status for cell, status in RULES[name].items() if cell[0] == "GET" and cell[1] in actors}


def test_table_is_as_large_as_promised():
    assert len(METHODS) * len(ACTORS) * len([*PAGES, *ADMIN_KINDS]) >= 2_500
