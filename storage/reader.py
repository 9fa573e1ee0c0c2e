"""Reading files: exactly the chunks that hold the bytes asked for, each one checked.

pymongo's own GridOut asks for all chunks from the first one on, gets up to 16 MB of them, and does
not know whether their bytes are those that were written.
"""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any, Self

from bson import ObjectId
from django.core.files import File

from storage.bucket import Bucket
from storage.checksums import matches
from storage.errors import FileCorrupt, FileMissing, translated
from storage.info import FileInfo
from storage.layout import chunk_length, chunks_of

# What MongoDB sends at a time of a longer read.
BATCH_BYTES = 4 * 1024**2
# How many lines an event loop gets at a time.
LINES = 1000


@translated()
def read_chunks(
    bucket: Bucket,
    file_ids: Iterable[ObjectId],
    numbers: Iterable[int],
    crcs: Mapping[ObjectId, bytes | None] = MappingProxyType({}),
) -> dict[tuple[ObjectId, int], bytes]:
    """The chunks with these ``numbers`` of each of these files, in one query.

    ``crcs`` are what ``write_file`` returned for each file; a file without them is not checked.
    Raises FileCorrupt when a chunk is missing or its CRC-32 differs; StorageUnavailable.
    """
    wanted = {(file_id, n) for file_id in file_ids for n in numbers}
    if not wanted:
        return {}
    query = {
        "files_id": {"$in": [*{file_id for file_id, _ in wanted}]},
        "n": {"$in": sorted({n for _, n in wanted})},
    }
    found = _checked(bucket, query, crcs)
    for file_id, n in sorted(wanted - found.keys()):
        raise FileCorrupt(f"chunk {n} of the stored file {file_id} is missing")
    return found


@translated()
def read_those_there(
    bucket: Bucket,
    wanted: Mapping[ObjectId, Iterable[int]],
    crcs: Mapping[ObjectId, bytes | None] = MappingProxyType({}),
) -> dict[tuple[ObjectId, int], bytes]:
    """The chunks with the numbers that are ``wanted`` of each file, in one query; missing ones are
    left out.

    Raises FileCorrupt when the CRC-32 of a chunk differs; StorageUnavailable.
    """
    alternatives = [{"files_id": file_id, "n": {"$in": [*n]}} for file_id, n in wanted.items()]
    return _checked(bucket, {"$or": alternatives}, crcs) if alternatives else {}


def _checked(
    bucket: Bucket, query: Mapping[str, Any], crcs: Mapping[ObjectId, bytes | None]
) -> dict[tuple[ObjectId, int], bytes]:
    # Without a projection MongoDB sends its documents as they are, which is faster.
    cursor = bucket.chunks.find(query)
    found = {(chunk["files_id"], chunk["n"]): chunk["data"] for chunk in cursor}
    for (file_id, n), data in found.items():
        if not matches(data, n, crcs.get(file_id) or b""):
            raise FileCorrupt(f"chunk {n} of the stored file {file_id} is not what was written")
    return found


class _Reader(io.BufferedIOBase):
    """Python's kind of binary file over the chunks of the file that ``info`` describes."""

    mode = "rb"

    def __init__(self, bucket: Bucket, info: FileInfo) -> None:
        self._bucket = bucket
        self._info = info
        self._position = 0
        # The last chunk that was read: small reads stay within one.
        self._kept_number, self._kept = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move, as files do; beyond the end is allowed and holds nothing. Raises ValueError."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._info.length}
        position = origin[whence] + offset
        if position < 0:
            raise ValueError(f"cannot seek to {position}: it lies before the start")
        self._position = position
        return position

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to ``size`` bytes from the position on; all of them when it is negative or None.

        Raises FileMissing when the file was deleted meanwhile, FileCorrupt when a chunk is not what
        was written, StorageUnavailable.
        """
        if self.closed:
            raise ValueError("read of a closed file")
        length, chunk_size = self._info.length, self._info.chunk_size
        end = length if size is None or size < 0 else min(self._position + size, length)
        numbers = chunks_of(self._position, end, chunk_size)
        pieces = []
        for n, data in zip(numbers, self._chunks(numbers), strict=True):
            start, stop = max(self._position - n * chunk_size, 0), end - n * chunk_size
            whole = start == 0 and stop >= len(data)
            pieces.append(data if whole else memoryview(data)[start:stop])
        self._position = max(self._position, end)
        return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], bytes) else b"".join(pieces)

    def peek(self, size: int = 0, /) -> bytes:
        """Some bytes ahead within a chunk, the position unmoved; ``readline`` is slow without."""
        position, chunk_size = self._position, self._info.chunk_size
        ahead = self.read(min(chunk_size - position % chunk_size, io.DEFAULT_BUFFER_SIZE))
        self._position = position
        return ahead

    @translated()
    def _chunks(self, numbers: range) -> Iterator[bytes]:
        if numbers and numbers[0] == self._kept_number:
            yield self._kept
            numbers = numbers[1:]
        if not numbers:
            return
        found = self._query(numbers)
        for number in numbers:
            self._kept_number, self._kept = number, self._checked(number, next(found, None))
            yield self._kept

    def _query(self, numbers: range) -> Iterator[dict[str, Any]]:
        wanted: Any = {"$gte": numbers[0], "$lte": numbers[-1]} if len(numbers) > 1 else numbers[0]
        query = {"files_id": self._info.file_id, "n": wanted}
        # With the limit, MongoDB need not be asked whether there are more.
        return self._bucket.chunks.find(
            query,
            sort={"n": 1},
            limit=len(numbers),
            batch_size=max(2, BATCH_BYTES // self._info.chunk_size),
        )

    def _checked(self, number: int, chunk: Mapping[str, Any] | None) -> bytes:
        info, which = self._info, f"chunk {number} of the stored file {self._info.name!r}"
        if chunk is None or chunk["n"] != number:
            if self._bucket.files.find_one({"_id": info.file_id}) is None:
                raise FileMissing(f"{info.name!r} was deleted while it was read")
            raise FileCorrupt(f"{which} is missing")
        data: bytes = chunk["data"]
        expected = chunk_length(number, info.length, info.chunk_size)
        if len(data) != expected:
            raise FileCorrupt(f"{which} has {len(data)} bytes instead of {expected}")
        if not matches(data, number, info.crcs):
            raise FileCorrupt(f"{which} is not what was written")
        return data


class StoredFile(File):
    """A stored file open for reading; ``info`` says what is known of it."""

    def __init__(self, bucket: Bucket, info: FileInfo) -> None:
        super().__init__(_Reader(bucket, info), info.name)
        self.info = info
        self._bucket = bucket

    @property
    def size(self) -> int:
        return self.info.length

    def open(self, mode: str = "rb") -> Self:
        """Back at the start, also after closing."""
        self.file = _Reader(self._bucket, self.info)
        return self


class AsyncStoredFile:
    """The awaited twin of StoredFile, which it runs in threads."""

    mode = "rb"

    def __init__(self, file: StoredFile) -> None:
        self.info = file.info
        self.name = file.info.name
        self.size = file.info.length
        self._file = file

    @property
    def closed(self) -> bool:
        return self._file.closed

    def tell(self) -> int:
        position: int = self._file.tell()
        return position

    async def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        position: int = self._file.seek(offset, whence)
        return position

    async def read(self, size: int | None = -1) -> bytes:
        data: bytes = await asyncio.to_thread(self._file.read, size)
        return data

    async def chunks(self, size: int = File.DEFAULT_CHUNK_SIZE) -> AsyncIterator[bytes]:
        """The whole file in blocks of up to ``size`` bytes."""
        self._file.seek(0)
        while block := await self.read(size):
            yield block

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The lines of the file from its start, as of any other."""
        lines = iter(self._file)
        while some := await asyncio.to_thread(lambda: [*islice(lines, LINES)]):
            for line in some:
                yield line

    async def close(self) -> None:
        self._file.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()
