"""A depth range to the traces in it, read chunk by chunk from the image logs that have any."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from bson import ObjectId

from images.arrays import Block
from images.errors import LogNotFound, NothingInRange
from images.models import ImageLog, Level
from images.store import chunks
from images.store.merge import merged
from storage.bucket import Bucket
from storage.errors import FileCorrupt, translated
from storage.reader import read_chunks

# Chunks of each file read in one query: a few megabytes, whatever the size of the answer.
PAGE_CHUNKS = 8


@dataclass(frozen=True, slots=True)
class Window:
    """The traces from one depth to another: how many, of which width, from the ``first`` depth to
    the ``last`` one, and the traces."""

    count: int
    width: int
    first: float
    last: float
    blocks: Iterator[Block]


@translated()
def matching_logs(
    top: float, base: float, well: str | None = None, log_id: ObjectId | None = None
) -> list[ImageLog]:
    """The logs, of one well or all, that reach into the range, in the order of their uploads.

    Raises LogNotFound, NothingInRange, StorageUnavailable.
    """
    if log_id is not None:
        # By its id alone is the fastest way to find a document.
        log = ImageLog.with_id(log_id)
        logs = [log] if log and _is_ready(log, well) else []
        found = [log for log in logs if log.top <= base and log.base >= top]
    else:
        selection = {"state": ImageLog.State.READY} | ({} if well is None else {"well": well})
        found = ImageLog.find({**selection, "top": {"$lte": base}, "base": {"$gte": top}})
        logs = found or ([] if well is None else ImageLog.find(selection))
    if not logs and (log_id or well):
        name = f"image log {log_id}" if log_id else "image log"
        raise LogNotFound(f"there is no {name}" + (f" in well {well}" if well else ""))
    if not found:
        raise _nothing(top, base)
    return found


def _is_ready(log: ImageLog, well: str | None) -> bool:
    return log.state == ImageLog.State.READY and well in {None, log.well}


@translated()
def open_window(logs: Sequence[ImageLog], top: float, base: float) -> Window:
    """The traces of ``logs`` from ``top`` to ``base``, both ends included, in ascending depth.

    All that can be wrong with the request is found here; reading ``blocks`` fails only where
    storage does.

    Raises NothingInRange, StorageUnavailable, FileCorrupt.
    """
    parts = [LevelWindow(log.levels()[0], top, base) for log in logs]
    parts = [
        part
        for log, part in zip(logs, parts, strict=True)
        if _still_there(log, part) and part.count
    ]
    if not parts:
        raise _nothing(top, base)
    return Window(
        count=sum(part.count for part in parts),
        width=parts[0].level.width,
        first=min(part.ends[0] for part in parts),
        last=max(part.ends[1] for part in parts),
        blocks=merged([part.blocks() for part in parts]),
    )


@translated()
def read_level(log: ImageLog, level: Level, top: float, base: float) -> Block:
    """All traces of one level of ``log`` from ``top`` to ``base``, both ends included.

    Raises NothingInRange where the log has been deleted, StorageUnavailable, FileCorrupt.
    """
    part = LevelWindow(level, top, base)
    if not _still_there(log, part):
        raise _nothing(top, base)
    blocks = list(part.blocks())
    if len(blocks) == 1:
        return blocks[0]
    nothing = Block(np.empty(0), np.empty((0, level.width), level.dtype))
    return Block(*(np.concatenate(arrays) for arrays in zip(nothing, *blocks, strict=True)))


def _still_there(log: ImageLog, part: "LevelWindow") -> bool:
    """Read the edges; False when the log has been deleted meanwhile."""
    try:
        part.read_edges()
    except FileCorrupt:
        if ImageLog.objects.filter(pk=log.pk, state=ImageLog.State.READY).exists():
            raise
        return False
    return True


def _nothing(top: float, base: float) -> NothingInRange:
    return NothingInRange(f"there is no trace from {top} to {base}")


class LevelWindow:
    """The part of a window that lies in one level of one image log.

    Its first and last chunk are read at once, in one query: they tell how many traces there are.
    Those between follow page by page while the answer is being sent.
    """

    def __init__(self, level: Level, top: float, base: float) -> None:
        self.level = level
        self._top = top
        self._base = base
        self._span = chunks.span(level.tops, top, base)
        self._edges: list[Block] = []

    @property
    def most(self) -> int:
        """How many traces there may be, before any has been read."""
        return len(self._span) * self.level.chunk_rows

    @property
    def count(self) -> int:
        between = max(len(self._span) - 2, 0)
        return sum(len(edge.depths) for edge in self._edges) + between * self.level.chunk_rows

    @property
    def ends(self) -> tuple[float, float]:
        """The first and the last depth, once the edges have been read and there is a trace."""
        first, last = self._edges[0].depths, self._edges[-1].depths
        # The chunk before the first one that begins in the window may have no trace in it.
        top = first[0] if len(first) else self.level.tops[self._span[1]]
        return float(top), float(last[-1])

    def read_edges(self) -> None:
        """Read the first and the last chunk. Raises FileCorrupt, StorageUnavailable."""
        numbers = sorted({*self._span[:1], *self._span[-1:]})
        self._edges = [chunks.cut(b, self._top, self._base) for b in self._read(numbers)]

    def blocks(self) -> Iterator[Block]:
        """The traces, once the edges have been read."""
        yield from (edge for edge in self._edges[:1] if len(edge.depths))
        between = self._span[1:-1]
        for start in range(0, len(between), PAGE_CHUNKS):
            yield from self._read(between[start : start + PAGE_CHUNKS])
        yield from (edge for edge in self._edges[1:] if len(edge.depths))

    def _read(self, numbers: Iterable[int]) -> Iterator[Block]:
        level, numbers = self.level, list(numbers)
        pixels_id, depths_id = level.file_ids
        found = read_chunks(Bucket(level.bucket), level.file_ids, numbers, level.crcs)
        for n in numbers:
            pixels, depths = found.pop((pixels_id, n)), found.pop((depths_id, n))
            rows = min(level.chunk_rows, level.rows - n * level.chunk_rows)
            try:
                yield chunks.decode(pixels, depths, rows, level.width, level.dtype)
            except chunks.WrongLength as error:
                raise FileCorrupt(f"chunk {n} of the stored file {pixels_id}: {error}") from error
