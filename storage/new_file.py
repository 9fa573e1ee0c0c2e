"""Files open for writing: seen by nobody before they are closed, gone when their block raises."""

import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from storage.bucket import run
from storage.errors import StorageUnavailable
from storage.info import FileInfo
from storage.upload import Upload


class AsyncNewFile:
    """A file being written: ``async with … as f: await f.write(data)``.

    ``done`` is called with the file once it is visible. A file that is never closed is never
    seen, and its chunks are the reaper's.
    """

    mode = "wb"

    def __init__(self, upload: Upload, done: Callable[[FileInfo], None] | None = None) -> None:
        self.name = upload.draft.name
        self.closed = False
        self._upload = upload
        self._done = done

    def tell(self) -> int:
        """How many bytes have been written."""
        return self._upload.length

    async def write(self, data: bytes | bytearray | memoryview) -> int:
        """Add ``data`` and return its length. Raises ValueError when the file is closed."""
        if self.closed:
            raise ValueError("write to a closed file")
        block = bytes(data)
        await self._upload.write(block)
        return len(block)

    async def close(self) -> None:
        """Make the file visible; what fails here leaves nothing. Closing again does nothing."""
        if self.closed:
            return
        try:
            info = await self._upload.finish()
        except BaseException:
            await self.abort()
            raise
        self.closed = True
        if self._done:
            self._done(info)

    async def abort(self) -> None:
        """Leave nothing. Where MongoDB is away, the lease tells the reaper what to remove."""
        self.closed = True
        with contextlib.suppress(StorageUnavailable):
            await self._upload.abort()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await (self.abort() if kind else self.close())


class NewFile:
    """The blocking twin of AsyncNewFile: ``with … as f: f.write(data)``.

    It is no ``io.IOBase``, whose finalizer would close, and so publish, an abandoned file.
    """

    mode = "wb"

    def __init__(self, twin: AsyncNewFile) -> None:
        self.name = twin.name
        self._twin = twin

    @property
    def closed(self) -> bool:
        return self._twin.closed

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._twin.tell()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        return run(self._twin.write(data))

    def flush(self) -> None:
        """Nothing: chunks go when they are full, and the file is seen when it is closed."""

    def close(self) -> None:
        run(self._twin.close())

    def abort(self) -> None:
        run(self._twin.abort())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        run(self._twin.__aexit__(*error))
