"""Issues raised on the wards after go-live."""

from readiness.packs.lookups import DEPLOYMENT, WARD
from readiness.packs.spec import Column, Reference, Table, before, names, same
from rollout.models import SupportIssue

SUPPORT_ISSUES = Table(
    "support_issues.csv",
    SupportIssue,
    key=("client_id",),
    identity=("client_id",),
    columns=(
        *same("client_id"),
        *names("site"),
        Column("ward", required=False),
        *same("raised_at", "category", "tier"),
        Column("severity", "severity", low=1, high=5),
        *same("stops_work", "resolved_at", "words"),
    ),
    references=(Reference("deployment", DEPLOYMENT, ("site",)), Reference("ward", WARD, ("site", "ward"))),
    checks=(before("resolved_at", "raised_at"),),
    zone="r_deployment.time_zone",
    foreign="t.deployment_id NOT IN (SELECT id FROM rollout_deployment WHERE programme_id = %(programme)s)",
)
