import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.store.value_statistics import QUANTILES, SORTED_VALUES, ValueStatistics


def summarised(values, size=20_000):
    """The summary of values that come ``size`` at a time."""
    statistics = ValueStatistics()
    for start in range(0, len(values), size):
        statistics.add(values[start : start + size].reshape(1, -1))
    return statistics.summary()


def worst_rank_error(values, quantiles):
    """By how much of all values a quantile misses its rank at most."""
    ordered, ranks = np.sort(values), np.linspace(0, 1, QUANTILES)
    below = np.searchsorted(ordered, quantiles, "left") / len(ordered)
    until = np.searchsorted(ordered, quantiles, "right") / len(ordered)
    return max((below - ranks).max(), (ranks - until).max())


@pytest.mark.parametrize(
    "distribution",
    [
        lambda random, n: 10 ** random.uniform(-1, 4, n),  # resistivity, over five decades
        lambda random, n: random.normal(2.45, 0.02, n),  # g/cc
        lambda random, n: np.round(random.normal(2.45, 0.02, n), 2),
        lambda random, n: np.arange(n) * 0.1524 + 13_375,  # what grows all the time
        lambda random, n: np.where(random.random(n) < 0.9, -1e-30, 1e30),
        lambda random, n: np.tile(np.arange(8.0) ** 3, n // 8),  # eight columns that differ
    ],
)
@pytest.mark.parametrize("count", [80_000, SORTED_VALUES + 800_000])
def test_quantiles_are_right_to_a_tenth_of_a_percent_of_rank(distribution, count):
    values = distribution(np.random.default_rng(1), count).astype(np.float32)
    found = summarised(values, 200_000 if count > SORTED_VALUES else 20_000)
    assert worst_rank_error(values, found.quantiles) < 0.001
    assert (np.diff(found.quantiles) >= 0).all()


@given(
    st.lists(st.floats(-1e6, 1e6, width=32) | st.just(float("nan")), min_size=1, max_size=50),
    st.integers(1, 20),
)
def test_the_summary_is_that_of_the_values_without_nulls(values, size):
    values = np.array(values, np.float32)
    there = values[~np.isnan(values)].astype(float)
    found = summarised(values, size)
    assert (found.count, found.nulls) == (len(there), len(values) - len(there))
    if not len(there):
        assert np.isnan([found.minimum, found.maximum, found.mean, *found.quantiles]).all()
        return
    assert (found.minimum, found.maximum) == (there.min(), there.max())
    assert np.isclose(found.mean, there.mean(), atol=1e-6)
    assert np.isclose(found.standard_deviation, there.std(), atol=1e-2, rtol=1e-6)
    expected = np.percentile(there, np.linspace(0, 100, QUANTILES), method="inverted_cdf")
    np.testing.assert_array_equal(found.quantiles[1:-1], expected[1:-1].astype(np.float32))


def test_the_same_values_give_the_same_statistics():
    values = np.random.default_rng(0).normal(size=SORTED_VALUES + 500_000).astype(np.float32)
    one, other = summarised(values, 500_000), summarised(values, 500_000)
    np.testing.assert_array_equal(one.quantiles, other.quantiles)
