"""The records of the fault tests, what a run over them must write, and whether it did."""

from datetime import date, datetime, time, timedelta
from time import sleep

from django.db.models import Count, Max, Min
from django.utils import timezone

from readiness.choices import RunState
from readiness.indicators import facts_of_chunk
from readiness.models import ReadinessScore, RecomputeChunk, RecomputeRun, ScoringModel
from readiness.scoring import judge
from readiness.services.runs import request_run
from readiness.services.scores import digest_of
from rollout.models import Deployment, Programme
from tests.readiness.faults.stage import PATIENCE, wait_for
from tests.readiness.records import World, current_model, local
from training.models import Course, StaffMember

SITES = 12
DAYS = 20

Scores = dict[tuple[int, date], bytes]


class Play:
    """Twelve sites with some records each, so that every site and every day has a score of its own."""

    def __init__(self, days: int = DAYS) -> None:
        _let_midnight_pass()
        self.today = timezone.localdate()
        self.world = World(self.today)
        course = self.world.course()
        for number in range(SITES):
            here = self.world.site(go_live_on=self.today + timedelta(days=10 + number))
            ward = self.world.wards(here)[0]
            for offset in range(4):
                person = self.world.person(ward)
                self.world.attended(person, course, self.today - timedelta(days=4 * offset + number % 4))
                self.world.check(person, local(here.site, self.today - timedelta(days=3 * offset), 9))
        self.world.save()
        self.days = [self.today - timedelta(days=number) for number in range(days, 0, -1)]
        self.ids = [deployment.pk for deployment in self.world.of(Deployment)]
        self.model_id: int = ScoringModel.objects.get(version="2026.1").pk

    def request(self) -> RecomputeRun:
        """Ask for all the days before today."""
        return request_run(first_day=self.days[0], last_day=self.days[-1])

    def replan(self) -> None:
        """Change the plan so that every score of every day differs: an indicator is left out, or counted again."""
        programme = Programme.objects.get()
        programme.not_applicable = [] if programme.not_applicable else ["goals.targets"]
        programme.save(update_fields=["not_applicable"])

    def newcomer(self, deployment: Deployment) -> StaffMember:
        """A person who starts today at a site, untrained."""
        person = StaffMember.objects.create(
            organisation=self.world.organisation, number=f"new-{deployment.pk}-{timezone.now():%f}"
        )
        person.postings.create(ward=self.world.wards(deployment)[0], from_on=self.today)
        return person

    def train(self, person: StaffMember) -> None:
        """The person attends today."""
        Course.objects.get().attendances.create(staff=person, on=self.today, state="attended")

    def expected(self, days: list[date]) -> Scores:
        """What a clean run writes."""
        model = current_model()
        return {
            (facts.deployment_id, day): digest_of(judge(model, facts.readings, facts.situation).stored())
            for day in days
            for facts in facts_of_chunk(model, ids=self.ids, day=day)
        }

    def written(self, days: list[date]) -> Scores:
        """The current rows. Raises AssertionError where a deployment has two for a day."""
        rows = ReadinessScore.objects.current().filter(day__in=days).order_by("pk")
        found = {(row.deployment_id, row.day): bytes(row.digest) for row in rows}
        assert len(found) == len(rows)
        return found


def half_chunks() -> list[date]:
    """Days of which some sites have a score, or a newer one, and others not."""
    days = ReadinessScore.objects.current().filter(provisional=False).values("day").order_by("day")
    found = days.annotate(count=Count("pk"), oldest=Min("revision"), newest=Max("revision"))
    return [row["day"] for row in found if row["count"] != SITES or row["oldest"] != row["newest"]]


def wait_for_end(run: RecomputeRun) -> None:
    """Wait until the run has ended."""

    def ended() -> bool:
        run.refresh_from_db()
        return run.state in (RunState.DONE, RunState.INCOMPLETE)

    wait_for("the run ends", ended)


def done_chunks() -> int:
    """How many chunks have been done."""
    return RecomputeChunk.objects.filter(state="done").count()


def _let_midnight_pass() -> None:
    """Wait, where the day would change in the middle of the test."""
    now = timezone.localtime()
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
    if (left := midnight - now) < timedelta(seconds=PATIENCE):
        sleep(left.total_seconds() + 1)
