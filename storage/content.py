"""What callers hand in to be stored, as something to read blocks of bytes from."""

import asyncio
import functools
import inspect
import io
from collections.abc import Awaitable, Callable
from typing import Any

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


def as_bytes(block: bytes | str) -> bytes:
    """Django's files may hold text, which is stored as UTF-8."""
    return block.encode() if isinstance(block, str) else block
