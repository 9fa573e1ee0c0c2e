"""Traces to what notebooks and spreadsheets read: NumPy's files and CSV, in pieces."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np
import polars as pl
from numpy.lib import format as npy_format

from images.arrays import DEPTH_TYPE, Block
from images.render.sink import Sink

DEPTH = "depth"
Shape = tuple[int, int]


def write_npy(shape: Shape, dtype: "np.dtype[Any]", blocks: Iterable[Block]) -> Iterator[bytes]:
    """The traces as an NPY file (NEP 1): (traces, width) uint8 grays, or float32 values with NaN
    as null."""
    yield _npy_header(shape, dtype)
    for block in blocks:
        yield block.traces.tobytes()


def write_npz(shape: Shape, dtype: "np.dtype[Any]", blocks: Iterable[Block]) -> Iterator[bytes]:
    """An NPZ file: ``traces`` as in npy, and ``depths``, (traces,) float64.

    The same traces make the same bytes, because the archive holds no time. The depths, 8 bytes a
    trace, are in memory until the traces have been sent.
    """
    depths = []

    def remembered() -> Iterator[Block]:
        for block in blocks:
            depths.append(block.depths)
            yield block

    sink = Sink()
    with ZipFile(sink, "w") as archive:
        with archive.open(ZipInfo("traces.npy"), "w", force_zip64=True) as file:
            for piece in write_npy(shape, dtype, remembered()):
                file.write(piece)
                yield sink.take()
        with archive.open(ZipInfo("depths.npy"), "w", force_zip64=True) as file:
            file.write(_npy_header(shape[:1], DEPTH_TYPE))
            for part in depths:
                file.write(part.astype(DEPTH_TYPE).tobytes())
        yield sink.take()
    yield sink.take()


def write_csv(names: Sequence[str], blocks: Iterable[Block]) -> Iterator[bytes]:
    """``depth`` and the ``names`` of the columns, and a line for each trace; null is empty.

    Depths read back as the same float64, values as the same float32.
    """
    yield ",".join((DEPTH, *names)).encode() + b"\n"
    for block in blocks:
        columns = dict(zip(names, np.ascontiguousarray(block.traces.T), strict=True))
        frame = pl.DataFrame({DEPTH: block.depths, **columns})
        if block.traces.dtype != np.uint8:
            frame = frame.with_columns(pl.exclude(DEPTH).fill_nan(None))
        yield frame.write_csv(include_header=False).encode()


def _npy_header(shape: tuple[int, ...], dtype: "np.dtype[Any]") -> bytes:
    buffer = io.BytesIO()
    descr = npy_format.dtype_to_descr(dtype)
    npy_format.write_array_header_1_0(
        buffer, {"descr": descr, "fortran_order": False, "shape": shape}
    )
    return buffer.getvalue()
