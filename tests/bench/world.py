"""A database of many deployments, made by the database itself: the sizes of the nightly run that must stay quick.

Each deployment has a site of its own with 10 wards, 200 staff, 500 attendances, 150 checklist events, 200 log-in tests
and 60 champion shifts; programmes hold up to 1,000 deployments each unless told otherwise.
"""

from datetime import date
from typing import Any

from django.db import connection

STAFF = 200
WARDS = 10
ITEMS = 60
PER_PROGRAMME = 1000
GROUPS = ("nurse", "doctor", "ahp", "admin", "manager")

# Filled in this order; the triggers that audit and mark would only slow the making down.
TABLES = (
    "rollout_organisation",
    "rollout_site",
    "rollout_ward",
    "rollout_staffgroup",
    "rollout_programme",
    "rollout_deployment",
    "training_staffmember",
    "training_posting",
    "training_course",
    "training_course_groups",
    "training_attendance",
    "training_champion",
    "training_shiftpattern",
    "training_championshift",
    "training_accesscheck",
    "readiness_checklisttemplate",
    "readiness_templateitem",
    "readiness_checklist",
    "readiness_checklistitem",
    "readiness_checklistevent",
    "readiness_hazard",
    "rollout_measure",
    "rollout_sitetarget",
    "rollout_engagementevent",
    "rollout_engagementevent_sites",
    "rollout_engagementevent_groups",
    "rollout_pulseresponse",
    "rollout_partner",
    "rollout_commitment",
    "rollout_pilot",
)

# Every key is a running number: deployment n has site n, ward (n − 1) · 10 + w, staff (n − 1) · 200 + s.
STATEMENTS = (
    """INSERT INTO rollout_organisation (id, code, name, kind, region, retired_reason)
       SELECT n, 'O' || n, 'Organisation ' || n, 'trust', '', '' FROM generate_series(1, %(organisations)s) n""",
    """INSERT INTO rollout_site (id, organisation_id, code, name, kind, postcode, time_zone, retired_reason)
       SELECT n, 1 + n %% %(organisations)s, 'S' || n, 'Site ' || n, 'hospital', '', 'Europe/London', ''
       FROM generate_series(1, %(count)s) n""",
    """INSERT INTO rollout_ward (id, site_id, code, name, specialty, retired_reason)
       SELECT (n - 1) * %(wards)s + w, n, 'W' || w, 'Ward ' || w, '', ''
       FROM generate_series(1, %(count)s) n, generate_series(1, %(wards)s) w""",
    """INSERT INTO rollout_staffgroup (id, code, name)
       SELECT n, code, '' FROM unnest(%(groups)s::text[]) WITH ORDINALITY g (code, n)""",
    """INSERT INTO rollout_programme (id, code, name, product, portfolio, problem, processes, mission, goal, approach,
           resource_need, state, ward_word, support_number, not_applicable, refresher_days, champion_hours_limit,
           retired_reason)
       SELECT n, 'P' || n, 'Programme ' || n, '', '', '', '{}', '', '', '', '', 'rolling_out', 'ward', '', '{}', 300,
           15, ''
       FROM generate_series(1, %(programmes)s) n""",
    """INSERT INTO rollout_deployment (id, programme_id, site_id, modules, stage, stage_before, technical_go_live_on,
           go_live_on, declared_status, declared_words, retired_reason)
       SELECT n, 1 + (n - 1) / %(per_programme)s, n, '{}', 'preparing', '', %(day)s::date + n %% 180 - 14,
           %(day)s::date + n %% 180, '', '', ''
       FROM generate_series(1, %(count)s) n""",
    """INSERT INTO training_staffmember (id, organisation_id, number, name, email, group_id, line_manager,
           retired_reason)
       SELECT (n - 1) * %(staff)s + s, 1 + n %% %(organisations)s, n || '-' || s, '', '', 1 + s %% 5, s %% 20 = 0, ''
       FROM generate_series(1, %(count)s) n, generate_series(1, %(staff)s) s""",
    """INSERT INTO training_posting (id, staff_id, ward_id, from_on, to_on, retired_reason)
       SELECT id, id, ((id - 1) / %(staff)s) * %(wards)s + 1 + id %% %(wards)s, %(day)s::date - 400,
           CASE WHEN id %% 40 = 0 THEN %(day)s::date - 3 END, ''
       FROM training_staffmember""",
    """INSERT INTO training_course (id, programme_id, code, name, mode, mandatory, valid_days, for_champions, assessed,
           active, retired_reason)
       SELECT (p - 1) * 4 + c, p, 'C' || c, 'Course ' || c, 'classroom', c = 1,
           CASE WHEN c > 1 THEN 200 END, c = 4, c = 2, true, ''
       FROM generate_series(1, %(programmes)s) p, generate_series(1, 4) c""",
    """INSERT INTO training_course_groups (course_id, staffgroup_id)
       SELECT (p - 1) * 4 + c, g FROM generate_series(1, %(programmes)s) p,
           (VALUES (2, 1), (2, 2), (3, 3), (3, 4)) x (c, g)""",
    # Two and a half a person, written in the order of days as they come in: the people of a site lie far apart.
    """INSERT INTO training_attendance (course_id, staff_id, "on", state, passed, retired_reason)
       SELECT ((n - 1) / %(per_programme)s) * 4 + 1 + k %% 4, (n - 1) * %(staff)s + 1 + k %% %(staff)s,
           %(day)s::date - 1 - ((k * 7) %% 180), CASE WHEN k %% 9 = 0 THEN 'booked' ELSE 'attended' END,
           CASE WHEN k %% 4 = 1 THEN k %% 7 <> 0 END, ''
       FROM generate_series(0, 499) k, generate_series(1, %(count)s) n
       ORDER BY (k * 7) %% 180 DESC, n""",
    """INSERT INTO training_champion (staff_id, programme_id, level, volunteered, from_on, retired_reason)
       SELECT (n - 1) * %(staff)s + s, 1 + (n - 1) / %(per_programme)s, 'champion', true, %(day)s::date - 90, ''
       FROM generate_series(1, %(count)s) n, generate_series(1, 20) s""",
    """INSERT INTO training_shiftpattern (id, programme_id, name, starts, ends, minimum, retired_reason)
       SELECT (p - 1) * 3 + k, p, name, starts::time, ends::time, 1, ''
       FROM generate_series(1, %(programmes)s) p,
           (VALUES (1, 'early', '07:00', '15:00'), (2, 'late', '14:30', '22:30'), (3, 'night', '22:00', '07:30'))
           x (k, name, starts, ends)""",
    """INSERT INTO training_championshift (client_id, programme_id, staff_id, ward_id, starts_at, ends_at, state,
           planned_on, notes, retired_reason)
       SELECT gen_random_uuid(), d.programme_id, (d.id - 1) * %(staff)s + 1 + k %% 20,
           (d.id - 1) * %(wards)s + 1 + k %% %(wards)s,
           (d.go_live_on + (k / 20) * 4 + time '07:00') AT TIME ZONE 'Europe/London',
           (d.go_live_on + (k / 20) * 4 + time '15:00') AT TIME ZONE 'Europe/London', 'planned', %(day)s::date - 30,
           '', ''
       FROM rollout_deployment d, generate_series(0, 59) k""",
    """INSERT INTO training_accesscheck (staff_id, programme_id, checked_at, device, passed, reason, retired_reason)
       SELECT (n - 1) * %(staff)s + s, 1 + (n - 1) / %(per_programme)s,
           %(day)s::date::timestamptz - s * interval '1 hour', '', s %% 5 <> 0, '', ''
       FROM generate_series(1, %(staff)s) s, generate_series(1, %(count)s) n""",
    """INSERT INTO readiness_checklisttemplate (id, programme_id, version, retired_reason)
       SELECT n, n, 1, '' FROM generate_series(1, %(programmes)s) n""",
    """INSERT INTO readiness_templateitem (id, template_id, code, domain, text, help, weight, blocking, due_days,
           valid_days, evidence_needed, golive, check_code)
       SELECT (p - 1) * %(items)s + i, p, 'I' || i, (%(domains)s::text[])[1 + i %% 11], 'Item ' || i, '', 1 + i %% 5,
           i %% 12 = 0, i, CASE WHEN i %% 6 = 0 THEN 90 END, i %% 2 = 0, 'user', ''
       FROM generate_series(1, %(programmes)s) p, generate_series(1, %(items)s) i""",
    "UPDATE readiness_checklisttemplate SET published_at = now()",
    """INSERT INTO readiness_checklist (id, deployment_id, template_id, retired_reason)
       SELECT id, id, programme_id, '' FROM rollout_deployment""",
    """INSERT INTO readiness_checklistitem (id, checklist_id, deployment_id, template_item_id, code, state, assurance,
           evidence, reason, version, retired_reason)
       SELECT (d.id - 1) * %(items)s + i, d.id, d.id, (d.programme_id - 1) * %(items)s + i, 'I' || i, 'not_started', '',
           '', '', 1, ''
       FROM rollout_deployment d, generate_series(1, %(items)s) i""",
    """INSERT INTO readiness_checklistevent (item_id, deployment_id, at, state, assurance, due_default, evidence,
           reason, retired_reason)
       SELECT (n - 1) * %(items)s + 1 + k %% %(items)s, n,
           %(day)s::date::timestamptz - ((150 - k) || ' days')::interval + (n || ' seconds')::interval,
           (ARRAY['in_progress', 'done', 'done', ''])[1 + (k + n) %% 4], (ARRAY['', 'seen', 'proved'])[1 + k %% 3],
           false, '', '', ''
       FROM generate_series(0, 149) k, generate_series(1, %(count)s) n""",
    """INSERT INTO readiness_hazard (programme_id, deployment_id, code, text, likelihood, severity, mitigation,
           raised_on, accepted_on, retired_reason)
       SELECT d.programme_id, d.id, 'H' || d.id || '-' || k, 'Hazard', 3, 3, '', %(day)s::date - 60,
           CASE WHEN k > 1 THEN %(day)s::date - 20 END, ''
       FROM rollout_deployment d, generate_series(1, 3) k""",
    """INSERT INTO rollout_measure (id, programme_id, code, name, unit, portfolio, direction, headline, retired_reason)
       SELECT (p - 1) * 3 + k, p, 'M' || k, 'Measure ' || k, '', '', 'up', k = 1, ''
       FROM generate_series(1, %(programmes)s) p, generate_series(1, 3) k""",
    """INSERT INTO rollout_sitetarget (measure_id, deployment_id, target, agreed_on, retired_reason)
       SELECT (d.programme_id - 1) * 3 + k, d.id, 30, %(day)s::date - 10, ''
       FROM rollout_deployment d, generate_series(1, 2) k""",
    """INSERT INTO rollout_engagementevent (id, programme_id, code, kind, held_on, people, words, retired_reason)
       SELECT d.id, d.programme_id, 'E' || d.id, 'workshop', %(day)s::date - d.id::int %% 120, 20, '', ''
       FROM rollout_deployment d""",
    """INSERT INTO rollout_engagementevent_sites (engagementevent_id, site_id)
       SELECT id, id FROM rollout_deployment""",
    """INSERT INTO rollout_engagementevent_groups (engagementevent_id, staffgroup_id)
       SELECT d.id, g FROM rollout_deployment d, generate_series(1, 3) g""",
    """INSERT INTO rollout_pulseresponse (programme_id, deployment_id, code, answered_on, confidence, words,
           retired_reason)
       SELECT d.programme_id, d.id, 'Q' || d.id || '-' || k, %(day)s::date - k * 4, 1 + k %% 5, '', ''
       FROM rollout_deployment d, generate_series(1, 12) k""",
    "INSERT INTO rollout_partner (id, code, name, kind, retired_reason) VALUES (1, 'SUP', 'Supplier', '', '')",
    """INSERT INTO rollout_commitment (programme_id, deployment_id, partner_id, code, text, due_on, delivered_on,
           retired_reason)
       SELECT d.programme_id, d.id, 1, 'C' || d.id || '-' || k, 'Commitment', %(day)s::date - 5,
           CASE WHEN k = 1 THEN %(day)s::date - 6 END, ''
       FROM rollout_deployment d, generate_series(1, 2) k""",
    """INSERT INTO rollout_pilot (programme_id, code, question, ends_on, outcome, decided_on, reason, scale_plan,
           resources, secured_on, retired_reason)
       SELECT n, 'PL', '', %(day)s::date - 100, 'scale', %(day)s::date - 90, '', '', '', %(day)s::date - 90, ''
       FROM generate_series(1, %(programmes)s) n""",
)


def make_world(count: int, day: date, *, per_programme: int = PER_PROGRAMME) -> None:
    """Fill an empty, migrated database with `count` deployments around `day`. Needs the role that owns the tables."""
    from_domains = (
        "leadership goals engagement training champions governance technical continuity partnerships resourcing pilots"
    )
    values: dict[str, Any] = {
        "count": count,
        "day": day,
        "organisations": max(1, count // 20),
        "programmes": -(-count // per_programme),
        "per_programme": per_programme,
        "wards": WARDS,
        "staff": STAFF,
        "items": ITEMS,
        "groups": list(GROUPS),
        "domains": from_domains.split(),
    }
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in STATEMENTS:
            cursor.execute(statement, values)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
