import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from images.arrays import Block
from images.ingest.contract.header import parse_header
from images.render.writers.tables import write_csv, write_npy, write_npz

GRAY = np.dtype(np.uint8)


def names(width):
    return [f"col{number}" for number in range(1, width + 1)]


sizes = st.lists(st.integers(1, 20), min_size=1, max_size=5)


def blocks_of(sizes, width=150):
    rng = np.random.default_rng(sum(sizes))
    return [
        Block(rng.normal(0, 1e3, size), rng.integers(0, 256, (size, width), np.uint8))
        for size in sizes
    ]


def together(blocks):
    return [np.concatenate(arrays) for arrays in zip(*blocks, strict=True)]


@given(sizes)
def test_an_npy_file_is_the_array_of_the_traces(sizes):
    blocks = blocks_of(sizes)
    data = b"".join(write_npy((sum(sizes), 150), GRAY, iter(blocks)))
    array = np.load(io.BytesIO(data))
    assert array.dtype == np.uint8
    assert array.tolist() == together(blocks)[1].tolist()


@given(sizes)
def test_an_npz_file_has_the_traces_and_the_depths(sizes):
    blocks = blocks_of(sizes)
    depths, traces = together(blocks)
    with np.load(io.BytesIO(b"".join(write_npz((sum(sizes), 150), GRAY, iter(blocks))))) as arrays:
        assert sorted(arrays) == ["depths", "traces"]
        assert arrays["depths"].tobytes() == depths.tobytes()
        assert arrays["traces"].tolist() == traces.tolist()


@given(sizes)
def test_a_csv_reads_back_as_it_was(sizes):
    blocks = blocks_of(sizes)
    depths, traces = together(blocks)
    header, *lines = b"".join(write_csv(names(150), iter(blocks))).decode().splitlines()
    rows = [line.split(",") for line in lines]
    assert header == "depth," + ",".join(f"col{i}" for i in range(1, 151))
    assert np.array([float(row[0]) for row in rows]).tobytes() == depths.tobytes()
    assert [[int(value) for value in row[1:]] for row in rows] == traces.tolist()


def test_a_csv_of_blocks_of_few_traces_is_the_same_and_is_written_in_few_pieces():
    """Each table takes time for each of its columns: minutes, with a few traces in each."""
    values = np.random.default_rng(0).normal(100, 20, (300, 2000)).astype(np.float32)
    values[7, 11] = np.nan
    depths = np.arange(300.0)
    few = (Block(depths[n : n + 3], values[n : n + 3]) for n in range(0, 300, 3))
    header, *pieces = write_csv(names(2000), few)
    assert len(pieces) == 3
    assert header + b"".join(pieces) == b"".join(write_csv(names(2000), [Block(depths, values)]))
    [line] = [line for line in b"".join(pieces).splitlines() if line.startswith(b"7.0,")]
    assert line.split(b",")[12] == b""


def test_the_csv_has_the_shape_of_an_upload():
    header = next(write_csv(names(200), iter([])))
    assert parse_header(header)[:2] == ("depth", "col1")
