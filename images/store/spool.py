"""Traces of an upload, in temporary files until all of it has been validated."""

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from typing import Any

import numpy as np

from images.arrays import Depths, Traces
from images.errors import SpoolFull

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class TraceSpool:
    """Takes traces in any order of depth, gives them back in ascending order.

    ``dtype`` is that of their pixels. They are in nameless files in the directory for temporary
    files (``TMPDIR``); only ``sort`` brings the depths, 8 bytes a row, into memory. Traces of equal
    depth stay in the order in which they came.
    """

    def __init__(self, width: int, dtype: np.dtype | type = np.uint8) -> None:
        self.width = width
        self.dtype = np.dtype(dtype)
        self._order: np.ndarray[Any, Any] | None = None
        with room_needed(), ExitStack() as files:
            self._pixels = files.enter_context(TemporaryFile(buffering=0))
            self._depths = files.enter_context(TemporaryFile(buffering=0))
            self._files = files.pop_all()

    def append(self, depths: Depths, traces: Traces) -> None:
        """Take (n,) float64 depths and (n, width) traces of ``dtype``. Raises SpoolFull."""
        with room_needed():
            _write(self._pixels, np.ascontiguousarray(traces, self.dtype))
            _write(self._depths, depths)

    def sort(self) -> Depths:
        """All depths in ascending order, (rows,) float64; ``chunks`` follows that order."""
        self._depths.seek(0)
        depths = np.fromfile(self._depths, np.float64)
        if (depths[1:] < depths[:-1]).any():
            self._order = np.argsort(depths, kind="stable")
            depths = depths[self._order]
        return depths

    def chunks(self, rows: int, chunk_rows: int) -> Iterator[bytes]:
        """The pixels of ``rows`` traces in the order of ``sort``, ``chunk_rows`` at a time."""
        for start in range(0, rows, chunk_rows):
            stop = min(start + chunk_rows, rows)
            if self._order is None:
                yield self._read(start, stop)
            else:
                yield self._gather(self._order[start:stop])

    def close(self) -> None:
        """Close the files, which removes them."""
        self._files.close()

    def _gather(self, order: np.ndarray[Any, Any]) -> bytes:
        """Traces at these places of the file; one read if they lie close together."""
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


@contextmanager
def room_needed() -> Iterator[None]:
    """Turn errors that say that there is no room into SpoolFull."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise SpoolFull("there is no room for the temporary files of the upload") from error
        raise
