"""What stands on Your work before there is work: the five steps of setting a programme up, or what to wait for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.models import ChecklistTemplate, Gate
from rollout.choices import Role
from rollout.models import Deployment, Programme, Seat, User, Wave
from rollout.querysets.rights import Rights, rights_of

# Each step: what is to be there, in words, and a hint; the page where it is done.
STEPS: Mapping[str, tuple[Any, Any, str]] = {
    "programme": (
        _("Create the programme"),
        _("Its goal, the problem, one headline measure"),
        "readiness:programme-new",
    ),
    "sites": (_("Add its sites"), _("Each place where it is to go live"), "readiness:deployment-new"),
    "waves": (_("Plan the waves"), _("Which sites go live in the same window"), "readiness:wave-list"),
    "template": (
        _("Publish a checklist"),
        _("Start from the standard template and change what is different here"),
        "readiness:template-list",
    ),
    "gates": (
        _("Set the gates and fill the seats"),
        _("Who signs what, how many days before go-live"),
        "readiness:gate-settings",
    ),
}


@dataclass(frozen=True)
class Step:
    """One step of setting up; `href` is "" where it is done, and before there is a programme."""

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


def _told(programmes: QuerySet) -> QuerySet:
    of_each = {"programme": OuterRef("pk"), "retired_at": None}
    templates = ChecklistTemplate.objects.filter(**of_each, published_at__isnull=False)
    return programmes.annotate(
        has_sites=Exists(Deployment.objects.filter(**of_each, site__retired_at=None)),
        has_waves=Exists(Wave.objects.filter(**of_each)),
        has_template=Exists(templates),
        has_any_gate=Exists(Gate.objects.filter(**of_each)),
        has_gates=Q(has_any_gate=True) & Q(Exists(Seat.objects.filter(**of_each, person__isnull=False))),
    )


def _steps(programme: Programme | None) -> list[Step]:
    there = {"programme": True, **vars(programme)} if programme else {}
    steps = []
    for name, (title, hint, page) in STEPS.items():
        done = bool(there.get("programme" if name == "programme" else f"has_{name}"))
        if name == "gates" and there.get("has_any_gate"):
            page = "readiness:seat-list"
        href = "" if done or (programme is None and name != "programme") else _address(page, programme)
        steps.append(Step(title, hint, done, href))
    return steps


def _address(page: str, programme: Programme | None) -> str:
    return reverse(page, kwargs={"programme": programme.code} if programme else {})


def nobody_waits(rights: Rights) -> str:
    """What will wait for a person with these rights, or where their work stands; "" where neither is to be told."""
    if Role.PROGRAMME_MANAGER in rights.roles:
        return gettext("Waivers to decide, gates to close, sites without a date and reviews that are due show here.")
    if Role.SITE_LEAD in rights.roles:
        return gettext("Evidence to confirm, dates to plan and a status to declare show here.")
    if Role.SIGNATORY in rights.roles:
        return gettext("Gates that wait for your signature show here as soon as their pack is frozen.")
    if Role.TRAINER in rights.roles:
        return gettext("Your sessions show here once they are over, until somebody says who came.")
    if Role.WARD_MANAGER in rights.roles:
        return gettext("Your champions and who still needs training stand in the menu.")
    if Role.ADMINISTRATOR in rights.roles:
        return gettext("Runs and the state of the service stand under Admin.")
    return ""
