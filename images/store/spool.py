"""Temporary files for the traces of an upload, until all of it has been validated."""

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np

from images.arrays import Depths, Traces
from web.temporary_files import UnnamedFile, room_needed


class TraceSpool:
    """Takes traces in any order of depth and returns them sorted by depth.

    ``width`` and ``dtype`` are those of the traces. They are in unnamed files in the directory for
    temporary files (``TMPDIR``). Only ``sort`` reads the depths into memory, 8 bytes a trace. The
    sort is stable.
    """

    def __init__(self, width: int, dtype: np.dtype | type = np.uint8) -> None:
        self.width = width
        self.dtype = np.dtype(dtype)
        self._order: np.ndarray[Any, Any] | None = None
        with ExitStack() as files:
            self._pixels = files.enter_context(UnnamedFile())
            self._depths = files.enter_context(UnnamedFile())
            self._files = files.pop_all()

    def append(self, depths: Depths, traces: Traces) -> None:
        """Add traces: (n,) float64 and (n, width) of ``dtype``. Raises NoRoom."""
        with room_needed():
            _write(self._pixels, np.ascontiguousarray(traces, self.dtype))
            _write(self._depths, depths)

    def sort(self) -> Depths:
        """Return all depths in ascending order, (rows,) float64. Call it before ``chunks``."""
        self._depths.seek(0)
        depths = np.fromfile(self._depths, np.float64)
        if (depths[1:] < depths[:-1]).any():
            self._order = np.argsort(depths, kind="stable")
            depths = depths[self._order]
        return depths

    def chunks(self, rows: int, chunk_rows: int) -> Iterator[bytes]:
        """Yield the pixels of the traces, sorted by depth, ``chunk_rows`` traces at a time."""
        for start in range(0, rows, chunk_rows):
            stop = min(start + chunk_rows, rows)
            if self._order is None:
                yield self._read(start, stop)
            else:
                yield self._gather(self._order[start:stop])

    def close(self) -> None:
        """Close the files, which deletes them."""
        self._files.close()

    def _gather(self, order: np.ndarray[Any, Any]) -> bytes:
        """Read the rows ``order`` of the file, with one read if they are close together."""
        first, last = int(order.min()), int(order.max())
        if last - first < 4 * len(order):
            together = np.frombuffer(self._read(first, last + 1), self.dtype)
            return together.reshape(-1, self.width)[order - first].tobytes()
        return b"".join(self._read(row, row + 1) for row in order.tolist())

    def _read(self, start: int, stop: int) -> bytes:
        row_bytes = self.width * self.dtype.itemsize
        return os.pread(self._pixels.fileno(), (stop - start) * row_bytes, start * row_bytes)


def _write(file: Any, values: np.ndarray[Any, Any]) -> None:
    if values.size and file.write(values.data) != values.nbytes:
        raise OSError(errno.ENOSPC, "only a part could be written")
