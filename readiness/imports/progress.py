"""Says how far an import is while its transaction is still open: on a line to the database of its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

# A page asks every two seconds.
EVERY_SECONDS = 1.0
_SAY = """
INSERT INTO readiness_fileimportprogress (file_import_id, step, done, total, at) VALUES (%s, %s, %s, %s, now())
ON CONFLICT (file_import_id)
    DO UPDATE SET step = EXCLUDED.step, done = EXCLUDED.done, total = EXCLUDED.total, at = now()
"""


class Teller:
    """Writes how far one import is, at most once a second. What cannot be written is not the import's trouble."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self.line = connection.copy()
        self.said_at = 0.0
        self.said = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Tell a step and how much of it is done; 0 of 0 where that is not known."""
        now = time.monotonic()
        if now - self.said_at < EVERY_SECONDS and step == self.said:
            return
        self.said_at, self.said = now, step
        try:
            with self.line.cursor() as cursor:
                cursor.execute(_SAY, [self.import_id, step[:60], done, total])
        except DatabaseError:
            self.line.close()


@contextmanager
def telling(import_id: int) -> Iterator[Teller]:
    """A teller of one import, its line closed at the end."""
    teller = Teller(import_id)
    try:
        yield teller
    finally:
        teller.line.close()
