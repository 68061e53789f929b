"""Where an export goes: a folder or a zip that appears whole at the end, or not at all."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from readiness.packs.tables import BY_FILE, SCORES_FILE

# A zip keeps a time for each part: always this one, so that the same records give the same bytes.
_PART_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


@dataclass(frozen=True)
class Target:
    """Opens the files of a pack for writing, one after the other."""

    open: Callable[[str], AbstractContextManager[Any]]


@contextmanager
def open_target(path: Path) -> Iterator[Target]:
    """The pack at `path` under another name until it is whole; then it takes the place of an earlier pack there.

    Raises FileExistsError where the folder holds anything but a pack.
    """
    zipped = path.suffix.lower() == ".zip"
    if path.is_dir() and (zipped or any(file.name not in {*BY_FILE, SCORES_FILE} for file in path.iterdir())):
        raise FileExistsError(path.name)
    if path.exists() and not zipped and not path.is_dir():
        raise FileExistsError(path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".pack-", dir=path.parent) as made:
        whole = Path(made) / "pack"
        if zipped:
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as parts:
                yield Target(lambda name: _part(parts, name))
            whole.replace(path)
            return
        whole.mkdir()
        yield Target(lambda name: (whole / name).open("wb"))
        if path.exists():
            path.rename(Path(made) / "earlier")
        whole.rename(path)


def _part(parts: zipfile.ZipFile, name: str) -> IO[bytes]:
    info = zipfile.ZipInfo(name, _PART_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = _READABLE
    # Its size is not known before it is written.
    return parts.open(info, "w", force_zip64=True)
