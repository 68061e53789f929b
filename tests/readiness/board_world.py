"""A board dashboard over the sites that a test makes."""

from datetime import date, timedelta
from typing import Any

from readiness.dashboards.board import Board, Scope, board_of, scope_of
from rollout.choices import Role
from rollout.models import Deployment, Programme, User
from tests import factories as make
from tests.factories import DAY

BEFORE = DAY - timedelta(days=28)


def add_site(programme: Programme, name: str, **fields: Any) -> Deployment:
    site = make.make_site(
        name=name, code=name.upper().replace(",", "").replace(" ", "-"), organisation=fields.pop("organisation", None)
    )
    return make.make_deployment(programme=programme, site=site, **fields)


def scope(
    *programmes: Programme, user: User | None = None, as_of: date | None = None, since: date | None = None
) -> Scope:
    user = user or make.make_member(Role.ADMINISTRATOR)
    return scope_of(user, programmes, today=DAY, as_of=as_of, since=since)


def board(*programmes: Programme, **asked: Any) -> Board:
    return board_of(scope(*programmes, **asked))
