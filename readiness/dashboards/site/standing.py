"""How a site stands where the score alone would mislead: deferred, stopped, paused, without a date, live, embedded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from readiness.dashboards.programmes import amount
from readiness.dashboards.site.dates import day_written
from readiness.dashboards.site.history import Happening
from rollout.choices import ChangeWhat, ProgrammeState, Stage
from rollout.models import Deployment, Measure
from rollout.templatetags.formats import day as written_day

AFTER_GO_LIVE = frozenset({Stage.LIVE, Stage.HYPERCARE, Stage.EMBEDDED})
HALTED = frozenset({ProgrammeState.PAUSED, ProgrammeState.STOPPED, ProgrammeState.CLOSED})
# Where nothing more is to be done for the score.
ENDED = frozenset({ProgrammeState.STOPPED, ProgrammeState.CLOSED})


@dataclass(frozen=True)
class Standing:
    """What is to be known of the site before its score is read: `state` in a word or two, and sentences."""

    state: str = ""
    sentences: tuple[str, ...] = ()


def asks_for_action(deployment: Deployment) -> bool:
    """Whether the score is still to be raised: not where the site or its programme was stopped, or is embedded."""
    return deployment.stage not in (Stage.STOPPED, Stage.EMBEDDED) and deployment.programme.state not in ENDED


def standing_of(deployment: Deployment, history: Sequence[Happening], scored_on: date | None, today: date) -> Standing:
    """How the site stands today; `scored_on` is the day of its newest score. At most one query."""
    state = str(deployment.get_stage_display())
    if deployment.stage == Stage.EMBEDDED:
        return Standing(state, (*_embedded(history, scored_on), *_no_gate(deployment, history)))
    if deployment.stage == Stage.STOPPED:
        return Standing(state, _stopped(history))
    if deployment.stage == Stage.DEFERRED:
        return Standing(state, _deferred(deployment, history))
    if deployment.programme.state in HALTED:
        word = str(deployment.programme.get_state_display())
        told = gettext("The whole programme is %(state)s. Its sites are scored, and compared with nothing.")
        return Standing(word, (told % {"state": word.lower()},))
    if deployment.go_live is None:
        told = gettext(
            "No go-live is planned, so nothing is expected of the score yet. With a date it is compared with what is "
            "expected on each day."
        )
        return Standing(gettext("No date"), (told,))
    if deployment.stage in AFTER_GO_LIVE:
        return Standing(state, (*_no_gate(deployment, history), *_dips(deployment, today)))
    return Standing()


def _last(history: Sequence[Happening], stage: Stage) -> Happening | None:
    """The latest change to a stage."""
    return next((each for each in reversed(history) if each.changed(ChangeWhat.STAGE, stage)), None)


def _since(happening: Happening | None, told: str, undated: str) -> list[str]:
    """When and why a stage was changed, in the words given; `undated` where no change was recorded."""
    if happening is None:
        return [undated]
    sentence = told % {"day": written_day(happening.on)}
    return [sentence, gettext("Why: %(reason)s") % {"reason": happening.reason}] if happening.reason else [sentence]


def _embedded(history: Sequence[Happening], scored_on: date | None) -> list[str]:
    told = _since(
        _last(history, Stage.EMBEDDED),
        gettext("Embedded since %(day)s: the site is not scored any more, its use of the system is measured instead."),
        gettext("Embedded: the site is not scored any more, its use of the system is measured instead."),
    )
    if scored_on is not None:
        told.append(gettext("The score above is the last one, of %(day)s.") % {"day": written_day(scored_on)})
    return told


def _stopped(history: Sequence[Happening]) -> tuple[str, ...]:
    told = _since(_last(history, Stage.STOPPED), gettext("Stopped on %(day)s."), gettext("Stopped."))
    return (*told, gettext("It is opened again only by a decision. The score is kept up, and compared with nothing."))


def _deferred(deployment: Deployment, history: Sequence[Happening]) -> tuple[str, ...]:
    deferral = _last(history, Stage.DEFERRED)
    told = _since(deferral, gettext("Deferred on %(day)s."), gettext("Deferred."))
    moves = [each for each in history if each.changed(ChangeWhat.GO_LIVE) and deferral and each.on >= deferral.on]
    before = day_written(moves[0].before) if moves else None
    if before and deployment.go_live:
        moved = gettext("Go-live was planned for %(before)s and is now planned for %(after)s.")
        told.append(moved % {"before": written_day(before), "after": written_day(deployment.go_live)})
    elif deployment.go_live is None:
        told.append(gettext("No new go-live is planned yet."))
    return (*told, gettext("It is scored, and compared with nothing until preparation goes on."))


def _no_gate(deployment: Deployment, history: Sequence[Happening]) -> list[str]:
    if any(each.passed for each in history):
        return []
    return [gettext("Live, no gate recorded: there is no go/no-go review with the outcome go.")]


def _dips(deployment: Deployment, today: date) -> list[str]:
    """The dips that are expected after go-live and not over yet, as the measures say."""
    went_live = deployment.actual_go_live_on
    if went_live is None:
        return []
    measures = _with_a_dip(deployment)
    open_ones = [(went_live + timedelta(weeks=each.dip_weeks or 0), each) for each in measures]
    told = []
    for until, each in open_ones:
        if each.dip_depth is not None and today < until:
            words = {"day": written_day(until), "measure": each.name, "depth": amount(each.dip_depth, each.unit)}
            told.append(
                gettext("A dip is expected until %(day)s: %(measure)s may be worse by up to %(depth)s.") % words
            )
    if len(told) <= 1:
        return told
    more = ngettext("One other measure may dip too.", "%(n)s other measures may dip too.", len(told) - 1)
    return [told[0], more % {"n": len(told) - 1}]


def _with_a_dip(deployment: Deployment) -> QuerySet[Measure]:
    """The programme's measures that may get worse for some weeks, the headline first."""
    rows = Measure.objects.filter(programme=deployment.programme_id, retired_at=None)
    return rows.filter(dip_depth__gt=0, dip_weeks__gt=0).order_by("-headline", "code")
