"""A pack as a folder or a zip: which files it holds, and how to read one. Hostile zips are refused unread."""

import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from readiness.packs.report import PackRefused, Problem

# What a zip may be: an honest pack of a million rows unpacks to some 60 MB, 20 times what is packed.
MOST_PARTS = 500
MOST_BYTES = 4 * 2**30
MOST_RATIO = 200
RATIO_FROM_BYTES = 2**20
LOCAL_HEADER = 30
# What a file manager adds by itself.
LITTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Part:
    """One file of a pack: its name, its size in bytes, and how to open it."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


def open_pack(path: Path) -> dict[str, Part]:
    """The files of the pack at `path` by name, each unread. Raises PackRefused where it is no pack or a hostile one."""
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise _refused(path.name, "no such folder or file")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(OLD_OFFICE):
        words = "an old or password-protected spreadsheet, not a pack: save each table as CSV, without a password"
        raise _refused(path.name, words)
    if start[:2] == b"PK" or path.suffix == ".zip":
        return _zip(path)
    raise _refused(path.name, "one file, not a pack: give a folder of CSV files, or a .zip of it")


def _refused(name: str, words: str) -> PackRefused:
    return PackRefused([Problem(name, words)])


def _folder(path: Path) -> dict[str, Part]:
    def part(file: Path) -> Part:
        return Part(file.name, file.stat().st_size if file.is_file() else 0, lambda: file.open("rb"))

    files = [file for file in sorted(path.iterdir()) if not LITTER.search(file.name)]
    # A link could show what a pack has no business with, and a pipe is never read to its end.
    strange = [Problem(file.name, "a link, not a file") for file in files if file.is_symlink()]
    strange += [Problem(file.name, "not a file") for file in files if file.is_fifo() or file.is_socket()]
    if strange:
        raise PackRefused(strange)
    return {file.name: part(file) for file in files}


def _zip(path: Path) -> dict[str, Part]:
    try:
        with zipfile.ZipFile(path) as parts:
            infos = [info for info in parts.infolist() if not info.is_dir() and not LITTER.search(info.filename)]
            end = parts.start_dir
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refused(path.name, "damaged, or not a zip file") from None
    if any(info.filename == "[Content_Types].xml" for info in infos):
        raise _refused(path.name, "a spreadsheet file, not a pack: save each table as CSV")
    names = _names(infos)
    if problems := [*_problems_of_zip(path.name, infos, end), *_problems_of_parts(infos, names)]:
        raise PackRefused(problems)
    return {name: Part(name, info.file_size, _opener(path, info)) for info, name in zip(infos, names, strict=True)}


def _names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """The parts' names, without the one folder that all of them stand in, if they do."""
    names = [info.filename for info in infos]
    folders = {name.partition("/")[0] for name in names}
    if len(folders) == 1 and all("/" in name for name in names) and not folders & {"", ".", ".."}:
        return [name.partition("/")[2] for name in names]
    return names


def _problems_of_zip(name: str, infos: list[zipfile.ZipInfo], end: int) -> Iterable[Problem]:
    if len(infos) > MOST_PARTS:
        yield Problem(name, f"{len(infos)} files; at most {MOST_PARTS} are read")
    if sum(info.file_size for info in infos) > MOST_BYTES:
        yield Problem(name, f"unpacks to more than {MOST_BYTES // 2**30} GiB")
    if any(info.flag_bits & 1 for info in infos):
        yield Problem(name, "encrypted: pack it again without a password")
    # Parts that share bytes are how a small zip swells without end.
    starts = sorted((info.header_offset, info.compress_size) for info in infos)
    for (start, size), (after, _) in zip(starts, [*starts[1:], (end, 0)], strict=True):
        if start + LOCAL_HEADER + size > after:
            yield Problem(name, "damaged or hostile: its parts overlap")
            break


def _problems_of_parts(infos: list[zipfile.ZipInfo], names: list[str]) -> Iterable[Problem]:
    seen: set[str] = set()
    for info, name in zip(infos, names, strict=True):
        packed, size = info.compress_size, info.file_size
        if _leaves(info.filename):
            yield Problem(info.filename, "a path that leaves the zip")
        elif name in seen:
            yield Problem(name, "stands twice in the zip")
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield Problem(name, "a link, not a file")
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield Problem(name, "packed in a way that is not read: use an ordinary zip")
        elif size > RATIO_FROM_BYTES and size > packed * MOST_RATIO:
            yield Problem(name, f"a zip bomb: {packed:,} bytes unpack to {size:,}")
        elif packed > size + size // 100 + 1024:
            # Deflate never makes a file so much longer: the directory tells less than the truth.
            yield Problem(name, f"a zip bomb: the zip says {size:,} bytes, but {packed:,} are packed")
        seen.add(name)


def _leaves(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in PurePosixPath(path).parts or re.match(r"[A-Za-z]:", path) is not None


def _opener(path: Path, info: zipfile.ZipInfo) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    @contextmanager
    def opened():
        try:
            with zipfile.ZipFile(path) as parts, parts.open(info) as part:
                yield part
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            # A checksum that does not fit shows itself at the end of the part.
            raise _refused(path.name, f"damaged: {info.filename} is not what was packed") from None

    return opened
