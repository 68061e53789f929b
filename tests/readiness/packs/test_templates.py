"""The checklist template of a pack: published once, then drafts; and every deployment's checklist of it."""

import pytest
from django.utils import timezone

from readiness.models import Checklist, ChecklistItem, ChecklistTemplate, TemplateItem
from readiness.packs import PackRefused
from tests.readiness.packs.packs import load, put, small_tables

pytestmark = pytest.mark.django_db


def versions() -> list[tuple[int, bool, int]]:
    """Each template's version, whether it is published, and how many items it has."""
    return [
        (template.version, template.published_at is not None, template.items.count())
        for template in ChecklistTemplate.objects.order_by("version")
    ]


def tables_with_checklists():
    """A pack with a template and two deployments."""
    return small_tables("checklist_events.csv")


def test_first_import_publishes_version_1_and_gives_every_deployment_a_checklist(tmp_path):
    load(tmp_path, tables_with_checklists())

    assert versions() == [(1, True, 2)]
    assert Checklist.objects.count() == 2
    assert list(ChecklistItem.objects.order_by("deployment__site__code", "code").values_list("code", flat=True)) == [
        "GOV-1",
        "TECH-1",
        "GOV-1",
        "TECH-1",
    ]


def test_differing_template_becomes_a_draft_once(tmp_path):
    tables = tables_with_checklists()
    load(tmp_path, tables)
    put(tables, "template.csv", 2, "weight", "4")
    tables["template.csv"].append([*tables["template.csv"][2]])
    tables["template.csv"][3][0] = "TECH-2"

    second, third = load(tmp_path, tables), load(tmp_path, tables)

    assert versions() == [(1, True, 2), (2, False, 3)]
    assert second.fates["template.csv"].as_dict() == {"new": 1, "changed": 1, "same": 1, "retired": 0}
    words = "template.csv: differs from the template in force: kept as draft version 2 until somebody publishes it"
    assert words in second.warnings
    assert third.fates["template.csv"].as_dict() == {"new": 0, "changed": 0, "same": 3, "retired": 0}
    assert not third.changed_anything
    assert ChecklistItem.objects.count() == 4


def test_later_template_replaces_the_draft(tmp_path):
    tables = tables_with_checklists()
    load(tmp_path, tables)
    put(tables, "template.csv", 2, "weight", "4")
    load(tmp_path, tables)
    put(tables, "template.csv", 2, "weight", "2")

    load(tmp_path, tables)

    assert versions() == [(1, True, 2), (2, False, 2)]
    weights = TemplateItem.objects.filter(code="GOV-1").order_by("template__version").values_list("weight", flat=True)
    assert list(weights) == [5, 2]


def test_item_that_the_pack_does_not_speak_of_stays_in_the_draft(tmp_path):
    tables = tables_with_checklists()
    load(tmp_path, tables)
    put(tables, "template.csv", 2, "weight", "4")
    del tables["template.csv"][2]

    load(tmp_path, tables)

    assert versions() == [(1, True, 2), (2, False, 2)]


def test_draft_changed_by_hand_is_not_overwritten(tmp_path):
    tables = tables_with_checklists()
    load(tmp_path, tables)
    put(tables, "template.csv", 2, "weight", "4")
    load(tmp_path, tables)
    ChecklistTemplate.objects.filter(version=2).update(edited_at=timezone.now())
    put(tables, "template.csv", 2, "weight", "2")

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)
    load(tmp_path, tables, overwrite=True)

    assert refused.value.lines() == [
        "template.csv: the draft was changed in the browser since the last import (--overwrite takes the pack's items)"
    ]
    assert TemplateItem.objects.get(code="GOV-1", template__version=2).weight == 2


def test_deployment_imported_later_gets_the_checklist_in_force(tmp_path):
    tables = tables_with_checklists()
    del tables["checklist_events.csv"][1:]
    last = tables["deployments.csv"].pop()
    load(tmp_path, tables)
    tables["deployments.csv"].append(last)
    del tables["template.csv"]

    load(tmp_path, tables)

    assert Checklist.objects.filter(deployment__site__code="S2", template__version=1).count() == 1
    assert ChecklistItem.objects.count() == 4


def test_template_without_rows_publishes_nothing(tmp_path):
    tables = small_tables("template.csv")
    del tables["template.csv"][1:]

    load(tmp_path, tables)

    assert versions() == []
