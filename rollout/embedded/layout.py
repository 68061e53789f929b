"""Where the embedded servers keep their things, all inside one data folder."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

OWNER_ROLE = "rollout_owner"
APPLICATION_ROLE = "rollout_app"
SUPERUSER = "postgres"
DATABASE = "rollout"
# A socket's address holds 104 bytes on macOS and 108 on Linux; PostgreSQL makes the longest name, with its lock.
SOCKET_PATH_LIMIT = 100
LONGEST_SOCKET = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Layout:
    """The files of one data folder, and how its servers are kept.

    `fsync` off is for tests: their data need not outlive a power cut. `linger_seconds` is how long the servers stay
    when nobody uses them any more, so that one command after another does not start them again.
    """

    data: Path
    fsync: bool = True
    linger_seconds: float = 5.0

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder, named by the version that can read it."""
        return self.data / "postgres-18"

    @cached_property
    def sockets(self) -> Path:
        """The folder of the sockets: in the data folder, or a short one of this user where that path is too long."""
        inside = self.data / "sockets"
        if len(os.fsencode(inside / LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT:
            return inside
        mark = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"rollout-{os.getuid()}-{mark}"

    @property
    def keeper_socket(self) -> Path:
        return self.sockets / "keeper"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey"

    @property
    def valkey_url(self) -> str:
        """The broker's address, as Celery writes it."""
        return f"redis+socket://{quote(str(self.valkey_socket))}?virtual_host=0"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper as long as any server of this folder may be alive."""
        return self.data / "keeper.lock"

    @property
    def starter_lock(self) -> Path:
        """Held for a moment by whoever starts a keeper, so that ten at once start one."""
        return self.data / "starter.lock"

    def log(self, name: str) -> Path:
        return self.data / f"{name}.log"
