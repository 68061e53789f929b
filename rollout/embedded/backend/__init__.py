"""Django's PostgreSQL, for the embedded server."""
