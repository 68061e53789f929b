"""Django's PostgreSQL backend, which has the embedded servers running before it connects.

A command that never asks the database (check, collectstatic, makemessages …) so never starts them.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from rollout.embedded.client import join
from rollout.embedded.processes import EmbeddedServerError


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded PostgreSQL."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            join(settings.EMBEDDED)
        except EmbeddedServerError as error:
            raise ImproperlyConfigured(str(error)) from None
        return super().get_new_connection(conn_params)
