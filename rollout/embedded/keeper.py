"""The process that owns the embedded servers of one data folder: `python -m rollout.embedded.keeper`.

Whoever needs the servers connects to the keeper's socket and stays connected. When nobody has been there for a few
seconds it stops them and ends. It notices a client that was killed, because its connection closes; the servers notice
a keeper that was killed, because the kernel tells them. Nothing is ever counted in a file.
"""

import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Protocol, TextIO

from .layout import Layout
from .postgres import Postgres
from .processes import EmbeddedServerError
from .valkey import Valkey

TICK_SECONDS = 0.25
# A server that dies is started again, but not for ever.
RESTARTS = 20
RESTART_WINDOW_SECONDS = 60


class Server(Protocol):
    """What the keeper asks of a server."""

    name: str

    def start(self) -> None: ...
    def has_died(self) -> bool: ...
    def stop(self) -> None: ...


class Keeper:
    """Serves the clients of one data folder until the last has gone."""

    def __init__(self, layout: Layout, listener: socket.socket) -> None:
        self.layout = layout
        self.listener = listener
        self.servers: list[Server] = [Postgres(layout), Valkey(layout)]
        self.selector = selectors.DefaultSelector()
        self.clients: set[socket.socket] = set()
        self.restarts: list[float] = []
        self.told_to_stop = False

    def serve(self) -> None:
        """Start the servers, tell the clients, and stay as long as there are any. Raises EmbeddedServerError."""
        for server in self.servers:
            server.start()
        self.selector.register(self.listener, selectors.EVENT_READ)
        last_seen = time.monotonic()
        while not self.told_to_stop and time.monotonic() - last_seen < self.layout.linger_seconds:
            events = self.selector.select(TICK_SECONDS)
            self._mend()  # first, so that nobody is told of servers that have gone
            for key, _mask in events:
                if key.fileobj is self.listener:
                    self._welcome()
                elif isinstance(key.fileobj, socket.socket):
                    self._listen(key.fileobj)
            if self.clients:
                last_seen = time.monotonic()

    def stop(self) -> None:
        """Stop what was started, the broker first, and let the clients go."""
        for server in reversed(self.servers):
            server.stop()
        for client in self.clients:
            client.close()

    def _welcome(self) -> None:
        client, _address = self.listener.accept()
        try:
            client.sendall(_line({"ready": True, "keeper": os.getpid()}))
        except OSError:
            client.close()
            return
        self.clients.add(client)
        self.selector.register(client, selectors.EVENT_READ)

    def _listen(self, client: socket.socket) -> None:
        """Clients say nothing: something to read means that the connection has ended."""
        with contextlib.suppress(OSError):
            if client.recv(64):
                return
        self.selector.unregister(client)
        self.clients.discard(client)
        client.close()

    def _mend(self) -> None:
        """Start a server again that has died. Raises EmbeddedServerError when it keeps on dying."""
        for server in self.servers:
            if not server.has_died():
                continue
            now = time.monotonic()
            self.restarts = [*(at for at in self.restarts if now - at < RESTART_WINDOW_SECONDS), now]
            if len(self.restarts) > RESTARTS:
                raise EmbeddedServerError(f"{server.name} keeps stopping: see the logs in {self.layout.data}")
            _say(f"{server.name} stopped by itself; it is started again")
            server.start()


def _line(message: dict[str, object]) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}\n")
    sys.stderr.flush()


def refuse(listener: socket.socket, why: str) -> None:
    """Tell those who are waiting why there are no servers."""
    listener.setblocking(False)
    with contextlib.suppress(OSError):
        while True:
            client, _address = listener.accept()
            with client:
                client.sendall(_line({"error": why}))


def take_lock(layout: Layout) -> TextIO | None:
    """The keeper's lock, once the one before has stopped; None when another keeper is already serving."""
    lock = layout.keeper_lock.open("a")
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(layout.keeper_socket))
            lock.close()
            return None
        time.sleep(0.05)


def make_socket_folder(layout: Layout) -> None:
    """The folder of the sockets, closed to everybody else. Raises EmbeddedServerError when it is not ours."""
    layout.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = layout.sockets.lstat()
    strange = facts.st_uid not in (os.geteuid(), *([layout.cluster.stat().st_uid] if layout.cluster.exists() else []))
    if layout.sockets.is_symlink() or (strange and os.geteuid() != 0):
        raise EmbeddedServerError(f"{layout.sockets} belongs to somebody else: delete it, or set ROLLOUT_DATA.")
    layout.sockets.chmod(0o700)


def main(layout: Layout) -> int:
    """Keep the servers of this folder. 0 when all is done or another keeper is there, 1 when they cannot run."""
    lock = take_lock(layout)
    if lock is None:
        return 0
    with lock, socket.socket(socket.AF_UNIX) as listener:
        make_socket_folder(layout)
        layout.keeper_socket.unlink(missing_ok=True)
        listener.bind(str(layout.keeper_socket))
        listener.listen(128)
        keeper: Keeper | None = None
        try:
            keeper = Keeper(layout, listener)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: setattr(keeper, "told_to_stop", True))
            keeper.serve()
        except EmbeddedServerError as error:
            _say(str(error))
            refuse(listener, str(error))
            return 1
        finally:
            # From here on newcomers find no socket, and wait with the lock for the servers to stop.
            layout.keeper_socket.unlink(missing_ok=True)
            listener.close()
            if keeper:
                keeper.stop()
            if layout.sockets.parent != layout.data:
                with contextlib.suppress(OSError):
                    layout.sockets.rmdir()
    return 0


if __name__ == "__main__":
    os.umask(0o077)
    folder, fsync, linger = sys.argv[1:]
    sys.exit(main(Layout(Path(folder), fsync == "fsync", float(linger))))
