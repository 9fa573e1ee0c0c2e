"""Traces to what notebooks and spreadsheets read: NumPy's files and CSV, in pieces."""

import io
from collections.abc import Iterable, Iterator
from zipfile import ZipFile, ZipInfo

import numpy as np
import polars as pl
from numpy.lib import format as npy_format

from images.arrays import Block
from images.render.sink import Sink
from images.store.chunks import DEPTH_TYPE

DEPTH = "depth"


def npy_answer(count: int, width: int, blocks: Iterable[Block]) -> Iterator[bytes]:
    """The traces as an NPY file (NEP 1) of (count, width) uint8."""
    yield _npy_header((count, width), np.dtype(np.uint8))
    for block in blocks:
        yield block.traces.tobytes()


def npz_answer(count: int, width: int, blocks: Iterable[Block]) -> Iterator[bytes]:
    """An NPZ file: ``traces``, (count, width) uint8, and ``depths``, (count,) float64.

    The same traces make the same bytes: the time that the archive tells is that of no file. The
    depths, 8 bytes a trace, are kept until the traces have been sent.
    """
    depths = []

    def remembered() -> Iterator[Block]:
        for block in blocks:
            depths.append(block.depths)
            yield block

    sink = Sink()
    with ZipFile(sink, "w") as archive:
        with archive.open(ZipInfo("traces.npy"), "w", force_zip64=True) as file:
            for piece in npy_answer(count, width, remembered()):
                file.write(piece)
                yield sink.taken()
        with archive.open(ZipInfo("depths.npy"), "w", force_zip64=True) as file:
            file.write(_npy_header((count,), DEPTH_TYPE))
            for part in depths:
                file.write(part.astype(DEPTH_TYPE).tobytes())
        yield sink.taken()
    yield sink.taken()


def csv_answer(width: int, blocks: Iterable[Block]) -> Iterator[bytes]:
    """``depth,col1,…`` and a line for each trace; depths read back as the same float64."""
    names = [f"col{i}" for i in range(1, width + 1)]
    yield ",".join((DEPTH, *names)).encode() + b"\n"
    for block in blocks:
        columns = dict(zip(names, block.traces.T, strict=True))
        frame = pl.DataFrame({DEPTH: block.depths, **columns})
        yield frame.write_csv(include_header=False).encode()


def _npy_header(shape: tuple[int, ...], dtype: np.dtype) -> bytes:
    buffer = io.BytesIO()
    description = {"descr": npy_format.dtype_to_descr(dtype), "fortran_order": False}
    npy_format.write_array_header_1_0(buffer, {**description, "shape": shape})
    return buffer.getvalue()
