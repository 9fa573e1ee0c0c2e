"""Reading files: exactly the chunks that hold the bytes asked for, each one checked.

pymongo's own GridOut asks for all chunks from the first one on, gets up to 16 MB of them, and does
not know whether their bytes are those that were written.
"""

import io
import os
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Self

from bson import ObjectId
from django.core.files import File

from storage.bucket import Bucket
from storage.errors import FileCorrupt, FileMissing, translated
from storage.files import FileInfo, chunk_fault

# Numbers of chunks, and the bytes of chunks, by the ids of their files.
Wanted = Mapping[ObjectId, Collection[int]]
Chunks = dict[tuple[ObjectId, int], bytes]
# The CRC-32s of the chunks of each file, as ``Writer.finish`` returned them.
Crcs = Mapping[ObjectId, bytes | None]


@translated()
def read_chunks(
    bucket: Bucket, wanted: Wanted, crcs: Crcs = MappingProxyType({}), missing_ok: bool = False
) -> Chunks:
    """The chunks with the numbers that are ``wanted`` of each file, in one query.

    A file without ``crcs`` is not checked. Raises FileCorrupt when the CRC-32 of a chunk differs,
    and when one is missing, unless ``missing_ok``; StorageUnavailable.
    """
    alternatives: list[dict[str, Any]] = [
        {"files_id": file_id, "n": {"$in": [*numbers]}} for file_id, numbers in wanted.items()
    ]
    if not alternatives:
        return {}
    query = alternatives[0] if len(alternatives) == 1 else {"$or": alternatives}
    # Without a projection MongoDB sends its documents as they are, which is faster.
    found = {(chunk["files_id"], chunk["n"]): chunk["data"] for chunk in bucket.chunks.find(query)}
    for file_id, numbers in wanted.items():
        for number in numbers:
            data = found.get((file_id, number))
            if data is None and missing_ok:
                continue
            if fault := chunk_fault(number, data, crcs.get(file_id)):
                raise FileCorrupt(f"chunk {number} of the stored file {file_id} {fault}")
    return found


class StoredFile(File):
    """A stored file open for reading; ``info`` says what is known of it."""

    def __init__(self, bucket: Bucket, info: FileInfo) -> None:
        super().__init__(_Reader(bucket, info), info.name)
        self.info = info
        self.size = info.length
        self._bucket = bucket

    def open(self, mode: str = "rb") -> Self:
        """Go back to the start, also after closing."""
        self.file = _Reader(self._bucket, self.info)
        return self


class _Reader(io.BufferedIOBase):
    """A seekable binary file over the chunks of the stored file that ``info`` describes."""

    mode = "rb"

    def __init__(self, bucket: Bucket, info: FileInfo) -> None:
        self._bucket = bucket
        self._info = info
        self._position = 0
        # The last chunk that was read: small reads stay within one.
        self._kept: dict[int, bytes] = {}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move, also beyond the end. Raises ValueError for a position before the start."""
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
        start, length, chunk_size = self._position, self._info.length, self._info.chunk_size
        end = length if size is None or size < 0 else min(start + size, length)
        if start >= end:
            return b""
        numbers = range(start // chunk_size, -(-end // chunk_size))
        chunks = self._chunks(numbers)
        self._position = end
        self._kept = {numbers[-1]: chunks[-1]}
        offset = numbers[0] * chunk_size
        return b"".join(chunks)[start - offset : end - offset]

    def peek(self, size: int = 0, /) -> bytes:
        """Some bytes ahead, without moving. It makes ``readline`` fast."""
        position, chunk_size = self._position, self._info.chunk_size
        ahead = self.read(min(chunk_size - position % chunk_size, io.DEFAULT_BUFFER_SIZE))
        self._position = position
        return ahead

    @translated()
    def _chunks(self, numbers: range) -> list[bytes]:
        """The chunks with these numbers, each checked."""
        info = self._info
        missing = [n for n in numbers if n not in self._kept]
        wanted = {info.file_id: missing} if missing else {}
        read = read_chunks(self._bucket, wanted, missing_ok=True)
        found = self._kept | {n: data for (_, n), data in read.items()}
        for n in missing:
            if fault := info.fault(n, found.get(n)):
                if self._bucket.files.find_one({"_id": info.file_id}) is None:
                    raise FileMissing(f"{info.name!r} was deleted while it was read")
                raise FileCorrupt(f"chunk {n} of the stored file {info.name!r} {fault}")
        return [found[n] for n in numbers]
