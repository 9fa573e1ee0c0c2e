"""One GridFS bucket, blocking or asynchronous; every coroutine of the package runs on both."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import cached_property
from typing import Any, Self, TypeVar

from pymongo import WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.collection import Collection
from pymongo.read_concern import ReadConcern

from storage.errors import translated
from storage.files import CHUNKS_INDEX, FILES_INDEX

T = TypeVar("T")
Begun = Future[Any] | asyncio.Future[Any]


class Bucket:
    """The three collections of a bucket; ``root`` is pymongo's blocking or asynchronous one.

    Leases and chunks are written with w:1: only a file's entry, written last, is waited for. A
    replica set replicates in order, so that where an entry is durable, so is all that was written
    before it to the same primary; `durable_chunks` shows whether it was the same one.
    """

    def __init__(self, root: Collection[Any] | AsyncCollection[Any]) -> None:
        self.name = root.full_name
        self._root: Any = root
        self._asynchronous = isinstance(root, AsyncCollection)

    @cached_property
    def files(self) -> Any:
        return self._root.files

    @cached_property
    def chunks(self) -> Any:
        return self._root.chunks.with_options(write_concern=WriteConcern(w=1))

    @cached_property
    def durable_chunks(self) -> Any:
        return self._root.chunks.with_options(read_concern=ReadConcern("majority"))

    @cached_property
    def leases(self) -> Any:
        return self._root.leases.with_options(write_concern=WriteConcern(w=1))

    async def call(self, operation: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """The result of one of pymongo's operations.

        Raises StorageUnavailable when MongoDB cannot be reached.
        """
        with translated():
            result = operation(*args, **options)
            return await result if inspect.isawaitable(result) else result

    def beside(self) -> "Beside":
        return Beside(self._asynchronous)

    async def finish(self, begun: Begun) -> Any:
        """The result of an operation. Raises StorageUnavailable when MongoDB cannot be reached."""
        return await self.call(begun.result if isinstance(begun, Future) else lambda: begun)

    async def digest(self, sha256: Any, chunks: list[bytes]) -> None:
        """Add ``chunks`` to a hash of hashlib's. That takes time, but not that of an event loop."""

        def add() -> None:
            for chunk in chunks:
                sha256.update(chunk)

        if self._asynchronous:
            await asyncio.to_thread(add)
        else:
            add()

    async def ensure_indexes(self) -> None:
        """The two indexes of the GridFS specification, made where they are not there yet."""
        await self.call(self.files.create_index, FILES_INDEX)
        await self.call(self.chunks.create_index, CHUNKS_INDEX, unique=True)


class Beside:
    """pymongo's operations beside whoever calls, who ``finish``es them; a context manager.

    At its end nothing more is begun, and what has not been finished is left to itself.
    """

    def __init__(self, asynchronous: bool) -> None:
        # A thread of its own: it waits for nobody, and a process that forks has none to lose.
        self._thread = None if asynchronous else ThreadPoolExecutor(1, "storage")
        self._tasks: set[asyncio.Future[Any]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread:
            self._thread.shutdown(wait=False, cancel_futures=True)
        for task in self._tasks:
            task.cancel()

    def begin(self, operation: Callable[..., Any], *args: Any) -> Begun:
        if self._thread:
            return self._thread.submit(copy_context().run, operation, *args)
        task = asyncio.ensure_future(operation(*args))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Else asyncio complains of an error that nobody waits for any more.
            task.exception()


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine on a blocking bucket: it never waits, and needs no event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("a coroutine on a blocking bucket waited for something asynchronous")
