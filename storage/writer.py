"""Write GridFS files: chunks as they fill, and last the entry that makes the file visible.

pymongo's own GridIn would hold up to 48 MB of chunks (twice, while it sends them), asks for the
indexes with each file, and leaves the chunks of a block that raised.
"""

import contextlib
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import Any, Self

from bson import Int64, ObjectId
from django.core.files import File

from storage.bucket import Bucket, prepare
from storage.errors import StorageUnavailable, translated
from storage.files import CRC_BYTES, CRCS, crc32

# Chunks are sent when they come to this many bytes: few messages, and little beside the memory of
# a process.
BATCH_BYTES = 4 * 1024**2


class Batch:
    """Chunks and entries of the files of one bucket, which go to MongoDB in few commands.

    Chunks are sent when there are enough, also from several threads at once; entries with ``send``.
    Both methods raise StorageUnavailable.
    """

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.entries: list[dict[str, Any]] = []
        self._chunks: list[dict[str, Any]] = []
        self._bytes = 0
        self._lock = Lock()

    def add_chunk(self, file_id: ObjectId, number: int, data: bytes) -> None:
        with self._lock:
            self._chunks.append({"files_id": file_id, "n": number, "data": data})
            self._bytes += len(data)
            enough = self._bytes >= BATCH_BYTES
        if enough:
            self._send_chunks()

    @translated()
    def send(self) -> None:
        """Send the chunks that wait, then the entries that make their files visible."""
        self._send_chunks()
        if self.entries:
            self.bucket.files.insert_many(self.entries)
            self.entries = []

    @translated()
    def _send_chunks(self) -> None:
        """Send the chunks that wait. If it fails, they go on waiting: none may be left out."""
        with self._lock:
            chunks, self._chunks, self._bytes = self._chunks, [], 0
        try:
            if chunks:
                self.bucket.chunks.insert_many(chunks)
        except BaseException:
            with self._lock:
                self._chunks = chunks + self._chunks
            raise


class Writer:
    """Divides the bytes of one file into chunks, and puts them into a batch.

    Blocks of the length of a chunk are not copied. ``length`` is how many bytes have been written.
    Raises StorageUnavailable; the caller then deletes the file.
    """

    def __init__(self, batch: Batch, file_id: ObjectId, chunk_size: int) -> None:
        self.batch = batch
        self.file_id = file_id
        self.chunk_size = chunk_size
        self.length = 0
        self._rest = bytearray()
        self._crcs = bytearray()

    def write(self, block: bytes) -> None:
        self.length += len(block)
        if len(block) == self.chunk_size and not self._rest:
            self._add(block)
        else:
            self._rest += block
            while len(self._rest) >= self.chunk_size:
                chunk = bytes(self._rest[: self.chunk_size])
                del self._rest[: self.chunk_size]
                self._add(chunk)

    def finish(self, filename: str, metadata: Mapping[str, Any]) -> bytes:
        """Add the rest and the entry, and return the CRC-32 of each chunk.

        They are packed as `storage.files` says, and kept in the metadata too.
        """
        if self._rest:
            self._add(bytes(self._rest))
        crcs = bytes(self._crcs)
        entry = {
            "_id": self.file_id,
            "length": Int64(self.length),
            "chunkSize": self.chunk_size,
            "uploadDate": datetime.now(UTC),
            "filename": filename,
            "metadata": {**metadata, CRCS: crcs},
        }
        self.batch.entries.append(entry)
        return crcs

    def _add(self, chunk: bytes) -> None:
        number = len(self._crcs) // CRC_BYTES
        self._crcs += crc32(chunk)
        self.batch.add_chunk(self.file_id, number, chunk)


class NewFile:
    """A file open for writing: ``with … as f: f.write(data)``.

    It becomes visible when it is closed, and is deleted when its block raises. The reaper deletes
    the chunks of a file that is never closed. It is no ``io.IOBase``, because the finalizer of one
    would close it.
    """

    mode = "wb"

    def __init__(
        self,
        writer: Writer,
        hold: Callable[[], None],
        name: str,
        metadata: Mapping[str, Any],
        done: Callable[[str], None],
    ) -> None:
        """``hold`` holds the lease; ``done`` is called with the name once the file is visible."""
        self.name = name
        self.closed = False
        self._writer = writer
        self._hold_lease = hold
        self._metadata = metadata
        self._done = done
        self._sha256 = sha256()
        # When a task is cancelled, its thread goes on writing. ``abort`` waits until it has ended.
        self._lock = Lock()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._writer.length

    def write(self, data: bytes | bytearray | memoryview | str) -> int:
        """Add ``data``, text as UTF-8; its length. Raises ValueError when the file is closed."""
        block = data.encode() if isinstance(data, str) else bytes(data)
        with self._lock:
            if self.closed:
                raise ValueError("write to a closed file")
            for start in range(0, len(block), BATCH_BYTES):
                self._hold()
                part = block[start : start + BATCH_BYTES]
                self._sha256.update(part)
                self._writer.write(part)
        return len(block)

    def copy(self, content: Any) -> None:
        """Add all that ``content``, a file or bytes, holds from its start."""
        in_memory = isinstance(content, bytes | bytearray | memoryview)
        file = File(io.BytesIO(content) if in_memory else content)
        for block in file.chunks(self._writer.chunk_size):
            self.write(block)

    def flush(self) -> None:
        """Does nothing: chunks are sent when there are enough, and the rest when it is closed."""

    def close(self) -> None:
        """Make the file visible. If that fails, it is deleted. Closing again does nothing."""
        if self.closed:
            return
        try:
            with self._lock:
                self._hold()
                metadata = {**self._metadata, "sha256": self._sha256.hexdigest()}
                self._writer.finish(self.name, metadata)
                self._writer.batch.send()
                self.closed = True
        except BaseException:
            self.abort()
            raise
        self._done(self.name)

    def abort(self) -> None:
        """Delete the file. If MongoDB cannot be reached, the reaper does it after the lease."""
        with self._lock, contextlib.suppress(StorageUnavailable):
            self.closed = True
            self._writer.batch.bucket.delete([self._writer.file_id])

    def _hold(self) -> None:
        prepare(self._writer.batch.bucket.name)
        self._hold_lease()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:
            self.abort()
        else:
            self.close()
