"""Who may import whom, and what no tracked file may say. The rules stand in the house style; here they are held."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = {"rollout": (), "training": ("rollout",), "readiness": ("rollout", "training")}
# Drawers from left to right: a module imports from its own drawer and those to its left.
ORDER = (
    ("choices",),
    ("reading",),
    ("sheets",),
    ("querysets",),
    ("models",),
    ("permissions", "audit"),
    ("scoring", "forecasts"),
    ("explain",),
    ("indicators",),
    ("sample",),
    ("services",),
    ("packs", "sheets"),
    ("imports",),
    ("forms", "dashboards"),
    ("tasks", "views"),
    ("urls", "admin", "management"),
)
RANK = {drawer: rank for rank, drawers in enumerate(ORDER) for drawer in drawers}
# Calls whose words name columns and the relations to them.
QUERIES = {"filter", "exclude", "annotate", "values", "values_list", "select_related", "prefetch_related", "order_by",
           "aggregate", "get", "Q", "F", "Count", "Sum", "Exists", "OuterRef"}  # fmt: skip
# Hosts of package registries and folders of a machine, spelled so that this file does not name them itself.
REGISTRIES = re.compile(
    r"(?:py)pi[.]org|(?:python)hosted[.]org|registry[.](?:npm)js|(?:npm)js[.]org|(?:deb)[.]debian|(?:proxy)[.]golang"
    r"|(?:crates)[.]io|(?:rubygems)[.]org|(?:ghcr)[.]io|(?:quay)[.]io|(?:docker)[.]io"
)
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|farm|root|home/\w+|Users/\w+|workspace)/")


def modules(package: str) -> Iterator[Path]:
    """The source files of a package, without its migrations."""
    for path in sorted((ROOT / package).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def name_of(path: Path) -> str:
    """The dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a source file imports, as a dotted name from the root, with its line."""
    name = name_of(path)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            whole = ".".join(part for part in (base, node.module) if part)
            yield whole, node.lineno
            yield from ((f"{whole}.{alias.name}", node.lineno) for alias in node.names)


def drawer(name: str) -> str:
    """The drawer of a dotted module name: the second part, or nothing for the package itself."""
    return [*name.split("."), ""][1]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_imports_only_those_below(package: str) -> None:
    forbidden = {*PACKAGES, "tests", "tools"} - {package, *PACKAGES[package]}

    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        for name, line in imports(path)
        if name.split(".")[0] in forbidden
    ]

    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_imports_rightwards(package: str) -> None:
    wrong = []
    for path in modules(package):
        here = drawer(name_of(path))
        if here not in RANK:
            continue
        for name, line in imports(path):
            there = drawer(name)
            if name.startswith(f"{package}.") and there in RANK and RANK[there] > RANK[here]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} ({here}) imports {name}")

    assert wrong == []


@pytest.mark.parametrize("package", [*PACKAGES, "tools"])
def test_import_inside_a_function_carries_its_reason(package: str) -> None:
    wrong = []
    for path in modules(package):
        lines = path.read_text().splitlines()
        for function in ast.walk(ast.parse("\n".join(lines))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom) and not explained(lines, node.lineno):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert wrong == []


def test_process_that_reads_files_knows_nothing_of_us() -> None:
    """It starts quickly, and what a hostile file does to it meets no settings, no secrets and no models."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sorted((ROOT / "readiness" / "reading").glob("*.py"))
        for name, line in imports(path)
        if name.split(".")[0] in {"django", "celery", *PACKAGES} and not name.startswith("readiness.reading")
    ]

    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_row_is_held_without_its_key(package: str) -> None:
    """A row held with its key locks out everybody who only refers to it, and two who hold one each lock each other."""
    wrong = []
    for path in modules(package):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "select_for_update":
                said = {keyword.arg for keyword in node.keywords}
                wrong += [] if {"no_key", "skip_locked"} & said else [f"{path.relative_to(ROOT)}:{node.lineno}"]

    assert wrong == []


def explained(lines: list[str], number: int) -> bool:
    """Whether a comment stands above a line, or above the imports it belongs to."""
    above = [line.strip() for line in reversed(lines[: number - 1])]
    for line in above:
        if not line.startswith(("from ", "import ")):
            return line.startswith("#")
    return False


def reverse_accessors(package: str) -> set[str]:
    """The names by which models of the packages above hang on the models of this one."""
    above = {name for name, below in PACKAGES.items() if package in below}
    own = {field.name for model in apps.get_app_config(package).get_models() for field in model._meta.get_fields()
           if getattr(field, "related_model", None) is None or not field.auto_created}  # fmt: skip
    names = set()
    for model in apps.get_app_config(package).get_models():
        for relation in model._meta.related_objects:
            if relation.related_model._meta.app_label in above and relation.get_accessor_name():
                names |= {relation.get_accessor_name(), relation.field.related_query_name()}
    return names - own


def test_reverse_accessors_are_known() -> None:
    assert {"checklist", "champion_shifts", "readiness_scores"} & reverse_accessors("rollout")
    assert "organisation" not in reverse_accessors("rollout")


@pytest.mark.parametrize("package", ["rollout", "training"])
def test_no_reverse_accessor_in_code(package: str) -> None:
    names = reverse_accessors(package)
    path_of_lookup = re.compile(rf"^-?(?:\w+__)*({'|'.join(sorted(names))})(?:__\w+)*$")

    wrong = []
    for path in modules(package):
        for node in ast.walk(ast.parse(path.read_text())):
            said: list[str] = []
            if isinstance(node, ast.Attribute):
                said = [node.attr] if node.attr in names else []
            elif isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in QUERIES:
                    words = [keyword.arg or "" for keyword in node.keywords]
                    words += [str(part.value) for part in node.args if isinstance(part, ast.Constant)]
                    said = [word for word in words if path_of_lookup.match(word)]
            wrong += [f"{path.relative_to(ROOT)}:{node.lineno} says {word}" for word in said]

    assert wrong == []


@pytest.mark.parametrize("package", ["rollout", "training"])
def test_no_reverse_accessor_in_templates(package: str) -> None:
    says = re.compile(rf"{{[{{%][^}}]*\.({'|'.join(sorted(reverse_accessors(package)))})\b")

    wrong = [
        f"{path.relative_to(ROOT)} says {found[1]}"
        for path in sorted((ROOT / "templates" / package).rglob("*.html"))
        for found in says.finditer(path.read_text())
    ]

    assert wrong == []


def tracked() -> list[Path]:
    """Every file of the project that git knows, with those that are about to be added."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_registry_or_a_machine() -> None:
    files = tracked()

    wrong = []
    for path in files:
        text = path.read_bytes().decode("utf-8", "ignore")
        wrong += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if REGISTRIES.search(line) or MACHINE.search(line)
        ]

    assert len(files) > 100
    assert wrong == []


@pytest.mark.parametrize("lock", ["app", "local", "test", "node"])
def test_lock_names_no_host_and_hashes_everything(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==[^ ]+.*\\\n    --hash=sha256:", text, re.MULTILINE)

    assert "://" not in text
    assert len(pinned) == len(re.findall(r"^\S", text, re.MULTILINE)) > 0


def test_front_end_lock_names_no_host_and_hashes_everything() -> None:
    text = (ROOT / "package-lock.json").read_text()

    assert "://" not in text
    assert text.count('"integrity"') == text.count('"node_modules/') > 0


def test_locks_hold_each_other() -> None:
    """Installing the tests' lock installs the demo's, and that the product's: same versions, same hashes."""
    blocks = {
        lock: set(re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{lock}.txt").read_text().strip()))
        for lock in ("app", "local", "test")
    }

    assert blocks["app"] <= blocks["local"] <= blocks["test"]


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("see https://" + "py" + "pi.org/simple", True),
        ("/" + "root/project/manage.py", True),
        ("/" + "home/ana/project", True),
        ("https://example.org/" + "work/item", False),
        ("/usr/bin/chromium", False),
    ],
)
def test_patterns_catch_what_they_should(text: str, caught: bool) -> None:
    assert bool(REGISTRIES.search(text) or MACHINE.search(text)) is caught
