"""Champions at a site: the rota's page says what the score counts, over clock changes and on other days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from readiness.models import ReadinessScore
from readiness.packs import import_pack
from readiness.services.scores import score_deployments
from rollout.models import Deployment, Programme
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.cover_world import DAYS, LIST, PAGE, early, rota, scored
from tests.readiness.readers import NOON, as_manager, csv_of
from tests.readiness.records import DAY, World, forgotten, local
from training.models import ChampionShift, ShiftPattern, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    """It is noon of the day of the worlds."""
    frozen_clock.move_to(NOON)


GOLDEN = Path(__file__).parents[2] / "golden"


# The site ------------------------------------------------------------------------------------------------------------


def test_first_sentence_counts_the_gaps_and_names_what_is_never_covered():
    scored(rota())

    text = words(as_manager().get(PAGE).text)

    assert "42 of 56 slots of the first fortnight have nobody." in text
    assert "No 7-15 shift is covered on Ward 2. No 21-7 shift is covered on Ward 2." in text
    assert "1 of 2 areas have the trained champions they need." in text


def test_gaps_stand_first_the_nearest_on_top():
    world = rota()
    early(world, world.of(StaffMember)[3], DAYS[0], ward=1)
    scored(world)

    answer = as_manager().get(PAGE)

    rows = table(answer.text, "gaps")
    assert rows[:3] == [
        ["Sat 4 April", "Ward 1", "7-15 7am to 3pm", "0", "1", "Fill"],
        ["Sat 4 April", "Ward 2", "21-7 9pm to 7am the next day", "0", "2", "Fill"],
        ["Sun 5 April", "Ward 2", "7-15 7am to 3pm", "0", "1", "Fill"],
    ]
    assert len(rows) == 12
    assert "29 later gaps are in the grid below and in the files." in words(answer.text)
    assert len(csv_of(as_manager(), PAGE, "gaps")) == 1 + 41


def test_too_few_is_not_nobody():
    world = rota()
    world.shift(world.of(StaffMember)[1], world.wards(world.of(Deployment)[0])[0], local(
        world.of(Deployment)[0].site, DAYS[1], 21), hours=10)  # fmt: skip
    scored(world)

    answer = as_manager().get(PAGE)

    assert "42 of 56 slots of the first fortnight have too few champions." in words(answer.text)
    assert ["Sun 5 April", "Ward 1", "21-7 9pm to 7am the next day", "1", "2", "Fill"] in table(answer.text, "gaps")


def test_all_gaps_on_one_shift_are_said_so():
    world = World()
    here = world.site()
    world.pattern(7, 15)
    world.pattern(21, 7)
    person = world.person(world.wards(here)[0])
    for day in DAYS:
        early(world, person, day)
    other = world.person(world.wards(here)[0])
    for day in DAYS[3:]:
        world.shift(other, world.wards(here)[0], local(here.site, day, 21), hours=10)
    scored(world)

    text = words(as_manager().get(PAGE).text)

    assert "3 of 28 slots of the first fortnight have nobody; all are on the 21-7 shift." in text


def test_full_rota_has_no_gaps_and_an_empty_one_says_so():
    with forgotten():
        world = World()
        here = world.site()
        world.pattern(7, 15)
        person = world.person(world.wards(here)[0])
        for day in DAYS:
            early(world, person, day)
        scored(world)
        full = words(as_manager().get(PAGE).text)
    world = World()
    world.pattern(7, 15)
    world.person(world.wards(world.site())[0])
    scored(world)

    empty = words(as_manager().get(PAGE).text)

    assert "All 14 slots of the first fortnight are covered." in full
    assert "No gaps in the 14 days from go-live." in full
    assert "None of the 14 slots of the first fortnight is covered yet." in empty


def test_grid_has_a_cell_for_each_ward_day_and_shift():
    scored(rota())

    text = as_manager().get(PAGE).text

    rows = table(text, "rota")
    assert [row[:4] for row in rows] == [
        ["Ward 1", "7-15", "0 of 1", "1 of 1"],
        ["21-7", "2 of 2", "0 of 2", "0 of 2"],
        ["Ward 2", "7-15", "0 of 1", "0 of 1"],
        ["21-7", "0 of 2", "0 of 2", "0 of 2"],
    ]
    assert 'role="region" aria-labelledby="rota-caption" tabindex="0"' in text
    assert '1 of 1<span class="nhsuk-u-visually-hidden"> covered, none to spare</span>' in text
    assert '0 of 1<span class="nhsuk-u-visually-hidden"> gap</span>' in text


@pytest.mark.parametrize("pack", ["pack1", "pack2"])
def test_sites_of_a_golden_pack_show_what_their_scores_count(pack: str):
    import_pack(GOLDEN / pack)
    day = date(2026, 2, 14)
    score_deployments(ids=list(Deployment.objects.values_list("pk", flat=True)), day=day)
    client, code = as_manager(), Programme.objects.get().code
    shown = {}
    for score in ReadinessScore.objects.select_related("deployment__site"):
        site = score.deployment.site.code
        address = f"/p/{code}/s/{site}/rota/?as_of={day}"
        slots, wards = csv_of(client, address, "rota")[1:], csv_of(client, address, "champions")[1:]
        gaps = csv_of(client, address, "gaps")[1:]
        states = [row[5] for row in slots]
        shown[site] = [len(gaps), len(slots) - sum(state.startswith("was") for state in states), len(slots)]
        cover, ratio = score.indicators["champions.cover"], score.indicators["champions.ratio"]
        assert [sum(not state.endswith(("gap", "not covered")) for state in states), len(slots)] == [
            int(cover[1]),
            cover[2],
        ]
        assert states.count("gap") == len(gaps)
        assert sum(int(row[1]) for row in wards) == ratio[2]

    assert any(counts[2] for counts in shown.values())
    listed = csv_of(client, f"/p/{code}/rota/?as_of={day}", "rota")[1:]
    assert {row[1]: [int(figure) for figure in row[7:10]] for row in listed if row[7]} == {
        site: counts for site, counts in shown.items() if counts[2]
    }


def test_champions_of_each_ward_those_short_first():
    scored(rota())

    text = as_manager().get(PAGE).text

    assert table(text, "champions") == [
        ["Ward 2", "1", "0", "0", "1", "1 short"],
        ["Ward 1", "3", "3", "1", "1", "Enough"],
    ]
    assert "one trained champion for every 10 members of staff" in words(text)


def test_what_one_no_show_leaves_bare_is_told_by_days_that_follow_one_another():
    world = rota()
    early(world, world.of(StaffMember)[1], DAYS[6])  # to spare
    scored(world)

    text = as_manager().get(PAGE).text

    assert "One no-show leaves 13 slots bare" in words(text)
    assert table(text, "bare") == [
        ["Ward 1", "7-15", "12", "5 April to 9 April, 11 to 17 April 2026"],
        ["Ward 1", "21-7", "1", "4 April 2026"],
    ]


# Clocks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "go_live", "sentence"),
    [
        ("Europe/London", date(2026, 3, 20), "21-7 on 28 March 2026 lasts 9 hours: the clocks go forward."),
        ("America/New_York", date(2026, 10, 25), "21-7 on 31 October 2026 lasts 11 hours: the clocks go back."),
    ],
)
def test_night_of_a_clock_change_lasts_what_it_lasts(zone: str, go_live: date, sentence: str):
    world = World()
    here = world.site(zone, go_live_on=go_live)
    world.pattern(21, 7)
    person = world.person(world.wards(here)[0])
    night = date.fromisoformat("2026-03-28" if zone == "Europe/London" else "2026-10-31")
    # Half of the real length, and no minute less.
    world.shift(person, world.wards(here)[0], local(here.site, night, 21), hours=5 if zone == "Europe/London" else 6)
    scored(world)

    text = words(as_manager().get(PAGE).text)
    rows = {row[1]: row for row in csv_of(as_manager(), PAGE, "rota")[1:]}

    assert sentence in text
    assert text.count("the clocks go") == 1
    assert ("(America/New_York)" in text) is (zone != "Europe/London")
    assert rows[night.isoformat()][3:6] == [
        f"{night} 21:00",
        f"{night + timedelta(days=1)} 07:00",
        "covered, none to spare",
    ]


# Nothing there, other days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (
            lambda _world, here: setattr(here, "go_live_on", None),
            "No go-live is planned: the rota covers the fortnight",
        ),
        (lambda world, _here: world.of(ShiftPattern).clear(), "The programme has no shift patterns"),
        (lambda world, _here: world.of(type(world.person().postings.model())).clear(), "Nobody is posted to an area"),
        (lambda _world, here: setattr(here, "stage", "deferred"), "Deferred: the rota is shown as it stands."),
    ],
)
def test_what_is_missing_is_said_with_what_it_is_for(prepare: Callable[[World, Deployment], object], sentence: str):
    world = World()
    here = world.site()
    world.pattern(7, 15)
    world.person(world.wards(here)[0])
    prepare(world, here)
    scored(world)

    assert sentence in words(as_manager().get(PAGE).text)


def test_site_without_a_score_and_one_that_is_embedded_say_so():
    world = World()
    here = world.site()
    world.save()
    client = as_manager()
    fresh = words(client.get(PAGE).text)
    score_deployments(ids=[here.pk], day=DAY)
    Deployment.objects.update(stage="embedded")

    assert "Nothing recorded yet The champions' rota stands here" in fresh
    assert "its first fortnight is long over" in words(client.get(PAGE).text)


def test_another_day_knows_what_was_planned_by_then():
    world = rota()
    scored(world)
    before = DAY - timedelta(days=6)  # shifts were planned five days before the day
    score_deployments(ids=[world.of(Deployment)[0].pk], day=before)

    text = words(as_manager().get(f"{PAGE}?as_of={before}").text)

    assert "You are looking at 8 March 2026. Return to today" in text
    assert "None of the 56 slots of the first fortnight is covered yet." in text


def test_shifts_that_came_in_after_the_score_are_told():
    world = scored(rota())
    ChampionShift.objects.filter(starts_at=local(world.of(Deployment)[0].site, DAYS[1], 7)).update(state="cancelled")

    text = words(as_manager().get(PAGE).text)

    assert "43 of 56 slots" in text
    assert "Records have come in since the score was stored" in text


def test_past_slots_are_history_and_no_gaps(frozen_clock: FrozenClock):
    scored(rota())
    Deployment.objects.update(stage="live")
    score_deployments(ids=[Deployment.objects.get().pk], day=DAYS[2])
    frozen_clock.move_to(datetime(2026, 4, 6, 14, 30, tzinfo=UTC))  # 3:30pm: the early shift of the third day is over

    page, listed = as_manager().get(PAGE), as_manager().get(LIST)
    evening_before = words(as_manager().get(f"{PAGE}?as_of={DAY}").text)

    # Of 56: over are on 2 wards 3 early shifts and 2 nights (the third is to come); Ana's second and third were worked.
    text = words(page.text)
    assert "35 of 46 slots still to come have nobody." in text
    assert "3 of the 10 slots that are over were covered." in text
    assert "One no-show leaves 11 slots bare" in text
    assert table(page.text, "gaps")[0][:2] == ["Mon 6 April", "Ward 1"]
    states = [row[5] for row in csv_of(as_manager(), PAGE, "rota")[1:]]
    assert [states.count(state) for state in ("was not covered", "was covered", "gap")] == [7, 3, 35]
    assert table(listed.text, "site-table")[0][1:4] == ["Gaps to fill", "35 of 46", "25%"]
    assert csv_of(as_manager(), LIST, "rota")[1][7:10] == ["35", "46", "56"]
    assert "42 of 56 slots of the first fortnight have nobody." in evening_before
    assert "that are over" not in evening_before


def test_fortnight_that_is_over_has_no_gap_left(frozen_clock: FrozenClock):
    scored(rota())
    score_deployments(ids=[Deployment.objects.get().pk], day=DAYS[-1] + timedelta(days=1))
    frozen_clock.move_to(datetime(2026, 4, 18, 12, 0, tzinfo=UTC))

    page, listed = as_manager().get(PAGE), as_manager().get(LIST)

    assert "The first fortnight is over. 14 of the 56 slots that are over were covered." in words(page.text)
    assert "The 14 days from go-live are over: no gap is left to fill." in words(page.text)
    assert csv_of(as_manager(), PAGE, "gaps")[1:] == []
    assert table(listed.text, "site-table")[0][1:4] == ["The fortnight is over", "None to come", "25%"]
