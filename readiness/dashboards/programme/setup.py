"""Setting a programme up: what there is to do, how far each part is, and where it is done."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import GateKind
from readiness.dashboards.programme.team import team_of
from readiness.models import ChecklistTemplate, Gate
from rollout.models import Deployment, Measure, PriorityReview, Programme, ResourceNeed, Wave
from rollout.templatetags.formats import count, day
from training.models import Course


class State(Enum):
    """How far a part of the set-up is: its words, and the colour of its tag ("" for plain text)."""

    DONE = (_("Completed"), "")
    BEGUN = (_("In progress"), "white")
    TO_DO = (_("Not started"), "blue")
    OPTIONAL = (_("Optional"), "grey")

    @property
    def words(self) -> str:
        """The state in words."""
        return str(self.value[0])

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return str(self.value[1])


@dataclass(frozen=True)
class Part:
    """A part of the set-up. `href` is "" where there is no page for it."""

    key: str
    label: str
    hint: str
    state: State
    href: str


def setup_of(programme: Programme, today: date) -> list[Part]:
    """The parts in the order in which they are best done. Ten queries, however much is set up."""
    sites = _sites(programme)
    return [
        *(part(programme) for part in (_purpose, _measures)),
        _seats(programme, today),
        *(part(programme, sites) for part in (_places, _waves)),
        *(part(programme) for part in (_template, _gates, _resources, _courses, _training, _left_out)),
        _review(programme, today),
    ]


def done_of(parts: list[Part]) -> tuple[int, int]:
    """How many parts are done, of how many that are not optional."""
    asked = [part for part in parts if part.state is not State.OPTIONAL]
    return sum(part.state is State.DONE for part in asked), len(asked)


def _sites(programme: Programme) -> dict[str, int]:
    deployments = Deployment.objects.current().filter(programme=programme)
    return deployments.aggregate(all=Count("pk"), placed=Count("pk", filter=Q(wave__isnull=False)))


def _state(done: bool, begun: bool) -> State:
    return State.DONE if done else State.BEGUN if begun else State.TO_DO


def _address(programme: Programme, *names: str) -> str:
    """The first of the pages that there is."""
    for name in names:
        try:
            return reverse(f"readiness:{name}", kwargs={"programme": programme.code})
        except NoReverseMatch:
            continue
    return ""


def _purpose(programme: Programme) -> Part:
    goal, problem = bool(programme.goal), bool(programme.problem)
    hint = programme.goal or gettext(
        "Say which problem is solved, and the goal in one sentence with a figure and a time"
    )
    label = gettext("Goal and problem")
    return Part(
        "purpose", label, hint, _state(goal and problem, goal or problem), _address(programme, "programme-edit")
    )


def _measures(programme: Programme) -> Part:
    measures = list(Measure.objects.filter(programme=programme, retired_at=None))
    headline = next((each for each in measures if each.headline), None)
    whole = headline is not None and headline.target is not None and headline.target_date is not None
    hint = gettext("One figure that says whether the goal is reached, with its target and date")
    if headline:
        hint = headline.name if whole else gettext("%(name)s has no target and date yet") % {"name": headline.name}
    href = _address(programme, "measure-list")
    return Part("measures", gettext("Headline measure"), hint, _state(whole, bool(measures)), href)


def _seats(programme: Programme, today: date) -> Part:
    team = team_of(programme, today)
    filled = len(team.seats) - len(team.empty)
    hint = gettext("%(filled)s of %(all)s seats of the programme are filled") % {
        "filled": count(filled),
        "all": count(len(team.seats)),
    }
    state = _state(bool(team.seats) and not team.empty, filled > 0)
    return Part("seats", gettext("Seats"), hint, state, _address(programme, "seat-list"))


def _places(programme: Programme, sites: dict[str, int]) -> Part:
    hint = ngettext("%(n)s site", "%(n)s sites", sites["all"]) % {"n": count(sites["all"])}
    if not sites["all"]:
        hint = gettext("Where the product goes: add sites here, or bring them with a programme pack")
    wanted = ("deployment-list", "deployment-new") if sites["all"] else ("deployment-new", "deployment-list")
    return Part("sites", gettext("Sites"), hint, _state(sites["all"] > 0, False), _address(programme, *wanted))


def _waves(programme: Programme, sites: dict[str, int]) -> Part:
    waves = Wave.objects.filter(programme=programme, retired_at=None).count()
    without = sites["all"] - sites["placed"]
    hint = ngettext("%(n)s wave", "%(n)s waves", waves) % {"n": count(waves)}
    if waves and without:
        words = ngettext("%(n)s site without a wave", "%(n)s sites without a wave", without) % {"n": count(without)}
        hint = f"{hint}, {words}"
    if not waves:
        hint = gettext("Sites that go live in the same weeks, the volunteers first")
    state = _state(bool(waves and sites["all"] and not without), waves > 0)
    return Part("waves", gettext("Waves"), hint, state, _address(programme, "wave-list"))


def _template(programme: Programme) -> Part:
    templates = ChecklistTemplate.objects.filter(programme=programme, retired_at=None)
    found = list(templates.annotate(size=Count("items")).order_by("-version"))
    published = next((each for each in found if each.published_at), None)
    draft = next((each for each in found if not each.published_at), None)
    hint = gettext("What every site has to have done before it goes live")
    if published:
        items = ngettext("%(n)s item", "%(n)s items", published.size) % {"n": count(published.size)}
        hint = gettext("Version %(version)s, %(items)s") % {"version": published.version, "items": items}
    if draft:
        hint = gettext("%(hint)s; version %(draft)s is a draft") % {"hint": hint, "draft": draft.version}
    state = _state(published is not None and draft is None, bool(found))
    return Part("template", gettext("Checklist template"), hint, state, _address(programme, "template-list"))


def _gates(programme: Programme) -> Part:
    gates = list(Gate.objects.filter(programme=programme, retired_at=None).annotate(signing=Count("seats")))
    hint = ngettext("%(n)s gate", "%(n)s gates", len(gates)) % {"n": count(len(gates))}
    decides = any(gate.kind == GateKind.GO_LIVE and gate.signing for gate in gates)
    if not decides:
        hint = gettext("No site goes live without a go/no-go gate that seats sign")
    return Part("gates", gettext("Gates"), hint, _state(decides, bool(gates)), _address(programme, "gate-settings"))


def _resources(programme: Programme) -> Part:
    weeks = ResourceNeed.objects.filter(programme=programme, retired_at=None).aggregate(
        weeks=Count("week_on", distinct=True)
    )["weeks"]
    hint = ngettext("People needed in %(n)s week", "People needed in %(n)s weeks", weeks) % {"n": count(weeks)}
    if not weeks:
        hint = gettext("Who is needed when, in which role")
    state = State.DONE if weeks else State.OPTIONAL
    return Part("resources", gettext("Resource plan"), hint, state, _address(programme, "resource-plan"))


def _courses(programme: Programme) -> Part:
    courses = Course.objects.filter(programme=programme, retired_at=None, active=True).count()
    hint = ngettext("%(n)s course is asked of staff", "%(n)s courses are asked of staff", courses) % {
        "n": count(courses)
    }
    if not courses:
        hint = gettext("What staff must learn before go-live, and of whom it is asked")
    return Part("courses", gettext("Courses"), hint, _state(courses > 0, False), _address(programme, "course-list"))


def _training(programme: Programme) -> Part:
    hint = gettext("Refreshers until day %(days)s after go-live; a warning above %(hours)s champion hours a week") % {
        "days": count(programme.refresher_days),
        "hours": f"{programme.champion_hours_limit.normalize():f}",
    }
    href = f"{_address(programme, 'programme-edit')}#id_refresher_days"
    return Part("training", gettext("Training and champions"), hint, State.DONE, href)


def _left_out(programme: Programme) -> Part:
    out = len(programme.not_applicable)
    hint = ngettext("%(n)s part of the score is left out", "%(n)s parts of the score are left out", out) % {
        "n": count(out)
    }
    if not out:
        hint = gettext("Every part of the score applies")
    state = State.DONE if out else State.OPTIONAL
    return Part("left-out", gettext("What does not apply"), hint, state, _address(programme, "programme-left-out"))


def _review(programme: Programme, today: date) -> Part:
    due = open_review_day(programme)
    hint = gettext("The day on which you ask whether the programme continues, pauses or stops")
    if due:
        words = gettext("Was due on %(day)s") if due < today else gettext("Due on %(day)s")
        hint = words % {"day": day(due)}
    state = _state(due is not None and due >= today, due is not None)
    page = "priority-review" if due else "priority-plan"
    return Part("priority", gettext("Priority review"), hint, state, _address(programme, page))


def open_review_day(programme: Programme) -> date | None:
    """The day of the first priority review that has no outcome yet."""
    reviews = PriorityReview.objects.filter(programme=programme, retired_at=None, outcome="")
    return reviews.order_by("due_on", "pk").values_list("due_on", flat=True).first()
