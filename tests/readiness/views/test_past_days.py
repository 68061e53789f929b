"""A past day shows the stage of that day, wherever a stage stands, is chosen or gives the order."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from readiness.models import Gate, GateReview
from rollout.choices import ChangeWhat, Role, Stage
from rollout.models import Deployment, DeploymentChange
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

THEN = make.DAY - timedelta(days=7)


@pytest.fixture
def manager(db: None, frozen_clock: FrozenClock, client: Client) -> Client:
    """Somebody whose three sites were in other stages a week ago: one moved twice, one after that day, one never."""
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    programme = make.make_programme(code="EPR", name="One record")
    for name, stage in (("Alder", Stage.LIVE), ("Birch", Stage.DEFERRED), ("Cedar", Stage.PREPARING)):
        site = make.make_deployment(programme=programme, site=make.make_site(name=name, code=name.upper()), stage=stage)
        for day in (THEN, make.DAY):
            make.make_score(site, day=day, share=50)
    # The last is half past midnight of the next day at the site.
    for number, (name, at, before, after) in enumerate(
        (
            ("Alder", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), Stage.PREPARING, Stage.TECHNICAL_LIVE),
            ("Alder", datetime(2026, 3, 12, 9, 0, tzinfo=UTC), Stage.TECHNICAL_LIVE, Stage.LIVE),
            ("Birch", datetime(2026, 3, 7, 23, 30, tzinfo=UTC), Stage.PREPARING, Stage.DEFERRED),
        )
    ):
        site = Deployment.objects.get(site__name=name)
        type(site.site).objects.filter(pk=site.site_id).update(time_zone="Europe/Berlin")
        DeploymentChange.objects.create(
            deployment=site, at=at, what=ChangeWhat.STAGE, before=before, after=after, reason=str(number)
        )
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def file_of(client: Client, address: str, name: str, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{address}?download=csv&table={name}&{query}")
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def stages(client: Client, query: str) -> list[tuple[str, str]]:
    """Each site with its stage, as the file of the list has them."""
    return [(row["Site"], row["Stage"]) for row in file_of(client, "/p/EPR/sites/", "sites", query)]


def test_list_of_a_past_day_has_the_stages_of_that_day(manager: Client):
    now, then, next_day = (
        stages(manager, query) for query in ("", f"as_of={THEN}", f"as_of={THEN + timedelta(days=1)}")
    )

    assert now == [("Alder", "Live"), ("Birch", "Deferred"), ("Cedar", "Preparing")]
    assert then == [("Alder", "Technical live"), ("Birch", "Preparing"), ("Cedar", "Preparing")]
    assert next_day == [("Alder", "Technical live"), ("Birch", "Deferred"), ("Cedar", "Preparing")]


def test_page_filter_and_order_go_by_the_stage_of_that_day(manager: Client):
    page = manager.get(f"/p/EPR/sites/?as_of={THEN}")
    chosen = manager.get(f"/p/EPR/sites/?as_of={THEN}&stage=technical_live")

    assert [row[6] for row in table(page.text, "site-table")] == ["Technical live", "Preparing", "Preparing"]
    assert "Stages are those of that day. Dates and waves are shown as they are planned today." in words(page.text)
    assert [name.split(" Organisation")[0].split()[0] for name in column(chosen.text, "site-table")] == ["Alder"]
    assert [name for name, _stage in stages(manager, f"as_of={THEN}&sort=-stage")] == ["Alder", "Birch", "Cedar"]
    assert stages(manager, f"as_of={THEN}&stage=live") == []


@pytest.mark.parametrize("address", ["/p/EPR/training/", "/p/EPR/rota/"])
def test_sites_side_by_side_have_the_stages_of_that_day(address: str, manager: Client):
    name = address.split("/")[3]

    everything = file_of(manager, address, name, f"as_of={THEN}")
    chosen = file_of(manager, address, name, f"as_of={THEN}&stage=technical_live")

    assert [row["Stage"] for row in everything] == ["Technical live", "Preparing", "Preparing"]
    assert [row["Stage"] for row in chosen] == ["Technical live"]


def test_gate_that_was_held_later_was_not_held_yet(manager: Client):
    site = Deployment.objects.get(site__code="ALDER")
    gate = Gate.objects.create(programme=site.programme, code="T-30", name="30 days before", due_days=30)
    GateReview.objects.create(gate=gate, deployment=site, held_on=make.DAY, outcome="go")
    base = "/p/EPR/s/ALDER/gates/"

    now, then, on_the_day = (manager.get(f"{base}{query}") for query in ("", f"?as_of={THEN}", f"?as_of={make.DAY}"))
    [page, earlier] = (words(manager.get(f"{base}T-30/{query}").text) for query in ("", f"?as_of={THEN}"))

    assert [table(each.text, "gates")[0][2:] for each in (now, then, on_the_day)] == [
        ["14 March 2026", "Go"],
        ["Not held yet", "None yet"],
        ["14 March 2026", "Go"],
    ]
    assert f'href="{base}T-30/?as_of={THEN}"' in then.text
    assert ("decided on 14 March 2026" in page, "decided on" in earlier, "Not held yet" in earlier) == (
        True,
        False,
        True,
    )


def test_page_of_a_site_has_the_stage_of_that_day(manager: Client):
    now, then = (words(manager.get(f"/p/EPR/s/ALDER/{query}").text) for query in ("", f"?as_of={THEN}"))

    assert ("Stage Live" in now, "Stage Technical live" in then) == (True, True)
    assert "Today: Live" in then
    assert "Today: Live" not in now
