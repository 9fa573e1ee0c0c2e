"""Coroutines that run the blocking methods of files and storages in threads."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import islice
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from django.core.files import File

from storage.reader import StoredFile
from storage.writer import BATCH_BYTES, NewFile, encoded

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S")
# How many lines an event loop gets at a time.
LINES = 1000


def awaited(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """A coroutine function that runs ``method`` in a thread."""

    async def twin(self: S, /, *args: P.args, **options: P.kwargs) -> T:
        return await asyncio.to_thread(method, self, *args, **options)

    return twin


class AsyncFile:
    """An open file whose methods are coroutines. ``tell``, ``name`` and others are not."""

    def __init__(self, file: StoredFile | NewFile) -> None:
        self._file: Any = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    async def read(self, size: int | None = -1) -> bytes:
        data: bytes = await asyncio.to_thread(self._file.read, size)
        return data

    async def seek(self, offset: int, whence: int = 0) -> int:
        position: int = self._file.seek(offset, whence)
        return position

    async def chunks(self, size: int = File.DEFAULT_CHUNK_SIZE) -> AsyncIterator[bytes]:
        """The whole file in blocks of up to ``size`` bytes."""
        self._file.seek(0)
        while block := await self.read(size):
            yield block

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The lines of the file, from its start."""
        lines = iter(self._file)
        while some := await asyncio.to_thread(lambda: [*islice(lines, LINES)]):
            for line in some:
                yield line

    async def write(self, data: bytes | bytearray | memoryview) -> int:
        length: int = await asyncio.to_thread(self._file.write, data)
        return length

    async def copy(self, content: Any) -> None:
        """As ``NewFile.copy``; the ``read`` of ``content`` may be a coroutine."""
        if inspect.iscoroutinefunction(getattr(content, "read", None)):
            while block := await content.read(BATCH_BYTES):
                await self.write(encoded(block))
        else:
            await asyncio.to_thread(self._file.copy, content)

    async def close(self) -> None:
        try:
            await asyncio.to_thread(self._file.close)
        except asyncio.CancelledError:
            # The thread may have made the file visible, and no row will ever name it.
            await self.abort()
            raise

    async def abort(self) -> None:
        """Delete a new file, also what has been written of it."""
        if isinstance(self._file, NewFile):
            await asyncio.to_thread(self._file.abort)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await (self.abort() if kind else self.close())
