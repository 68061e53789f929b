"""`manage.py recompute`: work out the scores of days again, here or on the worker."""

import sys
import time
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from tqdm import tqdm

from readiness.management.days import a_day
from readiness.models import RecomputeRun
from readiness.services.runs import EARLIEST, MOST_DAYS, NothingToScore, TooManyDays, request_run, work_on_next_chunk
from readiness.tasks import work_after_commit
from rollout.models import Programme, Site

WAIT_SECONDS = 0.2  # for a chunk that a Celery worker has taken


class Command(BaseCommand):
    help = "Work out readiness scores again. Days whose result differs get a new revision; equal results write nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--programme", metavar="CODE", help="only this programme")
        parser.add_argument("--site", metavar="CODE", help="only this site")
        parser.add_argument("--day", type=a_day, help="one day; without any day: yesterday")
        parser.add_argument("--from", dest="first", type=a_day, metavar="DAY", help="the first of several days")
        parser.add_argument("--to", dest="last", type=a_day, metavar="DAY", help="the last of several days")
        parser.add_argument("--queue", action="store_true", help="leave the work to the Celery worker")

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = self._days(options)
        try:
            run = request_run(
                programme=self._one(Programme, "programme", options["programme"]),
                site=self._one(Site, "site", options["site"]),
                first_day=first,
                last_day=last,
            )
        except NothingToScore:
            raise CommandError("Nothing to score: no deployment matches, or the days lie in the future.") from None
        except TooManyDays:
            raise CommandError(f"At most {MOST_DAYS:,} days are scored at once, none before {EARLIEST}.") from None
        if options["queue"]:
            work_after_commit()
            self.stdout.write(f"Run {run.pk} is queued: {run_total(run)} deployment-days.")
            return
        self._work(run)

    def _days(self, options: dict[str, Any]) -> tuple[date, date]:
        day, first, last = options["day"], options["first"], options["last"]
        if day and (first or last):
            raise CommandError("Give --day, or --from and --to, not both.")
        if bool(first) != bool(last):
            raise CommandError("--from and --to go together.")
        if first and last and last < first:
            raise CommandError("--to is before --from.")
        yesterday = timezone.localdate() - timedelta(days=1)
        return (first, last) if first else (day or yesterday, day or yesterday)

    def _one(self, model: type[Programme] | type[Site], word: str, code: str | None) -> Any:
        if code is None:
            return None
        found = model.objects.filter(code=code, retired_at=None).first()
        if found is None:
            raise CommandError(f"There is no {word} with the code {code}.")
        return found

    def _work(self, run: RecomputeRun) -> None:
        with tqdm(
            total=run_total(run), unit=" scores", file=self.stderr, disable=not sys.stderr.isatty(), leave=False
        ) as bar:
            while run.ended_at is None:
                try:
                    if not work_on_next_chunk(run):
                        time.sleep(WAIT_SECONDS)
                    run.refresh_from_db()
                except (OperationalError, InterfaceError):
                    raise CommandError(
                        f"The database is away or busy. Run {run.pk} stays open: the Celery worker goes on with it, or "
                        "you ask for it again."
                    ) from None
                bar.update(run.done + run.failed - bar.n)
        self.stdout.write(f"{run.done} scored, {run.written} rows written, {run.failed} failed.")
        if run.failed:
            raise CommandError(f"{run.failed} deployment-days could not be scored; see run {run.pk}.")


def run_total(run: RecomputeRun) -> int:
    """How many deployment-days a run has to do, as the database knows it now."""
    run.refresh_from_db()
    return run.total
