"""`manage.py import_pack PATH`: load a programme pack, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from readiness.packs import PackRefused, import_pack
from readiness.packs.encodings import ENCODINGS


class Command(BaseCommand):
    help = "Loads a programme pack: a folder of CSV files, or a .zip of it. All of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder or .zip")
        parser.add_argument(
            "--overwrite", action="store_true", help="take the pack's values where a record was changed in the browser"
        )
        parser.add_argument(
            "--ignore-unknown", action="store_true", help="leave files and columns unread that no pack has"
        )
        parser.add_argument("--encoding", choices=ENCODINGS, help="of files that are not UTF-8")

    def handle(self, *args: Any, **options: Any) -> None:
        with _Bar(self.stderr) as bar:
            try:
                report = import_pack(
                    options["path"],
                    overwrite=options["overwrite"],
                    ignore_unknown=options["ignore_unknown"],
                    encoding=options["encoding"],
                    progress=bar.show,
                )
            except PackRefused as refusal:
                bar.close()
                for line in refusal.lines():
                    self.stderr.write(line)
                raise CommandError(f"Nothing was loaded: {refusal.count:,} problems.") from None
        for line in report.lines():
            self.stdout.write(line)


class _Bar:
    """A progress bar per file, on a terminal only."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.bar: tqdm | None = None
        self.file = ""

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def show(self, file: str, done: int, total: int) -> None:
        """Move the bar of a file; another file gets the next line."""
        if file != self.file:
            self.close()
            self.file = file
            self.bar = tqdm(
                desc=file, total=total, unit="B", unit_scale=True, leave=False, disable=not self.stream.isatty()
            )
        if self.bar is not None:
            self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
