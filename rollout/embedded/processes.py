"""Children that die with us, whatever we die of, and without root's rights where we are root."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
# Keep root's rights on changing the user, and let access(2) count those that are kept: PostgreSQL asks it.
_SECBITS = 1 << 4 | 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}

# Loaded before any fork: the child between fork and exec should do as little as it can.
_libc = ctypes.CDLL(None, use_errno=True)


class EmbeddedServerError(Exception):
    """An embedded server cannot run here; the message says what to do, in words for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The user a server runs as. `reaches_all` lets it pass folders that are closed to it (root's home, say)."""

    uid: int
    gid: int
    reaches_all: bool = False

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()


def server_account(cluster: Path, *needed: Path) -> Account:
    """The user PostgreSQL runs as: ourselves, or for root, who is refused, the owner of the cluster or "nobody".

    `needed` are the folders it must reach. Raises EmbeddedServerError where the cluster belongs to somebody else.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise EmbeddedServerError(
                f"{cluster} belongs to user number {owner}, not to you. Start as that user, or set ROLLOUT_DATA to "
                "another folder."
            )
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedServerError(
            "PostgreSQL refuses to run as root and this machine has no user 'nobody'. Start as an ordinary user."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, not all(_open_to(entry.pw_uid, entry.pw_gid, path) for path in needed))


def _open_to(uid: int, gid: int, path: Path) -> bool:
    """Whether every folder above the path, and the path itself where it is one, lets this user through."""
    for folder in [path, *path.parents]:
        if not folder.is_dir():
            continue
        facts = folder.stat()
        if not facts.st_mode & (0o100 if facts.st_uid == uid else 0o010 if facts.st_gid == gid else 0o001):
            return False
    return True


def start(
    command: Sequence[str | os.PathLike[str]],
    *,
    log: Path | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, which the kernel signals when this process dies (Linux).

    Call it from the main thread: the kernel looks at the thread that started the child, not at the process.
    """
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_environment(),
            process_group=0,
            preexec_fn=before_exec(death_signal, account),
        )
    finally:
        if output:
            output.close()


def run(account: Account, command: Sequence[str | os.PathLike[str]], *, given: str = "") -> str:
    """Run a program to its end as this user and give what it printed. Raises EmbeddedServerError with that."""
    done = subprocess.run(
        [os.fspath(part) for part in command],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env=_environment(),
        preexec_fn=before_exec(signal.SIGKILL, account),
        check=False,
    )
    if done.returncode:
        raise EmbeddedServerError(f"{Path(command[0]).name} failed: {done.stdout.strip()}")
    return done.stdout


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def before_exec(death_signal: signal.Signals, account: Account | None = None) -> Callable[[], None]:
    """What a child does before it becomes the program: take the account, and ask to be signalled when we die."""
    parent = os.getpid()

    def prepare() -> None:
        if account and not account.is_ours:
            _become(account)
        if _LINUX:
            _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)  # after _become, which clears it
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent dies (Linux): for children that were forked and run no program.

    `parent` is the process it was forked from; if that has gone already, this one ends here. The kernel looks at the
    thread that forked, which must live as long as the parent.
    """
    if _LINUX:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _become(account: Account) -> None:
    keeps = account.reaches_all and _LINUX
    if keeps:
        _libc.prctl(_PR_SET_SECUREBITS, _SECBITS, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if keeps:
        _keep_reach()


def _keep_reach() -> None:
    """Keep one of root's rights through exec: to pass folders closed to this user. It fails in silence where we do not
    have it ourselves; PostgreSQL's own message about the folder then says what is wrong.
    """
    number = _SYS_CAPSET.get(os.uname().machine)
    if number is None:
        return
    wanted = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(wanted, wanted, wanted, 0, 0, 0)
    if _libc.syscall(number, header, sets) == 0:
        _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def is_alive(pid: int) -> bool:
    """Whether a process of this number exists (a zombie has gone, though its number is still taken)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state != "Z"
