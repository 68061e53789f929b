"""Partners, what they promised, what was signed, money, and other changes at a site."""

from readiness.packs.lookups import AGREEMENT, DEPLOYMENT, ORGANISATION, PARTNER, SITE
from readiness.packs.spec import Column, Reference, Table, before, fields, names, same
from rollout.models import Agreement, Commitment, FundingLine, OtherChange, Partner, Signature

PARTNERS = Table(
    "partners.csv",
    Partner,
    key=("code",),
    identity=("code",),
    columns=(*same("code", "name", "kind"),),
    scope="t.id IN (SELECT id FROM pack_partners)",
    shared="EXISTS (SELECT FROM rollout_commitment o WHERE o.partner_id = t.id AND o.programme_id <> %(programme)s)",
)

COMMITMENTS = Table(
    "commitments.csv",
    Commitment,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        *names("partner"),
        Column("site", required=False),
        *same("text", "due_on", "delivered_on"),
    ),
    references=(Reference("partner", PARTNER, ("partner",)), Reference("deployment", DEPLOYMENT, ("site",))),
)

AGREEMENTS = Table(
    "agreements.csv",
    Agreement,
    key=("code",),
    identity=("programme", "code"),
    columns=(*same("code"), *names("site"), *same("kind", "text")),
    references=(Reference("deployment", DEPLOYMENT, ("site",)),),
)

SIGNATURES = Table(
    "signatures.csv",
    Signature,
    key=("agreement", "organisation"),
    identity=("agreement", "organisation"),
    columns=(*names("agreement", "organisation"), *same("signed_on")),
    references=(
        Reference("agreement", AGREEMENT, ("agreement",)),
        Reference("organisation", ORGANISATION, ("organisation",)),
    ),
    scope="t.agreement_id IN (SELECT id FROM rollout_agreement WHERE programme_id = %(programme)s)",
)

FUNDING = Table(
    "funding.csv",
    FundingLine,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code", "text"),
        *fields(from_="from_on", to="to_on"),
        Column("amount", "amount", low=0),
        *same("secured_on"),
    ),
    checks=(before("to", "from", "to_on", "from_on"),),
)

OTHER_CHANGES = Table(
    "other_changes.csv",
    OtherChange,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        *names("site"),
        *same("text"),
        *fields(from_="from_on", to="to_on"),
        Column("load", "load", low=1, high=3),
    ),
    references=(Reference("site", SITE, ("site",)),),
    checks=(before("to", "from", "to_on", "from_on"),),
)
