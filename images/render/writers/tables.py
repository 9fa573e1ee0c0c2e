"""Write traces as NPY, NPZ or CSV."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np
import polars as pl
from numpy.lib import format as npy_format

from images.arrays import DEPTH_TYPE, Block, joined
from images.render.writers.sink import Sink

DEPTH = "depth"
# As many as a chunk of a log of usual width has.
JOINED_VALUES = 1 << 18
Shape = tuple[int, int]


def write_npy(shape: Shape, dtype: "np.dtype[Any]", blocks: Iterable[Block]) -> Iterator[bytes]:
    """Yield an NPY file (NEP 1) of (traces, width) uint8 grays, or float32 values with NaN as null.

    ``shape`` is that of all ``blocks`` together.
    """
    yield _npy_header(shape, dtype)
    for block in blocks:
        yield block.traces.tobytes()


def write_npz(shape: Shape, dtype: "np.dtype[Any]", blocks: Iterable[Block]) -> Iterator[bytes]:
    """Yield an NPZ file: ``traces`` as in ``write_npy``, and ``depths``, (traces,) float64.

    The archive has no timestamps, so the same traces give the same bytes. The depths, 8 bytes per
    trace, are in memory until the traces have been sent.
    """
    depths = []

    def with_depths_kept() -> Iterator[Block]:
        for block in blocks:
            depths.append(block.depths)
            yield block

    sink = Sink()
    with ZipFile(sink, "w") as archive:
        with archive.open(ZipInfo("traces.npy"), "w", force_zip64=True) as file:
            for piece in write_npy(shape, dtype, with_depths_kept()):
                file.write(piece)
                yield sink.take()
        with archive.open(ZipInfo("depths.npy"), "w", force_zip64=True) as file:
            file.write(_npy_header(shape[:1], DEPTH_TYPE))
            for part in depths:
                file.write(part.astype(DEPTH_TYPE).tobytes())
        yield sink.take()
    yield sink.take()


def write_csv(names: Sequence[str], blocks: Iterable[Block]) -> Iterator[bytes]:
    """Yield a CSV with the columns ``depth`` and ``names``, and a line for each trace.

    Null is an empty field. Depths read back as the same float64, values as the same float32.
    """
    yield ",".join((DEPTH, *names)).encode() + b"\n"
    for depths, traces in _larger(blocks):
        columns = dict(zip(names, np.ascontiguousarray(traces.T), strict=True))
        frame = pl.DataFrame({DEPTH: depths, **columns}, nan_to_null=True)
        yield frame.write_csv(include_header=False).encode()


def _larger(blocks: Iterable[Block]) -> Iterator[Block]:
    """Join blocks of few traces: polars takes as long for a column of 10 values as of 100."""
    waiting: list[Block] = []
    for block in blocks:
        waiting.append(block)
        if sum(each.traces.size for each in waiting) >= JOINED_VALUES:
            yield joined(waiting)
            waiting = []
    if waiting:
        yield joined(waiting)


def _npy_header(shape: tuple[int, ...], dtype: "np.dtype[Any]") -> bytes:
    buffer = io.BytesIO()
    descr = npy_format.dtype_to_descr(dtype)
    npy_format.write_array_header_1_0(
        buffer, {"descr": descr, "fortran_order": False, "shape": shape}
    )
    return buffer.getvalue()
