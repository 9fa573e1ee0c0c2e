import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from images.ingest.resample import WIDTH, resize_rows, resize_values


def alone(row):
    """What Pillow gives for one row of whole numbers, or of decimals, by itself."""
    if (row == np.floor(row)).all():
        return np.asarray(Image.fromarray(row.astype(np.uint8).reshape(1, -1)).resize((150, 1)))[0]
    image = Image.fromarray(row.astype(np.float32).reshape(1, -1)).resize((150, 1))
    return np.rint(np.asarray(image)[0]).clip(0, 255).astype(np.uint8)


@given(arrays(np.uint8, st.tuples(st.integers(0, 40), st.just(200))))
def test_a_block_of_whole_numbers_equals_pillow_row_by_row(pixels):
    traces = resize_rows(pixels)
    assert traces.shape == (len(pixels), WIDTH)
    assert traces.dtype == np.uint8
    for row, trace in zip(pixels, traces, strict=True):
        assert trace.tolist() == alone(row).tolist()


@given(
    arrays(np.float64, (6, 200), elements=st.floats(0, 255)),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_rows_of_decimals_are_resized_in_floats_whatever_their_neighbours(pixels, whole):
    pixels[whole] = np.floor(pixels[whole])
    for row, trace in zip(pixels, resize_rows(pixels), strict=True):
        assert trace.tolist() == alone(row).tolist()


def test_the_default_filter_of_pillow_is_the_bicubic_one():
    row = np.arange(200, dtype=np.uint8).reshape(1, -1)
    bicubic = Image.fromarray(row).resize((150, 1), Image.Resampling.BICUBIC)
    assert resize_rows(row).tolist() == np.asarray(bicubic).tolist()


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_no_rows_give_no_traces(dtype):
    assert resize_rows(np.empty((0, 200), dtype)).shape == (0, WIDTH)


@given(arrays(np.bool_, (4, 200)))
def test_a_null_weighs_nothing_and_where_nulls_weigh_half_or_more_there_is_one(null):
    found = resize_values(np.where(null, np.float32(np.nan), np.float32(5)), WIDTH)
    there = Image.fromarray((~null).astype(np.float32))
    weight = np.asarray(there.resize((WIDTH, 4), Image.Resampling.BICUBIC))
    assert (np.isnan(found) == (weight <= 0.5)).all()
    assert np.allclose(found[weight > 0.5], 5)


@pytest.mark.parametrize("null", [0.0, np.nan])
def test_the_largest_values_do_not_become_infinite(null):
    largest = np.finfo(np.float32).max
    values = np.full((1, 12), largest)
    values[0, ::3] = -largest
    values[0, 0] = null
    assert not np.isinf(resize_values(values, 20)).any()
