"""Drafts of the checklist template: one a programme, changed by two, published once and never changed after."""

import threading
from datetime import date
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from readiness.dashboards.template_effect import Effect, effect_of
from readiness.item_contents import contents_of, difference
from readiness.models import Checklist, ChecklistItem, ChecklistTemplate, TemplateItem
from readiness.services.checklists import add_checklists
from readiness.services.templates import (
    MARKED,
    add_template_item,
    draft_mark,
    draft_template,
    edit_template_item,
    publish_template,
    remove_template_item,
    take_over,
    take_up_draft,
    throw_away,
)
from readiness.standard_template import standard_items
from rollout.models import AuditEntry, Programme, User
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.refusals import CodeTaken, Refused
from tests import factories as make
from tests.readiness.template_world import done, published, sites_with_checklists

DECLARED = Fraction(4, 5)
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    programme = make.make_programme()
    published(programme)
    return programme


@pytest.fixture
def ana() -> User:
    return make.make_user()


def item_of(template: ChecklistTemplate, code: str = "PLAN") -> TemplateItem:
    return TemplateItem.objects.get(template=template, code=code)


def mark(item: TemplateItem) -> str:
    return mark_of(item, MARKED)


def test_draft_is_a_copy_under_the_next_number_and_there_is_one(programme: Programme, ana: User) -> None:
    drafts = [draft_template(programme=programme, by=ana) for _ in range(2)]

    assert drafts[0] == drafts[1]
    assert (drafts[0].version, drafts[0].published_at) == (2, None)
    first = programme.checklist_templates.get(version=1)
    assert contents_of(drafts[0].pk) == contents_of(first.pk) != []


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_a_draft_at_once_get_the_same() -> None:
    programme, people = make.make_programme(), [make.make_user(), make.make_user()]
    found: list[int] = []

    def ask(by: User) -> None:
        try:
            found.append(draft_template(programme=programme, by=by).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(found) == 2
    assert len(set(found)) == 1


def test_items_are_added_changed_and_removed_in_a_draft(programme: Programme, ana: User) -> None:
    draft = draft_template(programme=programme, by=ana)
    plan, rota = item_of(draft), item_of(draft, "ROTA")

    add_template_item(template_id=draft.pk, by=ana, code="DRILL", domain="continuity", text="Drill")
    edit_template_item(item_id=plan.pk, mark=mark(plan), by=ana, weight=5, blocking=True)
    edit_template_item(item_id=plan.pk, mark="0" * 16, by=ana, weight=5)  # it stands so already
    remove_template_item(item_id=rota.pk, mark=mark(rota), by=ana)

    changes = difference(contents_of(programme.checklist_templates.get(version=1).pk), contents_of(draft.pk))
    assert changes.words == "1 added, 1 changed, 1 removed"
    assert [(each.label, each.before, each.after) for each in changes.changed[0].fields] == [
        ("Weight", "3 of 5", "5 of 5"),
        ("Blocking", "no", "yes"),
    ]
    assert set(AuditEntry.objects.filter(user=ana).values_list("reason", flat=True)) == {
        "template drafted",
        "template item added",
        "template item changed",
        "template item removed",
    }


def test_later_of_two_edits_is_told_and_nothing_is_overwritten(programme: Programme, ana: User) -> None:
    plan = item_of(draft_template(programme=programme, by=ana))
    seen = mark(plan)
    edit_template_item(item_id=plan.pk, mark=seen, by=ana, weight=5)

    with pytest.raises(RecordChanged) as told:
        edit_template_item(item_id=plan.pk, mark=seen, by=make.make_user(), weight=1)
    with pytest.raises(RecordChanged):
        remove_template_item(item_id=plan.pk, mark=seen, by=make.make_user())

    assert (told.value.row.weight, item_of(plan.template).weight) == (5, 5)


def test_taken_code_and_removed_item_are_refused(programme: Programme, ana: User) -> None:
    draft = draft_template(programme=programme, by=ana)
    plan = item_of(draft)
    with pytest.raises(CodeTaken):
        add_template_item(template_id=draft.pk, by=ana, code="PLAN", domain="goals", text="Again")
    remove_template_item(item_id=plan.pk, mark=mark(plan), by=ana)

    with pytest.raises(Refused, match="removed this item"):
        edit_template_item(item_id=plan.pk, mark=mark(plan), by=ana, weight=1)


def test_standard_items_are_taken_over_as_ticked_and_own_ones_stay(ana: User) -> None:
    programme = make.make_programme()
    published(programme, ["LEAD-SRO", "OWN"])
    draft = draft_template(programme=programme, by=ana)

    taken = take_over(template_id=draft.pk, codes=["LEAD-SRO", "TECH-WIFI", "OWN", "NONE"], by=ana)
    again = take_over(template_id=draft.pk, codes=["LEAD-SRO", "TECH-WIFI"], by=ana)

    standard = {item.code: item for item in standard_items()}
    sro = TemplateItem.objects.get(template=draft, code="LEAD-SRO")
    assert (taken, again) == (2, 0)
    assert sorted(draft.items.values_list("code", flat=True)) == ["LEAD-SRO", "OWN", "TECH-WIFI"]
    assert (sro.text, sro.seat_role.code if sro.seat_role else "") == (standard["LEAD-SRO"].text, "sro")
    assert item_of(draft, "OWN").text == "OWN text"


def test_published_version_never_changes_and_is_published_once(programme: Programme, ana: User) -> None:
    draft = draft_template(programme=programme, by=ana)
    plan = item_of(draft)
    edit_template_item(item_id=plan.pk, mark=mark(plan), by=ana, weight=5)
    first = publish_template(template_id=draft.pk, mark=draft_mark(draft.pk), by=ana)

    assert publish_template(template_id=draft.pk, mark="0" * 16, by=make.make_user()).published_at == first.published_at
    for refused in (
        lambda: add_template_item(template_id=draft.pk, by=ana, code="X", domain="goals", text="X"),
        lambda: edit_template_item(item_id=plan.pk, mark=mark(plan), by=ana, weight=1),
        lambda: remove_template_item(item_id=plan.pk, mark=mark(plan), by=ana),
        lambda: take_over(template_id=draft.pk, codes=["LEAD-SRO"], by=ana),
    ):
        with pytest.raises(Refused, match="published and never changes"):
            refused()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        TemplateItem.objects.filter(pk=plan.pk).update(weight=2)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        ChecklistTemplate.objects.filter(pk=draft.pk).update(version=7)


def test_only_what_was_on_the_page_is_published(programme: Programme, ana: User) -> None:
    draft = draft_template(programme=programme, by=ana)
    with pytest.raises(Refused, match="Nothing differs"):
        publish_template(template_id=draft.pk, mark=draft_mark(draft.pk), by=ana)
    seen = draft_mark(draft.pk)
    TemplateItem.objects.filter(template=draft, code="PLAN").update(weight=5)

    with pytest.raises(RecordChanged):
        publish_template(template_id=draft.pk, mark=seen, by=ana)
    TemplateItem.objects.filter(template=draft).delete()
    with pytest.raises(Refused, match="Add an item first"):
        publish_template(template_id=draft.pk, mark=draft_mark(draft.pk), by=ana)


def test_publishing_gives_a_checklist_to_sites_without_one_alone(programme: Programme, ana: User) -> None:
    (old,) = sites_with_checklists(programme, 1)
    new = make.make_deployment(programme=programme)
    draft = draft_template(programme=programme, by=ana)
    TemplateItem.objects.filter(template=draft, code="ROTA").delete()

    publish_template(template_id=draft.pk, mark=draft_mark(draft.pk), by=ana)

    used = dict(Checklist.objects.values_list("deployment", "template__version"))
    assert used == {old.pk: 1, new.pk: 2}
    assert ChecklistItem.objects.filter(deployment=new).count() == 2


def test_effect_counts_sites_whose_share_or_late_blockers_would_change(programme: Programme, ana: User) -> None:
    finished, begun, _without = *sites_with_checklists(programme, 2), make.make_deployment(programme=programme)
    make.make_deployment(programme=programme, stage="embedded")
    for code in ("BACKUP", "PLAN", "ROTA"):
        done(finished, code)
    done(begun, "PLAN")
    draft = draft_template(programme=programme, by=ana)
    same = effect_of(programme.pk, draft.pk, DECLARED)
    TemplateItem.objects.filter(template=draft, code="PLAN").update(weight=5)
    heavier = effect_of(programme.pk, draft.pk, DECLARED)
    TemplateItem.objects.filter(template=draft, code="ROTA").update(blocking=True, due_days=3_000)

    blocking = effect_of(programme.pk, draft.pk, DECLARED)

    # The site without a checklist gets one; at the finished one every item is done, whatever each weighs.
    assert same == Effect(sites=3, changing=1, newly_late=0, no_longer_late=0)
    assert heavier == Effect(sites=3, changing=2, newly_late=0, no_longer_late=0)
    assert blocking == Effect(sites=3, changing=2, newly_late=2, no_longer_late=0)


def test_effect_of_removing_a_late_blocker_and_its_one_query(ana: User) -> None:
    programme = make.make_programme()
    published(programme, blocking=True, due_days=3_000)
    sites_with_checklists(programme, 3)
    draft = draft_template(programme=programme, by=ana)
    TemplateItem.objects.filter(template=draft).update(blocking=False)

    with CaptureQueriesContext(connection) as queries:
        effect = effect_of(programme.pk, draft.pk, DECLARED)

    assert effect == Effect(sites=3, changing=3, newly_late=0, no_longer_late=3)
    assert len(queries) == 1


def test_late_blocker_in_a_domain_where_nothing_differs_holds_the_score_down_anyway(ana: User) -> None:
    programme, late = make.make_programme(), {"blocking": True, "due_days": 3_000}
    template = ChecklistTemplate.objects.create(programme=programme, version=1)
    template.items.create(code="PLAN", domain="continuity", text="Plan", **late)
    template.items.create(code="ROTA", domain="training", text="Rota")
    ChecklistTemplate.objects.filter(pk=template.pk).update(published_at=timezone.now())
    sites = [make.make_deployment(programme=programme, go_live_on=date(2026, 9, 1)) for _ in range(2)]
    add_checklists(programme_id=programme.pk)
    draft = draft_template(programme=programme, by=ana)
    draft.items.filter(code="ROTA").update(text="Another text")
    in_words = effect_of(programme.pk, draft.pk, DECLARED)
    draft.items.filter(code="ROTA").update(**late)

    assert in_words == Effect(sites=len(sites), changing=0, newly_late=0, no_longer_late=0)
    assert effect_of(programme.pk, draft.pk, DECLARED) == in_words


def test_draft_thrown_away_stays_under_its_number_and_leaves_room_for_another(programme: Programme, ana: User) -> None:
    draft = draft_template(programme=programme, by=ana)
    item = item_of(draft)

    for _ in range(2):
        throw_away(template_id=draft.pk, mark=draft_mark(draft.pk), reason="Begun by mistake", by=ana)
    another = draft_template(programme=programme, by=ana)

    draft.refresh_from_db()
    assert (draft.version, draft.retired_by, draft.retired_reason) == (2, ana, "Begun by mistake")
    assert (another.version, another.retired_at) == (3, None)
    assert AuditEntry.objects.filter(reason="template draft thrown away", action="update").count() == 1
    with pytest.raises(Refused, match="was thrown away"):
        edit_template_item(item_id=item.pk, mark=mark(item), by=ana, weight=1)
    with pytest.raises(Refused, match="was thrown away"):
        publish_template(template_id=draft.pk, mark=draft_mark(draft.pk), by=ana)
    with pytest.raises(Refused, match="There is another draft"):
        take_up_draft(template_id=draft.pk, by=ana)
    throw_away(template_id=another.pk, mark=draft_mark(another.pk), reason="Not needed", by=ana)
    assert take_up_draft(template_id=draft.pk, by=ana).retired_at is None
    assert draft_template(programme=programme, by=ana) == draft


def test_draft_that_changed_since_and_a_published_version_are_not_thrown_away(programme: Programme, ana: User) -> None:
    draft = draft_template(programme=programme, by=ana)
    seen = draft_mark(draft.pk)
    TemplateItem.objects.filter(template=draft, code="PLAN").update(weight=5)
    first = programme.checklist_templates.get(version=1)

    with pytest.raises(RecordChanged):
        throw_away(template_id=draft.pk, mark=seen, reason="x", by=ana)
    with pytest.raises(Refused, match="never changes"):
        throw_away(template_id=first.pk, mark=draft_mark(first.pk), reason="x", by=ana)
    with pytest.raises(Refused, match="never changes"):
        take_up_draft(template_id=first.pk, by=ana)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_up_two_drafts_at_once_leave_one(ana: User) -> None:
    programme = make.make_programme()
    published(programme)
    drafts = []
    for _ in range(2):
        drafts.append(draft_template(programme=programme, by=ana))
        throw_away(template_id=drafts[-1].pk, mark=draft_mark(drafts[-1].pk), reason="x", by=ana)
    together, refused = threading.Barrier(2), []

    def take(draft: ChecklistTemplate) -> None:
        try:
            together.wait()
            take_up_draft(template_id=draft.pk, by=ana)
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["There is another draft. Publish it or throw it away first."]
    assert ChecklistTemplate.objects.filter(published_at=None, retired_at=None).count() == 1
