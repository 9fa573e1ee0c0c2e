import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import Normalize

from images.arrays import Block
from images.render.colour.stretch import check_percentiles, fit_stretch, linear, stretch_sliding
from images.store.statistics import histogram
from web.errors import InvalidParameter

some_traces = arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 6)))
GRAYS = np.arange(256)


@given(st.floats(-500, 500), st.floats(-500, 500))
def test_a_linear_stretch_is_the_one_of_matplotlib(a, b):
    low, high = min(a, b), max(a, b)
    expected = Normalize(low, high, clip=True)(GRAYS.astype(float))
    assert np.allclose(linear(low, high).table, np.asarray(expected), atol=1e-9)


def test_the_plain_range_is_the_gray_by_255_to_the_bit_and_nobody_writes_to_it():
    table = linear(0, 255).table
    assert table.tobytes() == (GRAYS.astype(np.uint8) / 255).tobytes()
    assert not table.flags.writeable


def test_between_ends_that_are_almost_equal_there_is_a_step():
    assert linear(0, 5e-324).table.tolist() == (GRAYS > 0).tolist()


def reference(kind, values, percentiles):
    """The stretch of these pixels, by numpy alone."""
    if kind == "equalize":
        until = np.array([(values <= gray).sum() for gray in GRAYS])
        least = (values == values.min()).sum()
        return ((until - least) / max(values.size - least, 1)).clip(0, 1)
    ends = (0, 100) if kind == "minmax" else percentiles
    low, high = (int(np.percentile(values, end, method="inverted_cdf")) for end in ends)
    return np.zeros(256) if low == high else ((GRAYS - low) / (high - low)).clip(0, 1)


@given(some_traces, st.sampled_from(["minmax", "percentile", "equalize"]))
def test_a_static_stretch_is_that_of_all_pixels(traces, kind):
    found = fit_stretch(kind, histogram(traces), (10.0, 80.0))
    assert np.allclose(found.table, reference(kind, traces, (10, 80)))
    if kind != "percentile":
        assert (found.low, found.high) == (traces.min(), traces.max())


@given(some_traces, st.sampled_from(["minmax", "percentile", "equalize"]), st.floats(0.1, 9))
def test_a_sliding_stretch_is_that_of_the_pixels_near(traces, kind, window):
    depths = np.arange(len(traces)) * 0.75
    centres = np.linspace(-1, len(traces), 7)
    every_gray = np.tile(GRAYS.astype(np.uint8), (7, 1))
    tables = stretch_sliding(kind, Block(depths, traces), every_gray, centres, window, (10.0, 80.0))
    for centre, table in zip(centres, tables, strict=True):
        near = traces[(depths >= centre - window / 2) & (depths <= centre + window / 2)]
        expected = reference(kind, near, (10, 80)) if near.size else np.zeros(256)
        assert table.tolist() == np.rint(expected * 255).tolist()


@given(st.integers(0, 9), st.sampled_from(["minmax", "percentile", "equalize"]), st.floats(0.1, 9))
def test_a_sliding_stretch_of_values_is_that_of_the_values_near(seed, kind, window):
    random = np.random.default_rng(seed)
    # Also negative ones, and some that are close together.
    values = (random.permutation(200).reshape(40, 5) - 20 * seed).astype(np.float32) ** 3
    values.flat[random.integers(0, 200, 20)] = random.normal(2.45, 1e-4, 20)
    values.flat[random.integers(0, 200, 9)] = 0
    values[random.random(values.shape) < 0.3] = np.nan
    depths = np.arange(40) * 0.75
    found = stretch_sliding(kind, Block(depths, values), values, depths, window, (10.0, 80.0))
    for centre, row, drawn in zip(depths, found, values, strict=True):
        near = values[(depths >= centre - window / 2) & (depths <= centre + window / 2)]
        near = near[~np.isnan(near)].astype(float)
        for gray, value in zip(row, drawn, strict=True):
            if not np.isnan(value):
                assert gray == expected_gray(kind, near, value)


def test_a_sliding_stretch_of_negative_zero_is_that_of_zero():
    # All bits of the smallest value but the first are ones, so that the keys of zeros part here.
    values = np.array([[np.nextafter(np.float32(-2), np.float32(0)), 0, 1]], np.float32)
    block, centres = Block(np.zeros(1), values), np.zeros(1)
    [row] = stretch_sliding("equalize", block, np.array([[-0.0]], np.float32), centres, 1)
    assert row.tolist() == [128]


def expected_gray(kind, near, value):
    if kind == "equalize":
        least = (near == near.min()).sum()
        return np.rint(((near <= value).sum() - least) / max(near.size - least, 1) * 255)
    ends = (0, 100) if kind == "minmax" else (10, 80)
    low, high = (np.percentile(near, end, method="inverted_cdf") for end in ends)
    return 0 if low == high else np.rint(np.clip((value - low) / (high - low), 0, 1) * 255)


@pytest.mark.parametrize("text", ["", "5", "5,5", "9,2", "-1,50", "2,101", "a,b", "1,2,3", "nan,5"])
def test_percentiles_out_of_order_are_refused(text):
    with pytest.raises(InvalidParameter, match="0 <= lo < hi <= 100"):
        check_percentiles(text)
