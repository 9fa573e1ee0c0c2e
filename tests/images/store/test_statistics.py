import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from images.store.statistics import histogram, percentile, summary

some_traces = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)))


@given(some_traces, st.floats(0, 100))
def test_percentiles_of_the_histogram_are_those_of_the_pixels(traces, percent):
    expected = np.percentile(traces, percent, method="inverted_cdf")
    assert percentile(histogram(traces), percent) == expected


@given(some_traces)
def test_the_summary_is_that_of_the_pixels(traces):
    found = summary(histogram(traces))
    assert found["histogram"] == np.bincount(traces.ravel(), minlength=256).tolist()
    assert (found["minimum"], found["maximum"]) == (traces.min(), traces.max())
    assert np.isclose(found["mean"], traces.mean())
    assert found["percentiles"]["50"] == np.percentile(traces, 50, method="inverted_cdf")


def test_no_traces_have_an_empty_histogram():
    assert histogram(np.empty((0, 150), np.uint8)).tolist() == [0] * 256
