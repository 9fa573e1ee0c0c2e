import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.store.depths import LARGEST, MAX_GAPS, duplicates, sampling_interval, steps


@pytest.mark.parametrize(
    ("depths", "expected"),
    [
        ([9000.1, 9000.2, 9000.3], 0.1),
        ([1.0, 2.0, 2.5, 3.0], 0.5),
        ([5.0, 5.0, 5.0, 7.0], 2.0),
        ([5.0, 5.0], None),
        ([5.0], None),
        ([0.0], None),
        ([-3.0, -2.0, -1.0], 1.0),
        ([1e-9, 3e-9], 2e-9),
        ([-LARGEST, LARGEST], LARGEST),
        ([0.0, LARGEST], LARGEST),
        ([-LARGEST, 0.0, LARGEST], LARGEST),
        ([0.0, 1e300, 2e300], 1e300),
    ],
)
def test_the_sampling_interval_is_the_median_step_without_rounding_errors(depths, expected):
    assert sampling_interval(np.array(depths)) == expected


@given(st.integers(-20_000, 20_000), st.sampled_from([0.05, 0.1, 0.1524, 0.25, 1.0]))
def test_a_regular_log_gives_back_the_step_it_was_made_with(start, step):
    depths = np.array([float(f"{start + i * step:.4f}") for i in range(50)])
    assert sampling_interval(depths) == step


def test_duplicates_are_depths_equal_to_the_one_before():
    assert duplicates(np.array([1.0, 1.0, 1.0, 2.0, 3.0, 3.0])) == 3


def test_a_gap_is_a_step_of_more_than_two_sampling_intervals():
    found = steps(np.array([0.0, 1, 2, 2, 4, 7, 8]), 1.0)
    assert (found.smallest, found.largest) == (1.0, 3.0)
    assert (found.gaps, found.gap_count) == ([(4.0, 7.0)], 1)
    assert steps(np.array([5.0, 5.0]), None) == (None, None, [], 0)


def test_all_gaps_are_counted_and_the_first_are_told():
    found = steps(np.arange(0, 500, 4.0), 1.0)
    assert (len(found.gaps), found.gap_count) == (MAX_GAPS, 124)
