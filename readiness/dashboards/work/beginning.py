"""What stands on Your work before there is work: the five steps of setting a programme up, or what to wait for."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.models import ChecklistTemplate, Gate
from rollout.choices import Role
from rollout.models import Deployment, Programme, Seat, User, Wave
from rollout.querysets.rights import Rights, rights_of

# Each step: what is to be there, in words; the pages where it is done, the first one that there is; their hint.
STEPS: tuple[tuple[str, Any, tuple[str, ...], Any], ...] = (
    (
        "programme",
        _("Create the programme"),
        ("readiness:programme-new",),
        _("Its goal, the problem, one headline measure"),
    ),
    (
        "sites",
        _("Add its sites"),
        ("readiness:deployment-new", "readiness:import-new", "readiness:programme-settings"),
        _("Each place where it is to go live"),
    ),
    (
        "waves",
        _("Plan the waves"),
        ("readiness:wave-list", "readiness:programme-settings"),
        _("Which sites go live in the same window"),
    ),
    (
        "template",
        _("Publish a checklist"),
        ("readiness:template-list", "readiness:programme-settings"),
        _("Start from the standard template and change what is different here"),
    ),
    (
        "gates",
        _("Set the gates and fill the seats"),
        ("readiness:gate-settings", "readiness:seat-list", "readiness:programme-settings"),
        _("Who signs what, how many days before go-live"),
    ),
)


@dataclass(frozen=True)
class Step:
    """One step of setting up; `href` is "" where there is no page for it yet, or not until the step before is done."""

    title: Any
    hint: Any
    done: bool
    href: str


@dataclass(frozen=True)
class Beginning:
    """The steps for one programme, None where none is made yet; no steps where everything stands."""

    programme: Programme | None
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many of the steps are done."""
        return sum(step.done for step in self.steps)


def beginning_of(user: User) -> Beginning | None:
    """The steps that are left, for those who set programmes up: of the newest programme they manage that lacks some.

    None for anybody else, and where nothing is left. One query, two for an administrator without a programme.
    """
    rights = rights_of(user)
    if not (rights.administrator or rights.managed):
        return None
    programmes = Programme.objects.current()
    if not rights.administrator:
        programmes = programmes.filter(pk__in=rights.managed)
    lacking = _told(programmes).exclude(has_sites=True, has_waves=True, has_template=True, has_gates=True)
    programme = lacking.order_by("-pk").first()
    if programme is None and (not rights.administrator or Programme.objects.current().exists()):
        return None
    return Beginning(programme, tuple(_steps(programme)))


def _told(programmes: Any) -> Any:
    of_each = {"programme": OuterRef("pk"), "retired_at": None}
    templates = ChecklistTemplate.objects.filter(**of_each, published_at__isnull=False)
    gates = Gate.objects.filter(**of_each)
    seated = Seat.objects.filter(**of_each, person__isnull=False)
    return programmes.annotate(
        has_sites=Exists(Deployment.objects.filter(**of_each, site__retired_at=None)),
        has_waves=Exists(Wave.objects.filter(**of_each)),
        has_template=Exists(templates),
        has_gates=Q(Exists(gates)) & Q(Exists(seated)),
    )


def _steps(programme: Programme | None) -> list[Step]:
    there = {"programme": programme is not None}
    if programme is not None:
        there |= {name: bool(vars(programme)[f"has_{name}"]) for name, *_rest in STEPS[1:]}
    steps = []
    for name, title, pages, hint in STEPS:
        done = there.get(name, False)
        href = "" if done or (programme is None and name != "programme") else _first_of(pages, programme)
        steps.append(Step(title, hint, done, href))
    return steps


def _first_of(pages: tuple[str, ...], programme: Programme | None) -> str:
    """The address of the first of these pages that there is, "" where there is none yet."""
    arguments = {"programme": programme.code} if programme else {}
    for name in pages:
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return ""


def nothing_yet(rights: Rights) -> str:
    """What a person with these rights will find in the lists, where there is nothing in them."""
    if Role.PROGRAMME_MANAGER in rights.roles:
        return gettext("Waivers to decide, gates to close, sites without a date and reviews that are due show here.")
    if Role.SITE_LEAD in rights.roles:
        return gettext(
            "Checklist items of your site that are due, conditions of gates and evidence to confirm show here."
        )
    if Role.SIGNATORY in rights.roles:
        return gettext("Gates that wait for your signature show here as soon as their pack is frozen.")
    if Role.TRAINER in rights.roles:
        return gettext("Checklist items that you own show here. Courses and sessions stand under Training.")
    if Role.WARD_MANAGER in rights.roles:
        return gettext("What you own shows here. Your champions and who still needs training stand in the menu.")
    if Role.ADMINISTRATOR in rights.roles:
        return gettext("What you own shows here. Runs and the state of the service stand under Admin.")
    return gettext("What you own shows here.")
