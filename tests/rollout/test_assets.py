"""Only the named files of front-end packages are served."""

import pytest
from django.contrib.staticfiles import finders

from rollout.assets import PackageFinder


@pytest.mark.parametrize(
    "path",
    [
        "nhsuk-frontend/nhsuk-frontend.min.js",
        "nhsuk-frontend/nhsuk-frontend.min.js.map",
        "images/nhsuk-icon-arrow-up.svg",
        "images/nhsuk-icon-cross.svg",
    ],
)
def test_named_file_is_found(path: str) -> None:
    assert finders.find(path)


@pytest.mark.parametrize(
    "path",
    [
        "nhsuk-frontend/nhsuk-frontend.js",
        "nhsuk-frontend/nhsuk.scss",
        "nhsuk-frontend/package.json",
        "images/nhsuk-icon-mask.svg",
        "images/favicon.svg",
        "images/../images/nhsuk-icon-cross.svg",
        "sass/sass.js",
        "axe-core/axe.min.js",
        "nhsuk-frontend/../../package.json",
        "nhsuk-frontend",
        "",
    ],
)
def test_other_files_do_not_exist(path: str) -> None:
    assert PackageFinder().find(path) is None
    assert PackageFinder().find(path, find_all=True) == []


def test_collecting_takes_what_can_be_found_and_no_more() -> None:
    finder = PackageFinder()

    listed = [f"{getattr(storage, 'prefix', '')}/{name}" for name, storage in finder.list([])]

    assert 5 < len(listed) < 20
    assert all(finder.find(path) for path in listed)
