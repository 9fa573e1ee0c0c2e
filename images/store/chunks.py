"""The layout of traces in the chunks of GridFS files.

A log has one file of pixels and one of depths. Pixels are raw rows of uint8 grays or float32
values, depths are float64, both little-endian. Every chunk holds ``chunk_rows`` whole traces; the
last chunk holds the rest. Chunk n of the depths belongs to chunk n of the pixels.
"""

from collections.abc import Iterator

import numpy as np

from images.arrays import DEPTH_TYPE, Block, Depths

# The largest chunk: the default chunk size of GridFS.
CHUNK_BYTES = 255 * 1024


class WrongLength(ValueError):
    """A chunk has the wrong number of bytes."""


def rows_per_chunk(width: int, dtype: np.dtype) -> int:
    """Return how many traces fit into a chunk, at least 1.

    1740 traces of 150 grays, for example, are 261 000 bytes.
    """
    return max(CHUNK_BYTES // max(width * dtype.itemsize, DEPTH_TYPE.itemsize), 1)


def encode_tops(depths: Depths, chunk_rows: int) -> bytes:
    """Encode the first depth of every chunk as little-endian float64.

    ``depths`` is (n,) float64: all depths of the log.
    """
    return depths[::chunk_rows].astype(DEPTH_TYPE).tobytes()


def encode_depths(depths: Depths, chunk_rows: int) -> Iterator[bytes]:
    """Yield the chunks of a file of ``depths``, (n,) float64."""
    for start in range(0, len(depths), chunk_rows):
        yield depths[start : start + chunk_rows].astype(DEPTH_TYPE).tobytes()


def decode(pixels: bytes, depths: bytes, rows: int, width: int, dtype: np.dtype) -> Block:
    """Decode a chunk of pixels and its chunk of depths, which hold ``rows`` traces.

    Raises WrongLength.
    """
    row_bytes = width * dtype.itemsize
    if len(pixels) != rows * row_bytes or len(depths) != rows * DEPTH_TYPE.itemsize:
        raise WrongLength(
            f"chunks of {len(pixels)} and {len(depths)} bytes do not hold {rows} traces"
        )
    traces = np.frombuffer(pixels, dtype).reshape(rows, width)
    return Block(np.frombuffer(depths, DEPTH_TYPE), traces)


def span(chunk_tops: Depths, top: float, base: float) -> range:
    """Return the numbers of the chunks that may hold traces from ``top`` to ``base``, inclusive.

    ``chunk_tops`` is (chunks,) float64, ascending: the first depth of every chunk. The last traces
    of the chunk that begins above ``top`` may be in the range, so that chunk is included.
    """
    first = max(int(np.searchsorted(chunk_tops, top, "left")) - 1, 0)
    return range(first, int(np.searchsorted(chunk_tops, base, "right")))


def within(depths: Depths, top: float, base: float) -> Depths:
    """Return the part of ``depths``, (n,) float64 ascending, from ``top`` to ``base`` inclusive."""
    start = np.searchsorted(depths, top, "left")
    return depths[start : np.searchsorted(depths, base, "right")]


def cut(block: Block, top: float, base: float) -> Block:
    """Return the traces of ``block`` from ``top`` to ``base`` inclusive."""
    start = int(np.searchsorted(block.depths, top, "left"))
    stop = int(np.searchsorted(block.depths, base, "right"))
    return Block(block.depths[start:stop], block.traces[start:stop])
