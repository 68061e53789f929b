"""Control charts as drawn: marks, limits, icons, words."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.charts import Chart, Mark, xmr_chart
from rollout.charts.icons import assurance_key, point_key, variation_key
from rollout.xmr import Base, Dip, Signal
from tests.rollout.charts.drawn import SVG, dots, lines, pictures, size, words

START = date(2026, 1, 5)
# Worked out by hand in tests/rollout/test_xmr.py: a run below the mean of 140/13, then a point above 12.99.
JUMP = [10] * 12 + [20]


def weekly(values: list[object], start: date = START) -> list[tuple[date, object]]:
    return [(start + timedelta(weeks=week), value) for week, value in enumerate(values)]


def chart(values: list[object], **options: object) -> Chart:
    return xmr_chart(**{"name": "use", "title": "Use has risen.", "points": weekly(values), **options})


def labels(made: Chart) -> list[str]:
    return [key.label for key in made.keys]


def icons(made: Chart) -> list[str]:
    return [icon.label for icon in made.icons]


@pytest.mark.parametrize(
    ("better", "low", "high"),
    [("up", "diamond", "triangle"), ("down", "triangle", "diamond"), ("", "square", "square")],
)
def test_points_have_the_shape_of_their_meaning(better: str, low: str, high: str):
    made = chart(JUMP, better=better)

    for picture in pictures(made):
        shapes = {shape: len(dots(picture, shape)) for shape in ("circle", "triangle", "diamond", "square")}
        wanted = dict.fromkeys(shapes, 0)
        wanted[low] += 12
        wanted[high] += 1
        assert shapes == wanted


def test_mean_is_solid_and_limits_are_dashed():
    wide, _ = pictures(chart(JUMP))

    (mean,) = lines(wide, stroke="#4c6272", stroke_width="1.5", stroke_dasharray=None)
    limits = lines(wide, stroke="#4c6272", stroke_width="1.5", stroke_dasharray="7 4")
    assert [len(stretch) for stretch in (mean, *limits)] == [2, 2, 2]
    # Limits stand as far from the mean on both sides.
    assert limits[0][0][1] + limits[1][0][1] == pytest.approx(2 * mean[0][1], abs=0.2)


def test_ends_of_lines_say_their_values():
    made = chart(JUMP, target=15, trajectory=[(START, 0), (START + timedelta(weeks=20), 20)])

    for picture in pictures(made):
        assert {"Mean 10.8", "Limit 13", "Limit 8.55", "Target 15", "Trajectory"} <= set(words(picture))


def test_caption_and_table_name_the_rule():
    made = chart(JUMP, better="up", target=15, label="Notes", kind="whole")

    assert made.note == (
        "5 January to 23 March 2026: 7 or more in a row below the mean (concern). "
        "30 March 2026: above the upper limit (improvement)."
    )
    assert [column.label for column in made.columns] == [
        "Day", "Notes", "Mean", "Lower limit", "Upper limit", "Target", "Signal",
    ]  # fmt: skip
    mean, reach = Fraction(140, 13), Fraction(266, 100) * Fraction(10, 12)
    assert made.rows[-1] == (
        date(2026, 3, 30), 20, mean, mean - reach, mean + reach, 15, "above the upper limit (improvement)",
    )  # fmt: skip
    assert [words for words, _ in made.shown[0]] == [
        "5 January 2026", "10", "10.77", "8.55", "12.99", "15", "7 or more in a row below the mean (concern)",
    ]  # fmt: skip
    assert made.description == (
        "Control chart of 13 points, 5 January to 30 March 2026. The latest is 20. " + made.note
    )


def test_caption_tells_the_latest_of_many_signals():
    made = chart([*[0] * 8, *[9] * 8] * 2)

    assert made.note == (
        "The latest signals: 2 March to 20 April 2026: above the upper limit (change). "
        "27 April to 15 June 2026: below the lower limit (change). "
        "22 June to 10 August 2026: above the upper limit (change)."
    )


def test_key_tells_the_shapes_in_use():
    assert labels(chart(JUMP, better="up")) == ["Improvement (special cause)", "Concern (special cause)"]
    assert labels(chart([0, 6] * 7)) == []
    assert chart([0, 6] * 7).note == "No signals: the figures vary as usual."


def test_icons_come_with_their_words():
    assert icons(chart(JUMP, better="up", target=30)) == ["Improving: higher than usual", "Always misses the target"]
    assert icons(chart(JUMP, better="down")) == ["Concerning: higher than usual"]
    assert icons(chart([0, 6] * 7, target=-30, better="up")) == [
        "Common cause: varies as usual",
        "Always meets the target",
    ]
    assert icons(chart([0, 6] * 7, target=3)) == ["Common cause: varies as usual"]


def test_every_icon_has_words_and_a_picture_that_is_hidden_beside_them():
    signals = [Signal("run", "high"), Signal("run", "low")]
    made = [
        variation_key(signal, meaning)
        for signal in signals
        for meaning in ("improvement", "concern", "neutral", "expected")
    ]
    made += [variation_key(Signal(), "common")]
    made += [assurance_key(each) for each in ("always_meets", "hit_and_miss", "always_misses")]
    made += [point_key(meaning) for meaning in ("common", "improvement", "concern", "neutral", "expected")]

    assert len({key.label for key in made[:-1]}) == len({key.swatch for key in made[:-1]}) == 16
    assert all('aria-hidden="true"' in key.swatch for key in made)


@pytest.mark.parametrize(
    ("count", "note", "texts"),
    [
        (12, "The limits are on trial: 12 of 13 points.", {"Trial mean 9.23"}),
        (5, "Too few points for limits: 5 of 6.", {"Median 10"}),
        (1, "Too few points for limits: 1 of 6.", {"Median 10"}),
    ],
)
def test_few_points_say_so_and_show_no_icons(count: int, note: str, texts: set[str]):
    made = chart([*[10] * (count - 1), 10 if count < 6 else 0.75], better="up", target=50)

    assert (made.note, made.icons) == (note, ())
    assert texts <= set(words(pictures(made)[0]))
    assert dots(pictures(made)[0], "circle") != []


def test_table_says_where_nothing_fired_and_where_nothing_is_judged():
    assert {row[-1] for row in chart([0, 6] * 7).rows} == {"No signal"}
    assert {row[-1] for row in chart([0, 6] * 3).rows} == {"Not judged yet"}


def test_guide_names_the_base_of_the_limits():
    assert chart(JUMP).guide[0].endswith("Both are worked out over all points.")
    made = chart(JUMP, bases=[Base(START, "Go-live")])
    assert made.guide[0].endswith("Both are worked out over all points since: Go-live.")


def test_guide_tells_rules_and_icons_as_far_as_they_hold():
    settled, trial, run_chart = (chart(JUMP[:count], better="up", target=15) for count in (13, 12, 5))

    assert [len(made.guide) for made in (settled, trial, run_chart)] == [3, 2, 1]
    assert [key.label for key in settled.guide_keys] == [
        "Common cause: varies as usual",
        "Improving: higher than usual",
        "Concerning: lower than usual",
        "Always meets the target",
        "Hit and miss: meets the target some of the time",
        "Always misses the target",
    ]
    assert trial.guide_keys == run_chart.guide_keys == ()
    assert [key.label for key in chart(JUMP, target=15).guide_keys] == [
        "Common cause: varies as usual",
        "Changed: higher than usual, neither better nor worse",
        "Changed: lower than usual, neither better nor worse",
    ]


def test_new_base_breaks_all_lines_and_is_named():
    values = [*JUMP, *(value + 50 for value in JUMP)]
    made = chart(values, bases=[Base(START + timedelta(weeks=13), "Go-live")])
    wide, _ = pictures(made)

    assert "Go-live" in words(wide)
    before, after = lines(wide, stroke="#212b32", stroke_width="1.2")
    assert before[-1][0] < after[0][0]
    assert len(lines(wide, stroke="#4c6272", stroke_width="1.5", stroke_dasharray="7 4")) == 4
    assert [row[-1] for row in made.rows] == ["The beginning"] * 13 + ["Go-live"] * 13


def test_last_36_points_are_drawn_with_limits_of_the_whole_segment():
    values = [0, 8] * 10 + [4] * 36
    made = chart(values)

    ranges, mean = [8] * 19 + [4] + [0] * 35, Fraction(4)
    assert len(made.rows) == len(dots(pictures(made)[0], "circle")) == 36
    assert made.rows[0][2:5] == (
        mean,
        mean - Fraction(266, 100) * sum(ranges) / 55,
        mean + Fraction(266, 100) * sum(ranges) / 55,
    )


def test_drawn_points_may_begin_inside_an_earlier_segment():
    values = [*[5, 6] * 10, *[50, 60] * 10]
    made = chart(values, bases=[Base(START + timedelta(weeks=20), "Go-live")])

    assert [row[-1] for row in made.rows] == ["The beginning"] * 16 + ["Go-live"] * 20


def test_expected_dip_is_hatched_and_raises_no_alarm():
    values = [*[50, 52] * 10, 40]
    last = START + timedelta(weeks=20)
    made = chart(values, better="up", dips=[Dip(last - timedelta(days=10), last, of=50, to=35)])
    wide, _ = pictures(made)

    assert "Expected dip" in words(wide)
    assert len(list(wide.iter(f"{SVG}pattern"))) == 1
    assert made.rows[-1][-1] == "below the lower limit (within the expected dip)"
    assert icons(made) == ["Lower than usual, within the expected dip"]
    assert dots(wide, "diamond") == []


def test_limits_that_no_figure_can_reach_are_not_drawn():
    made = chart([Fraction(number, 10) for number in [9, 1] * 7], kind="percent")
    wide, _ = pictures(made)

    assert lines(wide, stroke_dasharray="7 4") == []
    assert [text for text in words(wide) if text.startswith("Limit")] == []
    assert words(wide)[:2] == ["0%", "20%"]
    assert made.rows[0][3] < 0 < 1 < made.rows[0][4]


def test_nothing_observed_is_a_sentence():
    made = chart([], empty="Observations come after go-live.")

    assert (made.wide, made.empty, made.rows) == ("", "Observations come after go-live.", ())
    assert chart([None, None]).empty == "There are no figures yet."


def test_marks_and_today_stand_in_the_picture():
    made = chart(JUMP, marks=[Mark(START + timedelta(weeks=3), "Release 2")], today=START + timedelta(weeks=9))

    assert {"Release 2", "Today"} <= set(words(pictures(made)[0]))


def test_36_points_stay_small():
    values = [50 + (number * 37) % 11 for number in range(36)]
    made = chart(values, better="up", target=60, bases=[Base(START + timedelta(weeks=16), "Go-live")])

    assert max(len(made.wide), len(made.narrow)) < 6_000


some_value = st.one_of(st.integers(-(10**9), 10**9), st.decimals(-(10**6), 10**6, places=4), st.none())


@settings(deadline=None, max_examples=60)
@given(
    st.lists(some_value, max_size=45),
    st.sampled_from(["up", "down", ""]),
    st.one_of(st.none(), st.decimals(-1000, 1000, places=2)),
    st.lists(st.integers(-50, 400), max_size=3),
)
def test_whatever_is_observed_is_drawn_inside_its_picture(
    values: list[object], better: str, target: Decimal | None, bases: list[int]
):
    made = chart(
        values,
        better=better,
        target=target,
        bases=[Base(START + timedelta(days=number), f"Decision {number}") for number in bases],
    )

    if made.empty:
        assert [value for value in values if value is not None] == []
        return
    known = sum(value is not None for value in values)
    for picture in pictures(made):
        width, height = size(picture)
        found = [point for shape in ("circle", "triangle", "diamond", "square") for point in dots(picture, shape)]
        assert len(found) == min(36, known) == len(made.rows)
        assert all(0 <= x <= width and 0 <= y <= height for x, y in found)
