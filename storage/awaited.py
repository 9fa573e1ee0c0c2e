"""Coroutines that run the blocking methods of files and storages in threads."""

import inspect
from asyncio import CancelledError
from collections.abc import AsyncIterator
from functools import partial
from itertools import islice
from typing import Any, Self

from asgiref.sync import sync_to_async
from django.core.files import File

from storage.reader import StoredFile
from storage.writer import BATCH_BYTES, NewFile

# How many lines an event loop gets at a time.
LINES = 1000
# A coroutine function that runs a function, or a method, in a thread of the event loop's own pool.
awaited: Any = partial(sync_to_async, thread_sensitive=False)


class AsyncFile:
    """An open file. Its ``read``, ``seek``, ``write`` and ``close`` are coroutines."""

    def __init__(self, file: StoredFile | NewFile) -> None:
        self._file: Any = file

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._file, name)
        return awaited(found) if name in {"read", "seek", "write"} else found

    async def chunks(self, size: int = File.DEFAULT_CHUNK_SIZE) -> AsyncIterator[bytes]:
        """The whole file in blocks of up to ``size`` bytes."""
        await self.seek(0)
        while block := await self.read(size):
            yield block

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The lines of the file, from its start."""
        lines = iter(self._file)
        while some := await awaited(lambda: [*islice(lines, LINES)])():
            for line in some:
                yield line

    async def copy(self, content: Any) -> None:
        """As ``NewFile.copy``; the ``read`` of ``content`` may be a coroutine."""
        if inspect.iscoroutinefunction(getattr(content, "read", None)):
            while block := await content.read(BATCH_BYTES):
                await self.write(block)
        else:
            await awaited(self._file.copy)(content)

    async def close(self) -> None:
        try:
            await awaited(self._file.close)()
        except CancelledError:
            # The thread may have made the file visible, and no row will ever name it.
            await self.abort()
            raise

    async def abort(self) -> None:
        """Delete a new file, also what has been written of it."""
        if isinstance(self._file, NewFile):
            await awaited(self._file.abort)()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await (self.abort() if kind else self.close())
