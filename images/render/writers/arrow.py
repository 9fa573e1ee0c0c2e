"""Write traces as an Apache Arrow IPC stream or as Parquet, with names and units as metadata.

https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format
"""

from collections.abc import Iterable, Iterator
from typing import Any

import nanoarrow as na
import numpy as np
import polars as pl
from nanoarrow.ipc import StreamWriter
from polars.io.plugins import register_io_source

from images.arrays import Block
from images.render.writers.labels import Labels
from images.render.writers.sink import Sink
from web.temporary_files import UnnamedFile

DEPTH, VALUES = "depth", "values"
# The size of a row group of Parquet. polars has up to eight of them in memory while it writes.
GROUP_BYTES = 4 * 1024**2
PARQUET_BYTES = 8 * GROUP_BYTES
PIECE_BYTES = 1024**2


def write_arrow(
    labels: Labels, dtype: "np.dtype[Any]", wide: bool, blocks: Iterable[Block]
) -> Iterator[bytes]:
    """Yield an Arrow IPC stream with one record batch for each block.

    The column ``depth`` is float64. The traces are uint8, or float32 where NaN is null: one column
    ``values`` of fixed-size lists, or with ``wide`` a column ``NAME[i]`` for each pixel.
    """
    kind = na.uint8() if dtype == np.uint8 else na.float32()
    fields = {DEPTH: na.float64()}
    if wide:
        fields |= dict.fromkeys(labels.columns(), kind)
    else:
        fields[VALUES] = na.fixed_size_list(kind, labels.width)
    schema = na.c_schema(na.struct(fields, nullable=False)).modify(metadata=labels.metadata())
    sink = Sink()
    with StreamWriter.from_writable(sink) as writer:
        for block in blocks:
            writer.write_array(_record_batch(schema, kind, wide, block))
            yield sink.take()
    yield sink.take()


def _record_batch(schema: Any, kind: Any, wide: bool, block: Block) -> Any:
    count, width = block.traces.shape
    if wide:
        parts = [na.c_array(column, kind) for column in np.ascontiguousarray(block.traces.T)]
    else:
        flat = na.c_array(np.ascontiguousarray(block.traces).reshape(-1), kind)
        lists = na.fixed_size_list(kind, width)
        parts = [na.c_array_from_buffers(lists, count, [None], children=[flat])]
    depths = na.c_array(block.depths, na.float64())
    return na.c_array_from_buffers(schema, count, [None], children=[depths, *parts])


def write_parquet(
    labels: Labels, dtype: "np.dtype[Any]", wide: bool, blocks: Iterable[Block]
) -> Iterator[bytes]:
    """Yield a Parquet file with the columns of ``write_arrow``.

    The whole file is written to an unnamed temporary file before the first piece. So an error in
    reading the traces is answered with an error and not with half a file. Raises NoRoom.
    """
    kind = pl.UInt8 if dtype == np.uint8 else pl.Float32
    lists = pl.Array(kind, labels.width)
    names = labels.columns()
    schema = {DEPTH: pl.Float64, **(dict.fromkeys(names, kind) if wide else {VALUES: lists})}

    def frames(*_: object) -> Iterator[pl.DataFrame]:
        for block in blocks:
            if wide:
                columns = zip(names, np.ascontiguousarray(block.traces.T), strict=True)
                yield pl.DataFrame({DEPTH: block.depths, **dict(columns)})
            else:
                yield pl.DataFrame(
                    {DEPTH: block.depths, VALUES: pl.Series(block.traces, dtype=lists)}
                )

    rows = max(1, GROUP_BYTES // (labels.width * dtype.itemsize + 8))
    with UnnamedFile() as file:
        lazy = register_io_source(frames, schema=schema)
        try:
            lazy.sink_parquet(file, metadata=labels.metadata(), row_group_size=rows)
        except pl.exceptions.ComputeError as error:
            raise file.no_room or error from error
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece
