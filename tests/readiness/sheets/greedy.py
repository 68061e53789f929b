"""Stands in for the process that reads: takes what it can get, of memory or of time, under the same limits."""

import time
from typing import Any, TextIO

from readiness.reading import __main__


def take(question: dict[str, Any], _content: bytes, _out: TextIO) -> None:
    """What the question is called is taken."""
    if question["name"] == "memory":
        held: list[bytearray] = []
        while True:
            held.append(bytearray(2**24))
    time.sleep(600)


if __name__ == "__main__":
    __main__.answer = take
    __main__.main()
