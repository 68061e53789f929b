"""`manage.py load_sample`: the sample programmes, once, with a log-in for each role and their history to be scored."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from readiness.choices import RunKind
from readiness.management.bars import FileBar
from readiness.models import RecomputeRun
from readiness.packs import PackRefused, import_pack
from readiness.sample import PROGRAMMES, build_sample, describe_sample
from readiness.services.demonstration import LOGINS, demonstration_password, make_logins
from readiness.services.runs import request_run, work_on_next_chunk
from readiness.services.sample_extras import add_extras
from readiness.tasks import work_after_commit
from rollout.models import Programme

HISTORY_DAYS = 180
CODES = [plan.code for plan in PROGRAMMES]


class Command(BaseCommand):
    help = "Load the sample programmes once, with a log-in for each role, and queue the scoring of their history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anyway", action="store_true", help="also into a real installation")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.LOCAL or options["anyway"]):
            raise CommandError(
                "This is a real installation, and the sample brings log-ins with it: --anyway loads it all the same."
            )
        loaded = self._load()
        password, is_new = demonstration_password(settings.ROLLOUT_DATA)
        try:
            make_logins(password=password, renew=is_new)
        except ObjectDoesNotExist:
            raise CommandError(f"There is a programme {' or '.join(CODES)} that is not the sample's.") from None
        add_extras(self._sample_day(), Programme.objects.filter(code__in=CODES))
        self._queue_history()
        self._say(
            "The sample programmes are loaded." if loaded else "The sample programmes were loaded before.", password
        )

    def _load(self) -> bool:
        """Import what is missing, through the same door as every pack. False when nothing was."""
        there = list(Programme.objects.filter(code__in=CODES).values_list("code", flat=True))
        missing = [code for code in CODES if code not in there]
        if not missing:
            return False
        with TemporaryDirectory() as folder:
            for pack in build_sample(Path(folder), self._sample_day()):
                if pack.name in missing:
                    self._import(pack)
        return True

    def _import(self, pack: Path) -> None:
        with FileBar(self.stderr) as bar:
            try:
                import_pack(pack, progress=bar.show)
            except PackRefused as refused:
                raise CommandError("\n".join(refused.lines())) from None

    def _sample_day(self) -> date:
        """The day the sample is built for: today, or the day of the part that was loaded before a break."""
        for plan in PROGRAMMES:
            programme = Programme.objects.filter(code=plan.code).exclude(target_date=None).first()
            if programme and programme.target_date:
                return programme.target_date - timedelta(days=plan.target_days)
        return timezone.localdate()

    def _queue_history(self) -> None:
        """Score yesterday and today at once, so that the first page has something to show; the worker does the rest."""
        today = timezone.localdate()
        yesterday = today - timedelta(days=1)
        now = []
        for programme in Programme.objects.filter(code__in=CODES):
            with transaction.atomic():
                if RecomputeRun.objects.filter(programme=programme, kind=RunKind.HISTORY).exists():
                    continue
                kind = RunKind.HISTORY
                now.append(request_run(programme=programme, first_day=yesterday, last_day=today, kind=kind))
                first, last = today - timedelta(days=HISTORY_DAYS), yesterday - timedelta(days=1)
                request_run(programme=programme, first_day=first, last_day=last, kind=kind)
                work_after_commit()
        for run in now:
            while work_on_next_chunk(run):
                pass

    def _say(self, first_line: str, password: str) -> None:
        address = f"http://localhost:{settings.PORT}"
        width = max(len(login.email) for login in LOGINS)
        words = max(len(login.role.label) for login in LOGINS)
        lines = [
            first_line,
            "",
            f"Open {address}/ and log in with the password {password} as",
            *(f"  {login.email:<{width}}  {login.role.label:<{words}}  {address}{login.start}" for login in LOGINS),
            "",
            "Look at first:",
            *(f"  {address}/p/{story.programme}/s/{story.site}/  {story.text}" for story in describe_sample()),
        ]
        self.stdout.write("\n".join(lines))
