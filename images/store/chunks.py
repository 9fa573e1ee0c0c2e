"""How traces lie in the chunks of GridFS files.

Pixels are raw rows of 8-bit grays or of float32 values, depths float64, both in little-endian
order. Chunk n of the depths describes chunk n of the pixels: each holds as many whole traces as the
log says, the last one what is left.
"""

from collections.abc import Iterator

import numpy as np

from images.arrays import DEPTH_TYPE, Block, Depths

# GridFS's default, which is about the most for a file that is read by its chunks.
CHUNK_BYTES = 255 * 1024


class WrongLength(ValueError):
    """A chunk does not hold the traces that it should."""


def rows_per_chunk(width: int, dtype: np.dtype) -> int:
    """How many traces of this width make a chunk: 1740 of 150 grays, which are 261 000 bytes."""
    return max(CHUNK_BYTES // max(width * dtype.itemsize, DEPTH_TYPE.itemsize), 1)


def encode_tops(depths: Depths, chunk_rows: int) -> bytes:
    """The first depth of every chunk of ``depths``, (n,) float64, as bytes."""
    return depths[::chunk_rows].astype(DEPTH_TYPE).tobytes()


def encode_depths(depths: Depths, chunk_rows: int) -> Iterator[bytes]:
    """The chunks of ``depths``, (n,) float64."""
    for start in range(0, len(depths), chunk_rows):
        yield depths[start : start + chunk_rows].astype(DEPTH_TYPE).tobytes()


def decode(pixels: bytes, depths: bytes, rows: int, width: int, dtype: np.dtype) -> Block:
    """The ``rows`` traces of a pair of chunks. Raises WrongLength."""
    row_bytes = width * dtype.itemsize
    if len(pixels) != rows * row_bytes or len(depths) != rows * DEPTH_TYPE.itemsize:
        raise WrongLength(
            f"chunks of {len(pixels)} and {len(depths)} bytes do not hold {rows} traces"
        )
    traces = np.frombuffer(pixels, dtype).reshape(rows, width)
    return Block(np.frombuffer(depths, DEPTH_TYPE), traces)


def span(chunk_tops: Depths, top: float, base: float) -> range:
    """The chunks that may hold traces from ``top`` to ``base``, both ends included.

    The chunk before the first one that begins at ``top`` may end there.
    """
    first = max(int(np.searchsorted(chunk_tops, top, "left")) - 1, 0)
    return range(first, int(np.searchsorted(chunk_tops, base, "right")))


def within(depths: Depths, top: float, base: float) -> Depths:
    """Those of ascending ``depths`` from ``top`` to ``base``, both ends included."""
    start = np.searchsorted(depths, top, "left")
    return depths[start : np.searchsorted(depths, base, "right")]


def cut(block: Block, top: float, base: float) -> Block:
    """The traces of ``block`` from ``top`` to ``base``, both ends included."""
    start = int(np.searchsorted(block.depths, top, "left"))
    stop = int(np.searchsorted(block.depths, base, "right"))
    return Block(block.depths[start:stop], block.traces[start:stop])
