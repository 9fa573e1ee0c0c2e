"""Overviews and statistics for logs that lack them, or whose own are damaged."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from bson import ObjectId

from images.arrays import Block
from images.models import ImageLog
from images.store import pyramid_files
from images.store.depths import steps
from images.store.statistics import histogram
from images.store.window import LevelWindow
from storage.errors import translated


@translated()
def complete(log: ImageLog) -> None:
    """Make the overviews and statistics of ``log`` anew.

    The log names the files before they are written, so none is ever unreachable.

    Each change is of the log as it was found, so that of several at it at once one completes it.

    Raises SpoolFull, StorageUnavailable, FileCorrupt; calling it again goes on.
    """
    found, stale = log.file_ids, log.file_ids[2:]
    log.file_ids = found[:2] + pyramid_files.new_ids(log)[2:]
    under_way = log.file_ids + stale
    # Without statistics it is found lacking again, should this come to a stop.
    lacking = {"file_ids": under_way, "overviews": None, "histogram": None, "statistics": None}
    if not log.change(_as_found(found), **lacking):
        return
    log.files().delete(stale)
    grays, depths = np.zeros(256, np.int64), []

    def watched() -> Iterator[Block]:
        for block in _traces(log):
            depths.append(block.depths)
            if log.dtype == np.uint8:
                np.add(grays, histogram(block.traces), out=grays)
            yield block

    written = pyramid_files.write_overviews(log, watched())
    depth_steps = steps(np.concatenate(depths), log.sampling_interval)
    completed = log.change(
        _as_found(under_way),
        file_ids=log.file_ids,
        **written._asdict(),
        histogram=grays.astype("<i8").tobytes() if log.dtype == np.uint8 else None,
        smallest_step=depth_steps.smallest,
        largest_step=depth_steps.largest,
        gaps=depth_steps.ends,
        gap_count=depth_steps.gap_count,
    )
    if not completed:
        log.files().delete(log.file_ids[2:])


def _as_found(file_ids: list[ObjectId]) -> dict[str, Any]:
    return {"state": ImageLog.State.READY, "file_ids": file_ids}


def _traces(log: ImageLog) -> Iterator[Block]:
    window = LevelWindow(log.levels()[0], log.top, log.base)
    window.read_edges()
    return window.blocks()
