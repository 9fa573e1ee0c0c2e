"""A depth range of one image log at one resolution, read chunk by chunk."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from bson import ObjectId

from images.arrays import DEPTH_TYPE, Block, Depths
from images.models import Level
from images.store import chunks
from storage.bucket import Bucket
from storage.errors import FileCorrupt
from storage.reader import read_chunks

# Chunks of each file that one query reads, so that a page is a few megabytes.
PAGE_CHUNKS = 8


class LevelWindow:
    """A depth range of one level of one image log.

    The edges are its first and its last chunk, cut to the range. One query reads both, which gives
    the number of traces. ``blocks`` reads the chunks between them page by page. If ``keeps`` is
    False, only the depths of the edges are kept at first, so that many logs fit into memory.
    """

    def __init__(self, level: Level, top: float, base: float, keeps: bool = True) -> None:
        self.level = level
        self._top = top
        self._base = base
        self._span = chunks.span(level.tops, top, base)
        self._keeps = keeps
        self._edges: list[Block] = []
        self._between: list[Block] = []
        self._edge_depths: list[Depths] = []

    @property
    def most(self) -> int:
        """The most traces that there may be; known before anything is read."""
        return len(self._span) * self.level.chunk_rows

    @property
    def count(self) -> int:
        """The number of traces; known after ``read_edges``."""
        between = max(len(self._span) - 2, 0)
        return sum(map(len, self._edge_depths)) + between * self.level.chunk_rows

    @property
    def ends(self) -> tuple[float, float]:
        """The depths of the first and the last trace. ``count`` must not be 0."""
        first, last = self._edge_depths[0], self._edge_depths[-1]
        # The first chunk begins above the range, and may also end above it.
        top = first[0] if len(first) else self.level.tops[self._span[1]]
        return float(top), float(last[-1])

    def read_edges(self) -> None:
        """Read the first and the last chunk. Raises FileCorrupt, StorageUnavailable."""
        if self._keeps:
            # If all chunks fit into a page, one query reads them instead of two.
            if 2 < len(self._span) <= PAGE_CHUNKS:
                first, *self._between, last = self._read(self._span)
                self._edges = [chunks.cut(b, self._top, self._base) for b in (first, last)]
            else:
                self._edges = self._read_edges()
            self._edge_depths = [edge.depths for edge in self._edges]
            return
        level = self.level
        wanted = {level.file_ids[1]: self.edge_numbers}
        self.measure(read_chunks(Bucket(level.bucket), wanted, level.crcs))

    @property
    def measured(self) -> bool:
        """Whether the depths of the edges have been read."""
        return len(self._edge_depths) == len(self.edge_numbers)

    def measure(self, found: Mapping[tuple[ObjectId, int], bytes]) -> None:
        """Take the depths of the edges from the chunks that were ``found``, unless one is missing.

        ``found`` holds the bytes of chunks by the id of the file and the number of the chunk.
        """
        stored = [found.get((self.level.file_ids[1], n)) for n in self.edge_numbers]
        whole = [np.frombuffer(d, DEPTH_TYPE) for d in stored if d and not len(d) % 8]
        if len(whole) == len(stored):
            self._edge_depths = [chunks.within(d, self._top, self._base) for d in whole]

    def blocks(self) -> Iterator[Block]:
        """Yield the traces in ascending depth. Call ``read_edges`` first."""
        edges = self._edges if self._keeps else self._read_edges()
        yield from (edge for edge in edges[:1] if len(edge.depths))
        yield from self._between
        between = [] if self._between else self._span[1:-1]
        page = PAGE_CHUNKS if self._keeps else 1
        for start in range(0, len(between), page):
            yield from self._read(between[start : start + page])
        yield from (edge for edge in edges[1:] if len(edge.depths))

    @property
    def edge_numbers(self) -> list[int]:
        """The numbers of the first and the last chunk."""
        return sorted({*self._span[:1], *self._span[-1:]})

    def _read_edges(self) -> list[Block]:
        return [chunks.cut(b, self._top, self._base) for b in self._read(self.edge_numbers)]

    def _read(self, numbers: Iterable[int]) -> Iterator[Block]:
        level, numbers = self.level, list(numbers)
        pixels_id, depths_id = level.file_ids
        wanted = dict.fromkeys(level.file_ids, numbers)
        found = read_chunks(Bucket(level.bucket), wanted, level.crcs)
        for n in numbers:
            pixels, depths = found.pop((pixels_id, n)), found.pop((depths_id, n))
            rows = min(level.chunk_rows, level.rows - n * level.chunk_rows)
            try:
                yield chunks.decode(pixels, depths, rows, level.width, level.dtype)
            except chunks.WrongLength as error:
                raise FileCorrupt(f"chunk {n} of the stored file {pixels_id}: {error}") from error
