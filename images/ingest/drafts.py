"""Logs that were read whole into temporary files, to be published."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from prometheus_client import Counter

from images.arrays import Depths
from images.models import ImageLog
from images.store import journal
from images.store.depths import duplicates, sampling_interval, steps

_ingested_rows = Counter("image_log_ingested_rows", "Rows of the files that became logs.")
_ingested_bytes = Counter("image_log_ingested_bytes", "Bytes of the files that became logs.")


class Draft(NamedTuple):
    """A log that is not stored yet, its (rows,) depths, ascending, and its pixels in the order of
    the depths, as ``journal.publish`` takes them."""

    log: ImageLog
    depths: Depths
    pixel_chunks: Callable[[int, int], Iterable[bytes]]


def drafted(
    depths: Depths, pixel_chunks: Callable[[int, int], Iterable[bytes]], **fields: Any
) -> Draft:
    """A draft of a log with these fields, and with those that follow from its depths."""
    interval = sampling_interval(depths)
    found = steps(depths, interval)
    log = ImageLog(
        rows=len(depths),
        duplicate_depths=duplicates(depths),
        top=float(depths[0]),
        base=float(depths[-1]),
        sampling_interval=interval,
        smallest_step=found.smallest,
        largest_step=found.largest,
        gaps=found.ends,
        gap_count=found.gap_count,
        **fields,
    )
    return Draft(log, depths, pixel_chunks)


def publish(drafts: Sequence[Draft], size: int) -> list[tuple[ImageLog, bool]]:
    """Publish all drafts of a file of ``size`` bytes, or none: the logs, and whether each is new.

    Raises NoRoom, IngestOvertaken, StorageUnavailable.
    """
    published = journal.publish(drafts)
    if any(created for _, created in published):
        _ingested_rows.inc(max(log.rows for log, _ in published))
        _ingested_bytes.inc(size)
    return published
