import tracemalloc

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from images.arrays import Block
from images.render.raster import Raster, draw, resize_width, row_centres

WIDTH = 3


def reference(depths, traces, top, base, height, spacing):
    """The picture, row by row and trace by trace; None for a transparent row."""
    piece = (base - top) / height
    rows = []
    for row in range(height):
        upper, lower = top + (base - top) * row / height, top + (base - top) * (row + 1) / height
        last = row == height - 1
        inside = [
            trace.astype(int)
            for depth, trace in zip(depths, traces, strict=True)
            if (upper <= depth < lower or (last and depth == base)) or (piece == 0 and depth == top)
        ]
        if inside:
            rows.append(((np.sum(inside, axis=0) + len(inside) // 2) // len(inside)).tolist())
            continue
        centre = top + (base - top) * (row + 0.5) / height
        above = [d for d in depths if d < centre]
        below = [d for d in depths if d >= centre]
        near = min(depths, key=lambda d: (abs(d - centre), d))
        between = above and below and below[0] - above[-1] <= 2 * spacing
        if between or abs(near - centre) <= spacing / 2:
            # Of traces of equal depth the one that lies next to the row.
            same = [i for i, d in enumerate(depths) if d == near]
            rows.append(traces[same[-1] if near < centre else same[0]].tolist())
        else:
            rows.append(None)
    return rows


steps = st.lists(st.sampled_from([0, 0.5, 1, 1, 1, 1.5, 2, 2.5, 7]), max_size=40)


@given(steps, st.integers(-20, 140), st.integers(0, 80), st.integers(1, 40), st.integers(0, 9))
@example([0], 0, 0, 3, 0)  # one depth, of two traces
@example([], 2, 0, 1, 0)  # half a spacing away
def test_a_picture_is_what_is_drawn_row_by_row(steps, top, extent, height, seed):
    depths = np.cumsum([0.0, *steps])
    traces = np.random.default_rng(seed).integers(0, 256, (len(depths), WIDTH), np.uint8)
    top, base = top / 4, (top + extent) / 4
    raster = draw(Block(depths, traces), top, base, height, 1.0)
    expected = reference(depths.tolist(), traces, top, base, height, 1.0)
    found = [g if f else None for g, f in zip(raster.pixels.tolist(), raster.filled, strict=True)]
    assert found == expected


def test_the_rows_of_a_picture_are_equal_pieces_of_depth():
    assert row_centres(10, 20, 4).tolist() == [11.25, 13.75, 16.25, 18.75]


@given(st.integers(1, 600))
def test_another_width_repeats_pixels_or_means_them_and_leaves_rows_alone(width):
    grays = np.random.default_rng(width).integers(0, 256, (4, 150), np.uint8)
    raster = resize_width(Raster(grays, np.ones(4, bool)), width)
    assert raster.pixels.shape == (4, width)
    for before, after in zip(grays, raster.pixels, strict=True):
        alone = Image.fromarray(before.reshape(1, -1)).resize((width, 1), Image.Resampling.BOX)
        assert after.tolist() == np.asarray(alone)[0].tolist()
    if width % 150 == 0:
        assert raster.pixels.tolist() == grays.repeat(width // 150, axis=1).tolist()


def test_resized_values_are_means_of_those_that_are_not_null_and_take_little_memory_beside_them():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(2000, 1000)).astype(np.float32)
    values[rng.random(values.shape) < 0.3] = np.nan
    values[5, :2] = np.nan
    tracemalloc.start()
    pixels = resize_width(Raster(values, np.ones(len(values), bool)), 500).pixels
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.isnan(pixels[5, 0])
    halves = values.reshape(len(values), 500, 2)
    filled = ~np.isnan(halves).all(axis=2)
    np.testing.assert_allclose(
        pixels[filled], np.nanmean(halves[filled], axis=1), rtol=1e-5, atol=1e-6
    )
    assert np.isnan(pixels[~filled]).all()
    assert peak < 2 * pixels.nbytes
