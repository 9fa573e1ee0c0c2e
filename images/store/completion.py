"""Make overviews and statistics anew for logs whose own are missing or damaged."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from bson import ObjectId

from images.arrays import Block
from images.models import ImageLog
from images.store import pyramid_files
from images.store.depths import steps
from images.store.level_window import LevelWindow
from images.store.statistics import histogram
from storage.errors import translated


@translated()
def complete(log: ImageLog) -> None:
    """Replace the overviews, the statistics and the facts about the depth steps of ``log``.

    The log names the new files before they are written, so a crash leaves no unreachable file.
    Every update requires the ``file_ids`` that were read before. So when several processes complete
    the same log at once, one of them succeeds and the others change nothing.

    Raises StorageUnavailable, FileCorrupt. After an error, call it again.
    """
    old_ids, stale_ids = log.file_ids, log.file_ids[2:]
    log.file_ids = old_ids[:2] + pyramid_files.new_ids(log)[2:]
    ids_meanwhile = log.file_ids + stale_ids
    # If this process stops, the missing statistics show that the log is still to be completed.
    missing = {"file_ids": ids_meanwhile, "overviews": None, "histogram": None, "statistics": None}
    if not log.change(_ready_with(old_ids), **missing):
        return
    log.files().delete(stale_ids)
    completed = log.change(_ready_with(ids_meanwhile), file_ids=log.file_ids, **_write(log))
    if not completed:
        log.files().delete(log.file_ids[2:])


def _ready_with(file_ids: list[ObjectId]) -> dict[str, Any]:
    return {"state": ImageLog.State.READY, "file_ids": file_ids}


def _write(log: ImageLog) -> dict[str, Any]:
    """Write the overviews from the traces; return the fields of the log that this determines."""
    grays, depths = np.zeros(256, np.int64), []

    def counted() -> Iterator[Block]:
        for block in _read_traces(log):
            depths.append(block.depths)
            if log.dtype == np.uint8:
                np.add(grays, histogram(block.traces), out=grays)
            yield block

    written = pyramid_files.write_overviews(log, counted())
    depth_steps = steps(np.concatenate(depths), log.sampling_interval)
    return {
        **written._asdict(),
        "histogram": grays.astype("<i8").tobytes() if log.dtype == np.uint8 else None,
        "smallest_step": depth_steps.smallest,
        "largest_step": depth_steps.largest,
        "gaps": depth_steps.ends,
        "gap_count": depth_steps.gap_count,
    }


def _read_traces(log: ImageLog) -> Iterator[Block]:
    window = LevelWindow(log.levels()[0], log.top, log.base)
    window.read_edges()
    return window.blocks()
