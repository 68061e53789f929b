"""Next best actions on a site's page: exactly what explain says, whose they are, and what a board may read of them."""

import csv
import re
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.explain import ActionGroup, ActionKind, by_group, describe, next_best_actions
from readiness.indicators import evidence_of
from readiness.models import ChecklistItem, Hazard
from rollout.choices import ProgrammeState, Role, Stage
from rollout.downloads import cells
from rollout.models import Deployment, Person, Programme
from rollout.templatetags.formats import points
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.readiness.doing import do
from tests.readiness.records import DAY, current_model, local
from tests.readiness.site_world import busy_world, scored, seated
from tests.tenants import undone

PAGE = "/p/PROG/s/S1/"
GAIN, GAIN_RAW = "Gain of the first, in points", "Gain of the first before limits"
TOTAL, TOTAL_RAW = "Gain of all together", "Gain of all together before limits"
pytestmark = pytest.mark.django_db


def site_with(frozen_clock: FrozenClock, number: int = 1, **options: int) -> Deployment:
    """A busy site, scored, at midday of DAY."""
    world, here = busy_world(number, **options)
    frozen_clock.move_to(local(here.site, DAY, 12))
    scored(world, here)
    return here


@pytest.fixture
def site(frozen_clock: FrozenClock) -> Deployment:
    return site_with(frozen_clock)


def client_of(role: Role, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


@pytest.fixture
def manager(site: Deployment) -> Client:
    return client_of(Role.PROGRAMME_MANAGER, programme=site.programme)


@pytest.fixture
def board(site: Deployment) -> Client:
    return client_of(Role.BOARD_MEMBER, programme=site.programme)


def groups(site: Deployment) -> list[ActionGroup]:
    """What explain says of today."""
    model = current_model()
    return by_group(next_best_actions(model, *evidence_of(model, site.pk, day=DAY)))


def lines(text: str) -> list[str]:
    """The actions of a page, each with all its words."""
    listed = re.search(r'<ol class="app-next">(.*?)</ol>', text, re.DOTALL)
    return [words(part) for part in listed[1].split('<li class="app-next__item"')[1:]] if listed else []


def file(client: Client, query: str = "") -> list[dict[str, str]]:
    """The actions as a CSV file gives them."""
    text = client.get(f"{PAGE}?{query}download=csv&table=actions").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def number(gain: Fraction) -> str:
    """A gain as a file writes it."""
    return cells.words(gain, "number")


def test_five_best_stand_in_the_order_and_with_the_gains_of_explain(site: Deployment, manager: Client):
    expected = groups(site)

    shown = lines(manager.get(PAGE).text)

    assert len(shown) == 5 < len(expected)
    for line, group in zip(shown, expected, strict=False):
        gain = group.best.unit_gain or group.best.raw_gain
        said = points(gain) if gain >= Fraction(1, 20) else "less than +0.1"
        assert (describe(group.best) in line, f"{said} " in line) == (True, True)


def test_file_has_every_action_with_its_exact_gains(site: Deployment, manager: Client):
    columns = ("Action", GAIN, GAIN_RAW, "Times", TOTAL, TOTAL_RAW)

    rows = file(manager, "actions=all&")

    assert [tuple(row[column] for column in columns) for row in rows] == [
        (
            describe(group.best),
            number(group.best.unit_gain),
            number(group.best.raw_gain),
            str(group.count),
            number(group.best.total_gain),
            number(group.best.total_raw_gain),
        )
        for group in groups(site)
    ]
    assert {group.best.kind for group in groups(site)} >= {
        *(ActionKind.FINISH_ITEM, ActionKind.TRAIN_PERSON, ActionKind.ADD_CHAMPION, ActionKind.FILL_SLOT),
        *(ActionKind.TEST_LOGIN, ActionKind.AGREE_TARGET, ActionKind.DELIVER_COMMITMENT, ActionKind.DECIDE_PILOT),
        *(ActionKind.CLOSE_HAZARD, ActionKind.SIGN_AGREEMENT),
    }


def test_doing_the_first_raises_the_score_by_what_the_page_promised(site: Deployment, manager: Client):
    promised = file(manager)[0]
    model = current_model()
    first = groups(site)[0].best

    do(first, site, DAY)
    actions_after = file(manager)

    evidence, situation = evidence_of(model, site.pk, day=DAY)
    after = next_best_actions(model, evidence, situation)
    assert number(first.unit_gain) == promised[GAIN]
    assert first not in after
    assert actions_after[0]["Action"] == describe(after[0])


def test_first_action_is_the_one_primary_button(site: Deployment, manager: Client):
    text = manager.get(PAGE).text

    main = text[text.index("<main") : text.index("</main")]
    primary = re.findall(r'class="nhsuk-button(?![^"]*secondary)[^"]*"[^>]*href="([^"]+)"', main)
    assert (len(primary), primary[0].startswith("/p/PROG/s/S1/")) == (1, True)


def test_all_are_shown_on_asking_without_scripts(site: Deployment, manager: Client):
    first = manager.get(f"{PAGE}?period=all").text
    (href,) = re.findall(r'href="(\?[^"]*actions=all[^"]*)"', first)

    everything = manager.get(PAGE + href.replace("&amp;", "&").partition("#")[0]).text

    assert href == "?period=all&amp;actions=all#actions"
    assert len(lines(everything)) == len(groups(site))
    assert "Show the first 5" in words(everything)


def test_action_names_its_record_who_acts_and_what_it_lifts(site: Deployment, manager: Client):
    owner = Person.objects.create(label="Ada Marsh")
    ChecklistItem.objects.filter(template_item__text="Safety case 0").update(owner=owner)
    seated(site, "clinical_lead", "Ada Marsh")
    seated(site, "clinical_safety_officer", "Cy Lund")

    text = manager.get(f"{PAGE}?actions=all").text

    shown = lines(text)
    (finish,) = [line for line in shown if "Safety case 0" in line]
    assert "Clinical lead – Ada Marsh" in finish
    assert "Lifts “held at 49”: a blocking item is overdue" in finish
    (hazard,) = [line for line in shown if "Close or accept a hazard rated 20" in line]
    assert ("Hazard 1" in hazard, "Clinical safety officer – Cy Lund" in hazard) == (True, True)
    assert "Lifts “held at 49”: a hazard is rated too high" in hazard
    code = Hazard.objects.get(text="Hazard 1").code
    assert ("Open the hazard" in hazard, f'href="/p/PROG/hazards/{code}/"' in text) == (True, True)
    (promise,) = [line for line in shown if "Deliver a commitment" in line]
    assert ("Promise" in promise, "Partner" in promise) == (True, True)
    (slot,) = [line for line in shown if "Fill a slot" in line]
    assert "Ward 1, 4 April 2026, 7-15" in slot
    (signature,) = [line for line in shown if "Collect the missing signature" in line]
    assert "Signatory 2 of AG1" in signature


def test_role_stands_where_a_name_may_not(site: Deployment, board: Client):
    owner = Person.objects.create(label="Ada Marsh")
    ChecklistItem.objects.filter(template_item__text="Safety case 0").update(owner=owner)
    seated(site, "clinical_lead", "Ada Marsh")
    readers = [
        board,
        client_of(Role.SIGNATORY, programme=site.programme),
        client_of(Role.TRAINER, programme=site.programme),
        client_of(Role.WARD_MANAGER, ward=site.site.wards.get()),
    ]

    for reader in readers:
        text = reader.get(f"{PAGE}?actions=all").text
        (finish,) = [line for line in lines(text) if "Safety case 0" in line]
        assert ("Clinical lead" in finish, "Marsh" in text) == (True, False)
        assert "Marsh" not in str(file(reader, "actions=all&"))


# What a board may not read -------------------------------------------------------------------------------------------


def test_board_reads_no_figures_about_few_people(site: Deployment, board: Client):
    text = board.get(f"{PAGE}?actions=all").text

    shown = lines(text)
    people = [line for line in shown if "Not shown: fewer than 5 people" in line]
    assert people == shown[-len(people) :]
    assert [line.split(" Ward manager")[0].split(" Trainer")[0].partition("> ")[2] for line in people] == [
        "Add one champion who holds the champions' courses : Ward 1",
        "Test one person's log-in",
        "Train one person on one course",
    ]
    assert [row[GAIN] + row["Times"] + row[TOTAL] for row in file(board, "actions=all&")][-3:] == ["", "", ""]
    assert "Some counts here are of fewer than 5 people." in words(text)


@pytest.mark.parametrize("staff", [11, 12])
def test_few_people_left_are_not_told_from_one_another(staff: int, frozen_clock: FrozenClock):
    pages = set()
    for left in (1, 2, 3, 4):
        with undone():
            site = site_with(frozen_clock, staff=staff)
            here = client_of(Role.BOARD_MEMBER, programme=site.programme)
            (logins,) = [group for group in groups(site) if group.best.kind is ActionKind.TEST_LOGIN]
            for action in logins.actions[left:]:
                do(action, site, DAY)
            text = here.get(f"{PAGE}?actions=all").text
            pages.add("|".join(line.partition("> ")[2] for line in lines(text)))

    assert len(pages) == 1


def test_board_reads_figures_about_many(frozen_clock: FrozenClock):
    site = site_with(frozen_clock, staff=200)
    site.programme.not_applicable = ["training.managers", "champions.ratio", "engagement.confidence"]
    site.programme.save()
    reader = client_of(Role.BOARD_MEMBER, programme=site.programme)

    rows = {row["Action"]: row for row in file(reader, "actions=all&")}

    assert rows["Test one person's log-in"]["Times"] == "100"


# Where there are none ------------------------------------------------------------------------------------------------


def test_past_day_says_that_actions_are_of_today(site: Deployment, manager: Client):
    text = manager.get(f"{PAGE}?as_of={DAY}").text

    assert lines(text) == []
    assert "Actions are worked out for today only, so none are shown for a past day." in words(text)
    assert manager.get(f"{PAGE}?as_of={DAY}&download=csv&table=actions").status_code == 404


@pytest.mark.parametrize(
    ("stage", "state", "asks"),
    [
        (Stage.STOPPED, ProgrammeState.ROLLING_OUT, False),
        (Stage.PREPARING, ProgrammeState.STOPPED, False),
        (Stage.PREPARING, ProgrammeState.CLOSED, False),
        (Stage.EMBEDDED, ProgrammeState.ROLLING_OUT, False),
        (Stage.DEFERRED, ProgrammeState.ROLLING_OUT, True),
        (Stage.PREPARING, ProgrammeState.PAUSED, True),
        (Stage.LIVE, ProgrammeState.ROLLING_OUT, True),
    ],
)
def test_site_that_is_over_is_asked_for_nothing(
    stage: Stage, state: ProgrammeState, asks: bool, site: Deployment, manager: Client
):
    Deployment.objects.filter(pk=site.pk).update(stage=stage)
    Programme.objects.filter(pk=site.programme_id).update(state=state)

    text = manager.get(PAGE).text

    assert bool(lines(text)) == asks
    assert ("Nothing is asked of this site for its score." in words(text)) == (not asks)


def test_nothing_left_to_win_is_said(frozen_clock: FrozenClock):
    deployment = make.make_deployment(programme=make.make_programme(code="PROG"), site=make.make_site(code="S1"))
    frozen_clock.move_to(local(deployment.site, DAY, 12))
    make.make_score(deployment, day=DAY)

    text = words(client_of(Role.PROGRAMME_MANAGER, programme=deployment.programme).get(PAGE).text)

    assert "Nothing recorded today would raise the score." in text


# Cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?actions=all&period=all", f"?as_of={DAY}"])
def test_queries_stay_the_same_with_more_wards_staff_and_items(query: str, frozen_clock: FrozenClock):
    counts = []
    for size in (1, 3):
        with undone():
            site = site_with(frozen_clock, size)
            client = client_of(Role.PROGRAMME_MANAGER, programme=site.programme)
            client.get(PAGE)  # the first request of a log-in also writes its session
            with CaptureQueriesContext(connection) as captured:
                assert client.get(PAGE + query).status_code == 200
            counts.append(len(captured))

    assert (counts[0] == counts[1], counts[0] <= 25) == (True, True)
