"""The programme itself, its waves, seats and decisions."""

from readiness.packs.cells import Choice, Items, Wrong
from readiness.packs.lookups import DEPLOYMENT, SITE
from readiness.packs.spec import Column, Reference, Table, before, fields, same
from readiness.scoring import CODES
from rollout.models import Decision, Programme, Seat, Wave


class IndicatorCodes(Items):
    """Codes of indicators, separated by ';'."""

    def __init__(self) -> None:
        super().__init__(Choice(CODES))

    def read(self, value: str) -> tuple[str, str]:
        try:
            return super().read(value)
        except Wrong:
            raise Wrong(f"not indicator codes: {', '.join(CODES)}") from None


PROGRAMME = Table(
    "programme.csv",
    Programme,
    key=("code",),
    identity=("code",),
    columns=(
        *same("code", "name", "product", "portfolio", "problem", "processes", "mission", "goal", "approach"),
        *same("resource_need", "state", "target_date", "ward_word", "support_number"),
        Column("not_applicable", "not_applicable", IndicatorCodes()),
    ),
    scope="t.id = %(programme)s",
)

WAVES = Table(
    "waves.csv",
    Wave,
    key=("number",),
    identity=("programme", "number"),
    columns=(*same("number", "name", "starts_on", "ends_on"),),
    checks=(before("ends_on", "starts_on"),),
)

SEATS = Table(
    "seats.csv",
    Seat,
    key=("seat", "site", "person"),
    identity=("programme", "site", "role", "person"),
    columns=(
        *fields(seat="role"),
        Column("site", required=False),
        *same("person", "discipline"),
        *fields(from_="from_on", to="to_on"),
    ),
    references=(Reference("site", SITE, ("site",)),),
    checks=(before("to", "from", "to_on", "from_on"),),
)

DECISIONS = Table(
    "decisions.csv",
    Decision,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        Column("site", required=False),
        *same("kind", "text", "reason"),
        *fields(from_="from_on"),
        *same("by"),
    ),
    references=(Reference("deployment", DEPLOYMENT, ("site",)),),
)
