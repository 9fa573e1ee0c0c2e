"""The GridFS files of a log: its pixels and depths, and those of its overviews."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing

import numpy as np
from bson import ObjectId
from django.db import connection

from images import chunks, overviews
from images.chunks import CHUNK_ROWS, DEPTH_TYPE, Block
from images.csv_rows import Depths
from images.models import ImageLog, Overview
from images.overviews import Pyramid
from images.spool import TraceSpool
from storage.files import write_file

PixelChunks = Callable[[int, int], Iterable[bytes]]


def new_ids(log: ImageLog) -> list[ObjectId]:
    """Ids for all files that the log will have: pixels and depths, its own and of its overviews."""
    return [ObjectId() for _ in range(2 + 2 * len(_levels(log)))]


def write(
    log: ImageLog, depths: Depths, pixel_chunks: PixelChunks, keep_alive: Callable[[], None]
) -> list[Overview]:
    """Write all files of ``log`` and return its overviews.

    ``depths`` is (rows,) float64, ascending; ``pixel_chunks(rows, chunk_rows)`` gives the pixels
    of the traces in that order; ``keep_alive`` is called before each chunk.

    Raises SpoolFull, StorageUnavailable, and what ``keep_alive`` raises.
    """
    with ExitStack() as spools:
        below = {k: spools.enter_context(closing(TraceSpool(log.width))) for k in _levels(log)}
        pixels = pixel_chunks(log.rows, CHUNK_ROWS)
        if log.sampling_interval:
            pyramid = Pyramid(log.top, log.sampling_interval, _levels(log))
            pixels = _overviewed(pixels, depths, log.width, pyramid, below)
        _write_pair(log, log.file_ids[:2], "", pixels, depths, keep_alive)
        return [_write_overview(log, level, spool, keep_alive) for level, spool in below.items()]


def _levels(log: ImageLog) -> range:
    return overviews.levels(log.top, log.base, log.sampling_interval)


def _overviewed(
    pixels: Iterable[bytes],
    depths: Depths,
    width: int,
    pyramid: Pyramid,
    spools: dict[int, TraceSpool],
) -> Iterator[bytes]:
    """The same chunks, their overviews being put into the spools on the way."""
    for number, chunk in enumerate(pixels):
        traces = np.frombuffer(chunk, np.uint8).reshape(-1, width)
        start = number * CHUNK_ROWS
        for level, block in pyramid.add(Block(depths[start : start + CHUNK_ROWS], traces)):
            spools[level].append(*block)
        yield chunk
    for level, block in pyramid.finish():
        spools[level].append(*block)


def _write_overview(
    log: ImageLog, level: int, spool: TraceSpool, keep_alive: Callable[[], None]
) -> Overview:
    depths = spool.sort()
    file_ids = log.file_ids[2 * level : 2 * level + 2]
    pixels = spool.chunks(len(depths), CHUNK_ROWS)
    _write_pair(log, file_ids, f" of overview {level}", pixels, depths, keep_alive)
    return Overview(
        level=level, rows=len(depths), file_ids=file_ids, chunk_tops=chunks.tops(depths)
    )


def _write_pair(
    log: ImageLog,
    file_ids: list[ObjectId],
    which: str,
    pixels: Iterable[bytes],
    depths: Depths,
    keep_alive: Callable[[], None],
) -> None:
    parts = (
        ("pixels", log.width, pixels),
        ("depths", DEPTH_TYPE.itemsize, chunks.depth_chunks(depths)),
    )
    for file_id, (what, row_bytes, data) in zip(file_ids, parts, strict=True):
        write_file(
            connection.database,
            file_id,
            f"{log.pk}/{what}{which}",
            row_bytes * CHUNK_ROWS,
            _kept_alive(data, keep_alive),
            {"log": log.pk, "what": f"{what}{which}"},
        )


def _kept_alive(data: Iterable[bytes], keep_alive: Callable[[], None]) -> Iterator[bytes]:
    for chunk in data:
        keep_alive()
        yield chunk
