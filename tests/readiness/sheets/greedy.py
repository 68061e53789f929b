"""Stands in for the process that reads: takes what it can get, of memory, time or secrets, under the same limits."""

import os
import time
from typing import Any, TextIO

from readiness.reading import __main__, limits


def sheet_of(columns: list[str]) -> dict[str, Any]:
    """A sheet that has these headings."""
    nothing: dict[str, Any] = {"name": "", "hidden": False, "rows": 0, "header_row": 1, "samples": [], "notes": []}
    return {**nothing, "columns": columns}


def take(question: dict[str, Any], _content: bytes, out: TextIO) -> None:
    """What the question is called is taken."""
    if question["name"] == "memory":
        held: list[bytearray] = []
        while True:
            held.append(bytearray(2**24))
    if question["name"] == "secrets":
        __main__.write(out, {"sheets": [sheet_of(sorted(os.environ))]})
        return
    if question["name"] == "room":
        raise OSError("no space left")
    while question["name"] == "processor":
        pass
    time.sleep(600)


if __name__ == "__main__":
    __main__.answer = take
    limits.SECONDS = 1
    __main__.main()
