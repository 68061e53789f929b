"""`python3 -m tools.run setup|demo|test|test-fast|test-night|bench|lint`: what the Makefile calls."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence

from tools import chromium
from tools.install import install
from tools.places import PYTHON, ROOT, SetupError, environment, fail, say

NO_CHROMIUM = """
There is no Chromium here and it could not be installed: THE BROWSER TESTS DO NOT RUN.
Install chromium or google-chrome, or set CHROMIUM to its path, and run `make test` again.
"""


# Three at a time on two cores, since each waits now and then, each with a database of its own; a file stays together,
# since its tests share what they build. The order is tests/conftest.py's.
SPREAD = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")


def call(*command: str, **more: str) -> int:
    """Run a program of .venv in the project's folder, on our terminal, and give its exit code."""
    return subprocess.run([str(PYTHON), *command], cwd=ROOT, env=environment(**more), check=False).returncode


def setup(_arguments: Sequence[str]) -> int:
    """The set-up alone."""
    install("local")
    say("Ready: `make demo` starts the site.")
    return 0


def demo(_arguments: Sequence[str]) -> int:
    """The site on embedded services, in place of this process, so that Ctrl-C reaches it directly."""
    install("local")
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), "-m", "tools.demo"], environment())


def test(arguments: Sequence[str]) -> int:
    """The whole suite but for what belongs to the night, browser tests included."""
    install("test")
    path = chromium.find() or chromium.install()
    if path is None:
        code = call("-m", "pytest", *SPREAD, "-m", "not night and not browser", *arguments)
        say(NO_CHROMIUM)
        return code
    return call("-m", "pytest", *SPREAD, "-m", "not night", *arguments, CHROMIUM=path)


def test_fast(arguments: Sequence[str]) -> int:
    """The suite without the browser."""
    install("test")
    return call("-m", "pytest", *SPREAD, "-m", "not night and not browser", *arguments)


def test_night(arguments: Sequence[str]) -> int:
    """The long suite: everything, with many more examples of each property."""
    install("test")
    path = chromium.find() or chromium.install()
    if path is None:
        say(NO_CHROMIUM)
        return 1
    return call("-m", "pytest", "-m", "", *arguments, CHROMIUM=path, HYPOTHESIS_PROFILE="night")


def bench(arguments: Sequence[str]) -> int:
    """The table of docs/benchmarks.md, measured here."""
    install("test")
    return call("-m", "tests.bench", *arguments)


def lint(_arguments: Sequence[str]) -> int:
    """Style and types."""
    install("test")
    checks = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))
    return max([call("-m", *check) for check in checks])


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": setup,
    "demo": demo,
    "test": test,
    "test-fast": test_fast,
    "test-night": test_night,
    "bench": bench,
    "lint": lint,
}


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        say(f"Say one of: {', '.join(COMMANDS)}")
        return 2
    try:
        return COMMANDS[arguments[0]]([*arguments[1:], *shlex.split(os.environ.get("ARGS", ""))])
    except SetupError as error:
        return fail(error)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
