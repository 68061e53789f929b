"""The whole site on one machine: web server, worker and beat on embedded services, until Ctrl-C.

Runs inside .venv. Whatever ends this process ends its children: a signal stops them in order, and if it is killed the
kernel kills them, and they their own.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rollout.embedded.client import join
from rollout.embedded.layout import Layout
from rollout.embedded.processes import EmbeddedServerError, before_exec
from tools.places import (
    DATA,
    LOCAL,
    PYTHON,
    ROOT,
    SetupError,
    digest,
    environment,
    fail,
    run,
    say,
    stamp,
    write_stamp,
)

PORT = int(os.environ.get("PORT") or 8000)
ADDRESS = f"http://localhost:{PORT}/"
WELCOME = DATA / "welcome.txt"
START_SECONDS = 60
PORT_SECONDS = 15  # a web server whose launcher was killed needs a moment to go
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# How a child is asked to stop, ever less kindly: the order, and how long it has to follow.
ORDERS = ((signal.SIGTERM, 4.0), (signal.SIGQUIT, 4.0), (signal.SIGKILL, 5.0))


class Stopped(Exception):
    """Somebody asked us to stop."""


class Demo:
    """The processes of the demo."""

    def __init__(self) -> None:
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str | Path) -> None:
        """Start a child that writes to a log of its own and does not outlive us.

        If we are killed it is killed: nobody would be there to press for an end that a kinder signal only asks for.
        """
        with log(name).open("wb") as output:
            self.children[name] = subprocess.Popen(
                [str(PYTHON), *map(str, command)],
                cwd=ROOT,
                env=environment(ROLLOUT_LOCAL="1"),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=before_exec(signal.SIGKILL),
            )

    def check(self) -> None:
        """Raises SetupError when a child has ended by itself."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise SetupError(f"The {name} process has ended (code {child.returncode}): see {log(name)}")

    def stop(self) -> None:
        """Stop every child; one that does not follow an order gets the next. Takes no more than 13 seconds."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for order, seconds in ORDERS:
            alive = [child for child in self.children.values() if child.poll() is None]
            for child in alive:
                with contextlib.suppress(ProcessLookupError):
                    if order == signal.SIGKILL:
                        os.killpg(child.pid, order)
                    else:
                        child.send_signal(order)
            deadline = time.monotonic() + seconds
            for child in alive:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(max(0.0, deadline - time.monotonic()))


def log(name: str) -> Path:
    return DATA / f"{name}.log"


def wait_for_port() -> None:
    """Wait for the port to be free. Raises SetupError when somebody keeps it."""
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                line.bind(("127.0.0.1", PORT))
            except OSError:
                if time.monotonic() > deadline:
                    raise SetupError(f"Port {PORT} is in use. Try another: PORT={PORT + 1} make demo") from None
            else:
                return
        time.sleep(0.2)


def wait_for_page(demo: Demo) -> None:
    """Wait until the site answers. Raises SetupError when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        demo.check()
        try:
            with urllib.request.urlopen(ADDRESS, timeout=START_SECONDS):
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
            raise SetupError(f"The site answers with error {error.code}: see {log('web')}") from None
        except OSError:
            time.sleep(0.1)
    raise SetupError(f"The site does not answer: see {log('web')}")


def manage(*arguments: str, what: str) -> None:
    run(PYTHON, "manage.py", *arguments, what=what, ROLLOUT_LOCAL="1")


def collect_static() -> None:
    """Lay the static files out under names of their contents, unless nothing has changed since the last time."""
    path = LOCAL / "static-stamp.json"
    locks = [ROOT / "requirements" / "local.txt", ROOT / "package-lock.json"]
    facts = {"files": digest(ROOT / "static", ROOT / "rollout" / "assets.py", ROOT / "rollout" / "settings.py", *locks)}
    if stamp(path) != facts or not (LOCAL / "assets").is_dir():
        manage("collectstatic", "--noinput", "--verbosity", "0", "--ignore", "scss", what="Collecting static files")
        write_stamp(path, facts)


def load_sample(demo: Demo) -> None:
    """Load the sample programmes once, showing how far it is; what the command says is kept for the next start."""
    say("Loading the sample programmes (once) …")
    said = WELCOME.with_suffix(".new")
    with said.open("wb") as output:
        child = subprocess.Popen(
            [str(PYTHON), "manage.py", "load_sample"],
            cwd=ROOT,
            env=environment(ROLLOUT_LOCAL="1"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            preexec_fn=before_exec(signal.SIGTERM),
        )
        demo.children["sample"] = child
        child.wait()
        del demo.children["sample"]
    if child.returncode:
        raise SetupError(f"The sample did not load:\n{said.read_text()}")
    said.replace(WELCOME)


def welcome(kept: str) -> str:
    """What the sample's loading said once, with the addresses of today: the port may be another one."""
    return re.sub(r"http://localhost:[0-9]+/", ADDRESS, kept)


def serve(demo: Demo) -> NoReturn:
    """Start everything, the page first, and stay."""
    if not os.environ.get("DATABASE_URL"):
        say("Starting PostgreSQL and Valkey …")
        join(Layout(DATA))
    wait_for_port()
    manage("migrate", "--verbosity", "0", what="Migrating the database")
    collect_static()
    demo.start("web", "-m", "gunicorn", "rollout.wsgi")
    wait_for_page(demo)
    say(f"\nThe site is at {ADDRESS}\n")
    state = DATA / "celerybeat"
    celery = ("-m", "celery", "-A", "rollout")
    demo.start("worker", *celery, "worker", "--concurrency", "2", "--loglevel", "INFO")
    demo.start("beat", *celery, "beat", "--schedule", state, "--loglevel", "INFO")
    if not WELCOME.exists():
        load_sample(demo)
    say(welcome(WELCOME.read_text()))
    say(f"Logs are in {DATA}. Ctrl-C stops everything.")
    while True:
        demo.check()
        time.sleep(1)


def raise_stopped(_number: int, _frame: object) -> None:
    raise Stopped


def main(_arguments: Sequence[str]) -> int:
    DATA.mkdir(parents=True, exist_ok=True)
    LOCAL.mkdir(exist_ok=True)
    demo = Demo()
    for number in SIGNALS:
        signal.signal(number, raise_stopped)
    try:
        serve(demo)
    except Stopped:
        say("\nStopping …")
        return 0
    except (SetupError, EmbeddedServerError) as error:
        return fail(error)
    finally:
        demo.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
