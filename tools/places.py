"""Where the set-up puts things, and how it talks to the person at the terminal."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCAL = ROOT / ".local"
DATA = Path(os.environ.get("ROLLOUT_DATA") or ROOT / ".data").absolute()


class SetupError(Exception):
    """Something this machine lacks; the message says what to do about it."""


def say(text: str) -> None:
    print(text, flush=True)


def digest(*paths: Path) -> str:
    """One mark for the contents of files and folders."""
    mark = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                mark.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return mark.hexdigest()


def stamp(path: Path) -> dict[str, str]:
    """What a stamp file says was done; nothing when there is none."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}


def write_stamp(path: Path, facts: dict[str, str]) -> None:
    """Remember what was done. Replaced whole, so that a killed set-up leaves no half stamp."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(facts, indent=1))
    new.replace(path)


def environment(**more: str) -> dict[str, str]:
    """Our environment for a child. Without compiled modules every command would start twice as slowly."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def run(*command: str | Path, what: str, quiet: bool = True, **more: str) -> None:
    """Run a command of the set-up. Raises SetupError with its last lines when it fails."""
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join((done.stdout or "").strip().splitlines()[-15:])
        raise SetupError(f"{what} failed.\n{said}".strip())


def fail(error: Exception) -> int:
    sys.stderr.write(f"\n{error}\n")
    return 1
