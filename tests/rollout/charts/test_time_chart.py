"""Charts over time: what stands in the picture, in its table and in its words."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.charts import Area, Chart, Event, Line, Mark, time_chart
from rollout.downloads import Column
from tests.rollout.charts.drawn import SVG, dots, lines, pictures, size, words

DAY = date(2026, 3, 14)
BLUE = "#0077a3"


def days(count: int, step: int = 1) -> list[date]:
    return [DAY + timedelta(days=step * number) for number in range(count)]


def chart(*drawn: Line, **options: object) -> Chart:
    return time_chart(**{"name": "score", "title": "The score rises.", "lines": drawn, **options})


def values(*given: object, step: int = 1) -> list[tuple[date, object]]:
    return list(zip(days(len(given), step), given, strict=True))


def test_picture_is_named_and_described_in_both_sizes():
    made = chart(Line("Score", values(1, 2)), description="From 1 to 2.")

    for picture, form in zip(pictures(made), ("wide", "narrow"), strict=True):
        assert picture.get("role") == "img"
        assert (picture.get("aria-labelledby"), picture.get("aria-describedby")) == (
            f"score-{form}-title",
            f"score-{form}-desc",
        )
        assert [(each.get("id"), each.text) for each in picture[:2]] == [
            (f"score-{form}-title", "The score rises."),
            (f"score-{form}-desc", "From 1 to 2."),
        ]


def test_description_without_one_names_days_and_lines():
    made = chart(Line("Score", values(1, 2)), Line("Expected", values(3, 3), "expected"))

    assert made.description == "Line chart from 14 March 2026 to 15 March 2026. Lines: Score, Expected."


def test_points_stand_where_their_values_are():
    wide, _ = pictures(chart(Line("Score", values(0, 50, 100)), low=0, high=100))

    (foot, middle, head) = dots(wide, "circle")
    assert (foot[1] - middle[1], middle[1] - head[1]) == (115, 115)
    assert head[0] - middle[0] == pytest.approx(middle[0] - foot[0], abs=0.11)


def test_kinds_of_lines_differ_by_their_dashes():
    kinds = ("actual", "expected", "planned", "forecast", "target")
    wide, _ = pictures(chart(*(Line(kind, values(number, number + 1), kind) for number, kind in enumerate(kinds))))

    drawn = [
        path for path in wide.iter(f"{SVG}path") if path.get("stroke-width") in ("2", "2.5") and path.get("stroke")
    ]
    assert [path.get("stroke-dasharray") for path in drawn] == [None, "7 4", "10 3 2 3", "4 3", "2 4"]


def test_several_measured_lines_differ_by_their_shapes():
    wide, _ = pictures(chart(*(Line(f"Line {number}", values(number, number)) for number in range(4))))

    assert [len(dots(wide, shape)) for shape in ("circle", "square", "triangle", "diamond")] == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("given", "gap", "stretches"),
    [
        ([1, 2, None, 4, 5], None, 2),
        ([1, 2, float("nan"), 4, 5], None, 2),
        ([1, 2, Decimal("Infinity"), 4, 5], None, 2),
        ([None, 1, 2, None], None, 1),
        ([1, 2, 4, 8], None, 1),
    ],
)
def test_gap_in_the_values_is_a_gap_in_the_line(given: list[object], gap: int | None, stretches: int):
    wide, _ = pictures(chart(Line("Score", values(*given), gap=gap)))

    assert len(lines(wide, stroke=BLUE, stroke_width="2.5")) == stretches


def test_days_too_far_apart_are_not_joined():
    points = [(DAY, 1), (DAY + timedelta(days=7), 2), (DAY + timedelta(days=15), 3), (DAY + timedelta(days=16), 3)]

    wide, _ = pictures(chart(Line("Score", points, gap=7)))

    assert [len(stretch) for stretch in lines(wide, stroke=BLUE, stroke_width="2.5")] == [2, 2]


def test_target_of_one_value_reaches_over_the_whole_width():
    made = chart(Line("Score", values(50, 60, 70)), Line("Ready", [(date(2020, 1, 1), 90)], "target"))
    wide, _ = pictures(made)

    ((left, right),) = lines(wide, stroke_dasharray="2 4")
    assert left[1] == right[1]
    assert (left[0], right[0]) == (dots(wide, "circle")[0][0], dots(wide, "circle")[-1][0])
    assert [row[2] for row in made.rows] == [90, 90, 90]


def test_nothing_to_draw_is_a_sentence():
    for drawn in ([], [Line("Score", [])], [Line("Score", values(None))], [Line("Ready", values(9), "target")]):
        made = chart(*drawn, empty="The first score comes tonight.")
        assert (made.wide, made.narrow, made.empty, made.rows) == ("", "", "The first score comes tonight.", ())
    assert chart().empty == "There are no values to draw yet."


def test_one_point_and_equal_values_have_room():
    for numbers in ([7], [7, 7, 7], [0], [-3], [0, 0]):
        for picture in pictures(chart(Line("Score", values(*numbers)))):
            assert all(0 < x < size(picture)[0] and 0 < y < size(picture)[1] for x, y in dots(picture, "circle"))


def test_counts_begin_at_zero_and_have_whole_ticks():
    wide, _ = pictures(chart(Line("Issues", values(3, 4)), kind="whole"))

    assert words(wide)[:5] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("given", "options", "ticks"),
    [
        ((0, 1), {"kind": "percent"}, ["0%", "20%", "40%", "60%", "80%", "100%"]),
        ((0, Fraction(1, 20)), {"kind": "percent"}, ["0%", "1%", "2%", "3%", "4%", "5%"]),
        ((-10, 10), {}, ["−10", "−5", "0", "5", "10"]),
        ((0, 4000), {}, ["0", "1,000", "2,000", "3,000", "4,000"]),
        ((0, Decimal("0.02")), {}, ["0.000", "0.005", "0.010", "0.015", "0.020"]),
        ((0, 5_000_000), {"unit": "Pounds"}, ["0", "1", "2", "3", "4", "5", "Pounds (millions)"]),
        ((0, 10**12), {}, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "(trillions)"]),
        ((0, 2 * 10**16), {}, ["0", "5", "10", "15", "20", "(times 10 to the power of 15)"]),
    ],
)
def test_axis_is_written_for_people(given: tuple[object, ...], options: dict[str, object], ticks: list[str]):
    wide, _ = pictures(chart(Line("", values(*given)), **options))

    assert words(wide)[: len(ticks)] == ticks


def test_days_are_short_with_the_year_where_it_changes():
    wide, _ = pictures(chart(Line("", [(date(2025, 11, 20), 1), (date(2026, 3, 3), 2)])))

    assert [text for text in words(wide) if "1 " in text] == ["1 Dec 2025", "1 Jan 2026", "1 Feb", "1 Mar"]


def test_clock_change_moves_no_day():
    around = [date(2026, 3, 27) + timedelta(days=number) for number in range(5)]

    wide, _ = pictures(chart(Line("", [(day, 1) for day in around])))

    places = [x for x, _ in dots(wide, "circle")]
    assert len({round(after - before) for before, after in pairwise(places)}) == 1


def test_marks_are_named_above_the_plot():
    made = chart(Line("Score", values(*range(60))), marks=[Mark(days(60)[20], "Re-planned")], today=days(60)[40])

    for picture in pictures(made):
        assert [text for text in words(picture) if text in ("Re-planned", "Today")] == ["Re-planned", "Today"]
    assert made.events == ()


def test_marks_without_room_become_numbers_with_a_list():
    marks = [Mark(day, f"Decision {number} of the board") for number, day in enumerate(days(6, step=9), 1)]

    made = chart(Line("", values(*range(60))), marks=marks, today=days(60)[40])

    assert made.events == tuple(Event(mark.day, mark.label, number) for number, mark in enumerate(marks, 1))
    for picture in pictures(made):
        assert [text for text in words(picture) if text in "123456" or text == "Today"] == [*"12345", "Today", "6"]


def test_marks_without_room_for_numbers_share_one():
    marks = [Mark(day, f"Decision {number} of the board") for number, day in enumerate(days(9), 1)]

    made = chart(Line("", values(*range(365))), marks=[*marks, Mark(days(300)[-1], "Go-live")])

    for picture in pictures(made):
        assert [text for text in words(picture) if text in ("1–9", "10")] == ["1–9", "10"]
    assert not made.events_narrow


def test_marks_may_have_room_on_a_desk_alone():
    marks = [Mark(days(60)[number], f"Decision {number} of the board") for number in (5, 25, 35)]

    made = chart(Line("", values(*range(60))), marks=marks)

    assert [event.number for event in made.events] == [1, 2, 3]
    assert made.events_narrow
    wide, narrow = pictures(made)
    assert [text for text in words(wide) if text.startswith("Decision")] == [mark.label for mark in marks]
    assert [text for text in words(narrow) if text in "123"] == ["1", "2", "3"]


def test_marks_of_one_day_are_one():
    made = chart(Line("Score", values(1, 2)), marks=[Mark(DAY, "Gate 1"), Mark(DAY, "Re-planned")])

    assert [row[-1] for row in made.rows] == ["Gate 1; Re-planned", None]


def test_days_asked_for_cut_lines_where_they_cross():
    made = chart(Line("", values(0, 100, step=10), "planned"), first=days(9)[5], last=days(9)[8], low=0, high=100)
    wide, _ = pictures(made)

    ((start, end),) = lines(wide, stroke_dasharray="10 3 2 3")
    foot = size(wide)[1] - 15 * 3
    assert [round((foot - y) / 230, 2) for _, y in (start, end)] == [0.5, 0.8]


@pytest.mark.parametrize(("first", "last"), [(9, 8), (3, 9), (-5, -1)])
def test_days_asked_for_without_values_are_a_sentence(first: int, last: int):
    made = chart(
        Line("Score", values(1, 2, 3)), first=DAY + timedelta(days=first), last=DAY + timedelta(days=last), today=DAY
    )

    assert (made.wide, made.empty) == ("", "There are no values to draw yet.")


def test_days_asked_for_leave_marks_out():
    made = chart(
        Line("Score", values(*range(9))), marks=[Mark(DAY, "Early"), Mark(days(9)[6], "Within")], first=days(9)[5]
    )

    assert "Early" not in words(pictures(made)[0])
    assert "Within" in words(pictures(made)[0])


def test_area_is_filled_between_its_values():
    made = chart(Line("Score", values(5, 6)), areas=[Area("Likely", [(day, 2, 8) for day in days(3)])])
    wide, _ = pictures(made)

    (filled,) = [path for path in wide.iter(f"{SVG}path") if path.get("fill") == "#dcebf2"]
    assert "Likely" in words(wide)
    assert filled.get("d", "").endswith("z")
    assert [column.label for column in made.columns] == ["Day", "Score", "Likely: low", "Likely: high"]
    assert made.rows[2] == (days(3)[2], None, 2, 8)


def test_expected_dip_is_hatched():
    wide, narrow = pictures(
        chart(Line("Use", values(5, 6)), areas=[Area("Dip", [(DAY, 2, 8), (days(2)[1], 2, 8)], "dip")])
    )

    for picture, form in ((wide, "wide"), (narrow, "narrow")):
        assert [pattern.get("id") for pattern in picture.iter(f"{SVG}pattern")] == [f"score-{form}-hatch"]
        assert [path for path in picture.iter(f"{SVG}path") if path.get("fill") == f"url(#score-{form}-hatch)"]


def test_table_has_a_row_a_day_and_a_column_a_line():
    made = chart(
        Line("Score", values(Decimal("61.25"), None, 70)),
        Line("Expected", values(60, 65), "expected"),
        marks=[Mark(days(3)[2], "Gate 1")],
    )

    assert made.columns == (
        Column("day", "Day", "day"),
        Column("line_1", "Score", "number"),
        Column("line_2", "Expected", "number"),
        Column("event", "Event", "text"),
    )
    assert made.rows == (
        (days(3)[0], Decimal("61.25"), 60, None),
        (days(3)[1], None, 65, None),
        (days(3)[2], 70, None, "Gate 1"),
    )
    assert [[text for text, _ in row] for row in made.shown] == [
        ["14 March 2026", "61.25", "60", ""],
        ["15 March 2026", "", "65", ""],
        ["16 March 2026", "70", "", "Gate 1"],
    ]
    assert (made.table.name, made.table.title, made.table.rows) == ("score", "The score rises.", made.rows)


@pytest.mark.parametrize(("count", "shown"), [(60, 60), (61, 10), (900, 30), (40_000, 110)])
def test_page_shows_the_last_day_of_each_stretch_of_a_long_table(count: int, shown: int):
    made = chart(Line("Score", values(*[1] * count)))

    assert len(made.shown) == shown
    assert (len(made.rows), made.shortened) == (count, count > 60)
    assert made.shown[-1] == [(f"{days(count)[-1]:%-d %B %Y}", False), ("1", True)]


def test_words_cannot_break_out_of_the_picture():
    hostile = "</text><script>alert(1)</script>\x00\x0b'\"&"
    made = time_chart(
        name="score",
        title=hostile,
        description=hostile,
        lines=[Line(hostile, values(1, 2))],
        marks=[Mark(DAY, hostile)],
        unit=hostile,
    )

    for picture in pictures(made):
        assert [each.tag for each in picture.iter() if "script" in each.tag] == []
        assert picture[0].text == hostile.replace("\x00", "").replace("\x0b", "")


def test_lazy_words_are_written():
    wide, _ = pictures(chart(Line(gettext_lazy("Score"), values(1, 2)), marks=[Mark(DAY, gettext_lazy("Gate"))]))

    assert {"Score", "Gate"} <= set(words(wide))


@pytest.mark.parametrize("wrong", [{"name": "Two words"}, {"name": ""}, {"kind": "day"}, {"kind": "euros"}])
def test_wrong_name_or_kind_is_refused(wrong: dict[str, str]):
    with pytest.raises(ValueError, match="unknown name or kind"):
        chart(Line("Score", values(1)), **wrong)
    with pytest.raises(ValueError, match="unknown name or kind"):
        chart(Line("Score", values(1), "wavy"))


def test_no_picture_carries_style_or_script():
    made = chart(Line("Score", values(*range(30))), areas=[Area("Dip", [(DAY, 2, 8)], "dip")], today=DAY)

    for markup in (made.wide, made.narrow):
        assert " style=" not in markup
        assert "<style" not in markup
        assert "<script" not in markup


def test_two_years_of_days_stay_small():
    wave = [50 + 30 * ((number * 37) % 101) / 100 for number in range(730)]
    made = chart(
        Line("Score", values(*wave)), Line("Expected", values(*range(730)), "expected"), marks=[Mark(DAY, "Start")]
    )

    assert max(len(made.wide), len(made.narrow)) < 8_000


def test_thinned_line_keeps_its_peak():
    wave = [number % 7 for number in range(730)]
    wave[400] = 99

    wide, _ = pictures(chart(Line("Score", values(*wave)), low=0))

    (line,) = lines(wide, stroke=BLUE, stroke_width="2.5")
    (quiet,) = lines(
        pictures(chart(Line("Score", values(*[0] * 730)), low=0, high=100))[0], stroke=BLUE, stroke_width="2.5"
    )
    assert min(y for _, y in line) == round(quiet[0][1] - 230 * 0.99, 1)


some_value = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.decimals(-(10**12), 10**12, places=4),
    st.floats(-1e12, 1e12),
    st.sampled_from([float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")]),
)
some_day = st.dates(date(1990, 1, 1), date(2200, 1, 1))
kinds = st.sampled_from(["actual", "expected", "planned", "forecast", "target"])
some_lines = st.lists(
    st.builds(Line, st.text(max_size=20), st.lists(st.tuples(some_day, some_value), max_size=12), kinds), max_size=4
)


@settings(deadline=None, max_examples=60)
@given(
    some_lines,
    st.lists(st.builds(Mark, some_day, st.text(max_size=30)), max_size=8),
    st.sampled_from(["whole", "number", "percent"]),
    st.one_of(st.none(), some_day),
)
def test_whatever_is_given_is_drawn_inside_its_picture(
    drawn: list[Line], marks: list[Mark], kind: str, today: date | None
):
    made = time_chart(name="any", title="Anything.", lines=drawn, marks=marks, kind=kind, today=today)

    if made.empty:
        assert made.wide == made.narrow == ""
        return
    for picture in pictures(made):
        width, height = size(picture)
        for x, y in [point for stretch in lines(picture) for point in stretch]:
            assert 0 <= x <= width
            assert 0 <= y <= height
        for text in [*picture.iter(f"{SVG}text"), *picture.iter(f"{SVG}tspan")]:
            if text.get("x"):
                assert 0 <= float(text.get("x", "")) <= width
                assert 0 <= float(text.get("y", "")) <= height
        assert "nan" not in ElementTree.tostring(picture, "unicode").replace("Anything", "").lower().split(" d=")[-1]
