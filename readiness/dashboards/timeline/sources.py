"""Where each kind of entry comes from: SELECTs of one shape, so that one UNION puts them in order and cuts a page.

Columns: source, day (by the clock of the site), at (NULL where only a day is known), what (a code), before, after,
text, reason, by_id (a Person), ref (an id). Parameters: id, programme, site, zone, until (the last day), jump (points).
"""

_LOCAL = "(e.at AT TIME ZONE %(zone)s)::date"


def _changes(*what: str) -> str:
    named = ", ".join(f"'{each}'" for each in what)
    return f"""
        SELECT 'change' AS source, {_LOCAL} AS day, e.at, e.what, e.before, e.after, '' AS text, e.reason, e.by_id,
            e.id AS ref
        FROM rollout_deploymentchange e
        WHERE e.deployment_id = %(id)s AND e.retired_at IS NULL AND e.what IN ({named})"""


def _fact(what: str, column: str) -> str:
    """A day that stands in the deployment itself."""
    return f"""
        SELECT 'fact', d.{column}, NULL::timestamptz, '{what}', '', '', '', '', NULL::bigint, d.id
        FROM rollout_deployment d WHERE d.id = %(id)s"""


# The present status where no change tells of it: an import may bring one without.
_DECLARED = f"""
    SELECT 'change', d.declared_on, NULL::timestamptz, 'declared_status', '', d.declared_status, '', d.declared_words,
        d.declared_by_id, d.id
    FROM rollout_deployment d
    WHERE d.id = %(id)s AND d.declared_status <> '' AND NOT EXISTS (
        SELECT FROM rollout_deploymentchange e
        WHERE e.deployment_id = d.id AND e.retired_at IS NULL AND e.what = 'declared_status'
            AND e.after = d.declared_status AND {_LOCAL} = d.declared_on)"""

_DECISIONS = """
    SELECT CASE WHEN c.from_on IS NULL THEN 'asked' ELSE 'decision' END, COALESCE(c.from_on, c.asked_on),
        NULL::timestamptz, c.kind, CASE WHEN c.deployment_id IS NULL THEN 'all' ELSE '' END, c.waits_for, c.text,
        c.reason, c.by_id, c.id
    FROM rollout_decision c
    WHERE c.programme_id = %(programme)s AND c.retired_at IS NULL
        AND (c.deployment_id = %(id)s OR c.deployment_id IS NULL)"""

_REVIEWS = """
    SELECT 'review', r.held_on, NULL::timestamptz, r.outcome, '', '', g.name, r.words, NULL::bigint, r.id
    FROM readiness_gatereview r JOIN readiness_gate g ON g.id = r.gate_id
    WHERE r.deployment_id = %(id)s AND r.retired_at IS NULL"""

_SIGN_OFFS = """
    SELECT 'sign_off', COALESCE(s.signed_on, r.held_on), NULL::timestamptz, s.answer, w.code, w.name, g.name, s.words,
        s.person_id, s.id
    FROM readiness_signoff s
    JOIN readiness_gatereview r ON r.id = s.review_id AND r.retired_at IS NULL
    JOIN readiness_gate g ON g.id = r.gate_id
    JOIN rollout_seatrole w ON w.id = s.seat_role_id
    WHERE r.deployment_id = %(id)s AND s.retired_at IS NULL AND s.answer <> ''"""

_ITEMS = f"""
    SELECT 'item', {_LOCAL}, e.at, e.state, '', e.assurance, t.text, e.reason, e.by_id, e.id
    FROM readiness_checklistevent e
    JOIN readiness_checklistitem i ON i.id = e.item_id
    JOIN readiness_templateitem t ON t.id = i.template_item_id
    WHERE e.deployment_id = %(id)s AND e.retired_at IS NULL AND e.state IN ('done', 'blocked', 'not_applicable')"""


def _waivers(what: str, day: str, person: str, where: str = "") -> str:
    """A waiver that was asked for, decided or revoked; `after` is the day until which it was to hold."""
    return f"""
        SELECT 'waiver', v.{day}, NULL::timestamptz, {what}, v.subject, v.until_on::text, COALESCE((
            SELECT t.text FROM readiness_checklistitem i JOIN readiness_templateitem t ON t.id = i.template_item_id
            WHERE i.deployment_id = v.deployment_id AND i.code = v.subject), ''), v.reason, {person}, v.id
        FROM readiness_waiver v WHERE v.deployment_id = %(id)s AND v.retired_at IS NULL {where}"""


def _pilots(what: str, day: str, text: str, reason: str) -> str:
    return f"""
        SELECT 'pilot', p.{day}, NULL::timestamptz, '{what}', p.code, p.outcome, {text}, {reason}, NULL::bigint, p.id
        FROM rollout_pilot p
        WHERE p.programme_id = %(programme)s AND p.site_id = %(site)s AND p.retired_at IS NULL"""


_EVENTS = """
    SELECT 'event', v.held_on, NULL::timestamptz, v.kind, '', COALESCE(v.people::text, ''), v.words, '', NULL::bigint,
        v.id
    FROM rollout_engagementevent v JOIN rollout_engagementevent_sites s ON s.engagementevent_id = v.id
    WHERE v.programme_id = %(programme)s AND s.site_id = %(site)s AND v.retired_at IS NULL"""

# Of several models that scored a day, the newest: what the pages of that day show.
_JUMPS = """
    SELECT 'score', j.day, NULL::timestamptz, '', j.before::text, j.score::text, '', '', NULL::bigint, j.id
    FROM (
        SELECT n.id, n.day, n.score, lag(n.score) OVER in_order AS before, lag(n.day) OVER in_order AS day_before
        FROM (
            SELECT DISTINCT ON (day) id, day, score FROM readiness_readinessscore
            WHERE deployment_id = %(id)s AND superseded_at IS NULL ORDER BY day, model_id DESC
        ) n WINDOW in_order AS (ORDER BY n.day)
    ) j WHERE j.day - j.day_before = 1 AND abs(j.score - j.before) >= %(jump)s"""

SOURCES: dict[str, tuple[str, ...]] = {
    "stages": (_changes("stage"),),
    "dates": (
        _changes("go_live", "technical_go_live", "wave"),
        _fact("interest", "interest_on"),
        _fact("technical_go_live", "actual_technical_go_live_on"),
        _fact("go_live", "actual_go_live_on"),
    ),
    "declared": (_changes("declared_status"), _DECLARED),
    "decisions": (_DECISIONS,),
    "gates": (_REVIEWS, _SIGN_OFFS),
    "items": (
        _ITEMS,
        _waivers("'asked'", "asked_on", "v.asked_by_id"),
        _waivers(
            "CASE WHEN v.state = 'denied' THEN 'denied' ELSE 'approved' END",
            "decided_on",
            "v.decided_by_id",
            "AND v.state <> 'asked'",
        ),
        _waivers("'revoked'", "revoked_on", "v.revoked_by_id", "AND v.state = 'revoked'"),
    ),
    "pilots": (
        _pilots("began", "starts_on", "p.question", "''"),
        _pilots("ended", "ends_on", "p.question", "''"),
        _pilots("decided", "decided_on", "p.question", "p.reason"),
    ),
    "engagement": (_EVENTS,),
    "scores": (_JUMPS,),
}


COLUMNS = "source, day, at, what, before, after, text, reason, by_id, ref"


def union_of(kinds: tuple[str, ...]) -> str:
    """One SELECT over these kinds, with `kind` as its first column, of everything until the last day asked for."""
    selects = [
        f"SELECT '{kind}' AS kind, x.* FROM ({select}) AS x({COLUMNS})" for kind in kinds for select in SOURCES[kind]
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(selects)}) AS happened WHERE day <= %(until)s"


IN_ORDER = "ORDER BY day DESC, at DESC NULLS LAST, kind, source, text, what, ref DESC"
