"""The real input once more after an import of it that was taken back: dead rows must not mislead the planner."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from readiness.packs import import_pack
from rollout.models import Site
from tests.database import RunDatabase, use
from tests.real_input import build_real_pack

LAST = date(2026, 3, 29)
# Planned blindly, one statement took more than ten minutes; planned well, the slowest takes about a second.
STATEMENT_TIMEOUT = "120s"


@pytest.mark.night
@pytest.mark.django_db(transaction=True)
def test_import_after_one_that_was_taken_back(data: Path, tmp_path: Path, run_database: RunDatabase) -> None:
    pack = build_real_pack(data, tmp_path / "pack", LAST)
    with transaction.atomic():
        import_pack(pack)
        transaction.set_rollback(True)
    role = connection.settings_dict["OPTIONS"]["assume_role"]
    use(run_database.name)
    with connection.cursor() as cursor:  # as autovacuum does within a minute
        cursor.execute("ANALYZE")
    use(run_database.name, role=role)

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [STATEMENT_TIMEOUT])
    import_pack(pack)

    assert Site.objects.count() > 2_000
    connection.close()
