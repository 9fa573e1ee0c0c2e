import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.arrays import PIXEL_TYPES, Block
from images.store import chunks
from images.store.chunks import CHUNK_BYTES, WrongLength, rows_per_chunk

ascending = st.lists(st.integers(0, 12), min_size=1, max_size=40).map(sorted)


@given(ascending, st.integers(-1, 13), st.integers(-1, 13))
def test_the_span_misses_no_trace_and_reads_at_most_one_chunk_in_vain_at_each_end(depths, a, b):
    top, base = min(a, b), max(a, b)
    tops = np.frombuffer(chunks.encode_tops(np.array(depths, float), 4), "<f8")
    span = chunks.span(tops, top, base)
    holding = {i // 4 for i, depth in enumerate(depths) if top <= depth <= base}
    assert holding <= set(span)
    assert len(span) <= len(holding) + 2


def test_a_chunk_of_grays_150_wide_has_the_1740_traces_that_the_design_gives_it():
    assert rows_per_chunk(150, np.dtype(np.uint8)) == 1740


@given(st.integers(1, 4096), st.sampled_from([*PIXEL_TYPES.values()]))
def test_chunks_of_any_width_are_near_255_kib_and_no_larger(width, dtype):
    row = max(width * dtype.itemsize, 8)
    assert CHUNK_BYTES - row < rows_per_chunk(width, dtype) * row <= CHUNK_BYTES


def test_a_row_beyond_255_kib_has_a_chunk_of_its_own():
    assert rows_per_chunk(100_000, np.dtype("<f4")) == 1


def test_depths_are_little_endian_float64_in_chunks():
    depths = np.arange(8, dtype=float)
    parts = list(chunks.encode_depths(depths, 7))
    assert [len(part) for part in parts] == [7 * 8, 8]
    assert np.frombuffer(b"".join(parts), "<f8").tolist() == depths.tolist()


def test_a_pair_of_chunks_is_decoded_to_traces():
    block = chunks.decode(bytes(range(6)), np.array([1.5, 2.5]).tobytes(), 2, 3, np.dtype("u1"))
    assert block.depths.tolist() == [1.5, 2.5]
    assert block.traces.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_pair_of_chunks_of_values_is_decoded_to_float32_with_nulls():
    values = np.array([[1.5, np.nan]], "<f4")
    block = chunks.decode(values.tobytes(), np.array([1.5]).tobytes(), 1, 2, np.dtype("<f4"))
    assert block.traces.dtype == np.float32
    np.testing.assert_array_equal(block.traces, values)


@pytest.mark.parametrize(("pixels", "depths"), [(5, 16), (7, 16), (6, 8), (0, 0)])
def test_chunks_of_a_wrong_length_are_refused(pixels, depths):
    with pytest.raises(WrongLength, match="do not hold 2 traces"):
        chunks.decode(bytes(pixels), bytes(depths), 2, 3, np.dtype("u1"))


@given(ascending, st.integers(-1, 13), st.integers(-1, 13))
def test_a_cut_holds_what_is_in_the_closed_range(depths, top, base):
    traces = np.arange(len(depths), dtype=np.uint8).reshape(-1, 1)
    block = chunks.cut(Block(np.array(depths, float), traces), top, base)
    inside = [i for i, depth in enumerate(depths) if top <= depth <= base]
    assert block.traces.ravel().tolist() == inside
