"""Overviews and statistics for logs that were ingested without them."""

from collections.abc import Iterator

import numpy as np
from django.db import connection

from images import pyramid_files
from images.chunks import Block
from images.models import ImageLog
from images.statistics import histogram, steps
from images.window import LevelWindow
from storage.errors import translated
from storage.files import delete_files


@translated()
def complete_logs() -> int:
    """Complete every log that lacks overviews, and return how many there were.

    Raises SpoolFull, StorageUnavailable, FileCorrupt; calling it again goes on.
    """
    lacking = list(ImageLog.objects.filter(state=ImageLog.State.READY, histogram=None))
    for log in lacking:
        _complete(log)
    return len(lacking)


def _complete(log: ImageLog) -> None:
    """The log names the files before they are written, so none is ever unreachable."""
    stale = log.file_ids[2:]
    log.file_ids = log.file_ids[:2] + pyramid_files.new_ids(log)[2:]
    _update(log, file_ids=log.file_ids + stale)
    delete_files(connection.database, stale)
    grays, depths = np.zeros(256, np.int64), []

    def watched() -> Iterator[Block]:
        for block in _traces(log):
            depths.append(block.depths)
            np.add(grays, histogram(block.traces), out=grays)
            yield block

    overviews = pyramid_files.write_overviews(log, watched())
    found = steps(np.concatenate(depths), log.sampling_interval)
    _update(
        log,
        file_ids=log.file_ids,
        overviews=overviews,
        histogram=grays.astype("<i8").tobytes(),
        smallest_step=found.smallest,
        largest_step=found.largest,
        gaps=found.ends,
        gap_count=found.gap_count,
    )


def _traces(log: ImageLog) -> Iterator[Block]:
    window = LevelWindow(log.levels()[0], log.top, log.base)
    window.read_edges()
    return window.blocks()


def _update(log: ImageLog, **fields: object) -> None:
    ImageLog.objects.filter(pk=log.pk, state=ImageLog.State.READY).update(**fields)
