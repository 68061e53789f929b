"""One nightly run in a process of its own, so that its memory can be told: prints seconds, MiB and rows as JSON."""

import json
import resource
import sys
import time
from datetime import date

from readiness.services.runs import request_run, work_on_next_chunk
from tests.database import use


def one_night(name: str, day: date) -> None:
    """Score every deployment of a database for a day, chunk by chunk, as a worker does."""
    use(name)
    started = time.perf_counter()
    run = request_run(first_day=day, last_day=day)
    while work_on_next_chunk(run):
        pass
    seconds = time.perf_counter() - started
    run.refresh_from_db()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"seconds": seconds, "mib": peak, "done": run.done, "failed": run.failed, "written": run.written}
    sys.stdout.write(json.dumps(figures))
