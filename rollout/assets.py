"""Serves the few files we use from installed front-end packages; never a whole package folder."""

import fnmatch
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

PACKAGES = "node_modules"
# Address below /assets/, folder inside node_modules, patterns of the files in it.
NAMED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("nhsuk-frontend", "nhsuk-frontend/dist/nhsuk", ("nhsuk-frontend.min.js", "nhsuk-frontend.min.js.map")),
    # The pictures that the style sheet asks for; those that show the NHS logo are not ours to serve.
    ("images", "nhsuk-frontend/dist/nhsuk/assets/images", ("nhsuk-icon-arrow-*.svg", "nhsuk-icon-cross.svg")),
)


class PackageStorage(FileSystemStorage):
    """One package folder, seen as if it lay below `prefix`."""

    def __init__(self, root: Path, prefix: str) -> None:
        super().__init__(location=str(root))
        self.prefix = prefix


class PackageFinder(BaseFinder):
    """Finds the named files; a file that is not named does not exist, whatever the package holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        root = Path(settings.BASE_DIR) / PACKAGES
        self.places = [(prefix, root / folder, patterns) for prefix, folder, patterns in NAMED]

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        prefix, _, name = path.replace("\\", "/").rpartition("/")
        found = [
            str(folder / name)
            for place, folder, patterns in self.places
            if place == prefix and self._named(name, patterns) and (folder / name).is_file()
        ]
        return found if find_all else (found[0] if found else None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for prefix, folder, patterns in self.places:
            storage = PackageStorage(folder, prefix)
            for file in sorted(folder.glob("*")) if folder.is_dir() else []:
                if file.is_file() and self._named(file.name, patterns):
                    yield file.name, storage

    @staticmethod
    def _named(name: str, patterns: tuple[str, ...]) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
