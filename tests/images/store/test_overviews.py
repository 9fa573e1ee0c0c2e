from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.arrays import Block
from images.store.overviews import (
    FEWEST_VALUES,
    SHORT_RUN,
    Pyramid,
    cell_depths,
    levels,
    means,
    run_means,
    run_sums,
)

WIDTH = 3


def brute_force(depths, traces, level, top, interval):
    """Depths and means of all cells of a level, one by one."""
    cells = {}
    for depth, trace in zip(depths, traces, strict=True):
        sample = int(np.floor((depth - top) / interval + 0.5))
        cells.setdefault(sample // 4**level, []).append(trace.astype(int))
    found = []
    for number, members in sorted(cells.items()):
        mean = (np.sum(members, axis=0) + len(members) // 2) // len(members)
        middle = top + (number * 4**level + (4**level - 1) / 2) * interval
        found.append((middle, mean.tolist()))
    return found


def overviewed(depths, traces, interval, upto, step, fewest=FEWEST_VALUES):
    """What the pyramid gives for each level, the traces being added ``step`` at a time.

    Cells wait until they have ``fewest`` values.
    """
    with patch("images.store.overviews.FEWEST_VALUES", fewest):
        return _overviewed(depths, traces, interval, upto, step)


def _overviewed(depths, traces, interval, upto, step):
    pyramid = Pyramid(depths[0], interval, range(1, upto + 1))
    found = {level: [] for level in pyramid.levels}
    given_out = []
    for start in range(0, len(depths), step):
        part = slice(start, start + step)
        given_out += pyramid.add(Block(np.array(depths[part]), traces[part]))
    given_out += pyramid.finish()
    for level, block in given_out:
        assert block.traces.dtype == traces.dtype
        found[level] += zip(block.depths.tolist(), block.traces.tolist(), strict=True)
    return found


# Each block by itself, some together, all at the end.
waits = st.sampled_from([1, 20, FEWEST_VALUES])
irregular = st.lists(st.sampled_from([0, 0.5, 1, 1, 1, 1.5, 7, 60]), min_size=0, max_size=90)


@given(irregular, st.integers(1, 40), st.integers(0, 3), waits)
def test_overviews_are_the_means_of_cells_of_depth(steps, step, seed, fewest):
    depths = np.cumsum([100.0, *steps]).tolist()
    traces = np.random.default_rng(seed).integers(0, 256, (len(depths), WIDTH), np.uint8)
    found = overviewed(depths, traces, 1.0, 3, step, fewest)
    for level, cells in found.items():
        assert cells == brute_force(depths, traces, level, depths[0], 1.0)


@given(irregular, st.integers(1, 40), st.integers(0, 3), waits, st.sampled_from([0, 0.02, 0.6]))
def test_overviews_of_values_are_means_without_nulls(steps, step, seed, fewest, nulls):
    random = np.random.default_rng(seed)
    depths = np.cumsum([100.0, *steps])
    traces = (10.0 ** random.uniform(-2, 4, (len(depths), WIDTH))).astype(np.float32)
    traces[random.random(traces.shape) < nulls] = np.nan
    found = overviewed(depths.tolist(), traces, 1.0, 3, step, fewest)
    for level, cells in found.items():
        numbers = np.floor(depths - depths[0] + 0.5).astype(int) // 4**level
        assert len(cells) == len(set(numbers))
        for (_, mean), number in zip(cells, sorted(set(numbers)), strict=True):
            for pixel, column in zip(mean, traces[numbers == number].T, strict=True):
                there = column[~np.isnan(column)]
                expected = there.mean(dtype=float) if len(there) else np.nan
                assert np.allclose(pixel, expected, rtol=1e-6, equal_nan=True)


@given(st.integers(1, 300), st.integers(1, 100))
def test_a_regular_log_has_four_rows_in_a_cell(rows, step):
    depths = [float(f"{9000 + i / 10:.1f}") for i in range(rows)]
    traces = np.random.default_rng(rows).integers(0, 256, (rows, WIDTH), np.uint8)
    found = overviewed(depths, traces, 0.1, 2, step)
    assert [len(found[level]) for level in (1, 2)] == [-(-rows // 4), -(-rows // 16)]
    assert found[1][0][1] == ((traces[:4].sum(0, int) + 2) // 4).tolist() or rows < 4


@pytest.mark.parametrize(
    ("rows", "expected"), [(2, 0), (1024, 0), (1025, 1), (5460, 2), (1_000_000, 5), (2_000_000, 6)]
)
def test_overviews_go_on_until_they_are_small(rows, expected):
    assert len(levels(9000, 9000 + (rows - 1) / 2, 0.5)) == expected


def test_a_log_of_one_depth_or_of_endless_extent_has_none():
    assert len(levels(5, 5, None)) == 0
    assert len(levels(-1e308, 1e308, 1e-9)) == 0


def test_the_middle_of_a_cell_is_that_of_its_samples():
    assert cell_depths(np.array([0, 1]), 1, 100.0, 0.5).tolist() == [100.75, 102.75]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=20))
def test_sums_of_runs_are_those_of_numpy_whatever_their_lengths(lengths):
    values = np.random.default_rng(len(lengths)).integers(0, 256, (sum(lengths), 5), np.uint8)
    starts = np.cumsum([0, *lengths[:-1]])
    expected = np.add.reduceat(values, starts, axis=0, dtype=np.uint32)
    assert run_sums(values, starts).tolist() == expected.tolist()


@given(st.lists(st.integers(1, 12), min_size=1, max_size=20), st.booleans())
def test_means_of_runs_are_the_means_of_their_sums(lengths, white):
    values = np.random.default_rng(len(lengths)).integers(0, 256, (sum(lengths), 5), np.uint8)
    values |= 255 * white
    starts = np.cumsum([0, *lengths[:-1]])
    assert (
        run_means(values, starts).tolist()
        == means(run_sums(values, starts), np.array(lengths)[:, np.newaxis]).tolist()
    )


def test_the_mean_of_the_longest_short_run_of_white_is_white():
    assert (run_means(np.full((SHORT_RUN, 3), 255, np.uint8), np.array([0])) == 255).all()
