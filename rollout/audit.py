"""Who and why, for the audit triggers: said once a transaction, before its first write."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from rollout.models import User


@contextmanager
def acting(user: User | None, reason: str = "", *, request_id: str = "") -> Iterator[None]:
    """A transaction whose audit entries name this user (None: the program itself), the reason and the request.

    Inside another `acting` the inner one holds until its end. Reasons are cut at 500 characters.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('rollout.user_id', true), current_setting('rollout.reason', true), "
            "current_setting('rollout.request_id', true)"
        )
        before = cursor.fetchone()
        _say(cursor, (str(user.pk) if user else "", reason[:500], request_id[:64]))
        yield
        _say(cursor, tuple(value or "" for value in before))


def _say(cursor: Any, values: Sequence[str]) -> None:
    cursor.execute(
        "SELECT set_config('rollout.user_id', %s, true), set_config('rollout.reason', %s, true), "
        "set_config('rollout.request_id', %s, true)",
        values,
    )


@contextmanager
def importing() -> Iterator[None]:
    """A transaction whose rows are an import's: no audit entry a row, and not "edited by hand"."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rollout.importing', 'on', true)")
        yield
        cursor.execute("SELECT set_config('rollout.importing', '', true)")
