"""What callers hand in to be stored: read block by block, and written as a file."""

import asyncio
import functools
import inspect
import io
from collections.abc import Awaitable, Callable
from typing import Any

from storage.new_file import AsyncNewFile
from storage.upload import Upload

Read = Callable[[int], Any]


def readable(content: Any) -> Any:
    """``content`` at its start; bytes become a file."""
    if isinstance(content, bytes | bytearray | memoryview):
        return io.BytesIO(content)
    if getattr(content, "seekable", bool)():
        content.seek(0)
    return content


def blocks(content: Any) -> Read:
    """How to read ``content`` without an event loop: returns bytes."""
    read: Read = readable(content).read
    return read


def async_blocks(content: Any) -> Callable[[int], Awaitable[Any]]:
    """How to read ``content`` within an event loop: files that block are read in a thread."""
    read = getattr(content, "read", None)
    if inspect.iscoroutinefunction(read):
        return read
    return functools.partial(asyncio.to_thread, readable(content).read)


async def copy(read: Read, upload: Upload) -> str:
    """Write all that ``read`` gives as a new file, and return its name."""
    async with AsyncNewFile(upload) as file:
        while True:
            block = read(upload.chunk_size)
            data = await block if inspect.isawaitable(block) else block
            if not data:
                return file.name
            # Django's files may hold text.
            await file.write(data.encode() if isinstance(data, str) else data)
