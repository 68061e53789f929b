"""Log-in tests."""

from readiness.packs.lookups import SITE, STAFF, WARD
from readiness.packs.spec import Check, Column, Reference, Table, names, same
from training.models import AccessCheck

# Without a site, the clock is that of the site where the person is posted on the day, the latest posting first.
_POSTED = (
    "(SELECT x.time_zone FROM training_posting p JOIN rollout_ward w ON w.id = p.ward_id"
    " JOIN rollout_site x ON x.id = w.site_id WHERE p.staff_id = r_staff.id AND p.retired_at IS NULL"
    " AND p.from_on <= s.checked_at_local::date AND (p.to_on IS NULL OR p.to_on >= s.checked_at_local::date)"
    " ORDER BY p.from_on DESC, w.code DESC LIMIT 1)"
)

ACCESS_CHECKS = Table(
    "access_checks.csv",
    AccessCheck,
    key=("organisation", "number", "checked_at"),
    identity=("staff", "programme", "checked_at"),
    columns=(
        *names("organisation", "number"),
        *same("checked_at"),
        Column("site", required=False),
        Column("ward", required=False),
        *same("device", "passed", "reason"),
    ),
    references=(
        Reference("staff", STAFF, ("organisation", "number")),
        Reference(None, SITE, ("site",), alias="site"),
        Reference("ward", WARD, ("site", "ward")),
    ),
    checks=(Check(("reason",), "n.passed AND n.reason <> ''", "a test that was passed has no reason"),),
    written_zone="COALESCE(r_ward.time_zone, 'Europe/London')",
    zone=f"COALESCE(r_site.time_zone, {_POSTED}, 'Europe/London')",
)
