"""`manage.py export_pack CODE PATH`: write a programme as a pack."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness.management.bars import FileBar
from readiness.management.days import a_day
from readiness.packs import ProgrammeUnknown, export_pack


class Command(BaseCommand):
    help = "Writes a programme as a pack: a folder of CSV files, or a .zip of it. Says what it leaves out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="of the programme")
        parser.add_argument("path", type=Path, help="the folder or .zip to write")
        parser.add_argument("--scores", action="store_true", help="add the current scores")
        parser.add_argument("--day", type=a_day, help="only the scores of this day, such as 2026-03-29")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["day"] and not options["scores"]:
            raise CommandError("--day says which scores: give --scores too.")
        with FileBar(self.stderr, unit="files") as bar:
            try:
                report = export_pack(
                    options["code"],
                    options["path"],
                    scores=options["scores"],
                    day=options["day"],
                    progress=bar.show,
                )
            except ProgrammeUnknown:
                raise CommandError(f"There is no programme {options['code']}.") from None
            except OSError as error:
                raise CommandError(
                    f"{options['path'].name} cannot be written: {error.strerror or 'not a pack'}"
                ) from None
        for line in report.lines():
            self.stdout.write(line)
