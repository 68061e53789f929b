"""Many checklist items changed at once, and what a request changed changed back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from readiness.models import ChecklistEvent, ChecklistItem
from readiness.services.bulk_items import DUE, OWNER, STATE, SelectionChanged, Wish, change_items, look_ahead
from readiness.services.items import ItemChange, change_item, confirm_item, renew_item
from readiness.services.undoing import can_be_undone, undo
from readiness.services.undoing import look_ahead as look_back
from rollout.audit import acting
from rollout.choices import DeclaredStatus
from rollout.logs import request_id
from rollout.models import AuditEntry, Deployment, DeploymentChange, Membership, Programme, User
from rollout.services.deployments import declare_status, plan_mark, set_dates
from rollout.services.many_plans import SitesChanged, StatusWish, WaveWish, change_sites
from rollout.services.many_plans import look_ahead as look_at_sites
from rollout.services.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@contextmanager
def request() -> Iterator[str]:
    """One request, as the middleware numbers them."""
    act = uuid4().hex
    token = request_id.set(act)
    try:
        yield act
    finally:
        request_id.reset(token)


@pytest.fixture
def programme() -> Programme:
    return make.make_programme()


@pytest.fixture
def manager(programme: Programme) -> User:
    return make.make_member("programme_manager", programme=programme)


def make_items(programme: Programme, number: int, **fields: Any) -> list[ChecklistItem]:
    return [make.make_blocker(make.make_deployment(programme=programme), **fields) for _ in range(number)]


def chosen(programme: Programme) -> Any:
    return ChecklistItem.objects.current().filter(deployment__programme=programme)


def change(programme: Programme, wish: Wish, by: User) -> str:
    """Check, then confirm; the act."""
    with request() as act:
        change_items(chosen(programme), wish, mark=look_ahead(chosen(programme), wish, by=by).mark, by=by)
    return act


def standing(item: ChecklistItem) -> tuple[Any, ...]:
    now = ChecklistItem.objects.select_related("owner").get(pk=item.pk)
    return now.state, str(now.owner or ""), now.due_on, now.reason, now.evidence


def test_items_are_sorted_out_by_what_would_come_of_them(programme: Programme):
    free, owned, elsewhere = make_items(programme, 3)
    lead = make.make_member("site_lead", site=free.deployment.site)
    Membership.objects.create(user=lead, role="site_lead", site=owned.deployment.site)
    change_item(item_id=owned.pk, version=1, change=ItemChange("not_started", owner="Bo Ek"), by=lead)

    outlook = look_ahead(chosen(programme), Wish(OWNER, owner=" bo  EK "), by=lead)

    found = [outlook.changing, outlook.already, outlook.forbidden, outlook.lacking]
    assert [[item.pk for item in items] for items in found] == [[free.pk], [owned.pk], [elsewhere.pk], []]


def test_done_is_not_said_of_what_asks_for_evidence_and_has_none(programme: Programme, manager: User):
    (bare,) = make_items(programme, 1, evidence_needed=True)

    outlook = look_ahead(chosen(programme), Wish(STATE, state="done"), by=manager)

    assert ([item.pk for item in outlook.lacking], outlook.changing) == ([bare.pk], ())


@pytest.mark.parametrize(
    ("wish", "after"),
    [
        (Wish(OWNER, owner="Bo Ek"), ("not_started", "Bo Ek", None, "", "")),
        (Wish(DUE, due_on=date(2026, 5, 1)), ("not_started", "", date(2026, 5, 1), "", "")),
        (Wish(STATE, state="blocked", reason="No power"), ("blocked", "", None, "No power", "")),
        (Wish(STATE, state="done"), ("done", "", None, "", "")),
    ],
)
def test_every_wish_changes_all_and_is_undone_and_done_again(
    wish: Wish, after: tuple[Any, ...], programme: Programme, manager: User
):
    items = make_items(programme, 2)
    before = standing(items[0])

    done = change(programme, wish, manager)
    assert [standing(item) for item in items] == [after, after]
    with request() as undone:
        undo(act=done, by=manager)
    assert [standing(item) for item in items] == [before, before]
    with request() as again:
        undo(act=undone, by=manager)

    assert [standing(item) for item in items] == [after, after]
    assert can_be_undone([done, undone, again]) == {done, undone, again}
    assert ChecklistEvent.objects.filter(retired_at=None).count() == 6
    assert look_back(act=done, by=manager).count == 0


@pytest.mark.parametrize("number", [1, 3, 40])
def test_bulk_change_and_undo_take_as_many_queries_for_many_items(number: int, programme: Programme, manager: User):
    make_items(programme, number)
    wish = Wish(OWNER, owner="Bo Ek")
    outlook = look_ahead(chosen(programme), wish, by=manager)

    with (
        CaptureQueriesContext(
            connection,
        ) as forth,
        request() as act,
    ):
        change_items(chosen(programme), wish, mark=outlook.mark, by=manager)
    with CaptureQueriesContext(connection) as back, request():
        undo(act=act, by=manager)

    assert (len(forth), len(back)) == (24, 17)
    assert {entry.user for entry in AuditEntry.objects.filter(request_id=act).select_related("user")} == {manager}


def test_what_changed_since_the_check_page_changes_nothing_at_all(programme: Programme, manager: User):
    first, second = make_items(programme, 2)
    wish = Wish(STATE, state="in_progress")
    outlook = look_ahead(chosen(programme), wish, by=manager)
    change_item(item_id=second.pk, version=1, change=ItemChange("not_started", owner="Bo Ek"), by=manager)

    with pytest.raises(SelectionChanged):
        change_items(chosen(programme), wish, mark=outlook.mark, by=manager)

    assert [standing(item)[0] for item in (first, second)] == ["not_started", "not_started"]


def test_sent_twice_is_done_once(programme: Programme, manager: User):
    make_items(programme, 2)
    wish = Wish(STATE, state="in_progress")
    mark = look_ahead(chosen(programme), wish, by=manager).mark

    outlooks = [change_items(chosen(programme), wish, mark=mark, by=manager) for _ in range(2)]

    assert [len(each.changing) for each in outlooks] == [2, 0]
    assert ChecklistEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_bulk_changes_at_once_one_is_told(programme: Programme, manager: User):
    make_items(programme, 5)
    wishes = [Wish(OWNER, owner="Bo Ek"), Wish(OWNER, owner="Cy Ito")]
    marks = [look_ahead(chosen(programme), wish, by=manager).mark for wish in wishes]
    together, told = threading.Barrier(2), []

    def send(wish: Wish, mark: str) -> None:
        together.wait()
        try:
            change_items(chosen(programme), wish, mark=mark, by=manager)
        except SelectionChanged:
            told.append(wish.owner)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=pair) for pair in zip(wishes, marks, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (loser,) = told
    assert {standing(item)[1] for item in chosen(programme)} == {"Bo Ek", "Cy Ito"} - {loser}


def test_undo_leaves_what_somebody_changed_since_and_says_so(programme: Programme, manager: User):
    first, second = make_items(programme, 2)
    act = change(programme, Wish(STATE, state="in_progress"), manager)
    change_item(item_id=second.pk, version=2, change=ItemChange("done"), by=manager)

    found = undo(act=act, by=manager)

    assert (found.count, [left.why for left in found.left]) == (1, ["It was changed again since."])
    assert [standing(item)[0] for item in (first, second)] == ["not_started", "done"]
    with pytest.raises(Refused, match="changed again"):
        undo(act=act, by=manager)


def test_undo_is_for_those_who_may_change_the_records(programme: Programme, manager: User):
    mine, other = make_items(programme, 2)
    lead = make.make_member("site_lead", site=mine.deployment.site)
    act = change(programme, Wish(STATE, state="in_progress"), manager)
    board = make.make_member("board_member", programme=programme)

    with pytest.raises(Refused):
        undo(act=act, by=board)
    undo(act=act, by=lead)

    assert [standing(item)[0] for item in (mine, other)] == ["not_started", "in_progress"]


def test_undo_never_makes_old_work_look_fresh(programme: Programme, manager: User):
    (item,) = make_items(programme, 1, valid_days=30)
    at = timezone.now() - timedelta(days=3)
    ChecklistEvent.objects.create(item=item, deployment=item.deployment, at=at, state="done")
    ChecklistItem.objects.filter(pk=item.pk).update(
        state="done", done_on=TODAY - timedelta(days=3), assurance="declared"
    )
    acts = []
    for service in (renew_item, confirm_item):
        with request() as act:
            service(item_id=item.pk, version=chosen(programme).get().version, by=make.make_user())
        acts.append(act)

    assert [look_back(act=act, by=manager).count for act in acts] == [0, 1]  # renewed; seen on the day of the renewal
    undo(act=acts[1], by=manager)

    assert chosen(programme).values_list("state", "assurance", "done_on").get() == ("done", "declared", TODAY)


def test_evidence_and_owner_named_by_mistake_are_taken_back(programme: Programme, manager: User):
    (item,) = make_items(programme, 1)
    with request() as act:
        wanted = ItemChange("in_progress", evidence="Folder 7", owner="Bo Ek", due_on=date(2026, 5, 1))
        change_item(item_id=item.pk, version=1, change=wanted, by=manager)

    undo(act=act, by=manager)

    assert standing(item) == ("not_started", "", None, "", "")


# Plans ---------------------------------------------------------------------------------------------------------------


def plan(deployment: Deployment, **wanted: Any) -> dict[str, Any]:
    names = ("go_live_on", "technical_go_live_on", "dual_running_until_on", "wave_id")
    values = {name: getattr(deployment, name) for name in names}
    return {"deployment_id": deployment.pk, "mark": plan_mark(deployment), "reason": "Moved", **values, **wanted}


def fresh(deployment: Deployment) -> Deployment:
    return Deployment.objects.select_related("site", "wave").get(pk=deployment.pk)


def test_plan_is_put_back_and_every_change_is_kept(programme: Programme, manager: User):
    wave = make.make_wave(programme=programme, number=2)
    deployment = make.make_deployment(programme=programme)
    with request() as dated:
        set_dates(by=manager, **plan(deployment, go_live_on=date(2026, 6, 1), wave_id=wave.pk))
    with request() as declared:
        declare_status(
            deployment_id=deployment.pk,
            mark=plan_mark(fresh(deployment)),
            status=DeclaredStatus.RED,
            words="Late",
            by=manager,
        )

    undo(act=dated, by=manager)  # what was declared since is another matter, and stays
    undo(act=declared, by=manager)

    now = fresh(deployment)
    assert (now.go_live_on, now.wave, now.declared_status, now.declared_on) == (make.GO_LIVE, None, "", None)
    changes = DeploymentChange.objects.order_by("at", "pk").values_list("what", "before", "after", "reason")
    assert sorted(changes) == [
        ("declared_status", "", "red", "Late"),
        ("declared_status", "red", "", "Undone"),
        ("go_live", "2026-04-24", "2026-06-01", "Moved"),
        ("go_live", "2026-06-01", "2026-04-24", "Undone"),
        ("wave", "", "2", "Moved"),
        ("wave", "2", "", "Undone"),
    ]


def test_older_plan_is_not_put_back_over_a_newer_one(programme: Programme, manager: User):
    deployment = make.make_deployment(programme=programme)
    acts = []
    for day in (date(2026, 6, 1), date(2026, 7, 1)):
        with request() as act:
            set_dates(by=manager, **plan(fresh(deployment), go_live_on=day))
        acts.append(act)

    with pytest.raises(Refused, match="changed again"):
        undo(act=acts[0], by=manager)

    assert fresh(deployment).go_live_on == date(2026, 7, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_sites_are_put_in_a_wave_together_and_taken_back(
    number: int, programme: Programme, manager: User, django_assert_num_queries: Callable[..., Any]
):
    wave = make.make_wave(programme=programme, number=2)
    make.make_deployments(number, programme=programme, score=False)
    already = make.make_deployment(programme=programme, wave=wave)
    sites = Deployment.objects.filter(programme=programme)
    outlook = look_at_sites(sites, WaveWish(wave), by=manager)
    assert (len(outlook.changing), outlook.already) == (number, (already,))

    with django_assert_num_queries(17), request() as act:
        change_sites(sites, WaveWish(wave), mark=outlook.mark, by=manager)
    assert list(sites.values_list("wave__number", flat=True)) == [2] * (number + 1)
    with pytest.raises(SitesChanged):
        change_sites(sites, WaveWish(None), mark=outlook.mark, by=manager)
    with request():
        undo(act=act, by=manager)

    assert sorted(sites.values_list("wave__number", flat=True), key=str) == [2, *[None] * number]
    assert DeploymentChange.objects.count() == 2 * number


@pytest.mark.parametrize("number", [1, 3])
def test_status_of_sites_is_declared_together_and_taken_back(
    number: int, programme: Programme, manager: User, django_assert_num_queries: Callable[..., Any]
):
    make.make_deployments(number, programme=programme, score=False)
    before = {"declared_status": "amber", "declared_words": "Late kit", "declared_on": date(2026, 2, 2)}
    renewed = make.make_deployment(programme=programme, **before)
    sites, wish = Deployment.objects.filter(programme=programme), StatusWish("amber", "Late kit")
    outlook = look_at_sites(sites, wish, by=manager)
    assert (len(outlook.changing), outlook.already) == (number + 1, ())

    with django_assert_num_queries(17), request() as act:
        change_sites(sites, wish, mark=outlook.mark, by=manager)
    assert set(sites.values_list("declared_status", "declared_words", "declared_on", "declared_by__user")) == {
        ("amber", "Late kit", timezone.localdate(), manager.pk)
    }
    assert set(DeploymentChange.objects.values_list("what", "before", "after", "reason")) == {
        ("declared_status", "", "amber", "Late kit"),
        ("declared_status", "amber", "amber", "Late kit"),
    }
    assert len(change_sites(sites, wish, mark="", by=manager).already) == number + 1
    with request():
        undo(act=act, by=manager)

    assert fresh(renewed).declared_on == date(2026, 2, 2)
    assert set(sites.exclude(pk=renewed.pk).values_list("declared_status", flat=True)) == {""}


def test_decisions_and_stages_are_not_undone_here(programme: Programme, manager: User):
    deployment = make.make_deployment(programme=programme)
    with request() as act, acting(manager):
        Deployment.objects.filter(pk=deployment.pk).update(stage="stopped")

    assert look_back(act=act, by=manager).count == 0
    with pytest.raises(Refused, match="cannot be undone"):
        undo(act=act, by=manager)
    with pytest.raises(Refused, match="nothing here"):
        undo(act=uuid4().hex, by=manager)
