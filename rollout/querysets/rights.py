"""What a user's memberships come to. Loaded in one query a request; every `visible_to` starts from here.

The rows are read with the user, so that a right given or taken holds from the next request on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from rollout.choices import Role

Somebody = AbstractBaseUser | AnonymousUser
Ids = frozenset[int]
# Where a user object keeps the rights read for it.
KEPT = "_rights"


@dataclass(frozen=True)
class Rights:
    """The scopes a user holds, by role: ids of programmes, sites, wards (with the site of each), organisations.

    `signed_sites` are sites in every programme, `signed_deployments` are (programme, site). `programme_codes` are the
    programmes that memberships name outright, in order: what the header's links can lead to.
    """

    roles: frozenset[str] = frozenset()
    managed: Ids = frozenset()
    trained: Ids = frozenset()
    led: Ids = frozenset()
    wards: Mapping[int, int] = field(default_factory=dict)
    signed: Ids = frozenset()
    signed_sites: Ids = frozenset()
    signed_deployments: frozenset[tuple[int, int]] = frozenset()
    boards: Ids = frozenset()
    board_organisations: Ids = frozenset()
    programme_codes: tuple[str, ...] = ()

    @property
    def administrator(self) -> bool:
        """Whether the user may see and do everything."""
        return Role.ADMINISTRATOR in self.roles

    @property
    def ward_sites(self) -> Ids:
        """The sites of the wards the user manages."""
        return frozenset(self.wards.values())


def rights_of(user: Somebody) -> Rights:
    """The rights of a user, read once for each user object and so once a request."""
    if not user.is_authenticated or not user.is_active:
        return Rights()
    held: Rights | None = getattr(user, KEPT, None)
    if held is None:
        held = _load(user)
        setattr(user, KEPT, held)
    return held


def _load(user: Any) -> Rights:
    columns = ("role", "organisation_id", "programme_id", "site_id", "ward_id", "ward__site_id", "programme__code")
    rows = list(user.memberships.current().values_list(*columns))

    def ids(role: Role, column: int) -> Ids:
        return frozenset(row[column] for row in rows if row[0] == role and row[column] is not None)

    signatures = [row for row in rows if row[0] == Role.SIGNATORY]
    return Rights(
        roles=frozenset(row[0] for row in rows),
        managed=ids(Role.PROGRAMME_MANAGER, 2),
        trained=ids(Role.TRAINER, 2),
        led=ids(Role.SITE_LEAD, 3),
        wards={row[4]: row[5] for row in rows if row[0] == Role.WARD_MANAGER},
        signed=frozenset(row[2] for row in signatures if row[2] and not row[3]),
        signed_sites=frozenset(row[3] for row in signatures if row[3] and not row[2]),
        signed_deployments=frozenset((row[2], row[3]) for row in signatures if row[2] and row[3]),
        boards=ids(Role.BOARD_MEMBER, 2),
        board_organisations=ids(Role.BOARD_MEMBER, 1),
        programme_codes=tuple(sorted({row[6] for row in rows if row[6]})),
    )


def deployments_in_scope(rights: Rights, to: str = "") -> Q:
    """The deployments the rights reach, as a condition on rows from which `to` leads to the deployment.

    Champions reach no deployment: they see their own shifts. No right gives a condition that no row meets.
    """
    if rights.administrator:
        return Q()
    scope = Q(pk__in=[])
    if programmes := rights.managed | rights.trained | rights.signed | rights.boards:
        scope |= Q(**{f"{to}programme__in": programmes})
    if sites := rights.led | rights.ward_sites | rights.signed_sites:
        scope |= Q(**{f"{to}site__in": sites})
    for programme, site in sorted(rights.signed_deployments):
        scope |= Q(**{f"{to}programme": programme, f"{to}site": site})
    if rights.board_organisations:
        scope |= Q(**{f"{to}site__organisation__in": rights.board_organisations})
    return scope


def deployments_kept(rights: Rights, to: str = "") -> Q:
    """The deployments whose checklist and plan the rights let somebody change, as a condition like the one above.

    The same as rollout.permissions.keep_checklist, for sets.
    """
    if rights.administrator:
        return Q()
    return Q(**{f"{to}programme__in": rights.managed}) | Q(**{f"{to}site__in": rights.led})
