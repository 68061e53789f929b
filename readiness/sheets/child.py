"""Asks the process that reads: the file goes in, lines of JSON come out. What happens there harms nothing here."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings

from readiness.reading import limits
from readiness.reading.refusal import Unread

# A killed process ends with a negative code, one whose memory ended in the middle of the reader with an error.
_OUT_OF_TIME = (-9, -14, -24)
_WAIT = limits.SECONDS * 2 + 5


@contextmanager
def answer_to(question: dict[str, Any], content: bytes) -> Iterator[Iterator[Any]]:
    """The lines of the answer, read as they are asked for. Raises Unread, where the file ends the process too."""
    with TemporaryFile() as sent, TemporaryFile() as got:
        sent.write(content)
        sent.seek(0)
        code = _run(json.dumps(question), sent, got)
        got.seek(0)
        yield _lines(got, code)


def _run(question: str, sent: IO[bytes], got: IO[bytes]) -> int:
    """Its exit code. It knows nothing of us: no settings, no secrets, no open files but these two."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "readiness.reading", question],
            stdin=sent,
            stdout=got,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={"LC_ALL": "C.UTF-8"},
            timeout=_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _OUT_OF_TIME[0]
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
    raise Unread("time" if code in _OUT_OF_TIME else "memory" if code else "failed")
