"""A programme at its sites, and what changed there."""

from readiness.packs.cells import Whole
from readiness.packs.lookups import DEPLOYMENT, SITE, WARD, WAVE
from readiness.packs.spec import Column, Links, Reference, Table, fields, names, same
from rollout.models import Deployment, DeploymentChange

DEPLOYMENTS = Table(
    "deployments.csv",
    Deployment,
    key=("site",),
    identity=("programme", "site"),
    columns=(
        *names("site"),
        Column("wave", kind=Whole(0, 32_767), required=False),
        *same("wards", "modules", "stage", "interest_on"),
        *fields(
            technical_go_live="technical_go_live_on",
            go_live="go_live_on",
            actual_technical_go_live="actual_technical_go_live_on",
            actual_go_live="actual_go_live_on",
            dual_running_until="dual_running_until_on",
        ),
        *same("declared_status", "declared_on", "declared_by", "declared_words"),
    ),
    references=(Reference("site", SITE, ("site",)), Reference("wave", WAVE, ("wave",))),
    links=(Links("wards", "wards", WARD, within=("site",)),),
)

DEPLOYMENT_CHANGES = Table(
    "deployment_changes.csv",
    DeploymentChange,
    key=("site", "at", "what"),
    identity=("deployment", "at", "what"),
    columns=(*names("site"), *same("at", "what", "before", "after", "reason", "by")),
    references=(Reference("deployment", DEPLOYMENT, ("site",)),),
    zone="r_deployment.time_zone",
)
