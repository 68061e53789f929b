"""How people are reached and heard."""

from readiness.packs.lookups import DEPLOYMENT, SITE, STAFF_GROUP, WARD
from readiness.packs.spec import Column, Links, Reference, Table, fields, names, same
from rollout.models import Communication, EngagementEvent, PulseResponse, Story

ENGAGEMENT = Table(
    "engagement.csv",
    EngagementEvent,
    key=("code",),
    identity=("programme", "code"),
    columns=(*same("code", "kind"), *fields(date="held_on"), *same("sites", "groups", "people", "words")),
    links=(Links("sites", "sites", SITE), Links("groups", "groups", STAFF_GROUP)),
)

COMMUNICATIONS = Table(
    "communications.csv",
    Communication,
    key=("code",),
    identity=("programme", "code"),
    columns=(*same("code", "audience", "channel", "text", "owner", "planned_on", "sent_on"),),
)

STORIES = Table(
    "stories.csv",
    Story,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        Column("site", required=False),
        *fields(from_="source"),
        *same("words", "consent_on"),
    ),
    references=(Reference("site", SITE, ("site",)),),
)

PULSE = Table(
    "pulse.csv",
    PulseResponse,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        *names("site"),
        Column("ward", required=False),
        *same("group"),
        *fields(date="answered_on"),
        Column("confidence", "confidence", low=1, high=5),
        *same("job_worry", "words"),
    ),
    references=(Reference("deployment", DEPLOYMENT, ("site",)), Reference("ward", WARD, ("site", "ward"))),
)
