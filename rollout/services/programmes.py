"""What a programme is for, the state it is in, what does not apply to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from rollout.choices import DecisionKind, ProgrammeState
from rollout.models import Programme, User
from rollout.services.decisions import record_decision
from rollout.services.edits import held, save_edit

# What a form over the whole programme shows. Its code is part of every address and stays as it is.
DESCRIBED = (
    "name",
    "product",
    "portfolio",
    "problem",
    "processes",
    "mission",
    "goal",
    "approach",
    "resource_need",
    "target_date",
    "ward_word",
    "support_number",
    "refresher_days",
    "champion_hours_limit",
)
STATE = ("state",)
NOT_APPLICABLE = ("not_applicable",)
# States in which work goes on; the others are at rest.
AT_WORK = (
    ProgrammeState.PLANNING,
    ProgrammeState.PILOTING,
    ProgrammeState.ROLLING_OUT,
    ProgrammeState.EMBEDDING,
)
KINDS: Mapping[str, DecisionKind] = {
    ProgrammeState.PAUSED: DecisionKind.PAUSE,
    ProgrammeState.STOPPED: DecisionKind.STOP,
    ProgrammeState.ROLLING_OUT: DecisionKind.SCALE,
}


def edit_programme(*, programme_id: int, mark: str, by: User, **values: Any) -> Programme:
    """Change how a programme is described, by the columns DESCRIBED. Raises RecordChanged."""
    with held(Programme.objects.all(), programme_id, by, "programme described") as programme:
        save_edit(programme, mark=mark, names=DESCRIBED, values=values)
        return programme


def decide_state(*, programme_id: int, mark: str, to: ProgrammeState, reason: str, by: User) -> Programme:
    """Take a programme to another state from today on: a decision with its reason. Raises RecordChanged."""
    with held(Programme.objects.all(), programme_id, by, "state of the programme decided") as programme:
        enter_state(programme, mark=mark, to=to, reason=reason, by=by)
        return programme


def enter_state(programme: Programme, *, mark: str, to: ProgrammeState, reason: str, by: User) -> None:
    """The same with a programme that is held; nothing is decided where it is in that state already."""
    before = programme.state
    if not save_edit(programme, mark=mark, names=STATE, values={"state": to}):
        return
    # Going on after a rest is no new decision to scale.
    kind = KINDS.get(to, DecisionKind.STANDARD) if before in AT_WORK else DecisionKind.STANDARD
    if to in (ProgrammeState.PAUSED, ProgrammeState.STOPPED):
        kind = KINDS[to]
    words = {"before": ProgrammeState(before).label, "now": to.label}
    record_decision(
        programme_id=programme.pk,
        kind=kind,
        text=gettext("State of the programme: %(now)s (before: %(before)s)") % words,
        reason=reason,
        from_on=timezone.localdate(),
        by=by,
    )


def leave_out(
    *, programme_id: int, mark: str, codes: Sequence[str], words: Mapping[str, str], reason: str, by: User
) -> Programme:
    """Say which indicators do not apply to a programme: a decision that names those that changed, with its reason.

    `words` says what an indicator is called. The same list again changes nothing. Raises RecordChanged.
    """
    with held(Programme.objects.all(), programme_id, by, "what does not apply decided") as programme:
        before = programme.not_applicable
        out, back = [code for code in codes if code not in before], [code for code in before if code not in codes]
        if not (out or back):
            return programme
        save_edit(programme, mark=mark, names=NOT_APPLICABLE, values={"not_applicable": list(codes)})
        # The codes stand in the text: pages find by them which decision left an indicator out.
        told = [
            sentence % {"what": ", ".join(f"{words.get(code, code)} ({code})" for code in those)}
            for sentence, those in (
                (gettext("Does not apply: %(what)s."), out),
                (gettext("Applies again: %(what)s."), back),
            )
            if those
        ]
        record_decision(
            programme_id=programme.pk,
            kind=DecisionKind.NOT_APPLICABLE,
            text=" ".join(told),
            reason=reason,
            from_on=timezone.localdate(),
            by=by,
        )
        return programme
