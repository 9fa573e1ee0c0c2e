"""Traces of an upload, in a temporary file until all of it has been found to be good."""

import errno
import os
import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np

from images.csv_rows import Depths
from images.errors import SpoolFull
from images.resample import Traces

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class TraceSpool:
    """Takes traces in any order of depth, gives them back in ascending order.

    The pixels are in a nameless file in the directory for temporary files (``TMPDIR``); the depths
    are in memory, 8 bytes a row. Traces of equal depth stay in the order in which they came.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self._pixels: Any = None
        self._depths: list[Depths] = []

    def append(self, depths: Depths, traces: Traces) -> None:
        """Take (n,) float64 depths and (n, width) uint8 traces. Raises SpoolFull."""
        try:
            if self._pixels is None:
                self._pixels = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by close()
            written = self._pixels.write(traces.data) if len(traces) else 0
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise SpoolFull("there is no room for the temporary file of the upload") from error
            raise
        if written != traces.nbytes:
            raise SpoolFull("there is no room for the temporary file of the upload")
        self._depths.append(depths)

    def sort(self) -> Depths:
        """All depths in ascending order, (rows,) float64; ``blocks`` follows that order."""
        depths = np.concatenate([np.empty(0), *self._depths])
        self._depths = []
        if (depths[1:] >= depths[:-1]).all():
            self._order = None
            return depths
        self._order = np.argsort(depths, kind="stable")
        return depths[self._order]

    def blocks(self, rows: int, block_rows: int) -> Iterator[bytes]:
        """The pixels of ``rows`` traces in the order of ``sort``, ``block_rows`` at a time."""
        for start in range(0, rows, block_rows):
            stop = min(start + block_rows, rows)
            if self._order is None:
                yield self._read(start, stop)
            else:
                yield self._gather(self._order[start:stop])

    def close(self) -> None:
        """Give the room back."""
        if self._pixels is not None:
            self._pixels.close()

    def _gather(self, order: np.ndarray[Any, Any]) -> bytes:
        """Traces from all over the file; from one read where they lie together."""
        first, last = int(order.min()), int(order.max())
        if last - first < 4 * len(order):
            together = np.frombuffer(self._read(first, last + 1), np.uint8)
            return together.reshape(-1, self.width)[order - first].tobytes()
        return b"".join(self._read(row, row + 1) for row in order.tolist())

    def _read(self, start: int, stop: int) -> bytes:
        return os.pread(self._pixels.fileno(), (stop - start) * self.width, start * self.width)
