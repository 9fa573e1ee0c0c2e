import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.arrays import Block
from images.store import chunks
from images.store.chunks import CHUNK_ROWS, WrongLength

ascending = st.lists(st.integers(0, 12), min_size=1, max_size=40).map(sorted)


@given(ascending, st.integers(-1, 13), st.integers(-1, 13))
def test_the_span_misses_no_trace_and_reads_at_most_one_chunk_in_vain_at_each_end(depths, a, b):
    top, base = min(a, b), max(a, b)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK_ROWS", 4)
        tops = np.frombuffer(chunks.tops(np.array(depths, float)), "<f8")
    span = chunks.span(tops, top, base)
    holding = {i // 4 for i, depth in enumerate(depths) if top <= depth <= base}
    assert holding <= set(span)
    assert len(span) <= len(holding) + 2


def test_a_chunk_of_pixels_is_the_size_that_the_design_gives_it():
    assert CHUNK_ROWS * 150 == 261_000


def test_the_last_chunk_holds_what_is_left():
    assert [chunks.rows_in(n, 2 * CHUNK_ROWS + 5) for n in range(3)] == [CHUNK_ROWS] * 2 + [5]


def test_depths_are_little_endian_float64_in_chunks():
    depths = np.arange(CHUNK_ROWS + 1, dtype=float)
    parts = list(chunks.depth_chunks(depths))
    assert [len(part) for part in parts] == [CHUNK_ROWS * 8, 8]
    assert np.frombuffer(b"".join(parts), "<f8").tolist() == depths.tolist()


def test_a_pair_of_chunks_is_decoded_to_traces():
    block = chunks.decode(bytes(range(6)), np.array([1.5, 2.5]).tobytes(), 2, 3)
    assert block.depths.tolist() == [1.5, 2.5]
    assert block.traces.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(("pixels", "depths"), [(5, 16), (7, 16), (6, 8), (0, 0)])
def test_chunks_of_a_wrong_length_are_refused(pixels, depths):
    with pytest.raises(WrongLength, match="do not hold 2 traces"):
        chunks.decode(bytes(pixels), bytes(depths), 2, 3)


@given(ascending, st.integers(-1, 13), st.integers(-1, 13))
def test_a_cut_holds_what_is_in_the_closed_range(depths, top, base):
    traces = np.arange(len(depths), dtype=np.uint8).reshape(-1, 1)
    block = chunks.cut(Block(np.array(depths, float), traces), top, base)
    inside = [i for i, depth in enumerate(depths) if top <= depth <= base]
    assert block.traces.ravel().tolist() == inside
