"""Views find rows through `visible_to`, or among the user's own; each says which permission it asks."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

VIEWS = sorted(Path(settings.BASE_DIR).glob("*/views/*.py"))
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
# Views of one's own log-in, account and of the machine, and pages that are the same for all, which name no object; and
# Django's admin, whose wrapping hides the permission that tests/test_permissions.py asks of every one of its pages.
OWN = (
    "rollout.views.account",
    "rollout.views.calendars",
    "readiness.views.own_calendar",
    "rollout.views.first_password",
    "rollout.views.password",
    "rollout.views.sign_in",
    "readiness.views.probes",
    "readiness.views.guide",
    "training.views.log_app",
    # Asks for a log-in itself, since it keeps what was scanned meanwhile; what it leads to names its permission.
    "training.views.door",
    "django.contrib.admin.sites",
)


def unscoped(source: str) -> list[str]:
    """The lines of a module that reach rows without a scope."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        manager = isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager", "_default_manager")
        whole_model = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in SHORTCUTS
            and isinstance(node.args[0], ast.Name)
        )
        if whole_model or (manager and not is_scoped(node, parents)):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def is_scoped(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a chain that starts at a manager goes on to visible_to, or to rows of the user who asks."""
    while isinstance(above := parents.get(node), ast.Attribute) or (isinstance(above, ast.Call) and above.func is node):
        if isinstance(above, ast.Attribute) and above.attr == "visible_to":
            return True
        if isinstance(above, ast.Call) and any(
            keyword.arg == "user" and ast.unparse(keyword.value) == "request.user" for keyword in above.keywords
        ):
            return True
        node = above
    return False


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: f"{path.parts[-3]}.{path.stem}")
def test_view_reaches_rows_through_a_scope(path: Path):
    assert unscoped(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "Site.objects.get(pk=1)",
        "Site.objects.filter(user=somebody)",
        "rows = Site.objects",
        "get_object_or_404(Site, pk=1)",
        "Site._base_manager.all()",
    ],
)
def test_lint_finds_what_is_not_scoped(source: str):
    assert len(unscoped(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "get_object_or_404(Site.objects.current().visible_to(user), pk=1)",
        "Membership.objects.current().filter(user=request.user)",
    ],
)
def test_lint_lets_pass_what_is_scoped(source: str):
    assert unscoped(source) == []


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


def test_every_view_names_its_permission():
    silent = {
        f"{each.callback.__module__}.{each.callback.__name__}"
        for each in patterns(get_resolver())
        if not hasattr(each.callback, "permission") and each.callback.__module__ not in OWN
    }

    assert silent == set()
