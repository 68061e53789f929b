"""Log-ins for the sample programmes: one user a role, all with one password made for this installation."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from rollout.choices import Role
from rollout.models import Membership, Person, Programme, SeatRole, Site, User, Ward
from training.models import StaffMember

# Letters and digits that are not mistaken for one another when read aloud or typed from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Login:
    """Who may log in to the demonstration, for what, and which page of theirs to open first."""

    role: Role
    email: str
    name: str
    start: str
    programmes: tuple[str, ...] = ()
    site: str = ""
    ward: str = ""
    seat: str = ""


BOTH = ("EPR", "VIDEO")
LOGINS = (
    Login(
        Role.PROGRAMME_MANAGER, "programme.manager@example.org", "Morwenna Ashby", "/p/EPR/sites/?view=heatmap", BOTH
    ),
    Login(Role.SITE_LEAD, "site.lead@example.org", "Idris Calloway", "/p/EPR/s/ELL-3/", site="ELL-3"),
    Login(Role.WARD_MANAGER, "ward.manager@example.org", "", "/p/EPR/s/WIN-1/rota/", site="WIN-1", ward="W2"),
    Login(Role.CHAMPION, "champion@example.org", "", "/programmes/"),
    Login(Role.TRAINER, "trainer@example.org", "Tove Lindgarth", "/p/EPR/training/", BOTH),
    Login(
        Role.SIGNATORY,
        "safety.officer@example.org",
        "Ruairi Penhale",
        "/p/EPR/",
        ("EPR",),
        seat="clinical_safety_officer",
    ),
    Login(Role.BOARD_MEMBER, "board.member@example.org", "Oluchi Brandreth", "/board/", BOTH),
    Login(Role.ADMINISTRATOR, "administrator@example.org", "Sunniva Tranter", "/admin/health/"),
)


def demonstration_password(folder: Path) -> tuple[str, bool]:
    """The password of every demonstration log-in, and whether it was made just now.

    It is kept in `folder`, readable by its owner only, so that the next start shows the same one.
    """
    path = folder / "demonstration-password"
    folder.mkdir(parents=True, exist_ok=True)
    if path.exists() and (kept := path.read_text(encoding="utf-8").strip()):
        return kept, False
    made = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(made)
    return made, True


@transaction.atomic
def make_logins(*, password: str, renew: bool = False) -> int:
    """Make the users of LOGINS that are missing, with their memberships, and return how many that were.

    Who is named in the records by the same address is linked to the user. Users that are there already are left as
    they are; with `renew` their password becomes this one. Raises DoesNotExist when the sample is not loaded.
    """
    hashed = make_password(password)
    there = set(User.objects.filter(email__in=[login.email for login in LOGINS]).values_list("email", flat=True))
    if renew:
        User.objects.filter(email__in=there).update(password=hashed)
    missing = [login for login in LOGINS if login.email not in there]
    names = dict(StaffMember.objects.filter(email__in=[login.email for login in missing]).values_list("email", "name"))
    users = User.objects.bulk_create(
        User(email=login.email, name=login.name or names.get(login.email, ""), password=hashed) for login in missing
    )
    memberships = []
    for login, user in zip(missing, users, strict=True):
        memberships += _memberships(login, user)
        Person.objects.filter(label__iexact=login.email, user=None).update(user=user)
        StaffMember.objects.filter(email__iexact=login.email, user=None).update(user=user)
    Membership.objects.bulk_create(memberships)
    return len(users)


def _memberships(login: Login, user: User) -> list[Membership]:
    """One membership for each programme of the log-in, or one for its site or ward, or one without a scope."""
    scope: dict[str, object] = {}
    if login.ward:
        scope["ward"] = Ward.objects.get(site__code=login.site, code=login.ward)
    elif login.site:
        scope["site"] = Site.objects.get(code=login.site)
    if login.seat:
        scope["seat_role"] = SeatRole.objects.get(code=login.seat)
    if not login.programmes:
        return [Membership(user=user, role=login.role, **scope)]
    programmes = Programme.objects.filter(code__in=login.programmes).order_by("code")
    if len(programmes) < len(login.programmes):
        raise Programme.DoesNotExist(login.programmes)
    return [Membership(user=user, role=login.role, programme=programme, **scope) for programme in programmes]
