import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from images.ingest.checks.odd_ends import Odd, OddEnds


def found(*columns, logs=None):
    """What is odd in columns of equal length, which come in blocks of two rows."""
    ends = OddEnds(logs or [f"C{i}" for i in range(len(columns))])
    values = np.array(columns, np.float32).T
    for start in range(0, len(values), 2):
        ends.add(values[start : start + 2])
    return [*ends.found()]


@pytest.mark.parametrize("null", [-99.99, 9999.0, 99999.0, -99999999.0, 1e20])
def test_a_number_far_from_all_others_that_stands_in_several_rows_is_found(null):
    assert found([8.5, null, 12.25, null, null], [1, 2, 3, 4, 5]) == [Odd("C0", null, 3)]


def test_a_negative_number_among_none_is_found_also_where_the_others_are_spread():
    assert found([2.0, 2000.0, -99.0, -99.0]) == [Odd("C0", -99.0, 2)]


def test_a_column_of_nothing_else_is_found():
    assert found([-99.99, -99.99]) == [Odd("C0", -99.99, 2)]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([10, 50, 9999, 20], id="one may be a spike"),
        pytest.param([98, 99, 99, 97], id="near the others"),
        pytest.param([-120, -99, -99, 10], id="among the others"),
        pytest.param([-80, -99, -99, 10], id="not far below a potential"),
        pytest.param([1, 2, -777, -777], id="no number that means a null"),
    ],
)
def test_what_may_be_a_reading_is_not(values):
    assert found(values) == []


def test_the_columns_of_an_array_are_looked_at_together():
    columns = [1, -99.99, 2], [-99.99, 3, 3], [99, 98, 97]
    assert found(*columns, logs=["AMP", "AMP", "GR"]) == [Odd("AMP", -99.99, 2)]


@given(arrays(np.float32, (6, 2), elements=st.sampled_from([1.0, 5.0, 99.0, -99.99, np.nan])))
def test_blocks_tell_what_the_whole_tells(values):
    whole = OddEnds(["A", "B"])
    whole.add(values)
    assert sorted(found(*values.T, logs=["A", "B"])) == sorted(whole.found())
