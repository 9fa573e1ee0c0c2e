"""Reading one file: exactly the chunks that hold the bytes asked for, each one checked.

pymongo's own GridOut asks for all chunks from the first one on, and gets up to 16 MB of them.
"""

import os
from typing import Any

from storage.bucket import Bucket
from storage.digest import Digest
from storage.errors import FileCorrupt, FileMissing
from storage.info import FileInfo
from storage.layout import chunk_count, chunk_length, chunks_of

# Longer reads are done in as many queries as it takes, so that not more than this many bytes of
# chunks are held beside the bytes that are returned. The first are smaller, because the digest,
# which takes longer than reading, cannot begin before the first is there.
FIRST_BYTES, WINDOW_BYTES = 1024**2, 3 * 1024**2


class Download:
    """The bytes of the file that ``info`` describes, from a position that moves.

    Whoever reads from start to end, in whatever pieces, has the digest checked before the last
    piece is returned.
    """

    def __init__(self, bucket: Bucket, info: FileInfo) -> None:
        self.info = info
        self.position = 0
        self._bucket = bucket
        self._kept: tuple[int, bytes] = (-1, b"")
        self._digest = Digest()
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
        window = FIRST_BYTES
        while numbers:
            count = max(1, window // self.info.chunk_size)
            pieces += await self._read_chunks(numbers[:count], end)
            numbers, window = numbers[count:], min(2 * window, WINDOW_BYTES)
        self.position = max(self.position, end)
        return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], bytes) else b"".join(pieces)

    async def _read_chunks(self, numbers: range, end: int) -> list[bytes | memoryview]:
        """The parts of these chunks that lie between the position and ``end``."""
        size = self.info.chunk_size
        return [
            _part(data, max(self.position - n * size, 0), end - n * size)
            for n, data in zip(numbers, await self._fetch(numbers), strict=True)
        ]

    async def _fetch(self, numbers: range) -> list[bytes]:
        """These chunks, checked. The last one is kept: small reads stay within one chunk."""
        kept_number, kept = self._kept
        head = [kept] if numbers[0] == kept_number else []
        fetched = await self._query(numbers[len(head) :]) if len(numbers) > len(head) else []
        self._kept = (numbers[-1], (head + fetched)[-1])
        return head + fetched

    async def _query(self, numbers: range) -> list[bytes]:
        wanted: Any = {"$gte": numbers[0], "$lte": numbers[-1]} if len(numbers) > 1 else numbers[0]
        query = {"files_id": self.info.file_id, "n": wanted}
        # Without a projection MongoDB sends its documents as they are, which is faster.
        cursor = self._bucket.chunks.find(query, sort={"n": 1})
        found = await self._bucket.call(cursor.to_list)
        for place, number in enumerate(numbers):
            await self._check(number, found[place] if place < len(found) else None)
        chunks = [chunk["data"] for chunk in found[: len(numbers)]]
        self._digest_in_order(numbers[0], chunks)
        return chunks

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

    def _digest_in_order(self, first: int, chunks: list[bytes]) -> None:
        if first == 0:
            self._digest, self._digested_chunks = Digest(), 0
        if self.info.sha256 is None or first != self._digested_chunks:
            return
        self._digest.add(chunks)
        self._digested_chunks += len(chunks)
        complete = self._digested_chunks == chunk_count(self.info.length, self.info.chunk_size)
        if complete and self._digest.hexdigest() != self.info.sha256:
            raise FileCorrupt(f"the bytes of the stored file {self.info.name!r} have changed")


def _part(data: bytes, start: int, end: int) -> bytes | memoryview:
    """``data[start:end]``, copied only when it is joined."""
    return data if start == 0 and end >= len(data) else memoryview(data)[start:end]
