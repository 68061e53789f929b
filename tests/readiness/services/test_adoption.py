"""A newer version taken over: items come, change and go, and nothing that was done is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.models import Checklist, ChecklistEvent, ChecklistItem, RescoreMark
from readiness.services import adoption
from readiness.services.adoption import Adopted, adopt_template, differing
from readiness.services.items import ItemChange, ItemChanged, change_item
from readiness.services.templates import draft_mark, draft_template, publish_template
from rollout.models import Deployment, Programme, User
from rollout.services.refusals import Refused
from tests import factories as make
from tests.readiness.template_world import done, published, second_version, sites_with_checklists

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    programme = make.make_programme()
    published(programme)
    return programme


@pytest.fixture
def ana() -> User:
    return make.make_user()


def stand(site: Deployment) -> dict[str, tuple[str, int, bool]]:
    """Each item of a site: its state, its weight, whether it is retired."""
    items = ChecklistItem.objects.filter(deployment=site).select_related("template_item")
    return {item.code: (item.state, item.template_item.weight, item.retired_at is not None) for item in items}


def adopt(template_id: int, by: User, *sites: Deployment, codes: list[str] | None = None) -> Adopted:
    return adopt_template(deployment_ids=[site.pk for site in sites], template_id=template_id, codes=codes, by=by)


def test_everything_taken_over_keeps_states_evidence_and_history(programme: Programme, ana: User) -> None:
    site, other = sites_with_checklists(programme, 2)
    kept, gone = done(site, "PLAN"), done(site, "ROTA")
    template = second_version(programme, ana)
    RescoreMark.objects.all().delete()

    said = adopt(template.pk, ana, site)
    again = adopt(template.pk, ana, site)

    assert said == Adopted(sites=1, added=1, removed=1, changed=1)
    assert (again.added, again.removed, again.changed) == (0, 0, 0)
    assert stand(site) == {
        "BACKUP": ("not_started", 3, False),
        "DRILL": ("not_started", 3, False),
        "PLAN": ("done", 5, False),
        "ROTA": ("done", 3, True),
    }
    assert stand(other)["PLAN"] == ("not_started", 3, False)
    plan, rota = ChecklistItem.objects.get(pk=kept.pk), ChecklistItem.objects.get(pk=gone.pk)
    assert (plan.evidence, rota.evidence, rota.retired_by) == ("Folder 7", "Folder 7", ana)
    told = ChecklistEvent.objects.filter(adopted_version=2).values_list("item__code", "adopted_changes", "by__user")
    assert sorted(told) == [
        ("DRILL", ["added"], ana.pk),
        ("PLAN", ["weight"], ana.pk),
        ("ROTA", ["gone"], ana.pk),
    ]
    assert list(ChecklistEvent.objects.filter(item=gone).values_list("state", flat=True)) == ["", "done"]
    assert dict(Checklist.objects.values_list("deployment", "template__version")) == {site.pk: 2, other.pk: 1}
    assert set(RescoreMark.objects.values_list("deployment", flat=True)) == {site.pk}


def test_unticked_items_stay_and_can_be_taken_over_later(programme: Programme, ana: User) -> None:
    (site,) = sites_with_checklists(programme, 1)
    template = second_version(programme, ana)

    adopt(template.pk, ana, site, codes=["DRILL"])

    checklist = Checklist.objects.get()
    assert stand(site)["PLAN"] == ("not_started", 3, False)
    assert stand(site)["ROTA"] == ("not_started", 3, False)
    assert checklist.template == template
    assert differing([checklist.pk], template.pk) == {checklist.pk: (0, 1, 1)}
    adopt(template.pk, ana, site, codes=["PLAN", "ROTA"])
    assert differing([checklist.pk], template.pk) == {checklist.pk: (0, 0, 0)}


def test_item_that_comes_back_comes_with_what_was_done(programme: Programme, ana: User) -> None:
    (site,) = sites_with_checklists(programme, 1)
    done(site, "ROTA")
    adopt(second_version(programme, ana).pk, ana, site)
    draft = draft_template(programme=programme, by=ana)
    draft.items.create(code="ROTA", domain="champions", text="Rota again", weight=1)
    third = publish_template(template_id=draft.pk, mark=draft_mark(draft.pk), by=ana)

    said = adopt(third.pk, ana, site)

    assert said == Adopted(sites=1, added=1, removed=0, changed=0)
    assert stand(site)["ROTA"] == ("done", 1, False)


def test_form_opened_on_the_item_before_it_changed_is_told(programme: Programme, ana: User) -> None:
    (site,) = sites_with_checklists(programme, 1)
    template = second_version(programme, ana)
    plan, backup = (ChecklistItem.objects.get(code=code) for code in ("PLAN", "BACKUP"))

    adopt(template.pk, ana, site)

    with pytest.raises(ItemChanged):
        change_item(item_id=plan.pk, version=plan.version, change=ItemChange("done"), by=ana)
    assert change_item(item_id=backup.pk, version=backup.version, change=ItemChange("done"), by=ana)


def test_replaced_version_other_programmes_and_too_many_sites_are_refused(
    programme: Programme, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site,) = sites_with_checklists(programme, 1)
    foreign = make.make_deployment()
    first = programme.checklist_templates.get(version=1)
    template = second_version(programme, ana)

    with pytest.raises(Refused, match="Another version was published meanwhile"):
        adopt(first.pk, ana, site)
    assert adopt(template.pk, ana, foreign).sites == 0
    monkeypatch.setattr(adoption, "MOST_SITES", 0)
    with pytest.raises(Refused, match="at most 0 sites"):
        adopt(template.pk, ana, site)


def test_queries_are_the_same_for_one_and_three_sites(ana: User) -> None:
    counts = []
    for number in (1, 3):
        programme = make.make_programme()
        published(programme)
        sites = sites_with_checklists(programme, number)
        template = second_version(programme, ana)
        with CaptureQueriesContext(connection) as queries:
            assert adopt(template.pk, ana, *sites) == Adopted(number, number, number, number)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15
