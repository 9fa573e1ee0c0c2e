"""How traces lie in the chunks of GridFS files.

Pixels are raw rows of 8 bits, depths float64 in little-endian order. A chunk of either holds
CHUNK_ROWS whole traces, the last one what is left, so chunk n of the depths describes chunk n of
the pixels.
"""

from collections.abc import Iterator

import numpy as np

from images.arrays import Block, Depths

# 150 x 1740 = 261 000 bytes: about the most whole traces in GridFS's default chunk, 255 KiB.
CHUNK_ROWS = 1740
DEPTH_TYPE = np.dtype("<f8")


class WrongLength(ValueError):
    """A chunk does not hold the traces that it should."""


def tops(depths: Depths) -> bytes:
    """The first depth of every chunk of ``depths``, (n,) float64, as bytes."""
    return depths[::CHUNK_ROWS].astype(DEPTH_TYPE).tobytes()


def depth_chunks(depths: Depths) -> Iterator[bytes]:
    """The chunks of ``depths``, (n,) float64."""
    for start in range(0, len(depths), CHUNK_ROWS):
        yield depths[start : start + CHUNK_ROWS].astype(DEPTH_TYPE).tobytes()


def rows_in(number: int, rows: int) -> int:
    """How many traces chunk ``number`` of a log of ``rows`` traces holds."""
    return min(CHUNK_ROWS, rows - number * CHUNK_ROWS)


def decode(pixels: bytes, depths: bytes, rows: int, width: int) -> Block:
    """The ``rows`` traces of a pair of chunks. Raises WrongLength."""
    if len(pixels) != rows * width or len(depths) != rows * DEPTH_TYPE.itemsize:
        raise WrongLength(
            f"chunks of {len(pixels)} and {len(depths)} bytes do not hold {rows} traces"
        )
    traces = np.frombuffer(pixels, np.uint8).reshape(rows, width)
    return Block(np.frombuffer(depths, DEPTH_TYPE), traces)


def span(chunk_tops: Depths, top: float, base: float) -> range:
    """The chunks that may hold traces from ``top`` to ``base``, both ends included.

    The chunk before the first one that begins at ``top`` may end there.
    """
    first = max(int(np.searchsorted(chunk_tops, top, "left")) - 1, 0)
    return range(first, int(np.searchsorted(chunk_tops, base, "right")))


def cut(block: Block, top: float, base: float) -> Block:
    """The traces of ``block`` from ``top`` to ``base``, both ends included."""
    start = int(np.searchsorted(block.depths, top, "left"))
    stop = int(np.searchsorted(block.depths, base, "right"))
    return Block(block.depths[start:stop], block.traces[start:stop])
