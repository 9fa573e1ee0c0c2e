"""A depth range to the traces in it, read chunk by chunk from the image logs that have any."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bson import ObjectId
from django.db import connection

from images import chunks
from images.chunks import Block
from images.errors import LogNotFound, NothingInRange
from images.merge import merged
from images.models import ImageLog
from storage.errors import FileCorrupt, translated
from storage.files import read_chunks

# Chunks of each file read in one query: a few megabytes, whatever the size of the answer.
PAGE_CHUNKS = 8


@dataclass(frozen=True, slots=True)
class Window:
    """The traces from one depth to another: how many, of which width, and the traces."""

    count: int
    width: int
    blocks: Iterator[Block]


@translated()
def open_window(
    top: float, base: float, well: str | None = None, log_id: ObjectId | None = None
) -> Window:
    """The traces from ``top`` to ``base``, both ends included, in ascending depth.

    Without ``well`` and ``log_id`` those of all image logs, merged. All that can be wrong with the
    request is found here; reading ``blocks`` fails only where storage does.

    Raises LogNotFound, NothingInRange, StorageUnavailable, FileCorrupt.
    """
    found = [_LogWindow(log, top, base) for log in _logs(top, base, well, log_id)]
    found = [part for part in found if part.read_edges() and part.count]
    if not found:
        raise NothingInRange(f"there is no trace from {top} to {base}")
    count = sum(part.count for part in found)
    return Window(count, found[0].log.width, merged([part.blocks() for part in found]))


def _logs(top: float, base: float, well: str | None, log_id: ObjectId | None) -> Iterable[ImageLog]:
    logs = ImageLog.objects.filter(state=ImageLog.State.READY)
    if log_id is not None:
        logs = logs.filter(pk=log_id)
    if well is not None:
        logs = logs.filter(well=well)
    overlapping = list(logs.filter(top__lte=base, base__gte=top).order_by("id"))
    if not overlapping and (log_id or well) and not logs.exists():
        name = f"image log {log_id}" if log_id else "image log"
        raise LogNotFound(f"there is no {name}" + (f" in well {well}" if well else ""))
    return overlapping


class _LogWindow:
    """The part of a window that lies in one image log.

    Its first and last chunk are read at once, in one query: they tell how many traces there are.
    Those between follow page by page while the answer is being sent.
    """

    def __init__(self, log: ImageLog, top: float, base: float) -> None:
        self.log = log
        self._top = top
        self._base = base
        self._span = chunks.span(log.chunk_top_depths, top, base)
        self._edges: list[Block] = []

    @property
    def count(self) -> int:
        between = max(len(self._span) - 2, 0)
        return sum(len(edge.depths) for edge in self._edges) + between * chunks.CHUNK_ROWS

    def read_edges(self) -> bool:
        """Read the first and the last chunk; False when the log has been deleted meanwhile."""
        numbers = sorted({self._span[0], self._span[-1]})
        try:
            self._edges = [chunks.cut(b, self._top, self._base) for b in self._read(numbers)]
        except FileCorrupt:
            if ImageLog.objects.filter(pk=self.log.pk, state=ImageLog.State.READY).exists():
                raise
            return False
        return True

    def blocks(self) -> Iterator[Block]:
        yield from (edge for edge in self._edges[:1] if len(edge.depths))
        between = self._span[1:-1]
        for start in range(0, len(between), PAGE_CHUNKS):
            yield from self._read(between[start : start + PAGE_CHUNKS])
        yield from (edge for edge in self._edges[1:] if len(edge.depths))

    def _read(self, numbers: Iterable[int]) -> Iterator[Block]:
        log = self.log
        numbers = list(numbers)
        pixels_id, depths_id = log.file_ids
        found = read_chunks(connection.database, log.file_ids, numbers)
        for n in numbers:
            pixels, depths = found.pop((pixels_id, n)), found.pop((depths_id, n))
            try:
                yield chunks.decode(pixels, depths, chunks.rows_in(n, log.rows), log.width)
            except chunks.WrongLength as error:
                raise FileCorrupt(f"chunk {n} of image log {log.pk}: {error}") from error
