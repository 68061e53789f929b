"""What an import keeps of its own writing: the ids of rows it added, so that nothing needs the audit's row by row."""

# Why a row is retired that an import added and its undoing took out. The same row in a later file brings it back.
UNDONE_REASON = "import undone"


def log_of_added(table: str, added: str = "added") -> str:
    """SQL that ends a statement: keeps the ids in the CTE `added`, as rows of `table`, for the run `%(run)s`, if any.

    Consecutive ids become ranges, and never more than that: another session may add rows in between.
    """
    islands = f"SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM {added}"
    return (
        'INSERT INTO rollout_importchange (run_id, "table", first_id, last_id)'
        f" SELECT %(run)s::bigint, '{table}', min(id), max(id) FROM ({islands}) i"
        " WHERE %(run)s::bigint IS NOT NULL GROUP BY island"
    )
