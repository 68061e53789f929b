"""`manage.py import_pack PATH`: load a programme pack, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness.management.bars import FileBar
from readiness.packs import PackRefused, import_pack
from readiness.packs.encodings import ENCODINGS
from readiness.tasks import rescore_after_commit


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
        with FileBar(self.stderr) as bar:
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
                problems = "1 problem" if refusal.count == 1 else f"{refusal.count:,} problems"
                raise CommandError(f"Nothing was loaded: {problems}.") from None
        if report.changed_anything:
            rescore_after_commit()
        for line in report.lines():
            self.stdout.write(line)
