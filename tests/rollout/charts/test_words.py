"""Places for words: lines that fit, boxes that do not overlap, marks that leave each other's words alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.charts.words import Box, Place, beside, spread, stack, width, wrap
from tests.examples import DRAWN


def test_width_knows_narrow_and_wide_signs():
    assert width("illi", 10) < width("abcd", 10) < width("MWMW", 10)
    assert width("", 10) == 0


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("Target 95%", 200, ["Target 95%"]),
        ("Share of staff and courses", 90, ["Share of", "staff and", "courses"]),
        ("  one   two ", 500, ["one two"]),
        ("", 90, []),
        ("Abcdefghijkl", 50, ["Abcde", "fghijkl"]),
    ],
)
def test_words_break_into_lines_that_fit(text: str, room: float, lines: list[str]):
    assert wrap(text, 15, room) == lines


def test_boxes_with_room_stay_where_they_are():
    assert spread([(50, 10), (20, 10)], 0, 100) == [50, 20]


def test_boxes_that_overlap_move_apart():
    assert spread([(50, 10), (52, 10), (51, 10)], 0, 100) == [50, 70, 60]


def test_boxes_at_the_edges_move_inside():
    assert spread([(0, 10), (100, 10), (99, 10)], 0, 100) == [5, 95, 85]


@given(st.lists(st.tuples(st.floats(-50, 350), st.floats(1, 30)), max_size=10))
@DRAWN
def test_boxes_never_overlap_and_stay_inside(wanted: list[tuple[float, float]]):
    middles = spread(wanted, 0, 300)

    placed = sorted((middle - high / 2, middle + high / 2) for middle, (_, high) in zip(middles, wanted, strict=True))
    assert all(top + 1e-6 >= 0 and bottom - 1e-6 <= 300 for top, bottom in placed)
    assert all(before[1] <= after[0] + 1e-6 for before, after in pairwise(placed))


def test_words_of_marks_far_apart_share_the_lowest_row():
    assert stack([(10, 40), (100, 40)], 0, 300, 3) == [Place(10, 40, 0), Place(100, 40, 0)]


def test_words_of_near_marks_take_rows_of_their_own():
    assert stack([(10, 80), (40, 80), (60, 80)], 0, 300, 3) == [Place(10, 80, 2), Place(40, 80, 1), Place(60, 80, 0)]


def test_words_at_the_right_edge_end_there():
    assert stack([(290, 60)], 0, 300, 2) == [Place(240, 60, 0)]


def test_words_without_room_have_no_place():
    assert stack([(10, 200), (11, 200)], 0, 300, 1) == [None, Place(11, 200, 0)]
    assert stack([(10, 400)], 0, 300, 3) == [None]


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(5, 120)), max_size=8))
@DRAWN
def test_no_mark_crosses_the_words_of_another(marks: list[tuple[float, float]]):
    places = stack(marks, 0, 300, 4)

    found = [(x, place) for (x, _), place in zip(marks, places, strict=True) if place]
    for number, (x, here) in enumerate(found):
        assert here.left >= 0
        assert here.left + here.width <= 300 + 1e-6
        for other, (_, there) in enumerate(found):
            if number != other and here.row == there.row:
                assert here.left + here.width <= there.left or there.left + there.width <= here.left
            if here.row > there.row:
                assert not there.left < x < there.left + there.width


ROOM = Box(0, 0, 100, 100)


@pytest.mark.parametrize(
    ("x", "y", "box"),
    [
        (10, 50, Box(19, 45, 49, 55)),
        (80, 50, Box(65, 31, 95, 41)),
        (80, 5, Box(65, 14, 95, 24)),
    ],
)
def test_words_stand_right_of_their_point_else_above_else_below(x: float, y: float, box: Box):
    assert beside(x, y, 30, 10, ROOM, []) == box


def test_words_keep_off_what_is_taken():
    taken = [Box(12, 40, 60, 60)]

    box = beside(10, 50, 30, 10, ROOM, taken)

    assert box.within(ROOM)
    assert not box.overlaps(taken[0])


def test_words_without_a_free_place_stay_inside():
    assert beside(10, 50, 30, 10, ROOM, [ROOM]) == Box(19, 45, 49, 55)
