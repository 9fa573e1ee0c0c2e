import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from images.arrays import Block
from images.store.merge import merged


def stream(number, depths, size):
    """Blocks of ``size`` traces whose pixels say where they come from."""
    for start in range(0, len(depths), size):
        part = depths[start : start + size]
        rows = [[number, start + i] for i in range(len(part))]
        yield Block(np.array(part, float), np.array(rows, np.uint8))


@given(
    st.lists(st.lists(st.integers(0, 15), max_size=30).map(sorted), min_size=1, max_size=4),
    st.integers(1, 7),
)
def test_the_merge_has_every_trace_once_in_ascending_depth(columns, size):
    blocks = list(
        merged(
            [stream(n, column, size) for n, column in enumerate(columns)],
            [min(column, default=0) for column in columns],
        )
    )
    depths = [depth for block in blocks for depth in block.depths]
    origins = [tuple(row) for block in blocks for row in block.traces.tolist()]
    assert depths == sorted(depths)
    assert all(len(block.depths) for block in blocks)
    # In their order, also where traces of one log have the same depth.
    found = [[i for number, i in origins if number == n] for n in range(len(columns))]
    assert found == [[*range(len(column))] for column in columns]
    assert all(columns[n][i] == depth for (n, i), depth in zip(origins, depths, strict=True))


def test_streams_are_read_only_as_far_as_needed():
    read = []

    def watched():
        for block in stream(0, list(range(100)), 10):
            read.append(block)
            yield block

    blocks = merged([watched(), stream(1, [5], 1)], [0, 5])
    next(blocks)
    assert len(read) == 1
