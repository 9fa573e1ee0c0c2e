"""Files open for writing: seen by nobody before they are closed, gone when their block raises."""

import asyncio
import contextlib
import inspect
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from types import TracebackType
from typing import Any, Self

from bson import ObjectId

from storage.bucket import Bucket
from storage.errors import StorageUnavailable
from storage.info import FileInfo
from storage.leases import Lease
from storage.writer import BATCH_BYTES, Writer

Done = Callable[[FileInfo], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a file before its bytes."""

    file_id: ObjectId
    name: str
    content_type: str
    metadata: Mapping[str, Any]


class NewFile:
    """A file being written: ``with … as f: f.write(data)``.

    ``prepare`` is called before the first byte goes to the bucket, and ``done`` once the file is
    visible. A file that is never closed is never seen, and its chunks are the reaper's; so it is
    no ``io.IOBase``, whose finalizer would close it.
    """

    mode = "wb"

    def __init__(
        self,
        bucket: Bucket,
        draft: Draft,
        chunk_size: int,
        lease_seconds: float,
        prepare: Callable[[Bucket], None],
        done: Done,
    ) -> None:
        self.name = draft.name
        self.closed = False
        self._bucket = bucket
        self._draft = draft
        self._writer = Writer(bucket, draft.file_id, chunk_size)
        self._lease = Lease(bucket, draft.file_id, lease_seconds)
        self._prepare = prepare
        self._done = done
        self._sha256 = sha256()
        # A task that is cancelled leaves its thread writing: to undo that waits for its end.
        self._lock = Lock()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        """How many bytes have been written."""
        return self._writer.length

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Add ``data`` and return its length. Raises ValueError when the file is closed."""
        block = bytes(data)
        with self._lock:
            if self.closed:
                raise ValueError("write to a closed file")
            for start in range(0, len(block), BATCH_BYTES):
                self._hold()
                part = block if len(block) <= BATCH_BYTES else block[start : start + BATCH_BYTES]
                self._sha256.update(part)
                self._writer.write(part)
        return len(block)

    def copy(self, content: Any) -> None:
        """Add all that ``content``, a file or bytes, holds from its start."""
        file = readable(content)
        # A block is as long as a chunk, which is then not copied again.
        while block := file.read(self._writer.chunk_size):
            self.write(encoded(block))

    def flush(self) -> None:
        """Nothing: chunks go when they are full, and the file is seen when it is closed."""

    def close(self) -> None:
        """Make the file visible; what fails here leaves nothing. Closing again does nothing."""
        if not self.closed:
            self._done(self.publish())

    def publish(self) -> FileInfo:
        """Close the file without telling ``done``."""
        draft = self._draft
        own = {"contentType": draft.content_type}
        try:
            with self._lock:
                self._hold()
                own["sha256"] = self._sha256.hexdigest()
                entry = self._writer.finish(draft.name, {**draft.metadata, **own})
                self.closed = True
        except BaseException:
            self.abort()
            raise
        return FileInfo.of(entry)

    def _hold(self) -> None:
        if not self._lease.taken:
            self._prepare(self._bucket)
        self._lease.hold()

    def abort(self) -> None:
        """Leave nothing. Where MongoDB is away, the lease tells the reaper what to remove."""
        with self._lock, contextlib.suppress(StorageUnavailable):
            self.closed = True
            if self._lease.taken:
                self._bucket.delete([self._draft.file_id])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:
            self.abort()
        else:
            self.close()


class AsyncNewFile:
    """The awaited twin of NewFile, which it runs in threads."""

    mode = "wb"

    def __init__(self, file: NewFile, done: Done = lambda _: None) -> None:
        self.name = file.name
        self._file = file
        self._done = done

    @property
    def closed(self) -> bool:
        return self._file.closed

    def tell(self) -> int:
        return self._file.tell()

    async def write(self, data: bytes | bytearray | memoryview) -> int:
        return await asyncio.to_thread(self._file.write, data)

    async def copy(self, content: Any) -> None:
        """As ``NewFile.copy``; the ``read`` of ``content`` may be a coroutine."""
        if inspect.iscoroutinefunction(getattr(content, "read", None)):
            while block := await content.read(BATCH_BYTES):
                await self.write(encoded(block))
        else:
            await asyncio.to_thread(self._file.copy, content)

    async def close(self) -> None:
        if self.closed:
            return
        try:
            info = await asyncio.to_thread(self._file.publish)
        except asyncio.CancelledError:
            # Its thread may have published it by now, and nobody will ever name it.
            await self.abort()
            raise
        self._done(info)

    async def abort(self) -> None:
        await asyncio.to_thread(self._file.abort)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await (self.abort() if kind else self.close())


def readable(content: Any) -> Any:
    """``content`` at its start; bytes become a file."""
    if isinstance(content, bytes | bytearray | memoryview):
        return io.BytesIO(content)
    if getattr(content, "seekable", bool)():
        content.seek(0)
    return content


def encoded(block: bytes | str) -> bytes:
    """Django's files may hold text."""
    return block.encode() if isinstance(block, str) else block
