"""SQL of `scores.csv`: the current revisions of a programme's scores, which are written and never read."""

from readiness.scoring import CODES, DOMAINS, State

_DOMAINS = "".join(f""", t.domains->>'{domain}' AS "{domain}\"""" for domain in DOMAINS)
_INDICATORS = "".join(
    f""", CASE t.indicators->'{code}'->>0 WHEN '{State.KNOWN.value}' THEN t.indicators->'{code}'->>4"""
    f""" WHEN '{State.UNKNOWN.value}' THEN 'unknown' END AS "{code}\""""
    for code in CODES
)

SCORES_SQL = f"""
SELECT s.code AS site, t.day, m.version AS model, t.revision, t.score, t.raw, t.band, t.expected, t.coverage,
    t.days_to_go AS days,
    NULLIF(array_to_string(ARRAY(SELECT jsonb_array_elements_text(t.caps)), ';'), '') AS caps{_DOMAINS}{_INDICATORS}
FROM readiness_readinessscore t
JOIN readiness_scoringmodel m ON m.id = t.model_id
JOIN rollout_deployment d ON d.id = t.deployment_id
JOIN rollout_site s ON s.id = d.site_id
WHERE d.programme_id = %(programme)s AND t.superseded_at IS NULL
  AND d.retired_at IS NULL AND s.retired_at IS NULL AND (%(day)s::date IS NULL OR t.day = %(day)s::date)
ORDER BY s.code COLLATE "C", t.day, m.version COLLATE "C"
"""
