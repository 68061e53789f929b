"""What the operator says in environment variables, in the types the settings want. No Django in here."""

import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
# Commands that change the schema, so that they log in as the owner of the tables.
OWNER_COMMANDS = {"migrate", "sqlmigrate", "squashmigrations", "flush", "test"}


# Milliseconds that a process of a kind waits in the database, 0 for ever: for a statement, for a lock, and between two
# statements of a transaction. Commands (migrate, import_pack, recompute) may take their time over a million rows.
TIMEOUTS = {
    "web": {"statement": 15_000, "lock": 3_000, "idle_in_transaction_session": 30_000},
    "worker": {"statement": 300_000, "lock": 3_000, "idle_in_transaction_session": 30_000},
    "command": {"statement": 0, "lock": 3_000, "idle_in_transaction_session": 600_000},
    "owner": {"statement": 0, "lock": 0, "idle_in_transaction_session": 600_000},
}


class SettingError(Exception):
    """An environment variable is missing or cannot be read; the message names it and says what to do."""


def flag(name: str, *, default: bool) -> bool:
    """The variable as yes or no. Raises SettingError for any other word."""
    word = os.environ.get(name, "yes" if default else "no").strip().lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise SettingError(f"{name} is {word!r}: write 1 or 0.")


def words(name: str) -> list[str]:
    """The variable as a list, parted by commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def required(name: str, why: str) -> str:
    """The variable's value. Raises SettingError when it is missing or empty."""
    value = os.environ.get(name, "")
    if not value:
        raise SettingError(f"{name} is missing: {why}")
    return value


def kept_secret(path: Path) -> str:
    """A random key that lasts as long as the data folder; made on first use, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if kept := path.read_text():
            return kept
        raise SettingError(f"{path} is empty: delete it, and a new key is made.") from None
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(64)
        file.write(key)
    return key


def database(name: str, url: str) -> dict[str, Any]:
    """Django's NAME, USER, PASSWORD, HOST, PORT and OPTIONS of a `postgresql://` address.

    A socket folder is written as the `host` parameter (`postgresql:///rollout?host=/run/postgresql`); the other
    parameters (sslmode, sslrootcert …) go to libpq as they are. Raises SettingError, never quoting the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingError(f"{name} cannot be read as an address: {error}.") from None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingError(f"{name} must begin with postgresql://, not {parts.scheme or 'nothing'}://.")
    if not parts.path.strip("/"):
        raise SettingError(f"{name} names no database: end it with /NAME.")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or (str(port) if port else ""),
        "OPTIONS": options,
    }


# By the scheme of EMAIL_URL: the usual port, and how the line is kept private.
MAIL_SCHEMES: dict[str, tuple[int, dict[str, bool]]] = {
    "smtp": (25, {}),
    "smtp+tls": (587, {"EMAIL_USE_TLS": True}),
    "smtps": (465, {"EMAIL_USE_SSL": True}),
}


def mail(name: str, url: str) -> dict[str, Any]:
    """Django's settings of a mail server at `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://`; {} for an empty one.

    Raises SettingError, never quoting the password.
    """
    if not url:
        return {}
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingError(f"{name} cannot be read as an address: {error}.") from None
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname:
        raise SettingError(f"{name} must look like smtp+tls://user:password@host:587.")
    usual, private = MAIL_SCHEMES[parts.scheme]
    return {
        "EMAIL_HOST": unquote(parts.hostname),
        "EMAIL_PORT": port or usual,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        **private,
    }


def process_kind() -> str:
    """What this process is: "web", "worker", "owner" (changes the schema) or "command"."""
    program, *arguments = sys.argv or [""]
    command = arguments[0] if arguments else ""
    if "gunicorn" in program or (program.endswith("manage.py") and command == "runserver"):
        return "web"
    if "celery" in program:
        return "worker"
    return "owner" if command in OWNER_COMMANDS and "manage.py" in program else "command"
