"""Tables of counts without the few: nothing below 5 is read in them, nor worked out from their totals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.dashboards.few import FEW, hidden_rows, hides, some_few


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        ([], []),
        ([(20, 15, 5), (0, 0, 0)], []),
        # One small row: the next smallest goes with it, or the total would tell.
        ([(3, 3, 0), (40, 20, 20), (12, 6, 6)], [0, 2]),
        # What is left over is as telling as what is counted.
        ([(30, 28, 2), (40, 20, 20), (50, 25, 25)], [0, 1]),
        # Two small rows that come to fewer than 5 together need a third.
        ([(2, 2, 0), (2, 2, 0), (40, 20, 20), (12, 6, 6)], [0, 1, 3]),
        # Two that come to enough hide one another.
        ([(3, 3, 0), (4, 4, 0), (40, 20, 20)], [0, 1]),
        # A row of nobody hides nothing.
        ([(3, 3, 0), (0, 0, 0), (40, 20, 20)], [0, 2]),
        # The hidden rows' leftovers together are few: a third goes too.
        ([(8, 7, 1), (9, 8, 1), (40, 20, 20)], [0, 1, 2]),
        ([(3, 1, 2)], [0]),
    ],
)
def test_rows_are_hidden_until_no_few_can_be_worked_out(rows: list[tuple[int, ...]], hidden: list[int]):
    assert sorted(hidden_rows(rows)) == hidden


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda parts: (sum(parts), *parts)),
        min_size=1,
        max_size=12,
    )
)
def test_no_table_tells_of_a_few(rows: list[tuple[int, ...]]):
    hidden = hidden_rows(rows)

    shown = [row for place, row in enumerate(rows) if place not in hidden]
    assert not any(some_few(row) for row in shown)
    # A reader knows the totals, and so what is hidden altogether: never a single row, and no few unless all is hidden.
    counted = [rows[place] for place in hidden if any(rows[place])]
    altogether = [sum(column) for column in zip(*counted, strict=True)] if counted else []
    if any(any(row) for row in shown):
        assert (len(counted) != 1, some_few(altogether)) == (True, False)


@pytest.mark.parametrize("count", range(1, FEW))
def test_counts_below_five_are_few_but_none_is_not(count: int):
    assert (some_few([20, count]), some_few([20, 0]), some_few([FEW])) == (True, False, False)


def test_stored_figures_about_people_hide_one_another():
    many = {"training.completion": ["known", "100", 200, "19/20", "0.5"], "technical.access": None}

    assert not hides(many)
    assert not hides({"goals.targets": ["known", "1", 3, "1", "0.33"]})
    assert hides(many | {"training.managers": ["known", "9", 12, "1", "0.75"]})
