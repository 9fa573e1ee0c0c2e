"""Reading one file: exactly the chunks that hold the bytes asked for, each one checked.

pymongo's own GridOut asks for all chunks from the first one on, and gets up to 16 MB of them.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

from storage.bucket import Begun, Bucket
from storage.errors import FileCorrupt, FileMissing
from storage.info import FileInfo
from storage.layout import chunk_count, chunk_length, chunks_of

# Longer reads are done in as many queries as it takes: MongoDB answers the next two while what came
# of one is digested. The first asks for less, to begin with that soon.
FIRST_BYTES, WINDOW_BYTES = 2 * 1024**2, 4 * 1024**2


class Download:
    """The bytes of the file that ``info`` describes, from a position that moves.

    Whoever reads from start to end, in whatever pieces, has the digest checked before the last
    piece is returned.
    """

    def __init__(self, bucket: Bucket, info: FileInfo) -> None:
        self.info = info
        self.position = 0
        self._bucket = bucket
        self._kept_number, self._kept = -1, b""
        self._sha256 = sha256()
        self._digested_chunks = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move, as files do; beyond the end is allowed and holds nothing. Raises ValueError."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.info.length}
        position = origin[whence] + offset
        if position < 0:
            raise ValueError(f"cannot seek to {position}: it lies before the start")
        self.position = position
        return position

    async def read(self, size: int | None = -1) -> bytes:
        """Up to ``size`` bytes from the position on; all of them when it is negative or None.

        Raises FileMissing when the file was deleted meanwhile, FileCorrupt when a chunk or the
        digest is wrong, StorageUnavailable when MongoDB cannot be reached.
        """
        length = self.info.length
        end = length if size is None or size < 0 else min(self.position + size, length)
        numbers = chunks_of(self.position, end, self.info.chunk_size)
        pieces: list[bytes | memoryview] = []
        if numbers and numbers[0] == self._kept_number:
            pieces += self._parts(numbers[:1], [self._kept], end)
            numbers = numbers[1:]
        windows = _windows(numbers, self.info.chunk_size)
        with self._bucket.beside() as beside:
            queries = (beside.begin(self._query(window)) for window in windows[1:])
            ahead = deque(islice(queries, 1))
            for place, window in enumerate(windows):
                found = await self._found(window, ahead.popleft() if place else None)
                ahead.extend(islice(queries, 1))
                pieces += self._parts(window, await self._checked(window, found), end)
        self.position = max(self.position, end)
        return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], bytes) else b"".join(pieces)

    def _parts(self, numbers: range, chunks: list[bytes], end: int) -> Iterator[bytes | memoryview]:
        """What of these chunks lies between the position and ``end``."""
        size = self.info.chunk_size
        for n, data in zip(numbers, chunks, strict=True):
            yield _part(data, max(self.position - n * size, 0), end - n * size)

    async def _found(self, numbers: range, begun: Begun | None) -> list[dict[str, Any]]:
        """What there is of these chunks; the query may have begun."""
        found: list[dict[str, Any]] = await (
            self._bucket.finish(begun) if begun else self._bucket.call(self._query(numbers))
        )
        return found

    async def _checked(self, numbers: range, found: list[dict[str, Any]]) -> list[bytes]:
        """The bytes of these chunks. The last one is kept: small reads stay within one chunk."""
        for place, number in enumerate(numbers):
            await self._check(number, found[place] if place < len(found) else None)
        chunks = [chunk["data"] for chunk in found[: len(numbers)]]
        await self._digest_in_order(numbers[0], chunks)
        self._kept_number, self._kept = numbers[-1], chunks[-1]
        return chunks

    def _query(self, numbers: range) -> Callable[[], Any]:
        wanted: Any = {"$gte": numbers[0], "$lte": numbers[-1]} if len(numbers) > 1 else numbers[0]
        query = {"files_id": self.info.file_id, "n": wanted}
        # Without a projection MongoDB sends its documents as they are, which is faster.
        to_list: Callable[[], Any] = self._bucket.chunks.find(query, sort={"n": 1}).to_list
        return to_list

    async def _check(self, number: int, chunk: dict[str, Any] | None) -> None:
        info = self.info
        if chunk is None or chunk["n"] != number:
            raise await self._absence_of(number)
        expected = chunk_length(number, info.length, info.chunk_size)
        if len(chunk["data"]) != expected:
            raise FileCorrupt(
                f"chunk {number} of the stored file {info.name!r} has {len(chunk['data'])} bytes"
                f" instead of {expected}"
            )

    async def _absence_of(self, number: int) -> FileMissing | FileCorrupt:
        """A chunk that is not there: was the whole file deleted, or is it broken?"""
        entry = await self._bucket.call(self._bucket.files.find_one, {"_id": self.info.file_id})
        if entry is None:
            return FileMissing(f"{self.info.name!r} was deleted while it was read")
        return FileCorrupt(f"chunk {number} of the stored file {self.info.name!r} is missing")

    async def _digest_in_order(self, first: int, chunks: list[bytes]) -> None:
        if first == 0:
            self._sha256, self._digested_chunks = sha256(), 0
        if self.info.sha256 is None or first != self._digested_chunks:
            return
        await self._bucket.digest(self._sha256, chunks)
        self._digested_chunks += len(chunks)
        complete = self._digested_chunks == chunk_count(self.info.length, self.info.chunk_size)
        if complete and self._sha256.hexdigest() != self.info.sha256:
            raise FileCorrupt(f"the bytes of the stored file {self.info.name!r} have changed")


def _part(data: bytes, start: int, end: int) -> bytes | memoryview:
    """``data[start:end]``, copied only when it is joined."""
    return data if start == 0 and end >= len(data) else memoryview(data)[start:end]


def _windows(numbers: range, chunk_size: int) -> list[range]:
    """``numbers`` in parts, each to be asked for at once."""
    windows, size = [], FIRST_BYTES
    while numbers:
        count = max(1, size // chunk_size)
        windows.append(numbers[:count])
        numbers, size = numbers[count:], min(2 * size, WINDOW_BYTES)
    return windows
