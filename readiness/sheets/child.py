"""Asks the process that reads: the file goes in, lines of JSON come out. What happens there harms nothing here."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from signal import SIGALRM, SIGXCPU
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings

from readiness.reading import limits
from readiness.reading.kinds import NO_ROOM
from readiness.reading.refusal import Unread

logger = logging.getLogger(__name__)

# How a process ends that takes too long: by its own alarm, by its limit, or by us.
_STOPPED = -1000
_OUT_OF_TIME = (-SIGALRM, -SIGXCPU, _STOPPED)
_MODULE = "readiness.reading"
_WAIT = limits.SECONDS * 2 + 5


@contextmanager
def answer_to(question: dict[str, Any], content: bytes) -> Iterator[Iterator[Any]]:
    """The lines of the answer, read as they are asked for. Raises Unread, where the file ends the process too."""
    with TemporaryFile() as sent, TemporaryFile() as got:
        try:
            sent.write(content)
            sent.seek(0)
        except OSError as error:
            logger.error("No room for a file that is to be read: %s", error.strerror)
            raise Unread("room") from None
        code = _run(json.dumps(question), sent, got)
        got.seek(0)
        yield _lines(got, code)


def _run(question: str, sent: IO[bytes], got: IO[bytes]) -> int:
    """Its exit code. It knows nothing of us: no settings, no secrets, no open files but these two."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", _MODULE, question],
            stdin=sent,
            stdout=got,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={"LC_ALL": "C.UTF-8"},
            timeout=_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _STOPPED
    return done.returncode


def _lines(got: IO[bytes], code: int) -> Iterator[Any]:
    """The lines up to the last, which says that it is the last: what is not whole is no answer."""
    for line in got:
        value = json.loads(line) if line.endswith(b"\n") else None
        if isinstance(value, dict) and "refused" in value:
            raise Unread(value["refused"], **value["facts"])
        if isinstance(value, dict):
            yield value
            return
        if value is None:
            break
        yield value
    if code < 0:
        raise Unread("time" if code in _OUT_OF_TIME else "memory")
    if code == NO_ROOM:
        raise Unread("room")
    # Every fault of a file has a word of its own; this is a fault of ours.
    logger.error("Reading a file failed with exit code %s", code)
    raise Unread("failed")
