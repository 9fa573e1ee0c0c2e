from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.ingest.checks.depths import DepthChecks, Turns


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0]), max_size=30), st.integers(1, 30))
def test_depths_turn_as_often_in_blocks_as_in_one(depths, size):
    moves = [b - a for a, b in pairwise(depths) if a != b]
    expected = sum(a * b < 0 for a, b in pairwise(moves))
    turns = Turns()
    for start in range(0, len(depths), size):
        turns.add(np.array(depths[start : start + size]))
    assert turns.count == expected
    assert turns.repeated == sum(a == b for a, b in pairwise(depths))
    overlap = "depths-overlap" in dict(turns.warnings())
    assert overlap == (expected > 0 and len(moves) >= 3)


def test_the_first_turn_is_told_with_its_depths():
    turns = Turns()
    turns.add(np.array([1.0, 2.0, 3.0]))
    turns.add(np.array([1.5, 2.5]))
    [(code, detail)] = turns.warnings()
    assert code == "depths-overlap"
    assert detail.startswith("the depths turn back 2 times, first from 3 to 1.5: ")


def test_many_rows_at_the_depth_of_the_row_above_are_told_and_few_are_not():
    turns = Turns()
    turns.add(np.array([1.0, 1.0, 1.0]))
    turns.add(np.array([1.0, 2.0, 2.0]))
    [(code, detail)] = turns.warnings()
    assert code == "depths-repeated"
    assert detail.startswith("4 rows are at the depth of the row above, first at 1: ")
    few = Turns()
    few.add(np.array([*range(20), 19.0]))
    assert [*few.warnings()] == []


@pytest.mark.parametrize(
    ("depths", "told"),
    [
        ([1500, 1500.1, -99.99, 1500.3], "-99.99 (1 time)"),
        ([1500, 1500.1, 1500.2, 99999], "99999 (1 time)"),
        ([9997, 9998, 9999, 10000], None),
        ([97, 98, 99], None),
        ([-100, -99, -98], None),
    ],
)
def test_a_depth_that_may_be_a_null_is_told_where_it_is_far_from_all_others(depths, told):
    checks = DepthChecks()
    for depth in depths:
        checks.add(np.array([depth], float))
    warnings = dict(checks.warnings(lambda numbers: f"take out {numbers}"))
    assert ("depths-suspected" in warnings) == bool(told)
    if told:
        detail = warnings["depths-suspected"]
        assert detail.startswith(f"{told} among the depths is far from all others; if it stands")
        assert f"take out [{told.split()[0]}" in detail
