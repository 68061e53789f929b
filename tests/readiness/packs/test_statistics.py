"""What the planner knows after a large import."""

from django.db import connection

from readiness.packs import Fates, ImportReport
from readiness.packs.statistics import WORTH_IT_ROWS, gather_statistics
from readiness.packs.tables import TABLES
from rollout.models import Organisation, Site


def rows_known_of(table: str) -> float:
    """How many rows the planner takes the table to have; below 0 it was never told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        return cursor.fetchone()[0]


def import_of(rows: int) -> None:
    """Fill a table within the transaction, as an import does, and end it as an import ends."""
    Organisation.objects.bulk_create(Organisation(code=f"O{n}", name=f"Trust {n}") for n in range(rows))
    report = ImportReport(fates={"organisations.csv": Fates(new=rows)})
    with connection.cursor() as cursor:
        gather_statistics(cursor, report, TABLES)


def test_large_import_tells_the_planner(db):
    Site.objects.create(code="S1", name="Site", organisation=Organisation.objects.create(code="ORG", name="Trust"))

    import_of(WORTH_IT_ROWS)

    assert rows_known_of("rollout_organisation") == WORTH_IT_ROWS + 1
    assert rows_known_of("rollout_site") == 1


def test_small_import_leaves_statistics_alone(db):
    before = rows_known_of("rollout_organisation")

    import_of(WORTH_IT_ROWS - 1)

    assert rows_known_of("rollout_organisation") == before
